"""What follows from a move, in the same transaction."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grants.awards import services as awards
from grants.awards.models import Award, Tranche
from grants.formats import local_today
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, advance
from grants.lifecycle.models import Notice
from grants.money import services as money
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.factories import REASON

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> factories.Cast:
    return factories.cast()


def states(award: Award) -> list[str]:
    """Of the payments, in order."""
    return list(award.tranches.order_by("number").values_list("state", flat=True))


def test_offer_is_shared_among_the_funders(who: factories.Cast) -> None:
    award = factories.award_in("offered", who)
    assert [int(row.amount) for row in award.fundings.all()] == [7500, 5000]


def test_accept_opens_a_report_for_each_milestone_and_releases_the_payment_on_acceptance(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    assert list(Report.objects.filter(milestone__award=award).values_list("state", flat=True)) == ["draft"] * 3
    assert states(award) == ["released", "scheduled", "scheduled", "scheduled"]


def test_award_without_reports_goes_to_evaluating_at_once(who: factories.Cast) -> None:
    assert factories.award_in("evaluating", who, reports=0).state == "evaluating"


def test_award_without_a_final_evaluation_is_closed_without_one(who: factories.Cast) -> None:
    assert factories.award_in("closed", who, evaluation=False).state == "closed"


def test_approval_settles_the_milestone_and_releases_its_payment_alone(who: factories.Cast) -> None:
    report = factories.report_in("approved", who)
    assert report.milestone.settled_at is not None
    assert states(report.award) == ["released", "released", "scheduled", "scheduled"]
    assert report.award.state == "active"


def test_last_report_approved_begins_the_evaluation(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    factories.report_in("approved", who, award, number=2)
    assert factories.award_again(award).state == "active"
    factories.report_in("approved", who, award, number=1)
    assert factories.award_again(award).state == "evaluating"


def test_final_evaluation_approved_early_leaves_the_award_active(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    factories.report_in("approved", who, award, number=3)
    assert factories.award_again(award).state == "active"


def test_waiver_settles_the_milestone_and_leaves_its_payment(who: factories.Cast) -> None:
    report = factories.report_in("waived", who)
    assert report.milestone.settled_at is not None
    assert states(report.award) == ["released", "scheduled", "scheduled", "scheduled"]
    tranche = report.milestone.tranches.get()
    assert money.release_payment(tranche.pk, by=who.approver, seen=None).state == "released"


def test_waiver_of_the_last_report_begins_the_evaluation(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    for number in (1, 2):
        factories.report_in("waived", who, award, number=number)
    assert factories.award_again(award).state == "evaluating"


def test_held_payment_stays_held_when_its_report_is_approved(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    held = factories.tranche_in("held", who, award)
    factories.report_in("approved", who, award)
    assert Tranche.objects.get(pk=held.pk).state == "held"
    money.unhold_payment(held.pk, by=who.approver, seen=None)
    assert Tranche.objects.get(pk=held.pk).state == "released"


def test_payment_no_longer_held_before_its_report_is_approved_is_scheduled(who: factories.Cast) -> None:
    held = factories.tranche_in("held", who)
    money.unhold_payment(held.pk, by=who.approver, seen=None)
    assert Tranche.objects.get(pk=held.pk).state == "scheduled"


def test_cancelled_payment_is_not_released_by_approval(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    cancelled = factories.tranche_in("cancelled", who, award)
    factories.report_in("approved", who, award)
    assert Tranche.objects.get(pk=cancelled.pk).state == "cancelled"


def test_termination_cancels_open_payments_and_abandons_open_reports(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    approved = factories.report_in("approved", who, award, number=1)
    waiting = factories.report_in("awaiting_sign_off", who, award, number=2)
    money.record_payment(award.tranches.get(number=1).pk, by=who.finance, seen=None, paid_on=local_today())
    awards.terminate_award(award.pk, by=who.approver, seen=None, reason=REASON)
    assert states(award) == ["paid", "cancelled", "cancelled", "cancelled"]
    assert Report.objects.get(pk=approved.pk).state == "approved"
    assert Report.objects.get(pk=waiting.pk).state == "abandoned"
    assert not Report.objects.filter(milestone__award=award, state__in=Report.OPEN).exists()
    assert factories.award_again(award).ended_on == local_today()


def test_resumed_award_is_reconsidered(who: factories.Cast) -> None:
    award = factories.award_in("active", who)
    factories.report_in("approved", who, award, number=1)
    awards.suspend_award(award.pk, by=who.approver, seen=None, reason=REASON)
    factories.report_in("waived", who, award, number=2)
    assert factories.award_again(award).state == "suspended"
    awards.resume_award(award.pk, by=who.approver, seen=None)
    assert factories.award_again(award).state == "evaluating"


def test_reconsider_goes_back_when_a_milestone_is_open_again(who: factories.Cast) -> None:
    award = factories.award_in("evaluating", who)
    award.milestones.filter(number=2).update(settled_at=None)
    assert awards.reconsider(award).state == "active"
    award.milestones.filter(number=2).update(settled_at=timezone.now())
    assert awards.reconsider(award).state == "evaluating"
    assert awards.reconsider(award).state == "evaluating"


def test_offers_lapse_on_the_day_after_their_last(who: factories.Cast) -> None:
    award = factories.award_in("offered", who)
    Award.objects.filter(pk=award.pk).update(acceptance_due=local_today())
    assert awards.lapse_offers(local_today()) == 0
    with pytest.raises(NotNow):
        advance(Award, award.pk, "lapse", by=SYSTEM, seen=None)
    Award.objects.filter(pk=award.pk).update(acceptance_due=local_today() - timedelta(days=1))
    assert awards.lapse_offers(local_today()) == 1
    assert factories.award_again(award).state == "withdrawn"


def test_failing_consequence_takes_the_move_back(who: factories.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    report = factories.report_in("in_review", who)

    def fail(*args: object, **facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(reports.following, "reconsider", fail)
    with pytest.raises(RuntimeError):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
    assert Report.objects.get(pk=report.pk).state == "in_review"
    assert states(report.award) == ["released", "scheduled", "scheduled", "scheduled"]


def test_recalled_submission_is_signed_anew_as_the_next_version(who: factories.Cast) -> None:
    report = factories.report_in("submitted", who)
    reports.recall_submission(report.pk, by=who.signatory, seen=None)
    reports.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    reports.submit_report(report.pk, by=who.signatory, seen=None)
    assert [version.number for version in report.versions.all()] == [1, 2]


# --- Notices --------------------------------------------------------------------------------------------------------


def told(event: str) -> set[str]:
    """Who got a notice of such an event."""
    return set(Notice.objects.filter(event__contains=event).values_list("person__name", flat=True))


def test_move_tells_those_concerned_once(who: factories.Cast) -> None:
    report = factories.report_in("approved", who)
    managers = {who.reviewer.name, who.approver.name, who.second_approver.name}
    signatories = {who.signatory.name, who.second_signatory.name}
    assert told(f"{report.award.key}/submit") == managers
    assert told(f"{report.award.key}/accept") == managers
    assert told(f"{report.key}/ask") == signatories
    assert told(f"{report.key}/submit") == managers
    assert told(f"{report.key}/approved") == signatories | {who.editor.name}


def test_somebody_who_left_is_told_nothing(who: factories.Cast) -> None:
    type(who.approver).objects.filter(pk=who.approver.pk).update(is_active=False)
    award = factories.award_in("submitted", who)
    assert who.approver.name not in told(f"{award.key}/submit")
