"""A figure is asked of somebody outside, who answers without an account. Nothing is written into the report but by its editors."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Case, OuterRef, QuerySet, When
from django.urls import reverse

from grants import clock
from grants.formats import date_words, local_today
from grants.lifecycle.door import NotNow, NotYou, fresh, lock
from grants.lifecycle.machine import key_of
from grants.lifecycle.notices import owe
from grants.people.models import GRANTEE_ROLES, User
from grants.programmes.models import Indicator, Section
from grants.reports import permissions
from grants.reports.figures import Amount, per_cent
from grants.reports.models import FigureRequest, Report, Result
from grants.reports.services import request_mail
from grants.reports.services.commenting import AMONG_US
from grants.reports.services.writing import writable, write_results

MOST_OPEN = 20
"""So many questions of one report and its corrections may wait for an answer at once."""
MOST_A_DAY = 50
"""So many letters one report and its corrections may cause in a day, whatever became of the questions."""
State = FigureRequest.State


class Gone(Exception):
    """The question can no longer be answered; its text is a sentence for whoever followed the link."""


@transaction.atomic
def ask_for_figure(
    pk: int,
    indicator: Indicator,
    *,
    by: User,
    to_name: str,
    email: str,
    message: str,
    wanted_by: date,
    set_awaited: bool = False,
) -> FigureRequest:
    """Ask somebody for a figure of a report by mail; with `set_awaited` the figure, if it has no number, is awaited from them.

    The same asked twice, while it waits, is one question and one letter. Raises NotNow and NotYou.
    """
    report = writable(pk, by, Section.Form.FIGURES)
    if not asks_for(report, indicator.pk):
        raise NotNow("This report does not ask that figure.")
    if wanted_by < local_today():
        raise NotNow("The day by which the figure is wanted has passed: give a later one.")
    waiting = requests_about(report).filter(state=State.WAITING, wanted_by__gte=local_today())
    same = waiting.filter(indicator=indicator, email__iexact=email, message=message, wanted_by=wanted_by)
    request = next((asked for asked in same if asked.is_wanted), None)
    if request is None:
        _check_number_of(requests_about(report), waiting)
        request = FigureRequest.objects.create(
            report=report, indicator=indicator, to_name=to_name, email=email, message=message, wanted_by=wanted_by,
            asked_by=by, **request_mail.planned(),
        )  # fmt: skip
        request_mail.announce(request)
    known = report.results.filter(indicator=indicator, status__in=Result.KNOWN)
    if set_awaited and not known.exists():
        write_results(
            report,
            by=by,
            rows=[_row(indicator, Result.Status.AWAITED, awaited_from=to_name, awaited_by=wanted_by)],
        )
    return request


def _check_number_of(asked: QuerySet[FigureRequest], waiting: QuerySet[FigureRequest]) -> None:
    """Raises NotNow where no more may be asked."""
    if asked.filter(asked_at__date=local_today()).count() >= MOST_A_DAY:
        raise NotNow(f"{MOST_A_DAY} questions of this report were sent today, and no more can be. Go on tomorrow.")
    if waiting.count() >= MOST_OPEN:
        raise NotNow(f"{MOST_OPEN} questions of this report wait for an answer already. Withdraw one of them first.")


def asks_for(report: Report, indicator: int) -> bool:
    """Whether a report asks a figure: the award has a target of it, and a figure update the figures that are to come."""
    asked = report.asked_indicators
    return (asked is None or indicator in asked) and report.award.targets.filter(indicator=indicator).exists()


def brings_up_to_date(report: Report, indicator: int) -> bool:
    """Whether a figure update of an approved report would ask a figure."""
    return report.results.filter(indicator=indicator, status__in=Report.TO_COME).exists()


def requests_about(report: Report) -> QuerySet[FigureRequest]:
    """What was asked of the figures of a report. A correction takes over what was asked in the report that it corrects."""
    return FigureRequest.objects.filter(report__milestone=report.milestone_id)


def request_of(token: str) -> FigureRequest:
    """The question that a link carries. Raises DoesNotExist where the link was altered."""
    try:
        key = FigureRequest.of_token(token)
    except signing.BadSignature as fault:
        raise FigureRequest.DoesNotExist from fault
    beside = ("indicator", "asked_by", "report__milestone__award__organisation", "report__milestone__award__community")
    return FigureRequest.objects.select_related(*beside).get(pk=key)


@transaction.atomic
def answer_request(token: str, *, answered_by: str, note: str = "", **numbers: Decimal | None) -> FigureRequest:
    """Keep what somebody answered, once. `numbers` are `value`, or of a ratio `numerator` and `denominator`.

    Raises DoesNotExist, Gone where no answer is wanted any more, and NotNow where none can be taken yet.
    """
    key = request_of(token).pk
    FigureRequest.objects.select_for_update(no_key=True).get(pk=key)
    request = request_of(token)
    if why := request.closed_because():
        raise Gone(why)
    if why := request.not_now_because():
        raise NotNow(why)
    top, bottom = numbers.get("numerator"), numbers.get("denominator")
    value = per_cent(top, bottom) if top is not None and bottom else numbers.get("value")
    request.value, request.numerator, request.denominator = value, top, bottom
    request.answered_by, request.note = answered_by, note
    request.state, request.answered_at = State.ANSWERED, clock.now()
    request.save(update_fields=["value", "numerator", "denominator", "answered_by", "note", "state", "answered_at"])
    _tell_who_asked(request)
    return request


@transaction.atomic
def accept_answer(pk: int, *, by: User, status: str) -> FigureRequest:
    """Take an answer into the report, as final or provisional, with where it came from; where the report was approved
    meanwhile, into its correction or figure update. Raises NotNow and NotYou.
    """
    request = _to_settle(pk, by, State.ANSWERED)
    if status not in Result.KNOWN:
        raise NotNow("An answer is taken in as final or provisional.")
    report = writable(receiver_of(request.report).pk, by, Section.Form.FIGURES)
    write_results(
        report,
        by=by,
        rows=[
            _row(
                request.indicator,
                status,
                value=request.value,
                numerator=request.numerator,
                denominator=request.denominator,
                source=request.source,
            )
        ],
    )
    return _settle(request, State.ACCEPTED, by)


@transaction.atomic
def set_answer_aside(pk: int, *, by: User) -> FigureRequest:
    """Leave an answer out of the report; it stays on record. Raises NotNow and NotYou."""
    return _settle(_to_settle(pk, by, State.ANSWERED), State.SET_ASIDE, by)


@transaction.atomic
def withdraw_request(pk: int, *, by: User) -> FigureRequest:
    """Want no answer any more: the link says so from now on. Raises NotNow and NotYou."""
    request = _to_settle(pk, by, State.WAITING)
    request_mail.withhold(request)
    return _settle(request, State.WITHDRAWN, by)


def receivers(milestone: int | OuterRef) -> QuerySet[Report]:
    """The reports for a milestone that an answer concerns: the one that is open, which may correct the other, then the one that
    is approved, whose figure update or correction may take it in.
    """
    approved_last = Case(When(state=Report.State.APPROVED, then=1), default=0)
    current = Report.objects.filter(milestone=milestone, state__in=[*Report.OPEN, Report.State.APPROVED])
    return current.order_by(approved_last)


def receiver_of(report: Report) -> Report:
    """The first of those of a report that was asked; where there is none, because it was given up, the report itself."""
    return receivers(report.milestone_id).first() or report


def amount_of(request: FigureRequest) -> Amount | None:
    """What was answered."""
    return None if request.value is None else Amount(request.value, request.numerator, request.denominator)


def _to_settle(pk: int, by: User, state: str) -> FigureRequest:
    """The question under the lock of its report, before somebody who may write that, and in the state that the step begins
    from. What was asked can be settled wherever the report is.
    """
    report = lock(Report, FigureRequest.objects.values_list("report", flat=True).get(pk=pk))
    if not permissions.editor_or_signatory(report, fresh(by)):
        raise NotYou(permissions.editor_or_signatory.__doc__ or "")
    locked = FigureRequest.objects.select_for_update(of=("self",), no_key=True).select_related("indicator")
    request = locked.get(pk=pk)
    request.report = report
    if request.state != state:
        raise NotNow(f"This cannot be done now: the question is {request.get_state_display().lower()}.")
    return request


def _settle(request: FigureRequest, state: str, by: User) -> FigureRequest:
    request.state, request.settled_by, request.settled_at = state, by, clock.now()
    request.save(update_fields=["state", "settled_by", "settled_at"])
    return request


def _row(indicator: Indicator, status: str, **given: Any) -> Mapping[str, Any]:
    """A row for `write_results`."""
    blank = {"value": None, "numerator": None, "denominator": None}
    return {"indicator": indicator, "status": status, **blank, "awaited_from": "", "awaited_by": None, **given}


def _tell_who_asked(request: FigureRequest) -> None:
    """Whoever asked gets a notice; where they have gone, everybody who may write the report."""
    report: Report = request.report
    writers = list(User.objects.holding(report.award.organisation_id, *GRANTEE_ROLES))
    people = [person for person in writers if person.pk == request.asked_by_id] or writers
    top, top_pk = report.root_of(report.pk)
    owe(
        people,
        key_of(top, top_pk),
        f"{report.key}/{AMONG_US}/answer/{request.pk}",  # what was not sent is no business of the managing body
        f"An answer from {request.to_name}: {request.indicator.title}",
        f"{request.answered_by} answered: {amount_of(request)}. Accept it or set it aside; until then nothing is changed "
        f"in {report}, due {date_words(report.milestone.due_on)}.",
        reverse("reports:request", args=[report.pk, request.pk]),
    )
