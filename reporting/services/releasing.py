"""What people do with a funder report: typed verbs around the door, and what follows from its moves."""

import datetime
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction

from grants.awards.models import Award
from grants.formats import date_range
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, NotYou, add_act, advance, after, write_history
from grants.lifecycle.models import Act
from grants.lifecycle.notices import notify
from grants.people.models import Organisation, Role, User
from grants.programmes.models import Programme
from reporting import permissions
from reporting.models import About, Download, FunderReport
from reporting.services.building import announce
from reporting.snapshot.records import COUNTED, within
from reporting.tables import workbook_of


@transaction.atomic
def request_report(
    programme: Programme,
    funder: Organisation,
    period_start: datetime.date,
    period_end: datetime.date,
    *,
    by: User,
    kind: str = FunderReport.Kind.PORTFOLIO,
    about: About | None = None,
) -> FunderReport:
    """Ask for a report to a funder about a period; a worker builds it. `about` is the strand, community or award that a kind of
    such a name is about. Raises NotNow or NotYou.
    """
    if period_end < period_start:
        raise NotNow("The period ends before it starts: give a later end.")
    if not programme.shares.filter(funder=funder).exists():
        raise NotNow(f"{funder} is not a funder of {programme}.")
    paid_for = Award.objects.filter(strand__programme=programme, fundings__funder=funder, state__in=COUNTED)
    if about is not None and not within(paid_for, about).exists():
        raise NotNow(f"{funder} pays for no award of {programme} in {about}: nothing can be said of it.")
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    report = FunderReport(
        programme=programme,
        funder=funder,
        kind=kind,
        period_start=period_start,
        period_end=period_end,
        requested_by=by,
        **({kind: about} if about is not None else {}),
    )
    report.number = report.versions().count() + 1
    if report.versions().filter(state__in=["requested", "building"]).exists():
        raise NotNow("This report is being built already.")
    if not permissions.reviewer_or_approver(report, by):
        raise NotYou(permissions.reviewer_or_approver.__doc__ or "")
    report.save()
    add_act(report.subject, by, Act.Part.REQUESTED)
    write_history(report, "request", by=by, sentence="Asked for the report")
    announce(report)
    return report


def retry_report(pk: int, *, by: User, seen: int | None) -> FunderReport:
    """Have a failed report built again."""
    return advance(FunderReport, pk, "retry", by=by, seen=seen)


def cancel_report(pk: int, *, by: User, seen: int | None) -> FunderReport:
    """Give up a report that is not built yet."""
    return advance(FunderReport, pk, "cancel", by=by, seen=seen)


@transaction.atomic
def release_report(pk: int, *, by: User, seen: int | None) -> FunderReport:
    """Give the report to the funder; somebody else than who asked for it does this. An earlier version is superseded first.

    Two versions are never released at once: the programme is locked, and the database holds one at most.
    """
    report = FunderReport.objects.get(pk=pk)
    Programme.objects.select_for_update(no_key=True).get(pk=report.programme_id)
    for earlier in report.versions().filter(number__lt=report.number, state=FunderReport.State.RELEASED):
        advance(FunderReport, earlier.pk, "supersede", by=SYSTEM, seen=None)
    return advance(FunderReport, pk, "release", by=by, seen=seen)


def withdraw_report(pk: int, *, by: User, seen: int | None, reason: str) -> FunderReport:
    """Take a released report back; its page says so and why."""
    return advance(FunderReport, pk, "withdraw", by=by, seen=seen, reason=reason)


def hand_over(report: FunderReport, *, to: User, form: str = Download.Form.PDF) -> bytes:
    """The document, or the same snapshot as a workbook or as data, with a receipt for who took it. Raises NotNow where there is
    none to be had.
    """
    if report.state not in ("built", "released"):
        raise NotNow(f"This document cannot be had: it is {report.get_state_display().lower()}.")
    content = FORMS[Download.Form(form)](report)
    Download.objects.create(funder_report=report, person=to, form=form)
    return content


FORMS: dict[str, Callable[[FunderReport], bytes]] = {
    Download.Form.PDF: lambda report: bytes(report.document.content),
    Download.Form.XLSX: lambda report: workbook_of(json.loads(report.snapshot)),
    Download.Form.JSON: lambda report: report.snapshot.encode(),
}
"""Each form in which a report is handed over: every one tells what the snapshot tells."""


@after(FunderReport, "retry")
def announce_again(report: FunderReport, **facts: Any) -> None:
    """A worker is told."""
    announce(report)


@after(FunderReport, "release")
def tell_the_funder(report: FunderReport, **facts: Any) -> None:
    """The funder's people get a notice."""
    people = User.objects.holding(report.funder_id, Role.VIEWER)
    period = date_range(report.period_start, report.period_end)
    notify(
        people,
        report,
        "release",
        f"{report.programme}, {period}. You can read it and take it away as a PDF.",
        report.get_absolute_url(),
        subject=f"A report is here for you: {report.programme}, {period}",
    )


@after(FunderReport, "withdraw")
def tell_the_funder_of_the_withdrawal(report: FunderReport, *, reason: str = "", **facts: Any) -> None:
    """The funder's people get a notice."""
    people = User.objects.holding(report.funder_id, Role.VIEWER)
    period = date_range(report.period_start, report.period_end)
    subject = f"A report was withdrawn: {report.programme}, {period}"
    notify(people, report, "withdraw", reason, report.get_absolute_url(), subject=subject)
