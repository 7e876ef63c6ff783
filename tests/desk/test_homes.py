"""The homes, and that of a grantee: what is due, what waits for me, what moved, what comes next, without a click."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants import clock
from grants.awards.models import Award
from grants.desk.homes.moved import BEFORE
from grants.desk.kinds import FUNDER, GRANTEE, MANAGING_BODY, kinds_of
from grants.formats import date_words, local_today
from grants.people.models import User
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.desk.homes import AsUser, make_late, part, was_here
from tests.factories import Cast
from tests.reports.asking import ask
from tests.reports.community import a_community_reports, confirm, part_url


@pytest.mark.parametrize(
    ("role", "kinds", "nav"),
    [
        ("editor", [GRANTEE], {"Awards", "Calls", "Reports", "Payments", "Calendar"}),
        ("signatory", [GRANTEE], {"Awards", "Calls", "Reports", "Payments", "Calendar"}),
        ("reviewer", [MANAGING_BODY], {"Awards", "Programmes", "Reports", "Payments", "Funder reports", "Calendar"}),
        ("finance", [MANAGING_BODY], {"Awards", "Programmes", "Reports", "Payments", "Funder reports", "Calendar"}),
        ("viewer", [FUNDER], {"What you fund", "Funder reports", "Calendar"}),
    ],
)
def test_home_of_a_role_has_its_part_and_its_navigation(
    who: Cast, as_user: AsUser, role: str, kinds: list[str], nav: set[str]
) -> None:
    page = as_user(getattr(who, role)).get("/")
    assert [shown["kind"] for shown in page.context["parts"]] == kinds
    first, *others = (item["title"] for item in page.context["shell"]["nav"])
    assert (first, set(others)) == ("Home", nav)
    assert [item["title"] for item in page.context["shell"]["nav"] if item["current"]] == ["Home"]


def test_home_asks_for_sign_in(client: Client) -> None:
    assert client.get("/").status_code == 302


def test_home_of_somebody_without_a_role_says_what_to_do(db: None, as_user: AsUser) -> None:
    administrator = factories.person(
        "administrator", factories.organisation("managing_body"), telephone="020 7946 0117"
    )
    page = as_user(factories.person(name="Newcomer")).get("/")
    assert "You have no role yet" in page.content.decode()
    assert [held.person for held in page.context["administrators"]] == [administrator]
    assert "tel:02079460117" in page.content.decode()
    assert page.context["shell"]["who"] == "Newcomer"


def test_home_of_two_kinds_shows_both_parts(who: Cast, as_user: AsUser) -> None:
    factories.member(who.editor, "signatory", who.recipient)
    factories.member(who.editor, "viewer", who.funder)
    page = as_user(who.editor).get("/")
    assert [shown["kind"] for shown in page.context["parts"]] == [GRANTEE, FUNDER]
    assert f"Editor and signatory, {who.recipient}" in page.context["shell"]["who"]
    assert f"Viewer, {who.funder}" in page.context["shell"]["who"]


def test_kinds_of_somebody_whose_role_has_ended_are_none(who: Cast) -> None:
    who.editor.memberships.update(ends=local_today() - timedelta(days=1))
    assert kinds_of(User.objects.get(pk=who.editor.pk)) == []


def _moved(shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [*shown["moved"].new, *shown["moved"].before]


# --- The grantee ----------------------------------------------------------------------------------------------------


def test_grantee_home_lists_what_is_due_in_order(who: Cast, as_user: AsUser) -> None:
    factories.award_in("returned", who)
    award = factories.award_in("active", who)
    factories.award_in("offered", who, amount=Decimal(750))
    due = part(as_user(who.editor), GRANTEE)["due"]
    assert due[0].state == "returned"
    assert due[0].date is None
    dates = [item.date for item in due[1:]]
    assert dates == sorted(dates)
    assert [item.state for item in due[1:]] == ["due", "offered", "not_due", "not_due"]
    assert due[1].url == Report.objects.get(milestone__award=award, milestone__number=1).get_absolute_url()


@pytest.mark.parametrize(("days", "state"), [(-1, "due"), (1, "overdue"), (15, "very_late")])
def test_grantee_home_says_how_late_a_report_is(who: Cast, as_user: AsUser, days: int, state: str) -> None:
    make_late(factories.award_in("active", who), days)
    assert part(as_user(who.editor), GRANTEE)["due"][0].state == state


def test_grantee_home_asks_the_signatory_for_the_signature_and_not_the_editor(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("awaiting_sign_off", who)
    signatory, editor = part(as_user(who.signatory), GRANTEE), part(as_user(who.editor), GRANTEE)
    assert "Waits for your signature" in signatory["due"][0].hint
    assert (signatory["next"].url, signatory["next"].button) == (report.get_absolute_url(), "Read and sign")
    assert "Waits for a signatory’s signature" in editor["due"][0].hint
    assert editor["next"] is None


def test_grantee_home_lets_nobody_sign_what_they_asked_for(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("draft", who)
    reports.ask_for_sign_off(report.pk, by=who.signatory, seen=None)
    assert part(as_user(who.signatory), GRANTEE)["next"] is None
    assert part(as_user(who.second_signatory), GRANTEE)["next"].button == "Read and sign"


def test_grantee_home_offers_one_button_for_the_next_thing(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("draft", who)
    client = as_user(who.editor)
    found = part(client, GRANTEE)["next"]
    assert (found.url, found.button, found.word) == (report.get_absolute_url(), "Continue the report", "Due in 9 days")
    assert "10 of 10 parts are ready. When it is approved, £3,125 is released." in found.text
    assert client.get("/").content.decode().count('class="button"') == 1


def test_grantee_home_reads_the_clock_of_the_rules_for_calls(who: Cast, as_user: AsUser) -> None:
    factories.draft_award(who)
    client = as_user(who.editor)
    assert part(client, GRANTEE)["due"][0].button == "Go on writing"
    with clock.on(local_today() + timedelta(days=400)):
        assert "The call is closed" in part(client, GRANTEE)["due"][0].hint


def test_grantee_home_says_with_whom_a_submitted_report_is(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("submitted", who)
    application = factories.award_in("in_review", who)
    shown = part(as_user(who.editor), GRANTEE)
    first, second = shown["with_them"]
    assert {first.url, second.url} == {report.get_absolute_url(), application.get_absolute_url()}
    for item in (first, second):
        assert f"promises an answer by {date_words(local_today() + timedelta(days=14))}, in 14 days" in item.hint
    assert report.get_absolute_url() not in [item.url for item in shown["due"]]


def test_grantee_home_leaves_the_offer_to_the_signatory(who: Cast, as_user: AsUser) -> None:
    factories.award_in("offered", who)
    assert part(as_user(who.signatory), GRANTEE)["next"].button == "See the offer"
    assert part(as_user(who.editor), GRANTEE)["next"] is None


def test_grantee_home_draws_each_award_with_its_milestones(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    factories.report_in("approved", who, award)
    [shown] = part(as_user(who.editor), GRANTEE)["awards"]
    assert shown.award == award
    assert [getattr(item, "state", None) or item["state"] for item in shown.row] == [
        "approved", "approved", "not_due", "not_due",
    ]  # fmt: skip
    assert shown.row[1].lines == [f"Approved {date_words(local_today())}", "£3,125 released"]


def test_grantee_home_adds_up_the_payments(who: Cast, as_user: AsUser) -> None:
    factories.tranche_in("paid", who)
    figures = {figure["label"]: figure["value"] for figure in part(as_user(who.editor), GRANTEE)["money"]}
    assert figures == {"Awarded": "£12,500", "Paid": "£3,125", "Released": "£0", "To come": "£9,375"}


def test_grantee_home_gives_the_managers_telephone(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    who.reviewer.telephone = "020 7946 0117"
    who.reviewer.save()
    Award.objects.filter(pk=award.pk).update(manager=who.reviewer)
    assert "tel:02079460117" in as_user(who.editor).get("/").content.decode()


def test_grantee_home_shows_notices_and_how_long_calls_are_open(who: Cast, as_user: AsUser) -> None:
    factories.award_in("offered", who)
    page = as_user(who.editor).get("/")
    assert [is_new for _, is_new in page.context["notices"]] == [False]
    assert page.context["parts"][0]["calls"] == 2
    assert "2 calls take applications. The first to close" in page.content.decode()
    assert "in 30 days" in page.content.decode()


def test_grantee_home_without_an_award_leads_to_the_open_calls(who: Cast, as_user: AsUser) -> None:
    client = as_user(who.stranger)
    text = client.get("/").content.decode()
    assert "No award yet" in text
    assert "Read the open calls" in text
    with clock.on(local_today() + timedelta(days=400)):
        assert "None is open now" in client.get("/").content.decode()


def test_grantee_home_marks_what_moved_and_what_came_since_the_last_visit(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("approved", who)
    client = as_user(who.editor)
    was_here(who.editor, here_at=timezone.now() - timedelta(hours=3))
    page = client.get("/")
    moved = page.context["parts"][0]["moved"]
    assert "Since you were here on" in page.content.decode()
    assert moved.new[1]["sentence"] == "Approved the report: Milestone 1."
    assert moved.new[0]["sentence"] == "Released a payment: Milestone 1, £3,125."
    assert {line["url"] for line in moved.new} == {report.award.get_absolute_url()}
    assert all(is_new for _, is_new in page.context["notices"])
    was_here(who.editor, here_at=timezone.now(), here_since=timezone.now())
    page = client.get("/")
    moved = page.context["parts"][0]["moved"]
    assert (moved.new, len(moved.before)) == ([], BEFORE)
    assert "Nothing has moved" in page.content.decode()
    assert not any(is_new for _, is_new in page.context["notices"])


def test_grantee_home_tells_nothing_of_what_the_managing_body_weighs(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("in_review", who)
    reports.recommend_report(report.pk, by=who.reviewer, seen=None)
    sentences = [line["sentence"] for line in _moved(part(as_user(who.signatory), GRANTEE))]
    assert "Started the review: Milestone 1." in sentences
    assert not any("ecommended" in sentence for sentence in sentences)


@pytest.mark.parametrize("few", [100, 0])
def test_grantee_home_hides_what_a_lead_signs_from_the_other_members(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(import_module("grants.desk.homes.moved"), "FEW", few)
    charity = factories.organisation()
    community = factories.a_community(who.recipient, who.recipient, charity)
    report = factories.report_in("awaiting_sign_off", who, community=community)
    reports.decline_sign_off(report.pk, by=who.signatory, seen=None, reason="Too long")
    at_lead, at_member = (
        [line["sentence"] for line in _moved(part(as_user(user), GRANTEE))]
        for user in (who.second_signatory, factories.person("editor", charity))
    )
    assert "Declined to sign: Milestone 1." in at_lead
    assert not [sentence for sentence in at_member if "Declined" in sentence or "Asked for" in sentence]
    assert "Accepted the offer." in at_member


def test_grantee_home_is_short_for_forty_awards_and_leads_to_all(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = factories.award_in("active", who, reports=1, evaluation=False)
    for milestone in later.milestones.all():
        milestone.due_on += timedelta(days=60)
        milestone.save()
    awards_made = [factories.award_in("active", who, reports=1, evaluation=False) for _ in range(5)]
    shown = part(as_user(who.editor), GRANTEE)
    assert {one.award for one in shown["awards"]} < set(awards_made)
    assert len(shown["awards"]) == 4
    monkeypatch.setattr(import_module("grants.desk.homes.grantee"), "DUE", 3)
    shown = part(as_user(who.editor), GRANTEE)
    assert len(shown["due"]) == 3
    assert shown["all_due"] == {"words": "See all 6 open reports", "url": "/reports/"}
    assert 'href="/awards/"' in as_user(who.editor).get("/").content.decode()


def test_grantee_home_draws_the_award_first_of_which_an_answer_waits(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who, reports=1, evaluation=False)
    report = Report.objects.get(milestone__award=award)
    request = ask(report, who.programme.indicators.get(code="learners"), who.editor)
    reports.answer_request(request.token, answered_by="A. Teacher", value=Decimal(34))
    make_late(award, -60)
    for _ in range(5):
        factories.award_in("active", who, reports=1, evaluation=False)
    shown = part(as_user(who.editor), GRANTEE)
    assert shown["awards"][0].award == award
    assert shown["due"][0].url == reverse("reports:request", args=[report.pk, request.pk])


def test_grantee_home_of_a_stranger_shows_nothing_of_others(who: Cast, as_user: AsUser) -> None:
    factories.award_in("active", who)
    shown = part(as_user(who.stranger), GRANTEE)
    assert (shown["due"], shown["awards"], shown["money"]) == ([], [], [])


def test_grantee_home_of_a_member_shows_the_communitys_award_and_asks_for_its_part_alone(
    who: Cast, as_user: AsUser
) -> None:
    charity = factories.organisation()
    member = factories.person("signatory", charity)
    community = factories.a_community(who.recipient, who.recipient, charity)
    award = factories.award_in("active", who, community=community)
    shown = part(as_user(member), GRANTEE)
    assert len(shown["awards"]) == 1
    report = Report.objects.get(milestone__award=award, milestone__number=1)
    url = reverse("reports:member-part", args=[report.pk, charity.pk])
    assert [(item.title, item.url, item.state) for item in shown["due"]] == [
        (f"Your part of Milestone 1, {community}", url, "due")
    ]
    assert (shown["next"].url, shown["next"].button) == (url, "Fill in your part")
    assert shown["with_them"] == []


def test_grantee_home_of_a_member_that_confirmed_its_part_asks_for_nothing(who: Cast, as_user: AsUser) -> None:
    us = a_community_reports(who)
    confirm(us.report, us.members[0], us.editors[0])
    shown = part(as_user(us.editors[0]), GRANTEE)
    assert (shown["due"], shown["next"]) == ([], None)
    assert [(item.url, item.word) for item in shown["with_them"]] == [(part_url(us), "Confirmed")]
    assert not [item for item in part(as_user(who.editor), GRANTEE)["due"] if "Your part" in item.title]
