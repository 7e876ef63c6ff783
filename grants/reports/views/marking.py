"""A part of a report is marked by its reviewer; a question of the review is answered by the grantee."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.lifecycle.door import NotYou, Refused
from grants.programmes.models import Indicator
from grants.reports import permissions, services
from grants.reports.forms import MarkForm, ReplyForm
from grants.reports.models import Mark, Question
from grants.reports.views.common import Reading, frame, report_for
from grants.reports.views.reviewing import Decision, reading_for, show

SAID = {
    Mark.Verdict.FINE: "Marked as fine",
    Mark.Verdict.ASK: "Asked: the grantee gets a message",
    Mark.Verdict.CHANGE: "Marked as needing change",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mark_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """POST keeps how a part is read; GET leads to the part in the review.

    Answers 403 for whoever does not review the report, 404 for a part that the version does not have, 422 for a form with
    faults, 409 where the report moved meanwhile.
    """
    reading = reading_for(request, pk)
    latest = reading.latest
    if latest is None or not reading.report.read_by(reading.user):
        return redirect(reading.report)
    section = next((row for row in latest.content["sections"] if row["code"] == code), None)
    if section is None:
        raise Http404
    there = f"{reading.url('review')}#{code}"
    if request.method != "POST":
        return redirect(there)
    asked = [row["indicator"] for row in latest.content["results"]] if section["form"] == "figures" else []
    programme = reading.report.award.strand.programme_id
    indicators = {str(one.pk): one for one in Indicator.objects.filter(programme=programme, code__in=asked)}
    figures = [(key, one.title) for key, one in indicators.items()]
    form = MarkForm(code, figures, request.POST)
    if not form.is_valid():
        return show(request, reading, Decision(reading), marking=form, status=422)
    given = form.cleaned_data | {"indicator": indicators.get(form.cleaned_data.get("indicator", ""))}
    try:
        mark = services.mark_section(pk, by=reading.user, code=code, **given)
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotYou) else 409
        reading = reading_for(request, pk)  # as it is now, with what was typed, to keep of the version that is shown
        form = MarkForm(code, figures, request.POST.dict() | {"version": str(reading.versions[-1].number)})
        for sentence in refusal.sentences:
            form.add_error(None, sentence)
        return show(request, reading, Decision(reading), marking=form, status=status)
    messages.success(request, f"{SAID[Mark.Verdict(mark.verdict)]}: {section['title']}.")
    return redirect(there)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A question of the review: GET shows it, POST answers it, once.

    Answers 403 for whoever does not write the report, 404 for a question of another report, 422 for an empty answer, 409
    where it was answered meanwhile.
    """
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    if not reading.writes:
        raise PermissionDenied(permissions.editor_or_signatory.__doc__)
    question = next((one for one in reading.questions if one.pk == number), None)
    if question is None:
        raise Http404
    there = f"{reading.report.get_absolute_url()}#question-{number}"
    if request.method != "POST":
        return redirect(there) if question.answer else _question(request, reading, question, ReplyForm())
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _question(request, reading, question, form, status=422)
    try:
        services.answer_question(number, by=reading.user, **form.cleaned_data)
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotYou) else 409
        return _question(request, reading, question, form, refusals=refusal.sentences, status=status)
    messages.success(request, "The answer is sent.")
    return redirect(there)


def _question(
    request: HttpRequest,
    reading: Reading,
    question: Question,
    form: ReplyForm,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = frame(reading, question.section)
    name, address = reading.report.milestone.name, reading.report.get_absolute_url()
    context |= {
        "title": "A question on your report",
        "trail": [*context["trail"][:-1], (name, address), ("Question", "")],
        "question": question,
        "form": form,
        "refusals": refusals or [],
    }
    return render(request, "reports/reply.html", context, status=status)
