"""What hangs on an award or a programme, in every state: reports, payments, imports, funder reports."""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from grants.awards.models import Award, Milestone, Tranche
from grants.formats import local_today
from grants.imports.models import Import
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import advance
from grants.lifecycle.machine import AnyMachine
from grants.money import services as money
from grants.reports.models import Report
from reporting.models import Document, FunderReport
from tests.factories.awards import award_in
from tests.factories.memory import remembered
from tests.factories.people import Cast, cast
from tests.factories.reports import REASON, move_report
from tests.reporting.pdf import examples


@remembered
def report_in(state: str, who: Cast | None = None, award: Award | None = None, number: int = 1, **more: Any) -> Report:
    """The report of an active award's milestone (the first, unless `number` says another) in a state.

    "draft" is filled in completely. What else is given (amount, reports, evaluation, community) is for its award.
    """
    who = who or cast()
    award = award or award_in("active", who, **more)
    return move_report(Report.objects.get(milestone__award=award, milestone__number=number), state, who)


@remembered
def tranche_in(state: str, who: Cast | None = None, award: Award | None = None) -> Tranche:
    """A payment of an active award: the one on acceptance where it is released or paid, else the first milestone's."""
    who = who or cast()
    award = award or award_in("active", who)
    on_acceptance, on_first = award.tranches.get(milestone=None), award.tranches.get(milestone__number=1)
    if state == "released":
        return on_acceptance
    if state == "paid":
        return money.record_payment(on_acceptance.pk, by=who.finance, seen=None, paid_on=local_today())
    if state == "held":
        return money.hold_payment(on_first.pk, by=who.approver, seen=None, reason=REASON)
    if state == "cancelled":
        return money.cancel_payment(on_first.pk, by=who.approver, seen=None, reason=REASON)
    assert state == "scheduled"
    return on_first


def walk(record: AnyMachine, steps: Iterable[tuple[str, Any, dict[str, Any]]]) -> AnyMachine:
    """Take a record through the door by transitions of (name, by, facts)."""
    for name, by, facts in steps:
        record = advance(type(record), record.pk, name, by=by, seen=None, **facts)
    return record


def import_in(state: str, who: Cast | None = None) -> Import:
    """An uploaded workbook in a state; the file is not a real one."""
    who = who or cast()
    record = Import.objects.create(
        programme=who.programme, name="awards.xlsx", content=b"PK", sha256="0" * 64, uploaded_by=who.administrator
    )
    fault = {"sheet": "Awards", "cell": "F12", "value": "nine", "fault": "you entered text", "mend": "enter 9"}
    check: tuple[str, Any, dict[str, Any]] = ("check_file", SYSTEM, {})
    ready = [check, ("find_good", SYSTEM, {"counts": {"awards": 1}})]
    applying = [*ready, ("apply", who.administrator, {})]
    ways: dict[str, list[tuple[str, Any, dict[str, Any]]]] = {
        "uploaded": [],
        "checking": [check],
        "faulty": [check, ("find_faults", SYSTEM, {"faults": [fault]})],
        "ready": ready,
        "applying": applying,
        "applied": [*applying, ("finish", SYSTEM, {"counts": {"awards": 1}})],
        "failed": [*applying, ("fail", SYSTEM, {"reason": "The worker stopped."})],
        "discarded": [*ready, ("discard", who.administrator, {})],
    }
    return walk(record, ways[state])


BUILT: dict[str, Any] = {
    "snapshot": json.dumps(examples.programme(1)),
    "snapshot_sha256": "1" * 64,
    "pdf_sha256": "2" * 64,
    "pages": 3,
}


def funder_report_in(state: str, who: Cast | None = None) -> FunderReport:
    """A funder report in a state, asked for by the reviewer; its document is not a real one."""
    who = who or cast()
    today = local_today()
    record = FunderReport.objects.create(
        programme=who.programme,
        funder=who.funder,
        period_start=today - timedelta(days=90),
        period_end=today,
        number=1 + FunderReport.objects.filter(programme=who.programme).count(),
        requested_by=who.reviewer,
    )
    if state in ("built", *FunderReport.SENT):
        Document.objects.create(funder_report=record, content=b"%PDF-1.7 not a real one")
    build: tuple[str, Any, dict[str, Any]] = ("build", SYSTEM, {})
    built = [build, ("finish", SYSTEM, BUILT)]
    released = [*built, ("release", who.approver, {})]
    ways: dict[str, list[tuple[str, Any, dict[str, Any]]]] = {
        "requested": [],
        "building": [build],
        "built": built,
        "released": released,
        "withdrawn": [*released, ("withdraw", who.approver, {"reason": REASON})],
        "superseded": [*released, ("supersede", SYSTEM, {})],
        "cancelled": [("cancel", who.reviewer, {})],
        "failed": [build, ("fail", SYSTEM, {"failure": "The worker stopped.", "reason": "The worker stopped."})],
    }
    return walk(record, ways[state])


STATES: dict[type[Any], Callable[..., Any]] = {
    Award: award_in,
    Report: report_in,
    Tranche: tranche_in,
    Import: import_in,
    FunderReport: funder_report_in,
}
"""How to make a record of each machine in a state."""


def milestone_of(award: Award, number: int) -> Milestone:
    """The award's milestone of that number."""
    return award.milestones.get(number=number)
