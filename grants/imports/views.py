"""Pages of imports: the list, a new one, and one import with its faults or with what it makes."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View
from django.views.decorators.http import require_safe

from grants.awards.models import Award
from grants.formats import date_words, moment_words, money, plural
from grants.imports import services
from grants.imports.forms import UploadForm, programmes_of
from grants.imports.models import Import
from grants.imports.plans import PlannedAward
from grants.imports.sheets import blank_workbook
from grants.lifecycle.door import NotYou
from grants.lifecycle.models import HistoryEntry
from grants.lifecycle.steps import Step, StepView, steps_for
from grants.people.models import User

AT_ONCE = 50
FAULTS_AT_ONCE = 200
WORDS = {"made": "New", "changed": "Changed", "unchanged": "Unchanged"}
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ApplyStep(Step):
    """Applying passes two states at once: the message is about the second."""

    def words(self, record: Any) -> tuple[str, str]:
        """The words of the button, and of the message after it."""
        return "Apply", "The file was applied: every award in it is stored"


STEPS = {
    "apply": ApplyStep(
        "apply",
        services.apply_import,
        "The file is checked once more, and then everything in it is written, or nothing. "
        "Live awards get their reports, and each award's history names this file and the row.",
    ),
    "retry": Step("retry", services.retry_import, "The file can then be applied again, or discarded."),
    "discard": Step(
        "discard",
        services.discard_import,
        "The file is put away. Nothing of it is stored; a corrected one can be sent at any time.",
        refuses=True,
    ),
}


def _user(request: HttpRequest) -> User:
    """The person, who administers something; to everybody else there are no imports."""
    user: Any = request.user
    if not user.organisations_as("administrator"):
        raise Http404
    return user


@login_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Every import of the person's programmes, the newest first."""
    rows = Import.objects.visible_to(_user(request)).select_related("programme", "uploaded_by").defer("content")
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "title": "Imports",
        "under": "Awards from spreadsheets: a file is checked whole, shown, and then written whole or not at all.",
        "trail": [("Home", reverse("home")), ("Imports", "")],
        "page": page,
        "rows": [(record, _outcome(record)) for record in page],
    }
    return render(request, "imports/imports.html", context)


class NewImportView(LoginRequiredMixin, View):
    """A new import: which programme, which file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._page(request, UploadForm(user=_user(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the file and show what came of it; or say why it could not be read."""
        form = UploadForm(request.POST, request.FILES, user=_user(request))
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                record = services.upload(form.cleaned_data["programme"], file.name, file.read(), _user(request))
                return redirect(record)
            except services.Unreadable as fault:
                form.add_error("file", str(fault))
            except NotYou as refusal:
                form.add_error(None, str(refusal))
        return self._page(request, form, status=422)

    @staticmethod
    def _page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
        context = {
            "title": "Import awards",
            "under": "Nothing is stored before you have seen what the file says.",
            "trail": [("Home", reverse("home")), ("Imports", reverse("imports:imports")), ("New", "")],
            "form": form,
            "none": not programmes_of(_user(request)).exists(),
        }
        return render(request, "imports/new.html", context, status=status)


@login_required
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """An empty workbook with every sheet and title that an import reads."""
    _user(request)
    response = HttpResponse(blank_workbook(), content_type=SPREADSHEET)
    response["Content-Disposition"] = 'attachment; filename="awards.xlsx"'
    return response


@login_required
@require_safe
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its faults, or what it makes and changes."""
    user = _user(request)
    record = get_object_or_404(Import.objects.visible_to(user).select_related("programme", "uploaded_by"), pk=pk)
    faults = Paginator(record.faults, FAULTS_AT_ONCE).get_page(request.GET.get("page")) if record.faults else None
    context = {
        "title": record.name,
        "trail": [("Home", reverse("home")), ("Imports", reverse("imports:imports")), (record.name, "")],
        "record": record,
        "sent": f"Sent {moment_words(record.uploaded_at)} by {record.uploaded_by or 'Exemplar'}",
        "faults": faults,
        "sheets": sorted({fault["sheet"] for fault in record.faults}),
        "figures": _figures(record.counts),
        "same": bool(record.counts) and not record.counts.get("made") and not record.counts.get("changed"),
        "awards": _awards(record, user),
        "most": AT_ONCE,
        "rest": max(0, record.counts.get("rows", 0) - AT_ONCE),
        "reason": _reason(record),
        "steps": steps_for(record, user, STEPS, lambda verb: reverse("imports:step", args=[record.pk, verb])),
        "history": _history(record),
    }
    return render(request, "imports/import.html", context)


class ImportStepView(StepView):
    """One step of an import."""

    steps = STEPS

    def record_for(self, request: HttpRequest, **where: Any) -> Import:
        """The import, where the person may see it."""
        user: Any = request.user
        return get_object_or_404(Import.objects.visible_to(user).select_related("programme"), pk=where["pk"])

    def trail(self, record: Any) -> list[tuple[str, str]]:
        """By way of the list."""
        return [
            ("Home", reverse("home")),
            ("Imports", reverse("imports:imports")),
            (record.name, record.get_absolute_url()),
        ]

    def consequences(self, request: HttpRequest, record: Any, verb: str) -> list[str]:
        """What applying makes and changes, as the check found it."""
        if verb != "apply":
            return []
        counts = record.counts
        kept = f"{counts.get('changed', 0):,} changed, {counts.get('unchanged', 0):,} left as they are"
        return [
            f"{plural(counts.get('made', 0), 'award')} new, {kept}, in {record.programme}.",
            (
                "What the file calls released can be paid at once, and so can the whole amount of a live award for which it has "
                "no sheet of tranches."
            ),
        ]


def _outcome(record: Import) -> str:
    """What came of it, for a line in the list."""
    if record.faults:
        return plural(len(record.faults), "fault")
    counts = record.counts
    if not counts:
        return ""
    parts = [f"{counts.get(key, 0):,} {word}" for key, word in (("made", "new"), ("changed", "changed"))]
    return ", ".join([*parts, f"{counts.get('unchanged', 0):,} unchanged"])


def _figures(counts: dict[str, int]) -> list[dict[str, Any]]:
    if not counts:
        return []
    labels = (("made", "New awards"), ("changed", "Changed"), ("unchanged", "Unchanged"))
    figures: list[dict[str, Any]] = [{"label": label, "value": f"{counts.get(key, 0):,}"} for key, label in labels]
    return [*figures, {"label": "New organisations", "value": f"{counts.get('organisations', 0):,}"}]


def _awards(record: Import, user: User) -> list[dict[str, Any]]:
    """The first awards of a file that is ready or applied, as they are planned or stored now."""
    if record.state not in (Import.State.READY, Import.State.APPLIED):
        return []
    try:
        planned = services.preview(record, AT_ONCE).plan.awards
    except services.Unreadable:  # the limits of what is read have changed since
        return []
    stored: dict[str, Award] = {}
    if record.state == Import.State.APPLIED:
        found = Award.objects.visible_to(user).filter(reference__in=[award.reference for award in planned])
        stored = {award.reference: award for award in found}
    return [_line(award, stored.get(award.reference)) for award in planned]


def _line(planned: PlannedAward, stored: Award | None) -> dict[str, Any]:
    values = planned.values
    return {
        "reference": planned.reference,
        "url": stored.get_absolute_url() if stored else "",
        "title": values["title"],
        "recipient": str(planned.row.value("Recipient Org:Name") or ""),
        "amount": money(values["amount"], pence=False) if values["amount"] is not None else "",
        "dates": " to ".join(date_words(values[name]) for name in ("starts", "ends") if values[name]),
        "outcome": WORDS[planned.outcome],
        "changes": ", ".join(planned.changes),
    }


def _history(record: Import) -> list[dict[str, Any]]:
    entries = HistoryEntry.objects.filter(root=record.key)
    return [{"at": row.at, "who": row.actor, "sentence": row.sentence, "reason": row.reason} for row in entries]


def _reason(record: Import) -> str:
    """Why it failed."""
    if record.state != Import.State.FAILED:
        return ""
    last = HistoryEntry.objects.filter(root=record.key, what="fail").first()
    return last.reason if last else ""
