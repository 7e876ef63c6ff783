"""The one door: what it refuses, in which words, and what it writes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.awards import services as awards
from grants.awards.models import Award
from grants.formats import local_today
from grants.lifecycle import door
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, NotYou, Refused, Stale, advance
from grants.lifecycle.machine import transitions_of
from grants.lifecycle.models import HistoryEntry, Notice
from grants.money import services as money
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> factories.Cast:
    return factories.cast()


def lines(record: Any) -> int:
    return HistoryEntry.objects.filter(record=record.key).count()


# --- Stale ----------------------------------------------------------------------------------------------------------


def test_old_page_changes_nothing_and_hears_what_happened(who: factories.Cast) -> None:
    award = factories.award_in("submitted", who)
    seen = award.revision
    awards.start_application_review(award.pk, by=who.reviewer, seen=seen)
    with pytest.raises(Stale) as refusal:
        awards.withdraw_application(award.pk, by=who.signatory, seen=seen)
    assert "changed since you opened the page" in refusal.value.sentences[0]
    assert f"Started the review ({who.reviewer.name})" in refusal.value.sentences[1]
    assert Award.objects.get(pk=award.pk).state == "in_review"


def test_submitting_twice_submits_once(who: factories.Cast) -> None:
    report = factories.report_in("awaiting_sign_off", who)
    reports.submit_report(report.pk, by=who.signatory, seen=report.revision)
    with pytest.raises(Stale):
        reports.submit_report(report.pk, by=who.signatory, seen=report.revision)
    with pytest.raises(NotNow, match="the report is submitted"):
        reports.submit_report(report.pk, by=who.signatory, seen=None)
    assert report.versions.count() == 1


def test_step_that_no_page_asked_for_is_never_stale(who: factories.Cast) -> None:
    report = factories.report_in("submitted", who)
    assert advance(Report, report.pk, "start_review", by=who.reviewer, seen=None).state == "in_review"


def test_page_without_a_readable_revision_is_stale(who: factories.Cast) -> None:
    report = factories.report_in("submitted", who)
    with pytest.raises(Stale):
        reports.start_report_review(report.pk, by=who.reviewer, seen=-1)


def test_approving_another_version_than_the_latest_is_stale(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    for version in (0, 2):
        with pytest.raises(Stale, match="Another version"):
            reports.approve_report(report.pk, by=who.approver, seen=None, version=version)
    factories.send_back(report, who.reviewer)
    reports.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    reports.submit_report(report.pk, by=who.signatory, seen=None)
    reports.start_report_review(report.pk, by=who.reviewer, seen=None)
    with pytest.raises(Stale, match="Another version"):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
    approved = reports.approve_report(report.pk, by=who.approver, seen=None, version=2)
    assert approved.approved_version == report.versions.get(number=2)


# --- Not now, not you -----------------------------------------------------------------------------------------------


def test_not_now_says_the_state(who: factories.Cast) -> None:
    award = factories.award_in("declined", who)
    with pytest.raises(NotNow, match="the award is declined"):
        awards.accept_offer(award.pk, by=who.signatory, seen=None)


def test_not_you_says_who(who: factories.Cast) -> None:
    award = factories.award_in("offered", who)
    with pytest.raises(NotYou, match="A signatory of the recipient does this"):
        awards.accept_offer(award.pk, by=who.editor, seen=None)


def test_refused_move_tells_nobody(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    notices = Notice.objects.count()
    with pytest.raises(Refused):
        reports.approve_report(report.pk, by=who.reviewer, seen=None, version=1)
    assert Notice.objects.count() == notices


NEEDS_A_REASON = sorted(
    {(kind.__name__, row.name) for kind in factories.STATES for row in transitions_of(kind) if row.custom.get("reason")}
)


def test_moves_that_hurt_need_a_reason() -> None:
    assert NEEDS_A_REASON == [
        ("Award", "decline"),
        ("Award", "send_back"),
        ("Award", "suspend"),
        ("Award", "terminate"),
        ("FunderReport", "fail"),
        ("FunderReport", "withdraw"),
        ("Import", "fail"),
        ("Report", "abandon"),
        ("Report", "decline_sign_off"),
        ("Report", "send_back"),
        ("Report", "waive"),
        ("Tranche", "cancel"),
        ("Tranche", "hold"),
    ]


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_move_without_its_reason_is_not_now(reason: str, who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    with pytest.raises(NotNow, match="Give a reason"):
        reports.return_report(report.pk, by=who.reviewer, seen=None, sections={}, reason=reason)
    with pytest.raises(NotNow, match="Give a reason"):
        reports.waive_report(report.pk, by=who.approver, seen=None, reason=reason)


def test_all_unmet_guards_are_said_at_once(who: factories.Cast) -> None:
    award = factories.draft_award(who, complete=False)
    call = who.exemplars.calls.get()
    who.exemplars.calls.update(closes_at=call.opens_at + timedelta(hours=1))
    with pytest.raises(NotNow) as refusal:
        awards.submit_application(award.pk, by=who.signatory, seen=None)
    assert len(refusal.value.sentences) == 2


def test_suspended_award_takes_no_submission_and_no_approval(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    waiting = factories.report_in("awaiting_sign_off", who, award, number=1)
    reviewed = factories.report_in("in_review", who, award, number=2)
    awards.suspend_award(award.pk, by=who.approver, seen=None, reason=factories.REASON)
    with pytest.raises(NotNow, match="neither suspended nor ended"):
        reports.submit_report(waiting.pk, by=who.signatory, seen=None)
    with pytest.raises(NotNow, match="neither suspended nor ended"):
        reports.approve_report(reviewed.pk, by=who.approver, seen=None, version=1)


def test_suspended_award_lets_grantees_write(who: factories.Cast) -> None:
    award = factories.award_in("suspended", who)
    report = Report.objects.get(milestone__award=award, milestone__number=1)
    filled = factories.fill(report, who.editor)
    assert reports.ask_for_sign_off(filled.pk, by=who.editor, seen=None).state == "awaiting_sign_off"


def test_report_that_lacks_a_required_part_is_not_now(who: factories.Cast) -> None:
    report = factories.report_in("draft", who)
    report.spend.all()[0].delete()
    with pytest.raises(NotNow, match="Every required part"):
        reports.ask_for_sign_off(report.pk, by=who.editor, seen=None)


def test_awaited_figure_does_not_block(who: factories.Cast) -> None:
    report = factories.report_in("draft", who)
    awaited = {
        "indicator": who.programme.indicators.get(code="learners"),
        "status": "awaited",
        "value": None,
        "numerator": None,
        "denominator": None,
        "awaited_from": "Two schools",
        "awaited_by": local_today() + timedelta(days=20),
    }
    reports.save_results(report.pk, by=who.editor, rows=[awaited])
    assert reports.ask_for_sign_off(report.pk, by=who.editor, seen=None).state == "awaiting_sign_off"


def test_payment_is_not_released_before_its_milestone_is_settled(who: factories.Cast) -> None:
    tranche = factories.tranche_in("scheduled", who)
    with pytest.raises(NotNow, match="the milestone of the payment settled"):
        money.release_payment(tranche.pk, by=who.approver, seen=None)


def test_payment_of_an_offer_is_not_released_before_it_is_accepted(who: factories.Cast) -> None:
    award = factories.award_in("offered", who)
    with pytest.raises(NotNow, match="must be accepted"):
        money.release_payment(award.tranches.get(milestone=None).pk, by=who.approver, seen=None)


def test_payment_cannot_be_recorded_for_a_day_to_come(who: factories.Cast) -> None:
    tranche = factories.tranche_in("released", who)
    with pytest.raises(NotNow, match="lies in the future"):
        money.record_payment(tranche.pk, by=who.finance, seen=None, paid_on=local_today() + timedelta(days=1))


@pytest.mark.parametrize("step", ["reports", "payments"])
def test_award_is_closed_only_when_all_is_settled(step: str, who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    if step == "reports":
        factories.report_in("approved", who, award, number=1)
        factories.report_in("approved", who, award, number=2)
        sentence = "final evaluation must be approved or waived"
    else:
        for number in (1, 2, 3):
            factories.report_in("approved", who, award, number=number)
        sentence = "Every payment must be paid or cancelled"
    with pytest.raises(NotNow, match=sentence):
        awards.close_award(award.pk, by=who.approver, seen=None)


# --- People who no longer count -------------------------------------------------------------------------------------


def test_role_that_ended_no_longer_counts(who: factories.Cast) -> None:
    award = factories.award_in("offered", who)
    assert who.signatory.holds(who.recipient.pk, "signatory"), "the page read the role before it ended"
    who.signatory.memberships.update(ends=local_today() - timedelta(days=1))
    with pytest.raises(NotYou):
        awards.accept_offer(award.pk, by=who.signatory, seen=None)


def test_role_counts_on_its_last_day(who: factories.Cast) -> None:
    award = factories.award_in("offered", who)
    who.signatory.memberships.update(ends=local_today())
    assert awards.accept_offer(award.pk, by=who.signatory, seen=None).state == "active"


def test_role_does_not_count_before_its_first_day(who: factories.Cast) -> None:
    award = factories.award_in("offered", who)
    who.signatory.memberships.update(starts=local_today() + timedelta(days=1))
    with pytest.raises(NotYou):
        awards.accept_offer(award.pk, by=who.signatory, seen=None)


def test_closed_account_no_longer_counts(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    type(who.approver).objects.filter(pk=who.approver.pk).update(is_active=False)
    with pytest.raises(NotYou):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)


@pytest.mark.parametrize("role", ["editor", "signatory", "viewer"])
def test_approver_who_belongs_to_the_recipient_cannot_approve(role: str, who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    factories.member(who.approver, role, who.recipient)
    with pytest.raises(NotYou, match="belongs to no party"):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)


def test_approver_who_belongs_to_a_member_of_the_community_cannot_approve(who: factories.Cast) -> None:
    university = factories.organisation("higher_education")
    community = factories.a_community(who.recipient, university)
    report = factories.report_in("in_review", who, community=community)
    factories.member(who.approver, "editor", university)
    with pytest.raises(NotYou, match="belongs to no party"):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
    assert reports.approve_report(report.pk, by=who.second_approver, seen=None, version=1).state == "approved"


def test_finance_of_a_party_cannot_pay_it(who: factories.Cast) -> None:
    tranche = factories.tranche_in("released", who)
    factories.member(who.finance, "editor", who.recipient)
    with pytest.raises(NotYou, match="belongs to no party"):
        money.record_payment(tranche.pk, by=who.finance, seen=None, paid_on=local_today())


# --- History --------------------------------------------------------------------------------------------------------


def test_every_move_writes_one_line_with_its_actor(who: factories.Cast) -> None:
    award = factories.award_in("suspended", who)
    moves = HistoryEntry.objects.filter(record=award.key).exclude(source="").order_by("pk")
    assert list(moves.values_list("what", "source", "target", "person")) == [
        ("submit", "draft", "submitted", who.signatory.pk),
        ("start_review", "submitted", "in_review", who.reviewer.pk),
        ("offer", "in_review", "offered", who.approver.pk),
        ("accept", "offered", "active", who.signatory.pk),
        ("suspend", "active", "suspended", who.approver.pk),
    ]
    last = HistoryEntry.objects.filter(record=award.key)[0]
    assert (last.reason, last.actor) == (factories.REASON, who.approver.name)


def test_history_of_a_report_and_a_payment_is_that_of_their_award(who: factories.Cast) -> None:
    report = factories.report_in("approved", who)
    roots = HistoryEntry.objects.filter(root=report.award.key).values_list("record", flat=True)
    payments = {tranche.key for tranche in report.award.tranches.filter(state="released")}
    assert {report.key, report.award.key, *payments} == set(roots)


def test_what_exemplar_does_itself_has_no_person(who: factories.Cast) -> None:
    tranche = factories.tranche_in("released", who)
    entry = HistoryEntry.objects.get(record=tranche.key)
    assert (entry.what, entry.person, entry.actor) == ("release", None, "Exemplar")


def test_refused_move_writes_no_history(who: factories.Cast) -> None:
    award = factories.award_in("offered", who)
    before = lines(award)
    with pytest.raises(NotYou):
        awards.accept_offer(award.pk, by=who.stranger, seen=None)
    assert lines(award) == before


# --- Start ----------------------------------------------------------------------------------------------------------


def test_consequence_of_no_transition_is_an_error_at_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="no transition 'aprove'"):
        door.after(Report, "aprove")


def test_move_of_a_record_that_is_not_there_says_so() -> None:
    with pytest.raises(Award.DoesNotExist):
        advance(Award, 0, "withdraw", by=SYSTEM, seen=None)


def test_columns_that_a_move_does_not_set_are_not_written(who: factories.Cast) -> None:
    document = factories.funder_report_in("built", who)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        advance(type(document), document.pk, "release", by=who.approver, seen=None)
    update = next(row["sql"] for row in queries if row["sql"].startswith('UPDATE "reporting_funderreport"'))
    assert "snapshot" not in update.split("WHERE")[0]
