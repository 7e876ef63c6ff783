"""Several people at once: real threads, real connections, real commits."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from grants.awards import services as awards
from grants.awards.models import Award, Extension, Milestone, Tranche
from grants.formats import local_today
from grants.lifecycle.door import Refused, acts_on
from grants.lifecycle.models import HistoryEntry
from grants.money import services as money
from grants.programmes import services as programmes
from grants.reports import services as reports
from grants.reports.models import Report, Version
from tests import factories
from tests.factories import REASON

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Start all calls together, each in a thread with a connection of its own: "done", or the name of the refusal.

    Anything but a refusal is raised: a deadlock, a broken constraint, a lock that nobody gave back.
    """
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            start.wait(30)
            call()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def who() -> factories.Cast:
    return factories.cast()


def history(record: Any, what: str) -> int:
    return HistoryEntry.objects.filter(record=record.key, what=what).count()


@pytest.mark.parametrize("fresh_page", [True, False])
def test_sixteen_approvals_approve_once_and_release_once(fresh_page: bool, who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    people = [factories.person("approver", who.managing_body) for _ in range(16)]
    seen = report.revision if fresh_page else None
    ended = at_once(*(lambda by=by: reports.approve_report(report.pk, by=by, seen=seen, version=1) for by in people))
    assert Counter(ended) == {"done": 1, "Stale" if fresh_page else "NotNow": 15}
    tranche = report.milestone.tranches.get()
    assert tranche.state == "released"
    assert (history(report, "approve"), history(tranche, "release")) == (1, 1)
    assert acts_on(report.subject).filter(part="approved").count() == 1


def test_one_person_who_presses_twice_approves_once(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    approve = lambda: reports.approve_report(report.pk, by=who.approver, seen=report.revision, version=1)  # noqa: E731
    assert Counter(at_once(approve, approve)) == {"done": 1, "Stale": 1}


def test_submitting_in_sixteen_threads_freezes_one_version(who: factories.Cast) -> None:
    report = factories.report_in("awaiting_sign_off", who)
    ended = at_once(*[lambda: reports.submit_report(report.pk, by=who.signatory, seen=report.revision)] * 16)
    assert Counter(ended) == {"done": 1, "Stale": 15}
    assert Version.objects.filter(report=report).count() == 1


def test_two_last_reports_approved_at_once_leave_the_award_evaluating(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    one, other = (factories.report_in("in_review", who, award, number=number) for number in (1, 2))
    ended = at_once(
        lambda: reports.approve_report(one.pk, by=who.approver, seen=one.revision, version=1),
        lambda: reports.approve_report(other.pk, by=who.second_approver, seen=other.revision, version=1),
    )
    assert ended == ["done", "done"]
    assert factories.award_again(award).state == "evaluating"
    assert history(award, "begin_evaluation") == 1
    assert Counter(award.tranches.values_list("state", flat=True)) == {"released": 3, "scheduled": 1}


def test_two_people_begin_a_correction_at_once_and_one_is_begun(who: factories.Cast) -> None:
    report = factories.report_in("approved", who)
    people = [who.editor, who.signatory, who.second_signatory]
    begin = reports.begin_correction
    ended = at_once(*(lambda by=by: begin(report.pk, by=by, seen=report.revision, reason=REASON) for by in people))
    assert Counter(ended) == {"done": 1, "NotNow": 2}
    assert Report.objects.filter(corrects=report).count() == 1


@pytest.mark.parametrize("fresh_page", [True, False])
def test_correction_is_approved_once_by_many_and_takes_the_place_once(fresh_page: bool, who: factories.Cast) -> None:
    old = factories.report_in("approved", who)
    correction = reports.begin_correction(old.pk, by=who.editor, seen=None, reason=REASON)
    reports.ask_for_sign_off(correction.pk, by=who.editor, seen=None)
    reports.submit_report(correction.pk, by=who.signatory, seen=None)
    seen = reports.start_report_review(correction.pk, by=who.reviewer, seen=None).revision if fresh_page else None
    if not fresh_page:
        reports.start_report_review(correction.pk, by=who.reviewer, seen=None)
    people = [factories.person("approver", who.managing_body) for _ in range(8)]
    ended = at_once(
        *(lambda by=by: reports.approve_report(correction.pk, by=by, seen=seen, version=2) for by in people)
    )
    assert Counter(ended) == {"done": 1, "Stale" if fresh_page else "NotNow": 7}
    states = Counter(Report.objects.filter(milestone=old.milestone).values_list("state", flat=True))
    assert states == {"superseded": 1, "approved": 1}
    assert (history(old, "supersede"), history(correction, "approve")) == (1, 1)
    assert history(old.milestone.tranches.get(), "release") == 1


def test_correction_approved_and_given_up_at_once_ends_one_way(who: factories.Cast) -> None:
    old = factories.report_in("approved", who)
    correction = reports.begin_correction(old.pk, by=who.editor, seen=None, reason=REASON)
    reports.ask_for_sign_off(correction.pk, by=who.editor, seen=None)
    reports.submit_report(correction.pk, by=who.signatory, seen=None)
    reports.start_report_review(correction.pk, by=who.reviewer, seen=None)
    approved, abandoned = at_once(
        lambda: reports.approve_report(correction.pk, by=who.approver, seen=None, version=2),
        lambda: reports.abandon_correction(correction.pk, by=who.editor, seen=None, reason=REASON),
    )
    assert sorted([approved, abandoned]) == ["NotNow", "done"]
    states = {report.pk: report.state for report in Report.objects.filter(milestone=old.milestone)}
    won = {old.pk: "superseded", correction.pk: "approved"}
    assert states == (won if approved == "done" else {old.pk: "approved", correction.pk: "abandoned"})


@pytest.mark.parametrize("seen", [True, False])
def test_accept_and_withdraw_at_once_one_wins(seen: bool, who: factories.Cast) -> None:
    award = factories.award_in("offered", who)
    revision = award.revision if seen else None
    accepted, withdrawn = at_once(
        lambda: awards.accept_offer(award.pk, by=who.signatory, seen=revision),
        lambda: awards.withdraw_application(award.pk, by=who.second_signatory, seen=revision),
    )
    assert [accepted, withdrawn].count("done") == 1
    reported = Report.objects.filter(milestone__award=award).count()
    if accepted == "done":
        assert (factories.award_again(award).state, reported) == ("active", 3)
    else:
        assert (factories.award_again(award).state, reported) == ("withdrawn", 0)


def test_approve_and_terminate_at_once_leave_no_half(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    award = report.award
    approved, terminated = at_once(
        lambda: reports.approve_report(report.pk, by=who.approver, seen=None, version=1),
        lambda: awards.terminate_award(award.pk, by=who.second_approver, seen=None, reason=REASON),
    )
    assert terminated == "done"
    assert factories.award_again(award).state == "terminated"
    assert Report.objects.get(pk=report.pk).state == ("approved" if approved == "done" else "abandoned")
    assert set(award.tranches.values_list("state", flat=True)) == {"cancelled"}
    assert not Report.objects.filter(milestone__award=award, state__in=Report.OPEN).exists()


def test_hold_and_approve_at_once_release_or_hold(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    tranche = report.milestone.tranches.get()
    held, approved = at_once(
        lambda: money.hold_payment(tranche.pk, by=who.second_approver, seen=None, reason=REASON),
        lambda: reports.approve_report(report.pk, by=who.approver, seen=None, version=1),
    )
    assert approved == "done"
    assert Tranche.objects.get(pk=tranche.pk).state == ("held" if held == "done" else "released")


def test_payment_is_recorded_once(who: factories.Cast) -> None:
    tranche = factories.tranche_in("released", who)
    pay = lambda: money.record_payment(tranche.pk, by=who.finance, seen=None, paid_on=local_today())  # noqa: E731
    assert Counter(at_once(*[pay] * 8)) == {"done": 1, "NotNow": 7}


def test_writing_and_asking_at_once_keeps_what_was_saved_or_refuses_it(who: factories.Cast) -> None:
    report = factories.report_in("draft", who)
    section = report.asked_sections()[0]
    wrote, asked = at_once(
        lambda: reports.save_answer(report.pk, section, by=who.editor, text="A later thought."),
        lambda: reports.ask_for_sign_off(report.pk, by=who.second_signatory, seen=None),
    )
    assert asked == "done"
    saved = report.answers.get(section=section).text == "A later thought."
    assert saved == (wrote == "done")


def test_everything_at_once_ends_without_a_deadlock(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    one = factories.report_in("in_review", who, award, number=1)
    other = factories.report_in("awaiting_sign_off", who, award, number=2)
    third = factories.report_in("draft", who, award, number=3)
    paid, scheduled = award.tranches.get(number=1), award.tranches.get(number=3)
    at_once(
        lambda: reports.approve_report(one.pk, by=who.approver, seen=None, version=1),
        lambda: reports.return_report(one.pk, by=who.reviewer, seen=None, sections={"done": REASON}),
        lambda: reports.submit_report(other.pk, by=who.signatory, seen=None),
        lambda: reports.recall_report(other.pk, by=who.editor, seen=None),
        lambda: reports.waive_report(third.pk, by=who.approver, seen=None, reason=REASON),
        lambda: factories.fill(third, who.editor),
        lambda: money.record_payment(paid.pk, by=who.finance, seen=None, paid_on=local_today()),
        lambda: money.hold_payment(scheduled.pk, by=who.approver, seen=None, reason=REASON),
        lambda: awards.suspend_award(award.pk, by=who.second_approver, seen=None, reason=REASON),
        lambda: awards.terminate_award(award.pk, by=who.second_approver, seen=None, reason=REASON),
    )
    assert factories.award_again(award).state == "terminated"
    assert not award.tranches.exclude(state__in=["paid", "cancelled"]).exists()


def test_references_given_at_once_differ(who: factories.Cast) -> None:
    call = who.exemplars.calls.get()
    ended = at_once(*[lambda: awards.start_application(call, by=who.editor, organisation=who.recipient)] * 8)
    assert Counter(ended) == {"done": 8}
    assert Award.objects.values("reference").distinct().count() == 8


def asked(report: Report, who: factories.Cast) -> Extension:
    until = report.milestone.due_on + timedelta(days=14)
    return reports.ask_for_extension(report.pk, by=who.editor, until=until, reason="A school answers late.")


def test_sixteen_who_decide_a_later_date_decide_it_once(who: factories.Cast) -> None:
    report = factories.report_in("draft", who)
    extension = asked(report, who)
    people = [factories.person("approver", who.managing_body) for _ in range(8)]
    decide = awards.decide_extension
    ended = at_once(
        *(lambda by=by: decide(extension.pk, by=by, granted=True) for by in people),
        *(lambda by=by: decide(extension.pk, by=by, granted=False, answer="No.") for by in people),
    )
    assert Counter(ended) == {"done": 1, "NotNow": 15}
    extension = Extension.objects.select_related("milestone").get()
    assert extension.milestone.due_on == (extension.until if extension.granted else report.milestone.due_on)
    assert history(report.award, "extend") + history(report.award, "refuse_extension") == 1


def test_two_who_ask_at_once_leave_one_open(who: factories.Cast) -> None:
    report = factories.report_in("draft", who)
    ask = reports.ask_for_extension
    ended = at_once(
        *(
            lambda by=by, days=days: ask(
                report.pk, by=by, until=report.milestone.due_on + timedelta(days=days), reason="Late."
            )
            for days, by in ((7, who.editor), (14, who.signatory))
        )
    )
    assert Counter(ended) == {"done": 1, "NotNow": 1}
    assert Extension.objects.count() == 1


def test_a_later_date_granted_as_the_report_is_approved_is_before_it_or_not_at_all(who: factories.Cast) -> None:
    report = factories.report_in("draft", who)
    extension = asked(report, who)
    report = factories.move_report(report, "in_review", who)
    ended = at_once(
        lambda: awards.decide_extension(extension.pk, by=who.reviewer, granted=True),
        lambda: reports.approve_report(report.pk, by=who.approver, seen=report.revision, version=1),
    )
    assert ended in (["done", "done"], ["NotNow", "done"])
    granted = Extension.objects.get().granted
    milestone = Milestone.objects.get(pk=report.milestone_id)
    assert milestone.settled_at is not None
    assert milestone.due_on == (extension.until if granted else report.milestone.due_on)


def test_a_set_that_is_changed_as_a_report_begins_with_it_is_asked_as_it_stands(who: factories.Cast) -> None:
    """Whoever comes second is refused, or changes what the report then asks: never a set that is in use."""
    report = Report.objects.filter(milestone__award=factories.award_in("active", who)).earliest("pk")
    section = report.asked_sections()[0]
    ended = at_once(
        lambda: reports.save_answer(report.pk, section, by=who.editor, text="Ten schools."),
        lambda: programmes.move_section(section.section_set_id, by=who.administrator, section=section.pk, up=False),
    )
    assert ended in (["done", "done"], ["done", "NotNow"])
    report = Report.objects.get(pk=report.pk)
    assert report.section_set_id == section.section_set_id
