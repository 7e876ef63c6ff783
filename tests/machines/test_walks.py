"""Long ways through the machines: whatever people try, in whatever order, these things stay true."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from grants.awards.models import Award, Tranche
from grants.awards.services import save_plan
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import Refused, acts_on, advance
from grants.lifecycle.models import HistoryEntry
from grants.reports.models import Report
from tests import factories
from tests.machines.records import facts
from tests.machines.tables import AWARD, EVERYBODY, REPORT, TRANCHE

pytestmark = pytest.mark.django_db
TABLES: dict[type[Any], Any] = {Award: AWARD, Report: REPORT, Tranche: TRANCHE}
NOT_ALONE = {"supersede"}
"""Moves that Exemplar makes only together with another."""
VERBS = {
    model: sorted({verb for moves in table.values() for verb in moves} - NOT_ALONE) for model, table in TABLES.items()
}
STEPS = 8


def records(award: Award) -> list[Any]:
    """The award, its reports and its payments, as the database has them now."""
    return [
        Award.objects.named().get(pk=award.pk),
        *Report.objects.named().filter(milestone__award=award).order_by("pk"),
        *Tranche.objects.select_related("award__strand", "milestone").filter(award=award).order_by("pk"),
    ]


def likely(rows: list[Any]) -> list[tuple[Any, str, str]]:
    """Everything that the tables let somebody do now, as (record, verb, part); guards may still forbid it."""
    return [
        (row, verb, part)
        for row in rows
        for verb, (_, parts) in TABLES[type(row)][row.state].items()
        for part in parts
        if verb not in NOT_ALONE
    ]


def moves_written(award: Award) -> int:
    """How many lines of history tell of moves: every other line has no state that it comes from."""
    return HistoryEntry.objects.filter(root=award.key).exclude(source="").count()


def check(award: Award, rows: list[Any]) -> None:
    """What is true of an award after every step."""
    milestones = list(award.milestones.prefetch_related("reports"))
    settled = {milestone.pk for milestone in milestones if milestone.settled_at}
    unsettled_reports = any(row.kind == "report" and row.settled_at is None for row in milestones)
    reports = [row for row in rows if isinstance(row, Report)]
    tranches = [row for row in rows if isinstance(row, Tranche)]
    if award.state in Award.FROM_OFFER_ON:
        assert award.tranches.aggregate(total=Sum("amount"))["total"] == award.amount
    if award.state in ("active", "evaluating"):
        assert (award.state == "active") == unsettled_reports
    for tranche in tranches:
        if tranche.state in ("released", "paid"):
            assert tranche.milestone_id in settled or (tranche.milestone_id is None and award.accepted_at)
    for milestone in milestones:
        states = [report.state for report in milestone.reports.all()]
        assert (milestone.pk in settled) == bool({"approved", "waived"} & set(states))
        assert states.count("approved") <= 1
        assert len([state for state in states if state in Report.OPEN]) <= 1
    for report in reports:
        if report.state == "approved":
            acts = list(acts_on(report.subject))
            assert len({act.person_id for act in acts}) == len(acts)
            assert {"signed", "approved"} <= {act.part for act in acts}
            assert report.approval_act in acts
            assert report.approved_version == report.latest_version
    if award.state in ("terminated", "closed"):
        assert not [row for row in reports if row.state in Report.OPEN]
        assert {row.state for row in tranches} <= {"paid", "cancelled"}


def walk(data: some.DataObject, award: Award, who: factories.Cast) -> None:
    """Take some steps, most of them likely ones."""
    parts = who.everybody() | {"system": SYSTEM}
    rows, lines = records(award), moves_written(award)
    for _ in range(data.draw(some.integers(1, STEPS), label="steps")):
        options = likely(rows)
        if options and data.draw(some.integers(0, 9), label="likely") < 8:
            row, verb, part = options[data.draw(some.integers(0, len(options) - 1), label="which")]
        else:
            row = rows[data.draw(some.integers(0, len(rows) - 1), label="record")]
            verb = data.draw(some.sampled_from(VERBS[type(row)]), label="verb")
            part = data.draw(some.sampled_from(EVERYBODY), label="part")
        try:
            advance(type(row), row.pk, verb, by=parts[part], seen=row.revision, **facts(row, verb))
        except Refused:
            assert moves_written(award) == lines
            continue
        after, written = records(award), moves_written(award)
        moved = sum(record.revision for record in after) - sum(record.revision for record in rows)
        assert written - lines == moved > 0, "one line of history for each move"
        check(after[0], after)
        rows, lines = after, written


def begin(start: str, who: factories.Cast) -> Award:
    """Where walks set out from; what grantees write is written already."""
    if start == "in_review":
        award = factories.award_in("in_review", who)
        return save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    award = factories.award_in("active", who)
    ways = {"active": ("draft", "draft", "draft"), "busy": ("in_review", "in_review", "awaiting_sign_off")}
    for number, state in enumerate(ways[start], 1):
        report = factories.report_in(state, who, award, number)
        if state == "in_review":  # a return names a part
            report.returned_sections.create(version=1, section=report.asked_sections()[0], reason=factories.REASON)
    if start == "busy":
        factories.tranche_in("held", who, award)
    return award


@pytest.mark.parametrize(("start", "walks"), [("in_review", 40), ("active", 80), ("busy", 80)])
def test_whatever_is_tried_the_award_stays_sound(start: str, walks: int) -> None:
    who = factories.cast()
    award = begin(start, who)

    @settings(max_examples=walks, suppress_health_check=list(HealthCheck), database=None)
    @given(data=some.data())
    def take(data: some.DataObject) -> None:
        savepoint = transaction.savepoint()
        try:
            walk(data, award, who)
        finally:
            transaction.savepoint_rollback(savepoint)

    take()
