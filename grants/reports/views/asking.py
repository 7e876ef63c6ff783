"""Asking somebody outside for a figure: the question, its page for whoever asked, and the public page of whoever answers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from grants.formats import date_range, local_today
from grants.lifecycle.door import NotNow, NotYou, Refused
from grants.programmes.models import Indicator, Section
from grants.reports import permissions, services
from grants.reports.forms import AnswerForm, AskForm, SettleForm
from grants.reports.models import FigureRequest, Report
from grants.reports.models.report import award_live
from grants.reports.views.common import Reading, report_for


def requests_of(report: Report) -> dict[int, list[FigureRequest]]:
    """By indicator, the questions that wait for an answer, or for somebody to read it."""
    found: dict[int, list[FigureRequest]] = {}
    today = local_today()
    for request in services.requests_about(report).filter(state__in=["waiting", "answered"]):
        request.amount, request.late = services.amount_of(request), request.is_late(today)  # type: ignore[attr-defined]
        found.setdefault(request.indicator_id, []).append(request)
    return found


# --- For whoever writes the report ------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest, pk: int, indicator: int) -> HttpResponse:
    """GET shows the question as it will be asked, POST asks it. 422 for faults, 409 where it cannot be asked now."""
    reading = _writing(request, pk)
    target = reading.report.award.targets.select_related("indicator").filter(indicator=indicator).first()
    if target is None or not services.asks_for(reading.report, indicator):
        raise Http404
    if request.method != "POST":
        if not reading.report.is_writable:
            return redirect(reading.report)
        return _ask(request, reading, target.indicator, AskForm(initial=_usual(reading.report, target.indicator)))
    form = AskForm(request.POST)
    if not form.is_valid():
        return _ask(request, reading, target.indicator, form, status=422)
    try:
        services.ask_for_figure(pk, target.indicator, by=reading.user, **form.cleaned_data)
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotYou) else 409
        return _ask(request, reading, target.indicator, form, refusals=refusal.sentences, status=status)
    messages.success(
        request, f"Asked {form.cleaned_data['to_name']}. Their answer will stand beside the figure, for you to accept."
    )
    return redirect(_figures(reading))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """GET shows a question with its answer, POST accepts the answer, sets it aside, or withdraws the question."""
    reading = _writing(request, pk)
    asked = _asked(reading, number)
    if request.method != "POST":
        return _asked_page(request, reading, asked, SettleForm())
    form = SettleForm(request.POST)
    withdraws = "withdraw" in request.POST
    if not withdraws and not form.is_valid():
        return _asked_page(request, reading, asked, form, status=422)
    try:
        said = _settle(asked, reading, "withdraw" if withdraws else form.cleaned_data["choice"])
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotYou) else 409
        asked = _asked(reading, number)
        return _asked_page(request, reading, asked, form, refusals=refusal.sentences, status=status)
    messages.success(request, said)
    return redirect(_figures(reading))


def _writing(request: HttpRequest, pk: int) -> Reading:
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    if not reading.writes:
        raise PermissionDenied(permissions.editor_or_signatory.__doc__)
    return reading


def _asked(reading: Reading, number: int) -> FigureRequest:
    rows = services.requests_about(reading.report).select_related("indicator", "asked_by", "settled_by")
    return get_object_or_404(rows, pk=number)


def _settle(asked: FigureRequest, reading: Reading, choice: str) -> str:
    """Do what was chosen; returns what to say of it."""
    if choice == "withdraw":
        services.withdraw_request(asked.pk, by=reading.user)
        return f"Withdrawn: the link that {asked.to_name} has does not work any more."
    if choice == "aside":
        services.set_answer_aside(asked.pk, by=reading.user)
        return "Set aside: the figure stays as it is."
    services.accept_answer(asked.pk, by=reading.user, status=choice)
    return f"Accepted: {asked.indicator.title} is now {services.amount_of(asked)}, with its source."


def _figures(reading: Reading) -> str:
    """The address of the part in which the figures are; of the report where it asks none."""
    asked = reading.report.asked_sections()
    code = next((section.code for section in asked if section.form == Section.Form.FIGURES), "")
    return reading.url("part", code) if code else reading.report.get_absolute_url()


def _usual(report: Report, indicator: Indicator) -> dict[str, Any]:
    """What is known already."""
    milestone = report.milestone
    period = date_range(milestone.period_start, milestone.period_end)
    return {"message": f"{indicator.title} ({indicator.unit}), {period}: how many were they with you?"}


def _ask(
    request: HttpRequest,
    reading: Reading,
    indicator: Indicator,
    form: AskForm,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    title = "Ask someone for this figure"
    context = {"form": form, "indicator": indicator, "refusals": refusals or [], "most": services.MOST_OPEN}
    return render(request, "reports/ask.html", _frame(reading, title) | context, status=status)


def _asked_page(
    request: HttpRequest,
    reading: Reading,
    asked: FigureRequest,
    form: SettleForm,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    receiver = services.receiver_of(reading.report)
    asks = services.asks_for(receiver, asked.indicator_id)
    takes_in = receiver.is_writable and asks
    form.offer(takes_in)
    context = {
        "form": form,
        "asked": asked,
        "amount": services.amount_of(asked),
        "late": asked.is_late(local_today()),
        "receiver": receiver,
        "is_live": award_live(reading.report),
        "is_open": receiver.state in Report.OPEN,
        "asks": asks,
        "takes_in": takes_in,
        "is_to_come": services.brings_up_to_date(receiver, asked.indicator_id),
        "refusals": refusals or [],
    }
    return render(request, "reports/request.html", _frame(reading, str(asked.indicator)) | context, status=status)


def _frame(reading: Reading, title: str) -> dict[str, Any]:
    report = reading.report
    trail = [("Home", "/"), (report.award.reference, report.award.get_absolute_url())]
    trail += [(report.milestone.name, report.get_absolute_url()), ("Figures", _figures(reading)), (title, "")]
    return {"report": report, "title": title, "under": str(report), "trail": trail, "back": _figures(reading)}


# --- For whoever answers, without an account --------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is asked, POST keeps the answer. 404 for a link that was altered, 410 for one that is used up, 409 where
    no answer can be taken now.
    """
    asked = _request_of(token)
    if why := asked.closed_because():
        return _closed(request, asked, why)
    if why := asked.not_now_because():
        return _not_now(request, asked, why)
    form = AnswerForm(asked.indicator, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _question(request, asked, form)
    if not form.is_valid():
        return _question(request, asked, form, status=422)
    try:
        services.answer_request(token, **form.cleaned_data)
    except services.Gone as gone:
        return _closed(request, asked, str(gone))
    except NotNow as refusal:
        return _not_now(request, asked, " ".join(refusal.sentences))
    return redirect("reports:answered", token)


@never_cache
@require_safe
def answered_page(request: HttpRequest, token: str) -> HttpResponse:
    """A thank-you, and what was given. 404 where nothing was."""
    asked = _request_of(token)
    if asked.answered_at is None:
        raise Http404
    context = {"title": "Thank you", "asked": asked, "award": asked.report.award, "amount": services.amount_of(asked)}
    return render(request, "reports/answered.html", context)


def _request_of(token: str) -> FigureRequest:
    try:
        return services.request_of(token)
    except FigureRequest.DoesNotExist as fault:
        raise Http404 from fault


def _question(request: HttpRequest, asked: FigureRequest, form: AnswerForm, status: int = 200) -> HttpResponse:
    context = {"title": asked.indicator.title, "asked": asked, "award": asked.report.award, "form": form}
    return render(request, "reports/answer.html", context, status=status)


def _closed(request: HttpRequest, asked: FigureRequest, why: str) -> HttpResponse:
    return _no_answer(request, asked, "This link does not work any more", why, status=410)


def _not_now(request: HttpRequest, asked: FigureRequest, why: str) -> HttpResponse:
    return _no_answer(request, asked, "This link does not work now", why, status=409)


def _no_answer(request: HttpRequest, asked: FigureRequest, title: str, why: str, *, status: int) -> HttpResponse:
    context = {"title": title, "asked": asked, "award": asked.report.award, "why": why}
    return render(request, "reports/answer_closed.html", context, status=status)
