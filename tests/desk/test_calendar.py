"""The calendar of deadlines, and the feed of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from grants.awards.models import Award, Milestone
from grants.desk.deadlines import deadlines
from grants.formats import local_today
from grants.people.models import User
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
AHEAD = timedelta(days=800)


def titles(user: User, **more: bool) -> list[str]:
    today = local_today()
    return [one.title for one in deadlines(user, today - AHEAD, today + AHEAD, today, **more)]


@pytest.fixture
def award(who: Cast) -> Award:
    return factories.award_in("active", who)


@pytest.mark.parametrize("role", ["editor", "reviewer", "finance", "administrator", "viewer"])
def test_deadlines_of_an_award_are_seen_by_whoever_has_to_do_with_it(who: Cast, award: Award, role: str) -> None:
    expected = {f"{award.recipient}: {milestone.name}" for milestone in award.milestones.all()}
    assert len(expected) == 3
    assert expected <= set(titles(getattr(who, role)))


@pytest.mark.parametrize("role", ["stranger", "outsider"])
def test_deadlines_of_an_award_are_not_for_others(who: Cast, award: Award, role: str) -> None:
    assert not [title for title in titles(getattr(who, role)) if title.startswith(award.recipient)]


def test_a_funder_is_given_no_link_that_it_may_not_follow(who: Cast, award: Award) -> None:
    today = local_today()
    links = {
        one.url for one in deadlines(who.viewer, today - AHEAD, today + AHEAD, today) if award.recipient in one.title
    }
    assert links == {""}


def test_an_offer_a_review_and_a_call_are_deadlines_too(who: Cast) -> None:
    offered, sent = factories.award_in("offered", who), factories.award_in("submitted", who)
    call = factories.a_call(who.exemplars)
    found = titles(who.reviewer)
    assert f"{offered.recipient}: accept the offer" in found
    assert f"{sent.recipient}: review of application" in found
    assert f"Call closes: {call.title}" in found
    assert f"{sent.recipient}: review of application" not in titles(who.editor)


def test_mine_are_those_that_one_manages_or_covers(who: Cast, award: Award) -> None:
    Award.objects.filter(pk=award.pk).update(manager=who.reviewer, cover=who.approver)
    for person, count in ((who.reviewer, 3), (who.approver, 3), (who.second_approver, 0)):
        assert len(titles(person, mine=True)) == count


def test_calendar_shows_a_month_and_keeps_crowded_days_short(who: Cast, award: Award, as_user: AsUser) -> None:
    day = date(2031, 3, 14)
    for number in range(6):
        other = factories.award_in("active", who) if number else award
        Milestone.objects.filter(award=other, number=1).update(
            opens_on=day, due_on=day, period_start=day, period_end=day
        )
    client = as_user(who.reviewer)
    page = client.get("/calendar/", {"month": "2031-03"})
    assert page.context["count"] == "6 deadlines"
    (square,) = [square for week in page.context["weeks"] for square in week if square.date == day]
    assert (len(square.shown), square.more) == (3, 3)
    assert b"day=2031-03-14" in page.content
    assert len(client.get("/calendar/", {"day": "2031-03-14"}).context["found"]) == 6


@pytest.mark.parametrize(
    "query", [{"month": "2012-13"}, {"month": "x"}, {"day": "\x00"}, {"month": "9999-12"}, {"day": "0001-01-01"}]
)
def test_calendar_asked_for_no_month_shows_this_one(who: Cast, as_user: AsUser, query: dict[str, str]) -> None:
    assert as_user(who.editor).get("/calendar/", query).context["month"] == local_today().replace(day=1)


def test_calendar_asks_as_much_for_many_awards_as_for_one(
    who: Cast, award: Award, as_user: AsUser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(who.reviewer)
    for _ in range(3):
        factories.award_in("active", who)
    with django_assert_max_num_queries(11):
        client.get("/calendar/")


def test_feed_is_a_calendar_without_signing_in(who: Cast, award: Award) -> None:
    User.objects.filter(pk=who.editor.pk).update(feed_key="a-private-key")
    answer = Client().get("/calendar/a-private-key.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer["Cache-Control"]
    events = {str(event["SUMMARY"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}
    for milestone in award.milestones.all():
        event = events[f"{award.recipient}: {milestone.name}"]
        assert event["DTSTART"].dt == milestone.due_on
        assert event["URL"] == f"http://testserver/awards/{award.reference}/"
        assert event["UID"] == f"milestone-{milestone.pk}@testserver"


def test_feed_of_hostile_words_stays_one_event(who: Cast) -> None:
    User.objects.filter(pk=who.editor.pk).update(feed_key="key")
    words = "Robots\r\nEND:VEVENT\r\nBEGIN:VEVENT; a, b"
    award = factories.award_in("active", who)
    award.milestones.filter(number=1).update(title=words)
    events = Calendar.from_ical(Client().get("/calendar/key.ics").content).walk("VEVENT")
    assert sum("Robots" in str(event["SUMMARY"]) for event in events) == 1
    assert sum(str(event["SUMMARY"]).startswith(award.recipient) for event in events) == 3


@pytest.mark.parametrize("change", [{"feed_key": None}, {"feed_key": "another"}, {"is_active": False}])
def test_feed_that_was_taken_back_is_not_found(who: Cast, change: dict[str, object]) -> None:
    User.objects.filter(pk=who.editor.pk).update(feed_key="key")
    assert Client().get("/calendar/key.ics").status_code == 200
    User.objects.filter(pk=who.editor.pk).update(**change)
    assert Client().get("/calendar/key.ics").status_code == 404
