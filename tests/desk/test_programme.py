"""A programme at a glance: its figures, what needs attention, and the list of its awards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award, Judgement, Milestone
from grants.desk.panels import PROGRAMME, _panels, panel
from grants.desk.portfolio import ENOUGH, Period, _periods
from grants.formats import local_today
from grants.people.models import User
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def url(who: Cast) -> str:
    return reverse("programme", args=[who.programme.code])


def shown(page: Any) -> set[str]:
    """The references that the list shows."""
    return {row.record.reference for row in page.context["table"].page}


def figures(page: Any) -> dict[str, dict[str, Any]]:
    return {figure["label"]: figure for figure in page.context["figures"]}


def late(award: Award, days: int) -> None:
    due = local_today() - timedelta(days=days)
    Milestone.objects.filter(award=award, number=1).update(opens_on=due, due_on=due)


def judge(award: Award, who: Cast, course: str, reason: str = "Staff left") -> None:
    Judgement.objects.create(award=award, course=course, reason=reason, next_step="Call them", by=who.reviewer)


# ---- Figures -----------------------------------------------------------------------------------------------------


def test_programme_sums_money_by_strand(who: Cast, as_user: AsUser, url: str) -> None:
    factories.tranche_in("paid", who)
    community = factories.a_community(who.recipient, who.recipient)
    factories.award_in("offered", who, community=community)
    factories.award_in("submitted", who)
    page = as_user(who.approver).get(url)
    [strand] = page.context["portfolio"].strands
    assert (strand.title, strand.awards, strand.awarded, strand.released, strand.paid) == (
        "National exemplars", 1, Decimal(12500), Decimal(0), Decimal(3125),
    )  # fmt: skip
    found = figures(page)
    assert found["Awards"] == {"label": "Awards", "value": 1, "note": "1 active"}
    assert found["Awarded"] == {"label": "Awarded", "value": "£12,500", "note": "and £12,500 on offer"}
    assert found["Paid"] == {"label": "Paid", "value": "£3,125", "note": "25% of what is awarded"}
    assert found["Waiting for review"] == {"label": "Waiting for review", "value": 0, "note": "and 1 application"}


def test_programme_counts_reports_by_where_they_stand(who: Cast, as_user: AsUser, url: str) -> None:
    approved, sent, overdue = (factories.award_in("active", who, reports=1, evaluation=False) for _ in range(3))
    factories.report_in("approved", who, approved)
    factories.report_in("submitted", who, sent)
    late(overdue, 3)
    factories.award_in("terminated", who, reports=1, evaluation=False)
    page = as_user(who.approver).get(url)
    portfolio = page.context["portfolio"]
    counts = {name: portfolio.reports(name) for name in ("settled", "sent", "late", "to_come")}
    assert counts == {"settled": 1, "sent": 1, "late": 1, "to_come": 0}
    assert figures(page)["Reports approved"]["value"] == "1 of 2"
    assert figures(page)["Waiting for review"]["value"] == 1


def test_programme_of_a_person_who_sees_no_award_says_so(who: Cast, as_user: AsUser, url: str) -> None:
    factories.award_in("active", who)
    for user in (who.stranger, who.outsider, who.viewer):
        page = as_user(user).get(url)
        assert (page.status_code, page.context["panels"], page.context["attention"].items) == (200, [], [])
        assert "No award that you see" in page.content.decode()
        assert "12,500" not in page.content.decode()


def test_programme_sums_only_what_the_person_sees(who: Cast, as_user: AsUser, url: str) -> None:
    own = factories.award_in("active", who)
    other = factories.organisation()
    theirs = replace(
        who, recipient=other, editor=factories.person("editor", other), signatory=factories.person("signatory", other)
    )
    factories.award_in("active", theirs)
    assert figures(as_user(who.reviewer).get(url))["Awarded"]["value"] == "£25,000"
    page = as_user(who.editor).get(url)
    assert (figures(page)["Awarded"]["value"], shown(page)) == ("£12,500", {own.reference})


def test_funders_of_a_programme_are_shown_to_managing_body_and_funder(who: Cast, as_user: AsUser, url: str) -> None:
    funder = f"{who.funder} (60%)"
    for user, seen in ((who.reviewer, True), (who.viewer, True), (who.editor, False)):
        assert (funder in as_user(user).get(url).content.decode()) is seen


# ---- What needs attention ----------------------------------------------------------------------------------------


def test_attention_puts_what_is_worst_first_and_says_why(who: Cast, as_user: AsUser, url: str) -> None:
    risk, off, overdue, fine = (factories.award_in("active", who, reports=1) for _ in range(4))
    judge(risk, who, "at_risk")
    judge(off, who, "off_course", reason="The partner schools have gone.")
    late(overdue, 20)
    late(off, 3)
    for award, title in ((risk, "Risk"), (off, "Off"), (overdue, "Late"), (fine, "Fine")):
        Award.objects.filter(pk=award.pk).update(title=title)
    attention = as_user(who.reviewer).get(url).context["attention"]
    assert [(item["title"], item["state"], item["word"]) for item in attention.items] == [
        ("Off", "off_course", ""),
        ("Late", "very_late", "Milestone 1, 20 days late"),
        ("Risk", "at_risk", ""),
    ]
    assert attention.items[0]["hint"].endswith("Milestone 1, 3 days late. The partner schools have gone.")
    assert (attention.late, attention.troubled) == (2, 2)


def test_attention_links_to_the_lists_that_it_counts(who: Cast, as_user: AsUser, url: str) -> None:
    risk, overdue = (factories.award_in("active", who, reports=1) for _ in range(2))
    judge(risk, who, "at_risk")
    late(overdue, 3)
    client = as_user(who.reviewer)
    text = client.get(url).content.decode()
    for query, award in (
        ("?due=late", overdue),
        ("?course=off_course&amp;course=at_risk&amp;state=active&amp;state=evaluating&amp;state=suspended", risk),
    ):
        assert f'href="{query}#list"' in text
        assert shown(client.get(url + query.replace("&amp;", "&"))) == {award.reference}


def test_attention_is_bounded_and_counts_the_rest(who: Cast, as_user: AsUser, url: str) -> None:
    for _ in range(ENOUGH + 2):
        late(factories.award_in("active", who, reports=1, evaluation=False), 3)
    attention = as_user(who.reviewer).get(url).context["attention"]
    assert (len(attention.items), attention.late) == (ENOUGH, ENOUGH + 2)


def test_grantee_is_shown_its_own_words_not_the_managing_bodys(who: Cast, as_user: AsUser, url: str) -> None:
    judge(factories.award_in("active", who), who, "off_course", reason="Between us: it fails")
    page = as_user(who.editor).get(url)
    assert page.context["attention"].items == []
    assert "Between us" not in page.content.decode()


# ---- Time --------------------------------------------------------------------------------------------------------


def month(year: int, number: int, **counts: int) -> dict[str, Any]:
    return {"month": date(year, number, 1), "settled": 0, "sent": 0, "late": 0, "to_come": 0, **counts}


def test_periods_are_months_with_the_empty_ones_between() -> None:
    assert _periods([month(2012, 11, settled=2), month(2013, 1, late=1)]) == [
        Period("November 2012", "Nov 12", settled=2),
        Period("December 2012", "Dec 12"),
        Period("January 2013", "Jan 13", late=1),
    ]
    assert _periods([]) == []


def test_periods_grow_with_the_time_that_they_cover() -> None:
    quarters = _periods([month(2012, 11, settled=2), month(2012, 12, sent=1), month(2014, 2, to_come=1)])
    assert quarters[0] == Period("October to December 2012", "Oct 12", settled=2, sent=1)
    assert (len(quarters), quarters[-1].name) == (6, "January to March 2014")
    years = _periods([month(2000, 1, settled=1), month(2020, 12, to_come=1)])
    assert (len(years), years[0], years[-1].to_come) == (21, Period("2000", "2000", settled=1), 1)


# ---- The list ----------------------------------------------------------------------------------------------------


def test_list_of_a_programme_has_its_awards_alone_and_filters_them(who: Cast, as_user: AsUser, url: str) -> None:
    active, applied = factories.award_in("active", who), factories.award_in("submitted", who)
    other = replace(who, programme=factories.a_programme(who.managing_body))
    factories.award_in("active", other)
    client = as_user(who.reviewer)
    page = client.get(url)
    assert shown(page) == {active.reference, applied.reference}
    assert "programme" not in page.context["filter"].form.fields
    assert shown(client.get(url, {"state": "submitted"})) == {applied.reference}
    assert shown(client.get(url, {"words": active.reference.lower()})) == {active.reference}
    assert "None of the awards fits this filter" in client.get(url, {"words": "nothing"}).content.decode()
    lines = client.get(url, {"state": "active", "_export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert (len(lines), active.reference in lines[1]) == (2, True)


def test_list_that_is_only_filtered_anew_comes_without_the_rest(who: Cast, as_user: AsUser, url: str) -> None:
    award = factories.award_in("active", who)
    page = as_user(who.reviewer).get(url, {"state": "active"}, headers={"HX-Request": "true"})
    assert award.reference in page.content.decode()
    assert "figures" not in page.context


def test_programme_is_found_whatever_the_case_of_its_code(who: Cast, as_user: AsUser) -> None:
    client = as_user(who.reviewer)
    assert client.get(f"/programmes/{who.programme.code.lower()}/").status_code == 200
    assert client.get("/programmes/none/").status_code == 404
    assert client.get("/programmes/a%00b/").status_code == 404


def test_hostile_and_very_long_titles_are_text(who: Cast, as_user: AsUser, url: str) -> None:
    award = factories.award_in("active", who)
    factories.report_in("approved", who, award)
    late(award, 3)
    Award.objects.filter(pk=award.pk).update(title=HOSTILE + "W" * 170)
    who.programme.strands.update(title=HOSTILE + "x" * 170)
    who.programme.indicators.update(title=HOSTILE + "y" * 170)
    judge(award, who, "off_course", HOSTILE)
    text = as_user(who.reviewer).get(url).content.decode()
    assert HOSTILE not in text
    assert text.count("&lt;script&gt;") >= 5


def test_programmes_are_listed_with_what_the_person_sees(who: Cast, as_user: AsUser) -> None:
    factories.award_in("active", who)
    factories.award_in("submitted", who)
    for user, count in ((who.reviewer, 1), (who.editor, 1), (who.stranger, 0)):
        page = as_user(user).get("/programmes/")
        assert [row.record.awards for row in page.context["table"].page] == [count]
    assert page.context["table"].page[0].record == who.programme


def test_panel_of_a_room_above_gets_the_portfolio(
    who: Cast, as_user: AsUser, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.award_in("active", who)
    monkeypatch.setitem(_panels, PROGRAMME, [])
    panel(PROGRAMME)(lambda portfolio, user: ("shared/empty.html", {"title": f"{portfolio.awards} for {user.name}"}))
    assert f"1 for {who.reviewer.name}" in as_user(who.reviewer).get(url).content.decode()


def test_links_of_the_list_lead_back_to_the_list(who: Cast, as_user: AsUser, url: str) -> None:
    for _ in range(26):
        factories.draft_award(who)
    Award.objects.update(organisation=who.recipient)
    text = as_user(who.editor).get(url, {"words": "robots"}).content.decode()
    assert 'href="?words=robots&amp;page=2#list"' in text
    assert 'href="?words=robots&amp;sort=award#list"' in text
