"""The lives of reports: whatever people try through the services, in whatever order, what must hold goes on holding.

A life is some fifty steps of an award's reports, by people who may and people who may not. After each of them: a refused step
left every table as it was; nobody has two parts in one version; what was frozen is as it was; the typed rows are what
their Version says; and the roll-ups come to what the approved Versions come to.

`make test` lives WALKS lives (10), `make walks` 2,000, and counts what was done and refused.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from grants.awards.models import Award
from grants.awards.services import suspend_award
from grants.lifecycle.door import NotNow, Refused
from grants.lifecycle.models import Act
from grants.programmes.models import Strand
from grants.reports.members import locked_forms
from grants.reports.models import Report, Version
from grants.reports.record import digest
from grants.reports.services.correcting import COPIED
from grants.reports.totals import totals_of
from tests.factories import REASON
from tests.machines.verbs import FILL, NEXT, TURNS, VERBS, Row, Try, Verb
from tests.machines.world import Tally, World, build, change_sides, in_sums, read_before, sums
from tests.machines.written import OF_MEMBERS, rows_of, said_in

WALKS = int(os.environ.get("WALKS", "10"))
STEPS = 50
AFRESH = 10
"""Lives that Hypothesis draws afresh: after these it repeats parts of one in another, and they get nowhere"""
AT_ONCE = 25
"""Lives in one world: tables that are written and undone again and again grow"""
LIKELY, ASKED = "one who may", "who asked"
"""Somebody of those who may; whoever asked for the signature last, or else the same. The others are parts, whether they may
or not.
"""
PARTS = (
    "editor", "signatory", "second_signatory", "reviewer", "approver", "second_approver", "member", "mover", "stranger",
    "outsider",
)  # fmt: skip
USUAL = tuple(f"a_usual_step_{number}" for number in range(1, 9))
"""Named so that they come first: the simplest life, which Hypothesis always lives, approves a report and a correction"""
WHO = some.sampled_from((LIKELY,) * 14 + (ASKED,) * 2 + PARTS)
REPORTS = """
    SELECT award.state, report.id, report.state, report.revision, purpose, milestone.id, due_on, asked_by_id,
        coalesce((SELECT max(number) FROM reports_version WHERE report_id = report.id), 0), settled_at IS NOT NULL,
        EXISTS (SELECT FROM awards_tranche WHERE milestone_id = milestone.id AND state = 'released'),
        EXISTS (SELECT FROM lifecycle_act WHERE part = 'recommended' AND subject = 'reports.report:' || report.id
            || '/version:' || (SELECT max(number) FROM reports_version WHERE report_id = report.id))
    FROM reports_report report JOIN awards_milestone milestone ON milestone.id = milestone_id
    JOIN awards_award award ON award.id = award_id WHERE award_id = %s ORDER BY report.id
"""
SENT = {"submitted", "in_review", "approved"}
WHICH, WAY, TURN = some.integers(0, 3), some.integers(0, 11), some.integers(0, TURNS - 1)
step = rule(who=WHO, which=WHICH, fresh=some.sampled_from((True,) * 9 + (False,)), turn=TURN)
usual_step = rule(who=some.sampled_from((LIKELY,) * 36 + (ASKED,) * 4 + PARTS), which=WHICH, way=WAY, turn=TURN)
WRITTEN_IN = {"reports_version", *(model._meta.db_table for model in COPIED)}
"""The tables of what is written in reports, and of what was frozen"""


def tried(name: str) -> Any:
    """A rule that tries one thing, where it can be done; `anything` tries it where it cannot."""

    def attempt(life: "Lives", who: str, which: int, fresh: bool, turn: int) -> None:
        life.attempt(name, who, life.chosen(which, VERBS[name]), fresh, turn)

    attempt.__name__ = name
    return precondition(lambda life: any(life.can_be_done(VERBS[name], row) for row in life.rows))(step(attempt))


def usual(name: str) -> Any:
    """A rule that does what usually comes next: lives shall get far."""

    def attempt(life: "Lives", who: str, which: int, way: int, turn: int) -> None:
        row = life.goes_on_with[which % len(life.goes_on_with)]
        ways = life.usual_ways(row)
        life.attempt(ways[way % len(ways)], who, row, True, turn)

    attempt.__name__ = name
    return precondition(lambda life: bool(life.goes_on_with))(usual_step(attempt))


class EveryRule:
    """In every life every rule is tried: Hypothesis would leave some out of each, and few lives would come to an approval."""

    def is_enabled(self, name: str) -> bool:
        """Whether a rule may be chosen."""
        return True


class Lives(RuleBasedStateMachine):
    """What happens to the reports of one award."""

    world: ClassVar[World]
    tally: ClassVar[Tally]

    def __init__(self) -> None:
        super().__init__()
        self._rules_strategy.enabled_rules_strategy = some.just(EveryRule())
        self.savepoint = transaction.savepoint()
        self.frozen: dict[tuple[int, int], str] = {}
        self.reached: set[str] = set()
        self.mover_gives = False
        self.recommended = False
        self.incomplete: set[int] = set()

    @initialize(
        corrected=some.sampled_from((True, False)),
        recommended=some.booleans(),
        suspended=some.sampled_from((False, False, True)),
    )
    def begins(self, corrected: bool, recommended: bool, suspended: bool) -> None:
        """In some lives a correction is in review; in some somebody must recommend a report before somebody else approves
        it; in some the award is suspended.
        """
        self.award = self.world.corrected if corrected else self.world.award
        self.recommended = recommended
        if recommended:
            Strand.objects.filter(awards=self.award).update(recommended_from=0)
        if suspended:
            suspend_award(self.award.pk, by=self.world.people["approver"], seen=None, reason=REASON)
        self.looks = self.world.looks.now()
        self.read()
        self.frozen_versions_are_as_they_were()

    # --- What is tried ----------------------------------------------------------------------------------------------

    save_answer = tried("save_answer")
    save_results = tried("save_results")
    save_spend = tried("save_spend")
    save_follow_ups = tried("save_follow_ups")
    ask_for_sign_off = tried("ask_for_sign_off")
    recall = tried("recall")
    decline_sign_off = tried("decline_sign_off")
    submit = tried("submit")
    recall_submission = tried("recall_submission")
    start_review = tried("start_review")
    mark_section = tried("mark_section")
    reply = tried("reply")
    recommend = tried("recommend")
    return_report = tried("return_report")
    approve = tried("approve")
    begin_correction = tried("begin_correction")
    begin_figure_update = tried("begin_figure_update")
    abandon = tried("abandon")
    ask_for_extension = tried("ask_for_extension")
    decide_extension = tried("decide_extension")
    resume = tried("resume")
    # each rule is as likely as another, so that what is usual is there more than once
    (
        a_usual_step_1, a_usual_step_2, a_usual_step_3, a_usual_step_4,
        a_usual_step_5, a_usual_step_6, a_usual_step_7, a_usual_step_8,
    ) = map(usual, USUAL)  # fmt: skip

    @rule(name=some.sampled_from(sorted(VERBS)), who=WHO, which=WHICH, turn=TURN)
    def anything(self, name: str, who: str, which: int, turn: int) -> None:
        """Whatever the report's state; what ends or stops a life is tried nowhere else."""
        self.attempt(name, who, self.rows[which % len(self.rows)], True, turn)

    @rule(
        name=some.sampled_from(
            ("waive", "suspend", "change sides", "change sides", "save_part", "confirm_part", "open_part")
        ),
        who=WHO,
        which=WHICH,
        turn=TURN,
    )
    def seldom(self, name: str, who: str, which: int, turn: int) -> None:
        """A report is waived, an award suspended; a member gives its part; or somebody who signs for the recipient goes to the
        managing body and approves there, or comes back.
        """
        if name in VERBS:
            self.attempt(name, who, self.chosen(which, VERBS[name]), True, turn)
            return
        change_sides(self.world.people["mover"])
        self.mover_gives = not self.mover_gives
        self.looks = self.world.looks.now()

    # --- How it is tried ---------------------------------------------------------------------------------------------

    def role_of(self, part: str) -> str:
        """What the table of the machine knows a person as."""
        return ("second_approver" if self.mover_gives else "second_signatory") if part == "mover" else part

    @property
    def goes_on_with(self) -> list[Row]:
        """The reports that have something before them: an approved one only where no correction of it is open."""
        open_now = {row.milestone for row in self.rows if row.state in Report.OPEN}
        rows = [row for row in self.rows if row.state in NEXT]
        return [row for row in rows if row.state in Report.OPEN or row.milestone not in open_now]

    def usual_ways(self, row: Row) -> tuple[str, ...]:
        """What usually comes next; while the award is suspended this is tried too, but it is resumed as often."""
        ways = FILL if row.pk in self.incomplete else NEXT[row.state]
        if row.state == "in_review" and self.recommended and not row.recommended:
            ways = ("recommend",)
        return (*dict.fromkeys(ways), "resume") if self.award_state == "suspended" else ways

    def can_be_done(self, verb: Verb, row: Row) -> bool:
        """Whether the states allow it."""
        return row.state in verb.states and row.purpose in verb.of and self.award_state in verb.award

    def chosen(self, which: int, verb: Verb) -> Row:
        """One of the reports with which it can be done."""
        rows = [row for row in self.rows if self.can_be_done(verb, row)] or self.rows
        return rows[which % len(rows)]

    def person(self, who: str, verb: Verb, row: Row, turn: int) -> str:
        """A part, or a likely one; among those who may sign is also who asked, and may not."""
        asked = [part for part in PARTS if self.world.people[part].pk == row.asked_by]
        if who == LIKELY or (who == ASKED and not asked):
            return verb.may[turn % len(verb.may)]
        return asked[0] if who == ASKED else who

    def may(self, part: str, verb: Verb, name: str, row: Row) -> bool:
        """Whether it is that part's; a signature is taken back by whoever asked for it, and given by somebody else."""
        asked = self.world.people[part].pk == row.asked_by
        return self.role_of(part) in verb.may and {"recall": asked, "submit": not asked}.get(name, True)

    def attempt(self, name: str, who: str, row: Row, fresh: bool, turn: int) -> None:
        """Try it, and look at what came of it."""
        verb = VERBS[name]
        part = self.person(who, verb, row, turn)
        by = self.world.people[part]
        note(f"{part}: {name} of report {row.pk}, {row.state}")
        try:
            verb.do(Try(self.world, self.award, row, by, fresh, turn))
        except (Refused, ObjectDoesNotExist) as why:
            self.tally.refused[name] += 1
            if name == "ask_for_sign_off" and isinstance(why, NotNow):
                self.incomplete.add(row.pk)
            changed = self.world.looks.changed(self.looks, self.world.looks.now())
            assert not changed, f"{name} was refused, and {changed} changed"
        else:
            self.tally.done[name] += 1
            assert self.may(part, verb, name, row), f"{part} may not do that"
            assert fresh or not verb.shown, f"{name} from a page that shows what was there before"
            assert self.can_be_done(verb, row), f"{name} of a report that is {row.state}, award {self.award_state}"
            before, self.looks = self.looks, self.world.looks.now()
            self.read()
            self.incomplete.discard(row.pk)
            of_award = row.purpose == "report" or name in ("suspend", "resume")
            self.reached.add(name if of_award else f"{name}, {row.purpose}")
            self.check(row, self.world.looks.changed(before, self.looks))

    # --- What must hold ----------------------------------------------------------------------------------------------

    def read(self) -> None:
        """The reports as they are now."""
        with connection.cursor() as cursor:
            cursor.execute(REPORTS, [self.award.pk])
            rows = cursor.fetchall()
        self.award_state = rows[0][0]
        self.rows = [Row(*row[1:]) for row in rows]

    def check(self, touched: Row, changed: set[str]) -> None:
        """Everything that must hold after a step, of the report that it touched and of all; what reads a table only where
        something in it changed. That figures which are not approved do not count is asked at the end of a life, too.
        """
        self.one_report_is_approved_and_one_open()
        if changed & {"lifecycle_act", "reports_version"}:
            self.nobody_has_two_parts()
            self.frozen_versions_are_as_they_were()
        if changed & WRITTEN_IN:
            self.rows_are_what_the_version_says(touched.pk)
        if "reports_result" in changed or touched.state in ("in_review", "approved"):
            self.only_what_is_approved_counts()

    def one_report_is_approved_and_one_open(self) -> None:
        """Of each milestone, which is settled by an approved report or by a waived one, and pays for no other."""
        of_milestones: dict[int, list[Row]] = {}
        for row in self.rows:
            of_milestones.setdefault(row.milestone, []).append(row)
        for rows in of_milestones.values():
            states = [row.state for row in rows]
            assert states.count("approved") <= 1
            assert sum(state in Report.OPEN for state in states) <= 1
            assert rows[0].settled == bool({"approved", "waived"} & set(states))
            assert "approved" in states or not rows[0].released
        if self.award_state != "suspended":
            assert self.award_state == ("evaluating" if all(row.settled for row in self.rows) else "active")

    def nobody_has_two_parts(self) -> None:
        """In one version. It was asked for by one person and signed by another (these awards are not light), and where it is
        approved that was a third; a fourth recommended it, where somebody must.
        """
        acts: dict[str, dict[int, str]] = {}
        for subject, person, part in Act.objects.values_list("subject", "person", "part"):
            assert person not in acts.setdefault(subject, {}), f"two parts in {subject}"
            acts[subject][person] = part
        for row in self.rows:
            if row.state in SENT:
                parts = acts[f"reports.report:{row.pk}/version:{row.version}"]
                assert [person for person, part in parts.items() if part == "asked"] == [row.asked_by]
                approved = {"approved", "recommended"} if self.recommended else {"approved"}
                needed = {"asked", "signed"} | (approved if row.state == "approved" else set())
                assert needed <= set(parts.values()), f"{needed} of {row.state}: {parts}"

    def frozen_versions_are_as_they_were(self) -> None:
        """None is lost, and none has another content than when it was frozen."""
        of_both = Version.objects.filter(report__milestone__award__strand__programme=self.world.who.programme)
        found = {}
        for report, number, canonical, stored in of_both.values_list("report", "number", "canonical", "sha256"):
            assert digest(canonical) == stored
            found[report, number] = stored
        assert found.items() >= self.frozen.items()
        self.frozen = found

    def rows_are_what_the_version_says(self, touched: int) -> None:
        """From when it is submitted until somebody writes in it again; for good, where it was approved. What members give is
        in the Version as it was sent before, where it could not change since.
        """
        [row] = (row for row in self.rows if row.pk == touched)
        if row.state not in SENT | {"superseded"}:
            return
        report = Report.objects.get(pk=touched)
        version = report.latest_version
        assert version is not None
        rows, said = rows_of(touched), said_in(version.content)
        kept = [name for name, form in OF_MEMBERS.items() if form in locked_forms(report)]
        if row.purpose == "figure_update":
            assert report.corrects is not None
            assert report.corrects.approved_version is not None
            assert version.content["members"] == report.corrects.approved_version.content["members"]
            kept = [*OF_MEMBERS]
        assert {name: rows[name] for name in rows if name not in kept} == {
            name: said[name] for name in said if name not in kept
        }
        if row.state == "approved":
            assert report.approved_version == version

    def only_what_is_approved_counts(self) -> None:
        """The roll-up of the database is that of Python over the Versions."""
        programme = self.world.who.programme
        found = totals_of(programme, Award.objects.filter(strand__programme=programme))
        assert in_sums(found) == sums(programme, self.world.indicators, read_before)

    def teardown(self) -> None:
        """Undo it all; count how far it came."""
        try:
            for row in self.rows:
                self.rows_are_what_the_version_says(row.pk)
            self.only_what_is_approved_counts()
        finally:
            transaction.savepoint_rollback(self.savepoint)
        self.tally.lives.update(self.reached | {"lives"})


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    yield made
    made.looks.forget()


@pytest.mark.parametrize("begun", range(0, WALKS, AT_ONCE))
def test_whatever_is_tried_reports_stay_sound(
    begun: int, world: World, record_property: Callable[[str, object], None]
) -> None:
    tally = Tally()
    lives = type("Lives", (Lives,), {"world": world, "tally": tally})
    number = min(AT_ONCE, WALKS - begun)
    for lived in range(0, number, AFRESH):
        how = settings(
            max_examples=min(AFRESH, number - lived),
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        run_state_machine_as_test(lives, settings=how)
    assert tally.lives["approve"], "lives do not get far"
    assert tally.lives["approve, correction"], "nothing that was approved is corrected"
    record_property("lives", tally.as_text())
