"""The page on which a later due date is asked for, and what a report's page says of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.awards.forms import AskForExtensionForm
from grants.awards.models import Extension
from grants.awards.models.extensions import DECIDED_WHILE
from grants.formats import date_words
from grants.lifecycle.door import NotYou, Refused
from grants.reports import permissions, services
from grants.reports.models import Report
from grants.reports.views.common import Reading, frame, report_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extension_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a later due date; back to the report where it is sent, or one is asked for already."""
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    report = reading.report
    if not reading.writes:
        raise PermissionDenied(permissions.editor_or_signatory.__doc__)
    if request.method != "POST":
        if not can_ask(reading, latest(report)):
            return redirect(report)
        return _page(request, reading, AskForExtensionForm(report.milestone))
    form = AskForExtensionForm(report.milestone, request.POST)
    if not form.is_valid():
        return _page(request, reading, form, status=422)
    try:
        services.ask_for_extension(report.pk, by=reading.user, **form.cleaned_data)
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotYou) else 409
        return _page(request, reading, form, refusals=refusal.sentences, status=status)
    body = report.award.strand.managing_body
    messages.success(request, f"Asked for {date_words(form.cleaned_data['until'])}. {body} answers, and you are told.")
    return redirect(report)


def latest(report: Report) -> Extension | None:
    """The last later due date that somebody asked for."""
    return report.milestone.extensions.select_related("asked_by", "decided_by").first()


def can_ask(reading: Reading, last: Extension | None) -> bool:
    """Whether the person can ask for a later due date now."""
    report = reading.report
    is_live = report.award.state in DECIDED_WHILE
    asks = is_live and report.corrects_id is None and report.state in Report.TO_SEND
    return reading.writes and asks and not (last and last.is_open)


def about_due_date(reading: Reading) -> dict[str, Any]:
    """What stands beside a report about its due date, for the two sides that have to do with it."""
    if not (reading.writes or reading.manages):
        return {}
    last = latest(reading.report)
    asks = reading.url("extension") if can_ask(reading, last) else ""
    return {"extension": last, "asks_for_extension": asks}


def _page(
    request: HttpRequest,
    reading: Reading,
    form: AskForExtensionForm,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    report = reading.report
    title = "Ask for a later due date"
    context = frame(reading)
    trail = [*context["trail"][:-1], (report.milestone.name, report.get_absolute_url()), (title, "")]
    context |= {"title": title, "trail": trail, "form": form, "refusals": refusals or []}
    return render(request, "reports/extension.html", context, status=status)
