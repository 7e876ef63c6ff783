"""No person has two parts in one subject."""

import pytest

from grants.awards import services as awards
from grants.awards.models import Award
from grants.formats import local_today
from grants.lifecycle.door import NotNow, NotYou, acts_on, advance
from grants.lifecycle.models import Act
from grants.people.models import User
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.factories import LIGHT, REASON

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> factories.Cast:
    return factories.cast()


def parts(subject: str) -> list[tuple[str, User]]:
    return [(act.part, act.person) for act in acts_on(subject)]


def test_approved_report_has_three_parts_by_three_people(who: factories.Cast) -> None:
    report = factories.report_in("approved", who)
    assert parts(report.subject) == [("asked", who.editor), ("signed", who.signatory), ("approved", who.approver)]
    assert report.approval_act == acts_on(report.subject).get(part="approved")
    assert report.approved_version == report.latest_version


def test_who_asked_cannot_sign(who: factories.Cast) -> None:
    report = factories.report_in("draft", who)
    reports.ask_for_sign_off(report.pk, by=who.signatory, seen=None)
    with pytest.raises(NotYou, match="another person than the one who asked"):
        reports.submit_report(report.pk, by=who.signatory, seen=None)
    assert reports.submit_report(report.pk, by=who.second_signatory, seen=None).state == "submitted"


def test_who_asked_signs_a_light_award(who: factories.Cast) -> None:
    report = factories.report_in("submitted", who, amount=LIGHT)
    assert parts(report.subject) == [("signed", who.signatory)]


def test_award_at_the_strands_amount_is_not_light(who: factories.Cast) -> None:
    report = factories.report_in("draft", who, amount=who.exemplars.light_below)
    reports.ask_for_sign_off(report.pk, by=who.signatory, seen=None)
    with pytest.raises(NotYou):
        reports.submit_report(report.pk, by=who.signatory, seen=None)


def managed(who: factories.Cast, amount: int = 12500) -> Award:
    """An award that the managing body runs itself, whose approvers are its editors and signatories, too."""
    for person in (who.approver, who.second_approver, who.reviewer):
        factories.member(person, "editor", who.managing_body)
        factories.member(person, "signatory", who.managing_body)
    home = factories.Cast(
        **{**vars(who), "recipient": who.managing_body, "editor": who.approver, "signatory": who.second_approver}
    )
    award = factories.draft_award(home, amount=type(factories.AMOUNT)(amount))
    Award.objects.filter(pk=award.pk).update(managed=True)
    return award


def test_who_signed_an_application_cannot_offer_it(who: factories.Cast) -> None:
    award = managed(who)
    awards.submit_application(award.pk, by=who.second_approver, seen=None)
    awards.start_application_review(award.pk, by=who.reviewer, seen=None)
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    with pytest.raises(NotYou, match="You signed this yourself"):
        awards.offer_award(award.pk, by=who.second_approver, seen=None, acceptance_due=local_today())
    assert awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today()).state == "offered"


def managed_report(who: factories.Cast, amount: int = 12500) -> Report:
    """The first report of a managed award: the approver asked, the second approver signed."""
    award = managed(who, amount)
    awards.submit_application(award.pk, by=who.second_approver, seen=None)
    awards.start_application_review(award.pk, by=who.reviewer, seen=None)
    awards.save_plan(
        award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme, type(factories.AMOUNT)(amount))
    )
    awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today())
    awards.accept_offer(award.pk, by=who.second_approver, seen=None)
    report = factories.fill(Report.objects.get(milestone__award=award, milestone__number=1), who.approver)
    reports.ask_for_sign_off(report.pk, by=who.approver, seen=None)
    return reports.submit_report(report.pk, by=who.second_approver, seen=None)


def test_neither_who_asked_nor_who_signed_approves_a_managed_report(who: factories.Cast) -> None:
    report = managed_report(who)
    reports.start_report_review(report.pk, by=who.reviewer, seen=None)
    with pytest.raises(NotYou, match="You asked for the signature"):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
    with pytest.raises(NotYou, match="You signed this yourself"):
        reports.approve_report(report.pk, by=who.second_approver, seen=None, version=1)
    third = factories.person("approver", who.managing_body)
    assert reports.approve_report(report.pk, by=third, seen=None, version=1).state == "approved"


def test_light_managed_award_still_needs_another_person_to_sign(who: factories.Cast) -> None:
    report = managed_report(who, 5000)
    reports.recall_submission(report.pk, by=who.second_approver, seen=None)
    reports.ask_for_sign_off(report.pk, by=who.second_approver, seen=None)
    with pytest.raises(NotYou):
        reports.submit_report(report.pk, by=who.second_approver, seen=None)


# --- Recommendation -------------------------------------------------------------------------------------------------


def test_approval_needs_a_recommendation_from_the_strands_amount_on(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    type(who.exemplars).objects.update(recommended_from=factories.AMOUNT)
    with pytest.raises(NotNow, match="Another person, who declared no conflict, must recommend"):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
    reports.recommend_report(report.pk, by=who.reviewer, seen=None, note="Good evidence")
    assert reports.approve_report(report.pk, by=who.approver, seen=None, version=1).state == "approved"


def test_approval_below_the_strands_amount_needs_no_recommendation(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    type(who.exemplars).objects.update(recommended_from=factories.AMOUNT + 1)
    assert reports.approve_report(report.pk, by=who.approver, seen=None, version=1).state == "approved"


def test_who_recommended_cannot_approve(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    reports.recommend_report(report.pk, by=who.approver, seen=None)
    with pytest.raises(NotYou, match="You recommended"):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
    with pytest.raises(NotYou, match="You recommended"):
        reports.recommend_report(report.pk, by=who.approver, seen=None)
    assert reports.approve_report(report.pk, by=who.second_approver, seen=None, version=1).state == "approved"


def test_new_version_starts_afresh(who: factories.Cast) -> None:
    report = factories.report_in("in_review", who)
    reports.recommend_report(report.pk, by=who.approver, seen=None)
    factories.send_back(report, who.reviewer)
    reports.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    reports.submit_report(report.pk, by=who.signatory, seen=None)
    reports.start_report_review(report.pk, by=who.reviewer, seen=None)
    again = Report.objects.get(pk=report.pk)
    assert not again.has_recommendation
    assert reports.approve_report(report.pk, by=who.approver, seen=None, version=2).state == "approved"


def test_only_a_report_in_review_is_recommended(who: factories.Cast) -> None:
    report = factories.report_in("submitted", who)
    with pytest.raises(NotNow):
        reports.recommend_report(report.pk, by=who.reviewer, seen=None)
    with pytest.raises(NotYou):
        reports.recommend_report(report.pk, by=who.signatory, seen=None)


def test_offer_needs_a_recommendation_by_somebody_else(who: factories.Cast) -> None:
    award = factories.award_in("in_review", who)
    type(who.exemplars).objects.update(recommended_from=factories.AMOUNT)
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    with pytest.raises(NotNow, match="Another person, who declared no conflict, must recommend"):
        awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today())
    awards.recommend_application(award.pk, by=who.approver, seen=None)
    with pytest.raises(NotYou, match="You recommended"):
        awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today())
    offered = awards.offer_award(award.pk, by=who.second_approver, seen=None, acceptance_due=local_today())
    assert offered.offer_act == acts_on(offered.subject).get(part="approved")


def test_application_submitted_again_starts_afresh(who: factories.Cast) -> None:
    award = factories.award_in("in_review", who)
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    awards.recommend_application(award.pk, by=who.approver, seen=None)
    awards.return_application(award.pk, by=who.reviewer, seen=None, reason=REASON)
    awards.submit_application(award.pk, by=who.signatory, seen=None)
    awards.start_application_review(award.pk, by=who.reviewer, seen=None)
    assert not Award.objects.get(pk=award.pk).has_recommendation


def test_recommendation_is_for_the_plan_as_it_stands(who: factories.Cast) -> None:
    award = factories.award_in("in_review", who)
    plan = factories.plan(who.programme)
    with pytest.raises(NotNow, match="Set the plan first"):
        awards.recommend_application(award.pk, by=who.reviewer, seen=None)
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=plan)
    awards.recommend_application(award.pk, by=who.reviewer, seen=None)
    with pytest.raises(NotNow, match="was recommended as it stands"):
        awards.save_plan(award.pk, by=who.approver, seen=None, plan=plan)


# --- Funder reports -------------------------------------------------------------------------------------------------


def test_who_requested_a_funder_report_cannot_release_it(who: factories.Cast) -> None:
    document = factories.funder_report_in("built", who)
    Act.objects.get_or_create(subject=document.subject, person=who.approver, part=Act.Part.REQUESTED)
    with pytest.raises(NotYou, match="You asked for this document"):
        advance(type(document), document.pk, "release", by=who.approver, seen=None)
    released = advance(type(document), document.pk, "release", by=who.second_approver, seen=None)
    assert released.release_act == acts_on(document.subject).get(part="released")
