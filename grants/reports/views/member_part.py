"""The page on which one organisation of a community gives its own part of a report. Of the rest it shows nothing."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants import autosave
from grants.formats import date_range
from grants.lifecycle.door import NotYou, Refused, Stale
from grants.programmes.models import Section
from grants.reports import services
from grants.reports.activities import held_in, together
from grants.reports.figures import Figure, Spent, figures_of, spend_of
from grants.reports.forms import MemberForm
from grants.reports.members import Member, asked_forms, open_forms, stored_rows
from grants.reports.models import Report
from grants.reports.record import activities_in
from grants.reports.views.common import Reading, frame, report_for


@dataclass
class OwnPart:
    """One organisation's part before somebody who writes or signs for it."""

    reading: Reading
    member: Member

    @property
    def report(self) -> Report:
        """The report that it is part of."""
        return self.reading.report

    @cached_property
    def opened(self) -> list[str]:
        """What can be written now, by the forms of the report's parts; nothing in a part that is confirmed."""
        confirmed = self.member.part is not None and self.member.part.confirmed_at is not None
        return [] if confirmed else open_forms(self.report)

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures that are asked, with what this organisation gave."""
        if Section.Form.FIGURES not in asked_forms(self.report):
            return []
        blank = {"awaited_from": "", "awaited_by": None, "source": ""}
        return figures_of(self.report, {"results": [blank | row for row in self.given[0]]})

    @cached_property
    def lines(self) -> list[Spent]:
        """The budget lines, with what this organisation spent."""
        if Section.Form.SPEND not in asked_forms(self.report):
            return []
        given = [{"budget": "0", **row} for row in self.given[1]]
        return [line for line in spend_of(self.report, {"spend": given}) if line.line_id is not None]

    @cached_property
    def given(self) -> list[list[dict[str, Any]]]:
        """The figures and the amounts that are stored."""
        return stored_rows(self.report, self.member.organisation.pk)

    def form(self, data: Any = None) -> MemberForm:
        """The part's form, as it is stored or as it was typed: what a return does not name is left out."""
        asked = self.opened or asked_forms(self.report)
        figures = self.figures if Section.Form.FIGURES in asked else []
        lines = self.lines if Section.Form.SPEND in asked else []
        return MemberForm(figures, lines, self.member.part.note if self.member.part else "", data)

    def mark(self) -> str:
        """What the page sends back, so that nobody writes over what somebody else wrote meanwhile."""
        return services.mark_of_member(self.report, self.member, self.given)


@autosave.page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_part_page(request: HttpRequest, pk: int, organisation: int) -> HttpResponse:
    """GET shows the part, POST stores it, by a button or by itself, confirms it, or opens it again.

    Answers 404 for whoever does not write or sign for the organisation, 422 for what cannot be stored as it is typed, 409 where
    the report or the part moved meanwhile.
    """
    own = _own_part(request, pk, organisation)
    if request.method != "POST":
        return _page(request, own, own.form() if own.opened else None)
    if request.POST.get("then") == "again":
        return _open_again(request, own)
    return _store(request, own)


def _own_part(request: HttpRequest, pk: int, organisation: int) -> OwnPart:
    """The part as it is stored now."""
    user: Any = request.user
    reading = Reading(report_for(request, pk, Report.objects.filled_by(user)), user)
    member = next((one for one in reading.fills if one.organisation.pk == organisation), None)
    if member is None or not asked_forms(reading.report):
        raise Http404
    return OwnPart(reading, member)


def _open_again(request: HttpRequest, own: OwnPart) -> HttpResponse:
    """A confirmed part is open again; or why it is not."""
    try:
        services.open_member_part(own.report.pk, own.member.organisation.pk, by=own.reading.user)
    except Refused as refusal:
        return _page(request, own, own.form() if own.opened else None, refusals=refusal.sentences, status=409)
    messages.success(request, "Your part is open again. Confirm it when it is right.")
    return redirect(request.path)


def _store(request: HttpRequest, own: OwnPart) -> HttpResponse:
    """Store what was typed and perhaps confirm it; or say why not, with all that was typed."""
    key, pk, by = own.member.organisation.pk, own.report.pk, own.reading.user
    form, mark = own.form(request.POST), request.POST.get("mark", "")
    if not form.is_valid():
        if autosave.asked(request):
            return autosave.not_yet(request, *form.forms)
        return _page(request, own, form, mark, status=422)
    lines = {line.pk: line for line in own.report.award.budget_lines.all()}
    try:
        services.save_member_part(
            pk,
            key,
            by=by,
            figures=[row.row() for row in form.figures],
            spend=form.spend(lines),
            note=form.note.cleaned_data["note"],
            seen_mark=mark,
        )
    except Refused as refusal:
        return _refused(request, _own_part(request, pk, key), form, refusal)
    own = _own_part(request, pk, key)
    if autosave.asked(request):
        return autosave.saved(request, own.mark())
    if request.POST.get("then") != "confirm":
        messages.success(request, "Saved.")
        return redirect(request.path)
    try:
        services.confirm_member_part(pk, key, by=by, seen_mark=own.mark())
    except Refused as refusal:
        return _page(request, own, own.form(), refusals=refusal.sentences, saved=True, status=409)
    messages.success(request, f"Confirmed. {own.report.award.organisation} is told that you are in.")
    return redirect(request.path)


def _refused(request: HttpRequest, own: OwnPart, form: MemberForm, refusal: Refused) -> HttpResponse:
    """Why nothing was stored, with what was typed; where somebody else stored it meanwhile, with theirs beside it."""
    said, status = refusal.sentences, 403 if isinstance(refusal, NotYou) else 409
    if not isinstance(refusal, Stale):
        if autosave.asked(request):
            return autosave.refused(request, said, status=status)
        return _page(request, own, form, request.POST.get("mark", ""), refusals=said, status=status)
    stored, mark = own.form(), own.mark()  # both are shown now: to save again is to have seen them
    if autosave.asked(request):
        return autosave.stale(request, said, mark=mark, typed=form.forms, stored=stored.forms)
    differences = autosave.differences_of(form.forms, stored.forms)
    return _page(request, own, form, mark, refusals=said, differences=differences, status=409)


def _page(
    request: HttpRequest,
    own: OwnPart,
    form: MemberForm | None,
    mark: str | None = None,
    *,
    refusals: list[str] | None = None,
    differences: list[autosave.Difference] | None = None,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The part to write, or where there is no form to read. `saved` says that it was stored, though not confirmed."""
    report, award, organisation = own.report, own.report.award, own.member.organisation
    milestone = report.milestone
    context = frame(own.reading)
    title = "Your own part" if own.member.is_lead else "Your part"
    trail = [*context["trail"][:-1]]
    trail += [(report.name, report.get_absolute_url())] if own.member.is_lead else []
    context |= {
        "title": f"{title} of {report.name}",
        "trail": [*trail, (title, "")],
        "under": f"{organisation}, in {award.recipient}, {date_range(milestone.period_start, milestone.period_end)}",
        "member": own.member,
        "form": form,
        "mark": own.mark() if mark is None else mark,
        "refusals": refusals or [],
        "differences": differences or [],
        "saved": saved,
        "unsaved": request.method == "POST" and not saved,
        "figures": own.figures,
        "lines": own.lines,
        "opened": own.opened,
        "is_open": report.is_writable and bool(open_forms(report)),
        **_activities(own),
    }
    return render(request, "reports/member_part.html", context, status=status)


def _activities(own: OwnPart) -> dict[str, Any]:
    """What the organisation held, alone or with others, and the part in which it adds more."""
    report = own.report
    section = next((one for one in report.asked_sections() if one.form == Section.Form.ACTIVITIES), None)
    if section is None:
        return {"activities_section": None}
    held = report.activities.filter(organisers=own.member.organisation).values_list("key", flat=True)
    keys = {str(key) for key in held}
    activities = [one for one in held_in({"activities": activities_in(report)}) if one.key in keys]
    return {
        "activities_section": section,
        "activities": activities,
        "together": together(activities),
        "changes_activities": Section.Form.ACTIVITIES in own.opened,
    }
