"""The homes: what is due, what waits for me, what moved, what comes next, without a click."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants import clock
from grants.awards import services as awards
from grants.awards.models import Award, Milestone
from grants.desk.kinds import ADMINISTRATOR, FUNDER, GRANTEE, MANAGING_BODY, kinds_of
from grants.formats import date_words, local_today
from grants.people.models import User
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def part(client: Client, kind: str) -> dict[str, Any]:
    """What the home shows to one kind of people."""
    parts = {found["kind"]: found for found in client.get("/").context["parts"]}
    return dict(parts[kind])


def make_late(award: Award, days: int) -> Milestone:
    """The award's first report was due some days ago."""
    milestone = factories.milestone_of(award, 1)
    milestone.due_on = local_today() - timedelta(days=days)
    milestone.opens_on = milestone.due_on - timedelta(days=14)
    milestone.save()
    return milestone


@pytest.mark.parametrize(
    ("role", "kinds", "nav"),
    [
        ("editor", [GRANTEE], ["Home", "Calls", "Payments"]),
        ("signatory", [GRANTEE], ["Home", "Calls", "Payments"]),
        ("reviewer", [MANAGING_BODY], ["Home", "Programmes", "Payments", "Funder reports"]),
        ("finance", [MANAGING_BODY], ["Home", "Programmes", "Payments", "Funder reports"]),
        ("viewer", [FUNDER], ["Home", "Funder reports"]),
    ],
)
def test_home_of_a_role_has_its_part_and_its_navigation(
    who: Cast, as_user: AsUser, role: str, kinds: list[str], nav: list[str]
) -> None:
    page = as_user(getattr(who, role)).get("/")
    assert [shown["kind"] for shown in page.context["parts"]] == kinds
    assert [item["title"] for item in page.context["shell"]["nav"]] == nav
    assert [item["title"] for item in page.context["shell"]["nav"] if item["current"]] == ["Home"]


def test_home_asks_for_sign_in(client: Client) -> None:
    assert client.get("/").status_code == 302


def test_home_of_somebody_without_a_role_says_what_to_do(db: None, as_user: AsUser) -> None:
    page = as_user(factories.person(name="Newcomer")).get("/")
    assert "You have no role yet" in page.content.decode()
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
    assert "8 of 8 parts are ready. When it is approved, £3,125 is released." in found.text
    assert client.get("/").content.decode().count('class="button"') == 1


def test_grantee_home_reads_the_clock_of_the_rules_for_calls(who: Cast, as_user: AsUser) -> None:
    factories.draft_award(who)
    client = as_user(who.editor)
    assert part(client, GRANTEE)["due"][0].button == "Go on writing"
    with clock.on(local_today() + timedelta(days=400)):
        assert "The call is closed" in part(client, GRANTEE)["due"][0].hint


def test_grantee_home_says_with_whom_a_submitted_report_is(who: Cast, as_user: AsUser) -> None:
    factories.report_in("submitted", who)
    item = part(as_user(who.editor), GRANTEE)["due"][0]
    assert f"promises a review by {date_words(local_today() + timedelta(days=14))}" in item.hint
    assert not item.button


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


def test_grantee_home_shows_notices_and_open_calls(who: Cast, as_user: AsUser) -> None:
    factories.award_in("offered", who)
    page = as_user(who.editor).get("/")
    assert len(page.context["notices"]) == 1
    assert len(page.context["parts"][0]["calls"]) == 2


def test_grantee_home_of_a_stranger_shows_nothing_of_others(who: Cast, as_user: AsUser) -> None:
    factories.award_in("active", who)
    shown = part(as_user(who.stranger), GRANTEE)
    assert (shown["due"], shown["awards"], shown["money"]) == ([], [], [])


def test_grantee_home_of_a_member_shows_the_communitys_award_but_asks_for_nothing(who: Cast, as_user: AsUser) -> None:
    charity = factories.organisation()
    member = factories.person("signatory", charity)
    community = factories.a_community(who.recipient, who.recipient, charity)
    factories.award_in("active", who, community=community)
    shown = part(as_user(member), GRANTEE)
    assert len(shown["awards"]) == 1
    assert (shown["due"], shown["next"]) == ([], None)


# --- The managing body ----------------------------------------------------------------------------------------------


def test_managing_home_lists_what_waits_by_the_day_that_was_promised(who: Cast, as_user: AsUser) -> None:
    earlier = factories.report_in("submitted", who)
    later = factories.award_in("in_review", who)
    Report.objects.filter(pk=earlier.pk).update(submitted_at=timezone.now() - timedelta(days=20))
    waiting = part(as_user(who.reviewer), MANAGING_BODY)["waiting"]
    assert [item["url"] for item in waiting] == [earlier.get_absolute_url(), later.get_absolute_url()]
    promised = local_today() - timedelta(days=6)
    assert waiting[0]["date"] == promised
    assert f"20 days waiting, review promised by {date_words(promised)}" in waiting[0]["hint"]


def test_managing_home_says_where_another_person_must_decide(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("in_review", who)
    reports.recommend_report(report.pk, by=who.reviewer, seen=None)
    mine, other = part(as_user(who.reviewer), MANAGING_BODY), part(as_user(who.approver), MANAGING_BODY)
    assert "You recommended it; another person decides" in mine["waiting"][0]["hint"]
    assert "another person decides" not in other["waiting"][0]["hint"]


def test_managing_home_lists_late_reports_of_live_awards(who: Cast, as_user: AsUser) -> None:
    make_late(factories.award_in("active", who), 20)
    make_late(factories.award_in("suspended", who), 20)
    late = part(as_user(who.approver), MANAGING_BODY)["late"]
    assert [(item["state"], item["word"]) for item in late] == [("very_late", "20 days late")]


def test_managing_home_shows_the_most_overdue_and_counts_all(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("grants.desk.homes.managing_body"), "MOST", 2)
    sent = [factories.report_in("submitted", who) for _ in range(3)]
    factories.award_in("in_review", who)
    for report, days in zip(sent, (1, 20, 10), strict=True):
        Report.objects.filter(pk=report.pk).update(submitted_at=timezone.now() - timedelta(days=days))
    late = [make_late(factories.award_in("active", who), days) for days in (3, 30, 12)]
    client = as_user(who.reviewer)
    shown = part(client, MANAGING_BODY)
    assert [item["url"] for item in shown["waiting"]] == [sent[1].get_absolute_url(), sent[2].get_absolute_url()]
    assert [item["date"] for item in shown["late"]] == [late[1].due_on, late[2].due_on]
    values = {figure["label"]: figure["value"] for figure in shown["figures"]}
    assert (values["Waiting for review"], values["Late reports"]) == (4, 3)
    page = client.get("/").content.decode()
    assert "the first 2 of 4" in page
    assert "The latest 2 of 3" in page


def test_managing_home_lists_offers_and_what_moved(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("offered", who)
    shown = part(as_user(who.reviewer), MANAGING_BODY)
    assert [item["url"] for item in shown["offers"]] == [award.get_absolute_url()]
    assert shown["moved"][0]["sentence"] == "Offered the award."
    assert shown["moved"][0]["award"] == award


def test_managing_home_keeps_the_grantees_own_writing_out_of_what_moved(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("awaiting_sign_off", who)
    reports.decline_sign_off(report.pk, by=who.signatory, seen=None, reason="Too long")
    text = as_user(who.approver).get("/").content.decode()
    assert "Declined to sign" not in text
    assert "Wrote in the application" not in text


def test_managing_home_says_what_is_off_course(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    report = factories.report_in("draft", who, award)
    judgement = next(section for section in report.asked_sections() if section.form == "judgement")
    reports.save_answer(report.pk, judgement, by=who.editor, text="Two schools left.", choice="at_risk")
    factories.move_report(report, "draft", who)
    reports.save_answer(report.pk, judgement, by=who.editor, text="Two schools left.", choice="at_risk")
    for step, person in (("ask_for_sign_off", who.editor), ("submit_report", who.signatory)):
        getattr(reports, step)(report.pk, by=person, seen=None)
    client = as_user(who.approver)
    assert part(client, MANAGING_BODY)["off"] == []
    reports.start_report_review(report.pk, by=who.reviewer, seen=None)
    reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
    [item] = part(client, MANAGING_BODY)["off"]
    assert item["state"] == "at_risk"
    assert "Two schools left." in item["hint"]


def test_managing_home_gives_finance_what_is_to_be_paid_and_reviewers_only_its_sum(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    finance, reviewer = part(as_user(who.finance), MANAGING_BODY), part(as_user(who.reviewer), MANAGING_BODY)
    assert finance["payments"]["rows"] == [(tranche, f"/payments/{tranche.pk}/pay/")]
    assert finance["waiting"] == []
    assert reviewer["payments"]["released"] == tranche.amount
    assert reviewer["payments"]["rows"] == []


def test_managing_home_of_another_body_shows_nothing_of_it(who: Cast, as_user: AsUser) -> None:
    factories.report_in("submitted", who)
    shown = part(as_user(who.outsider), MANAGING_BODY)
    assert (shown["waiting"], shown["late"], shown["moved"], list(shown["programmes"])) == ([], [], [], [])


def test_managing_home_knows_no_draft(who: Cast, as_user: AsUser) -> None:
    factories.draft_award(who)
    shown = part(as_user(who.approver), MANAGING_BODY)
    assert (shown["waiting"], shown["moved"]) == ([], [])


# --- The funder and the administrator -------------------------------------------------------------------------------


def test_funder_home_shows_its_own_part_and_days_to_come(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    shown = part(as_user(who.viewer), FUNDER)
    assert [(funding.award, funding.amount) for funding in shown["fundings"]] == [(award, Decimal(7500))]
    assert shown["total"] == Decimal(7500)
    assert len(shown["coming"]) == 3


def test_funder_home_tells_nothing_of_what_is_late(who: Cast, as_user: AsUser) -> None:
    make_late(factories.award_in("active", who), 3)
    assert len(part(as_user(who.viewer), FUNDER)["coming"]) == 2


def test_funder_home_of_another_funder_shows_nothing_of_it(who: Cast, as_user: AsUser) -> None:
    factories.award_in("active", who)
    other = factories.person("viewer", factories.organisation("funder"))
    assert part(as_user(other), FUNDER)["fundings"] == []


def test_administrator_home_lists_its_imports_people_and_calls(who: Cast, as_user: AsUser) -> None:
    record = factories.import_in("faulty", who)
    shown = part(as_user(who.administrator), ADMINISTRATOR)
    assert [listed for listed, _ in shown["imports"]] == [record]
    assert {"term": "Signatory", "value": 3} in shown["roles"]
    assert len(shown["calls"]) == 2
    assert list(part(as_user(who.outsider), ADMINISTRATOR)["imports"]) == []


def test_home_escapes_what_people_wrote(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("in_review", who)
    Award.objects.filter(pk=award.pk).update(title="<script>alert(1)</script>")
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today())
    for user in (who.editor, who.approver, who.viewer):
        assert "<script>alert" not in as_user(user).get("/").content.decode()
