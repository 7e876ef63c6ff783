"""A programme's portfolio."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.people.models import User
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def shown(page: Any) -> set[str]:
    """The references that the table shows."""
    return {row.award.reference for group in page.context["groups"] for row in group.rows}


@pytest.fixture
def url(who: Cast) -> str:
    return reverse("programme", args=[who.programme.code])


def test_programme_groups_awards_by_strand_with_their_sums(who: Cast, as_user: AsUser, url: str) -> None:
    factories.tranche_in("paid", who)
    community = factories.a_community(who.recipient, who.recipient)
    factories.award_in("offered", who, community=community)
    page = as_user(who.approver).get(url)
    groups = page.context["groups"]
    assert [str(group.strand) for group in groups] == ["National exemplars", "Regional communities"]
    assert [(group.awarded, group.paid) for group in groups] == [(12500, 3125), (0, 0)]
    figures = {figure["label"]: figure for figure in page.context["figures"]}
    assert (figures["Awards"]["value"], figures["Awarded"]["note"]) == (1, "and £12,500 on offer")
    assert figures["Paid"] == {"label": "Paid", "value": "£3,125", "note": "25% of what is awarded"}


def test_programme_counts_approved_reports_of_those_due(who: Cast, as_user: AsUser, url: str) -> None:
    award = factories.award_in("active", who)
    factories.report_in("approved", who, award)
    page = as_user(who.approver).get(url)
    figures = {figure["label"]: figure["value"] for figure in page.context["figures"]}
    assert figures["Reports approved"] == "1 of 1"
    [row] = page.context["groups"][0].rows
    assert [standing.state for standing in row.standings] == ["approved", "not_due", "not_due"]
    assert row.course.choice == "on_course"
    assert row.next["word"].startswith("Milestone 2, ")


def test_programme_filters_by_strand_state_and_words(who: Cast, as_user: AsUser, url: str) -> None:
    active, offered = factories.award_in("active", who), factories.award_in("offered", who)
    applied = factories.award_in("submitted", who)
    Award.objects.filter(pk=offered.pk).update(title="Women in physics")
    client = as_user(who.reviewer)
    assert shown(client.get(url)) == {active.reference, offered.reference}
    assert shown(client.get(url, {"state": "submitted"})) == {applied.reference}
    assert shown(client.get(url, {"words": "PHYSICS"})) == {offered.reference}
    assert shown(client.get(url, {"words": active.reference.lower()})) == {active.reference}
    assert shown(client.get(url, {"strand": who.communities.pk})) == set()
    assert "No award fits" in client.get(url, {"words": "nothing like it"}).content.decode()


@pytest.mark.parametrize("query", [{"state": "bogus"}, {"strand": "abc"}, {"strand": "999999"}, {"words": "\0"}])
def test_programme_filter_that_cannot_be_read_is_said_and_narrows_nothing(
    who: Cast, as_user: AsUser, url: str, query: dict[str, str]
) -> None:
    award = factories.award_in("active", who)
    page = as_user(who.reviewer).get(url, query)
    assert shown(page) == {award.reference}
    assert 'class="fault"' in page.content.decode()


def test_programme_shows_only_awards_that_the_person_sees(who: Cast, as_user: AsUser, url: str) -> None:
    award = factories.award_in("active", who)
    assert shown(as_user(who.editor).get(url)) == {award.reference}
    for user in (who.stranger, who.outsider, who.viewer):
        page = as_user(user).get(url)
        assert (page.status_code, shown(page)) == (200, set())


def test_programme_is_found_whatever_the_case_of_its_code(who: Cast, as_user: AsUser) -> None:
    client = as_user(who.reviewer)
    assert client.get(f"/programmes/{who.programme.code.lower()}/").status_code == 200
    assert client.get("/programmes/none/").status_code == 404
    assert client.get("/programmes/a%00b/").status_code == 404


def test_programmes_are_listed_with_what_the_person_sees(who: Cast, as_user: AsUser) -> None:
    factories.award_in("active", who)
    factories.award_in("submitted", who)
    for user, count in ((who.reviewer, 1), (who.editor, 1), (who.stranger, 0)):
        assert [row.awards for row in as_user(user).get("/programmes/").context["programmes"]] == [count]
