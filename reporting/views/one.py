"""One funder report: asking for it, its page, its steps, and the PDF."""

import json
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from grants.files import WRITERS
from grants.lifecycle.door import Refused, acts_on
from grants.lifecycle.machine import Machine
from grants.lifecycle.models import HistoryEntry
from grants.lifecycle.steps import ReasonForm, Step, StepView, steps_for
from grants.people.models import Role, User
from reporting import services
from reporting.forms import RequestForm
from reporting.models import FunderReport

STEPS = {
    "release": Step(
        "release",
        services.release_report,
        "The funder's people see the report and get a notice. An earlier version for the same period is superseded.",
    ),
    "retry": Step("retry", services.retry_report, "A worker builds the report again from the approved records."),
    "cancel": Step("cancel", services.cancel_report, "The report is not built. You can ask for another.", refuses=True),
    "withdraw": Step(
        "withdraw",
        services.withdraw_report,
        "The funder can no longer download the report. Its page says that it was withdrawn, and why.",
        ReasonForm,
        refuses=True,
    ),
}


TYPES = {"pdf": "application/pdf", "xlsx": WRITERS["xlsx"][1], "json": "application/json"}


def step_url(report: FunderReport) -> Any:
    """Where a step of the report stands."""
    return lambda verb: reverse("reporting:step", args=[report.pk, verb])


def _person(request: HttpRequest) -> User:
    """Who is signed in: `login_required` has seen to it that somebody is."""
    return cast("User", request.user)


def may_request(request: HttpRequest) -> bool:
    """Whether the person may ask for a funder report of any programme."""
    return bool(_person(request).organisations_as(Role.REVIEWER, Role.APPROVER))


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a report."""
    if not may_request(request):
        raise Http404
    form = RequestForm(request.POST or None, user=_person(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                report = services.request_report(
                    form.programme,
                    form.funder,
                    data["period_start"],
                    data["period_end"],
                    by=_person(request),
                    kind=form.kind,
                    about=form.about,
                )
            except Refused as refusal:
                form.add_error(None, " ".join(refusal.sentences))
            else:
                messages.success(request, "The report is being built. Somebody else then releases it.")
                return redirect(report)
    trail = [("Home", reverse("home")), ("Funder reports", reverse("reporting:funder-reports")), ("New", "")]
    context = {"title": "Make a funder report", "form": form, "trail": trail}
    return render(request, "reporting/new.html", context, status=status)


@login_required
@require_safe
def funder_report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: where it stands, what it says, who took it."""
    report = _visible(request, pk)
    content = json.loads(report.snapshot) if report.snapshot and report.state != "withdrawn" else None
    managing = _person(request).holds(report.programme.managing_body_id)
    later = None
    if report.state == FunderReport.State.SUPERSEDED:
        later = report.versions().visible_to(_person(request)).filter(number__gt=report.number).first()
    context = {
        "title": report.programme.title,
        "report": report,
        "content": content,
        "shown": _shown(content, managing) if content else None,
        "managing": managing,
        "later": later,
        "building": report.state in ("requested", "building"),
        "steps": steps_for(report, request.user, STEPS, step_url(report)),
        "acts": acts_on(report.subject) if managing else [],
        "downloads": report.downloads.select_related("person")[:20] if managing else [],
        "history": HistoryEntry.objects.filter(root=report.key)[:30] if managing else [],
        "withdrawal": HistoryEntry.objects.filter(record=report.key, what="withdraw").first(),
        "can_download": report.state in ("built", "released"),
        "trail": [
            ("Home", reverse("home")),
            ("Funder reports", reverse("reporting:funder-reports")),
            (report.reference, ""),
        ],
    }
    return render(request, "reporting/funder_report.html", context)


@login_required
@require_safe
def document(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The document in one of its forms, as an attachment; a receipt is kept."""
    report = _visible(request, pk)
    try:
        content = services.hand_over(report, to=_person(request), form=form)
    except Refused as refusal:
        context = {"title": "This document is not to be had", "sentences": refusal.sentences, "report": report}
        return render(request, "reporting/gone.html", context, status=410 if report.state in report.SENT else 409)
    name = f"{report.programme.code}-{report.reference}-{report.period_end:%Y-%m-%d}-v{report.number}.{form}"
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


class ReportStep(StepView):
    """A step of a funder report."""

    steps = STEPS

    def record_for(self, request: HttpRequest, **where: Any) -> Machine:
        """The report, where the person may see it."""
        return _visible(request, where["pk"])

    def trail(self, record: Any) -> list[tuple[str, str]]:
        """By way of the list."""
        return [
            ("Home", reverse("home")),
            ("Funder reports", reverse("reporting:funder-reports")),
            (record.reference, record.get_absolute_url()),
        ]


def _visible(request: HttpRequest, pk: int) -> FunderReport:
    beside = ("programme__managing_body", "funder", "strand", "community", "award")
    reports = FunderReport.objects.visible_to(_person(request)).select_related(*beside)
    return get_object_or_404(reports, pk=pk)


def _shown(content: dict[str, Any], managing: bool) -> dict[str, Any]:
    """The page for trustees with its figures put in, for a screen."""
    nodes, head = content["figures"], content["summary"]

    def show(key: str | None) -> str:
        return nodes[key]["shown"] if key else ""

    return {
        "headline": head["headline"],
        "complete": head["complete"],
        "money": [
            {"label": label, "value": show(head["money"].get(name) or (head.get(name)))}
            for name, label in (
                ("funder_part", "This funder’s part" if managing else "Your part"),
                ("awarded", "Awarded"),
                ("paid", "Paid"),
                ("to_come", "To come"),
            )
            if head["money"].get(name) or head.get(name)
        ],
        "indicators": [
            {"label": row["name"], "value": show(row["now"]) or "Not known", "note": row["of_target"] or row["unit"]}
            for row in head["indicators"]
        ],
        "attention": head["attention"],
        "awards": [
            {
                **{
                    name: one[name]
                    for name in (
                        "reference",
                        "recipient",
                        "title",
                        "state",
                        "state_label",
                        "course",
                        "course_label",
                        "no_report",
                    )
                },
                "members": (one["report"] or {}).get("members", ""),
                "amount": show(one["amount"]),
                "part": show(one["funder_part"]),
                "paid": show(one["paid"]),
            }
            for one in content["awards"]
        ],
    }
