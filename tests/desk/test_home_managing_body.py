"""The home of a managing body: what waits for me, what is late, what is off course, what comes, what moved."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.utils import timezone

from grants.awards import services as awards
from grants.awards.models import Award, Judgement, Milestone
from grants.desk.homes.counting import MOST
from grants.desk.kinds import MANAGING_BODY
from grants.formats import date_words, local_today
from grants.programmes.models import Strand
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.desk.homes import AsUser, make_late, part, was_here
from tests.factories import Cast


def waits(shown: dict[str, Any]) -> list[str]:
    """The addresses of what waits, in order."""
    return [item["url"] for item in (*shown["waiting"]["own"], *shown["waiting"]["others"])]


def figures(shown: dict[str, Any]) -> dict[str, str]:
    """The figures on top, by their labels."""
    return {figure["label"]: figure["value"] for figure in shown["figures"]}


def waited(report: Report | Award, days: int) -> None:
    """It was submitted some days ago."""
    type(report)._default_manager.filter(pk=report.pk).update(submitted_at=timezone.now() - timedelta(days=days))


def at_risk(who: Cast, award: Award) -> Report:
    """The first report of an award, submitted, which says that it is at risk."""
    report = factories.report_in("draft", who, award)
    judgement = next(section for section in report.asked_sections() if section.form == "judgement")
    reports.save_answer(report.pk, judgement, by=who.editor, text="Two schools left.", choice="at_risk")
    reports.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    reports.submit_report(report.pk, by=who.signatory, seen=None)
    return report


def approve(who: Cast, report: Report) -> None:
    """Read and approved."""
    reports.start_report_review(report.pk, by=who.reviewer, seen=None)
    reports.approve_report(report.pk, by=who.approver, seen=None, version=1)


# --- What waits -----------------------------------------------------------------------------------------------------


def test_managing_home_lists_what_waits_by_the_day_that_was_promised(who: Cast, as_user: AsUser) -> None:
    earlier = factories.report_in("submitted", who)
    later = factories.award_in("in_review", who)
    waited(earlier, 20)
    shown = part(as_user(who.reviewer), MANAGING_BODY)
    assert waits(shown) == [earlier.get_absolute_url(), later.get_absolute_url()]
    promised = local_today() - timedelta(days=6)
    first, second = shown["waiting"]["others"]
    assert first["date"] == promised
    assert f"20 days waiting, review promised by {date_words(promised)}, 6 days ago" in first["hint"]
    assert "Came in today, review promised in 14 days" in second["hint"]


def test_managing_home_reckons_with_strands_that_promise_sooner(who: Cast, as_user: AsUser) -> None:
    long_ago = factories.award_in("submitted", who)
    urgent = factories.award_in("submitted", who, community=factories.a_community(who.recipient, who.recipient))
    Strand.objects.filter(pk=who.communities.pk).update(review_days=2)
    waited(long_ago, 5)
    assert waits(part(as_user(who.reviewer), MANAGING_BODY)) == [
        urgent.get_absolute_url(), long_ago.get_absolute_url(),
    ]  # fmt: skip


def test_managing_home_puts_own_awards_first_and_shows_them_alone_where_asked(who: Cast, as_user: AsUser) -> None:
    of_others = factories.report_in("submitted", who)
    managed, covered = factories.report_in("submitted", who), factories.award_in("submitted", who)
    waited(of_others, 20)
    waited(covered, 3)
    Award.objects.filter(pk=managed.award.pk).update(manager=who.reviewer)
    Award.objects.filter(pk=covered.pk).update(cover=who.reviewer, manager=who.approver)
    was_here(who.reviewer, here_at=timezone.now() - timedelta(hours=1))
    late, other = (factories.award_in("active", who) for _ in range(2))
    Award.objects.filter(pk=late.pk).update(manager=who.reviewer)
    for award in (late, other):
        make_late(award, 3)
    client = as_user(who.reviewer)
    shown, mine = part(client, MANAGING_BODY), part(client, MANAGING_BODY, mine="1")
    own = [covered.get_absolute_url(), managed.get_absolute_url()]
    assert waits(shown) == [*own, of_others.get_absolute_url()]
    assert [item["url"] for item in shown["waiting"]["own"]] == own
    assert waits(mine) == own
    assert (len(shown["late"]), len(mine["late"])) == (2, 1)
    assert (figures(shown)["Late"], figures(mine)["Late"]) == ("2", "1")
    assert other.reference in {line["reference"] for line in shown["moved"].new}
    assert other.reference not in {line["reference"] for line in mine["moved"].new}
    page = client.get("/", {"mine": "1"}).content.decode()
    assert 'aria-current="true">My awards only' in page
    assert "/awards/?course=off_course&amp;course=at_risk&amp;manager=mine" in page


@pytest.mark.parametrize("kind", ["report", "application"])
def test_managing_home_says_where_another_person_must_decide(who: Cast, as_user: AsUser, kind: str) -> None:
    if kind == "report":
        reports.recommend_report(factories.report_in("in_review", who).pk, by=who.reviewer, seen=None)
    else:
        award = factories.award_in("in_review", who)
        awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
        awards.recommend_application(award.pk, by=who.reviewer, seen=None)
    mine, other = part(as_user(who.reviewer), MANAGING_BODY), part(as_user(who.approver), MANAGING_BODY)
    assert "You recommended it; another person decides" in mine["waiting"]["others"][0]["hint"]
    assert "another person decides" not in other["waiting"]["others"][0]["hint"]


def test_managing_home_knows_no_draft(who: Cast, as_user: AsUser) -> None:
    factories.draft_award(who)
    shown = part(as_user(who.approver), MANAGING_BODY)
    assert (waits(shown), shown["moved"].new, shown["moved"].before) == ([], [], [])


# --- What is late, off course, to come ------------------------------------------------------------------------------


def test_managing_home_lists_late_reports_of_live_awards_and_those_due_soon(who: Cast, as_user: AsUser) -> None:
    make_late(factories.award_in("active", who), 20)
    make_late(factories.award_in("suspended", who), 20)
    coming = factories.award_in("active", who)
    shown = part(as_user(who.approver), MANAGING_BODY)
    assert [(item["state"], item["word"]) for item in shown["late"]] == [("very_late", "20 days late")]
    [item] = shown["soon"]
    assert (item["word"], coming.reference in item["hint"]) == ("9 days left", True)


def test_managing_home_shows_the_first_and_leads_to_all(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("grants.desk.homes.waiting"), "ENOUGH", 2)
    monkeypatch.setattr(import_module("grants.desk.homes.watching"), "ENOUGH", 2)
    sent = [factories.report_in("submitted", who) for _ in range(3)]
    factories.award_in("in_review", who)
    for report, days in zip(sent, (1, 20, 10), strict=True):
        waited(report, days)
    late = [make_late(factories.award_in("active", who), days) for days in (3, 30, 12)]
    client = as_user(who.reviewer)
    shown = part(client, MANAGING_BODY)
    assert waits(shown) == [sent[1].get_absolute_url(), sent[2].get_absolute_url()]
    assert [item["date"] for item in shown["late"]] == [late[1].due_on, late[2].due_on]
    assert (figures(shown)["To review"], figures(shown)["Late"]) == ("4", "3")
    page = client.get("/").content.decode()
    assert '<a href="/reports/?state=submitted&amp;state=in_review">See all 3 reports</a>' in page
    assert '<a href="/awards/?state=submitted&amp;state=in_review">See all 1 application</a>' in page
    assert '<a href="/reports/?due=late">See all 3 late reports</a>' in page


def test_managing_home_counts_to_a_hundred_and_no_further(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_late(factories.award_in("active", who), 3)
    client = as_user(who.reviewer)
    assert figures(part(client, MANAGING_BODY))["Released, to be paid"] == "£9,375"
    monkeypatch.setattr(import_module("grants.desk.homes.counting"), "MOST", 2)
    monkeypatch.setattr(import_module("grants.desk.homes.watching"), "ENOUGH", 1)
    shown = part(client, MANAGING_BODY)
    assert (figures(shown)["Late"], figures(shown)["Released, to be paid"]) == ("over 2", "over 2 payments")
    assert "See all of over 2 late reports" in client.get("/").content.decode()
    assert MOST == 100


def test_managing_home_says_what_the_grantee_calls_at_risk_once_it_is_approved(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    report = at_risk(who, award)
    client = as_user(who.approver)
    assert part(client, MANAGING_BODY)["off"] == []
    approve(who, report)
    [item] = part(client, MANAGING_BODY)["off"]
    assert (item["state"], item["hint"]) == ("at_risk", f"{award.reference}. They say at risk. Two schools left")
    second = factories.report_in("draft", who, award, number=2)
    reports.ask_for_sign_off(second.pk, by=who.editor, seen=None)
    reports.submit_report(second.pk, by=who.signatory, seen=None)
    approve(who, second)
    assert part(client, MANAGING_BODY)["off"] == []


def test_managing_home_marks_where_the_two_sides_disagree(who: Cast, as_user: AsUser) -> None:
    award, good = factories.award_in("active", who), factories.award_in("active", who)
    approve(who, factories.report_in("submitted", who, award))
    approve(who, at_risk(who, good))
    judge = Judgement.objects.create
    judge(award=award, course="at_risk", reason="No staff.", next_step="Call in May.", by=who.reviewer)
    judge(award=award, course="off_course", reason="Still no staff.", next_step="Visit in June.", by=who.reviewer)
    judge(award=good, course="on_course", by=who.reviewer)
    first, second = part(as_user(who.approver), MANAGING_BODY)["off"]
    assert first["state"] == "off_course"
    assert first["hint"] == (
        f"{award.reference}. They say on course, we say off course. Still no staff. Next: Visit in June"
    )
    assert second["state"] == "on_course"
    assert "They say at risk, we say on course" in second["hint"]


def test_managing_home_lists_offers_and_what_moved(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("offered", who)
    shown = part(as_user(who.reviewer), MANAGING_BODY)
    [offer] = shown["offers"]
    assert (offer["url"], offer["word"]) == (award.get_absolute_url(), "Lapses in 14 days")
    assert shown["moved"].before[0]["sentence"] == "Offered the award."
    assert shown["moved"].before[0]["reference"] == award.reference


# --- What moved -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("few", [100, 0])
def test_managing_home_tells_what_others_did_since_the_last_visit(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(import_module("grants.desk.homes.moved"), "FEW", few)
    report = factories.report_in("in_review", who)
    was_here(who.reviewer, here_at=timezone.now() - timedelta(days=1))
    client = as_user(who.reviewer)
    moved = part(client, MANAGING_BODY)["moved"]
    assert moved.new[0]["sentence"] == "Signed and submitted the report: Milestone 1."
    assert {line["recipient"] for line in moved.new} == {str(who.recipient)}
    assert who.reviewer.name not in {line["who"] for line in moved.new}
    was_here(who.reviewer, here_at=timezone.now(), here_since=timezone.now())
    reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
    moved = part(client, MANAGING_BODY)["moved"]
    assert [line["sentence"] for line in moved.new] == [
        "Released a payment: Milestone 1, £3,125.", "Approved the report: Milestone 1.",
    ]  # fmt: skip
    assert moved.before[0]["sentence"] == "Signed and submitted the report: Milestone 1."


@pytest.mark.parametrize("few", [100, 0])
def test_managing_home_keeps_the_grantees_own_writing_out_of_what_moved(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(import_module("grants.desk.homes.moved"), "FEW", few)
    report = factories.report_in("awaiting_sign_off", who)
    reports.decline_sign_off(report.pk, by=who.signatory, seen=None, reason="Too long")
    text = as_user(who.approver).get("/").content.decode()
    assert "Declined to sign" not in text
    assert "Wrote in the application" not in text


@pytest.mark.parametrize("few", [100, 0])
def test_managing_home_of_another_body_shows_nothing_of_it(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(import_module("grants.desk.homes.moved"), "FEW", few)
    make_late(factories.report_in("submitted", who).award, 3)
    factories.award_in("offered", who)
    factories.tranche_in("released", who)
    shown = part(as_user(who.outsider), MANAGING_BODY)
    assert waits(shown) == []
    for name in ("late", "soon", "off", "offers", "payments", "programmes"):
        assert shown[name] == [], name
    assert (shown["moved"].new, shown["moved"].before) == ([], [])
    assert set(figures(shown).values()) == {"0", "£0"}


# --- Payments and programmes ----------------------------------------------------------------------------------------


def test_managing_home_gives_finance_what_is_to_be_paid_and_reviewers_only_its_sum(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    finance, reviewer = part(as_user(who.finance), MANAGING_BODY), part(as_user(who.reviewer), MANAGING_BODY)
    assert finance["payments"] == [(tranche, f"/payments/{tranche.pk}/pay/")]
    assert waits(finance) == []
    assert "To review" not in figures(finance)
    assert figures(reviewer)["Released, to be paid"] == "£3,125"
    assert reviewer["payments"] == []


def test_managing_home_has_a_line_of_numbers_for_each_programme(who: Cast, as_user: AsUser) -> None:
    for state in ("active", "evaluating", "offered", "submitted", "closed"):
        factories.award_in(state, who)
    [programme] = part(as_user(who.reviewer), MANAGING_BODY)["programmes"]
    assert programme["programme"] == who.programme
    assert programme["words"] == "2 running awards, 1 offer, 1 application to review"
    Milestone.objects.update(settled_at=timezone.now())
    [programme] = part(as_user(who.reviewer), MANAGING_BODY, mine="1")["programmes"]
    assert programme["words"] == "No award is running"
