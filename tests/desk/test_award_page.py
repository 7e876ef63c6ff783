"""An award at a glance: who sees it, and what of it."""

from collections.abc import Callable

import pytest
from django.test import Client

from grants.awards import services as awards
from grants.awards.models import Award
from grants.desk.glance import AT_ONCE
from grants.formats import local_today
from grants.lifecycle.door import write_history
from grants.people.models import User
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def page_text(client: Client, award: Award) -> str:
    return client.get(award.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", Award.State.values)
@pytest.mark.parametrize("role", ["editor", "approver", "finance"])
def test_award_page_opens_in_every_state_for_those_concerned(who: Cast, as_user: AsUser, state: str, role: str) -> None:
    award = factories.award_in(state, who)
    page = as_user(getattr(who, role)).get(award.get_absolute_url())
    hidden = state == "draft" and role != "editor"
    assert page.status_code == (404 if hidden else 200)
    if not hidden:
        assert page.context["next"]


@pytest.mark.parametrize("role", ["stranger", "outsider", "viewer"])
def test_award_page_is_not_found_by_others(who: Cast, as_user: AsUser, role: str) -> None:
    award = factories.award_in("active", who)
    assert as_user(getattr(who, role)).get(award.get_absolute_url()).status_code == 404


def test_award_page_asks_for_sign_in(who: Cast, client: Client) -> None:
    assert client.get(factories.award_in("active", who).get_absolute_url()).status_code == 302


def test_award_page_is_found_whatever_the_case_of_its_reference(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    client = as_user(who.editor)
    assert client.get(f"/awards/{award.reference.lower()}/").status_code == 200
    assert client.get("/awards/none/").status_code == 404
    assert client.get("/awards/a%00b/").status_code == 404


def test_award_page_hides_a_plan_from_the_applicant_until_it_is_offered(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("in_review", who)
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    editor, reviewer = as_user(who.editor), as_user(who.reviewer)
    url = award.get_absolute_url()
    for name in ("milestones", "payments", "targets", "budget"):
        assert not editor.get(url).context[name], name
        assert reviewer.get(url).context[name], name
    assert "Set the amount, dates" not in page_text(editor, award)
    assert reviewer.get(url).context["payments"][0][1] == []
    awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today())
    assert len(editor.get(url).context["payments"]) == 4


def test_award_page_shows_fundings_and_acts_to_the_managing_body_only(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    url = award.get_absolute_url()
    approver, editor, finance = (as_user(user).get(url).context for user in (who.approver, who.editor, who.finance))
    assert [act["term"] for act in approver["acts"]] == ["Signed", "Approved"]
    assert len(approver["fundings"]) == 2
    assert (list(editor["acts"]), list(editor["fundings"])) == ([], [])
    assert (list(finance["acts"]), len(finance["fundings"])) == ([], 2)


def test_award_page_keeps_a_recommendation_from_the_applicant(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("in_review", who)
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    awards.recommend_application(award.pk, by=who.reviewer, seen=None, note="Weak on evaluation")
    assert "Weak on evaluation" in page_text(as_user(who.approver), award)
    assert "Weak on evaluation" not in page_text(as_user(who.signatory), award)


def test_award_page_keeps_what_signatories_tell_editors_from_the_managing_body(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("awaiting_sign_off", who)
    reports.decline_sign_off(report.pk, by=who.signatory, seen=None, reason="The numbers are wrong")
    assert "The numbers are wrong" in page_text(as_user(who.editor), report.award)
    assert "The numbers are wrong" not in page_text(as_user(who.approver), report.award)


def test_award_page_names_the_report_and_payment_in_its_history(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("approved", who)
    sentences = [
        entry["sentence"] for entry in as_user(who.editor).get(report.award.get_absolute_url()).context["history"]
    ]
    assert "Approved the report: Milestone 1." in sentences
    assert "Released a payment: Milestone 1, £3,125." in sentences


def test_award_page_shows_the_latest_history_and_the_rest_by_pages(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("submitted", who)
    for number in range(40):
        write_history(award, "tell", by=who.editor, sentence=f"Told number {number}")
    client = as_user(who.editor)
    page = client.get(award.get_absolute_url())
    assert len(page.context["history"]) == AT_ONCE
    assert page.context["history"][0]["sentence"] == "Told number 39."
    assert "?all=1" in page.content.decode()
    second = client.get(award.get_absolute_url(), {"all": "1", "page": "2"})
    assert second.context["history"][-1]["sentence"] == "Began the application."
    assert client.get(award.get_absolute_url(), {"all": "1", "page": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("state", "role", "primary"),
    [
        ("draft", "editor", "application"),
        ("draft", "signatory", "submit"),
        ("submitted", "reviewer", "start-review"),
        ("in_review", "reviewer", "plan"),
        ("offered", "signatory", "accept"),
        ("active", "approver", ""),
        ("suspended", "approver", "resume"),
    ],
)
def test_award_page_has_one_primary_step(who: Cast, as_user: AsUser, state: str, role: str, primary: str) -> None:
    award = factories.award_in(state, who)
    steps = as_user(getattr(who, role)).get(award.get_absolute_url()).context["steps"]
    assert [step.verb for step, button in steps if button == ""] == ([primary] if primary else [])


def test_award_page_lists_what_a_draft_still_needs(who: Cast, as_user: AsUser) -> None:
    award = factories.draft_award(who, complete=False)
    assert "Say what the project is for" in page_text(as_user(who.editor), award)


def test_award_page_of_a_member_links_only_approved_reports(who: Cast, as_user: AsUser) -> None:
    charity = factories.organisation()
    member = factories.person("editor", charity)
    community = factories.a_community(who.recipient, who.recipient, charity)
    award = factories.award_in("active", who, community=community)
    factories.report_in("approved", who, award)
    client = as_user(member)
    links = [url for _, url in client.get(award.get_absolute_url()).context["milestones"]]
    assert [bool(url) for url in links] == [True, False, False]
    assert client.get(links[0]).status_code == 200
    assert "Member" in page_text(client, award)


def test_award_page_escapes_what_people_wrote(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("submitted", who)
    evil = "<img src=x onerror=alert(1)>"
    Award.objects.filter(pk=award.pk).update(title=evil, description=evil, plan=evil, place=evil)
    for user in (who.editor, who.approver):
        assert "<img src=x" not in page_text(as_user(user), award)


@pytest.mark.parametrize("role", ["editor", "approver"])
def test_award_page_links_to_the_report_that_waits_for_review(who: Cast, as_user: AsUser, role: str) -> None:
    report = factories.report_in("in_review", who)
    report.milestone.title = "<b>Workshops</b>"
    report.milestone.save()
    sentence = as_user(getattr(who, role)).get(report.award.get_absolute_url()).context["next"]
    assert f'<a href="{report.get_absolute_url()}">&lt;b&gt;Workshops&lt;/b&gt;</a>' in sentence


def test_award_page_links_to_every_open_report(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    text = page_text(as_user(who.editor), award)
    for report in Report.objects.filter(milestone__award=award):
        assert f'href="{report.get_absolute_url()}"' in text
