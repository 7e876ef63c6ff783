"""One's own account, messages, and when one was here."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants import clock
from grants.lifecycle import notices
from grants.lifecycle.models import HistoryEntry, Notice
from grants.people import services
from grants.people.models import Membership, User
from tests import factories
from tests.factories import Cast
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
ACCOUNT, NOTICES = "people:account", "people:notices"


@pytest.fixture
def who() -> Cast:
    return factories.cast()


@pytest.fixture
def browser(client: Client, who: Cast) -> Client:
    """The editor's."""
    client.force_login(who.editor)
    return client


def details(**other: str) -> dict[str, str]:
    return {"what": "details", "name": "Ada Lovelace", "telephone": "020 7946 0117", "mail": "daily", **other}


def again(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_account_shows_who_one_is_and_saves_what_one_chooses(browser: Client, who: Cast) -> None:
    page = browser.get(reverse(ACCOUNT)).content.decode()
    assert f"Editor, {who.recipient.name}" in page
    assert who.editor.email in page
    assert f'href="{reverse(ACCOUNT)}"' in browser.get("/").content.decode()
    saved = browser.post(reverse(ACCOUNT), details(), follow=True)
    assert "Your account is saved." in saved.content.decode()
    person = again(who.editor)
    assert (person.name, person.telephone, person.mail) == ("Ada Lovelace", "020 7946 0117", "daily")
    (line,) = HistoryEntry.objects.filter(record=f"people.user:{person.pk}")
    assert line.sentence == f"Changed the name from {who.editor.name}"


def test_account_with_faults_changes_nothing_and_keeps_what_was_typed(browser: Client, who: Cast) -> None:
    answer = browser.post(reverse(ACCOUNT), details(name="", mail="hourly", telephone="x" * 41))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There are 3 faults" in page
    assert "x" * 41 in page
    assert again(who.editor).name == who.editor.name


def test_account_does_nothing_that_it_does_not_know(browser: Client) -> None:
    assert browser.post(reverse(ACCOUNT), {"what": "promote"}).status_code == 404


def test_calendars_address_is_made_changed_and_removed(browser: Client, who: Cast) -> None:
    keys = set()
    for _ in range(2):
        page = browser.post(reverse(ACCOUNT), {"what": "new-feed"}, follow=True).content.decode()
        key = again(who.editor).feed_key
        assert key is not None
        assert len(key) == 43
        assert key in page
        keys.add(key)
    assert len(keys) == 2
    gone = browser.post(reverse(ACCOUNT), {"what": "drop-feed"}, follow=True).content.decode()
    assert again(who.editor).feed_key is None
    assert not any(key in gone for key in keys)


def test_password_is_changed_by_who_knows_the_old_one(browser: Client, who: Cast) -> None:
    url = reverse("people:change-password")
    new = {"new_password1": "a garden of robots", "new_password2": "a garden of robots"}
    assert "old_password" in browser.post(url, {"old_password": "wrong", **new}).context["form"].errors
    done = browser.post(url, {"old_password": PASSWORD, **new}, follow=True)
    assert "Your password is changed." in done.content.decode()
    assert again(who.editor).check_password("a garden of robots")


# --- Messages ---------------------------------------------------------------------------------------------------------


def test_messages_are_paged_and_lead_to_their_place(browser: Client, who: Cast) -> None:
    award = factories.award_in("active", who)
    Notice.objects.all().delete()
    for number in range(26):
        notices.owe([who.editor], award.key, f"e{number}", f"Subject {number}", "", award.get_absolute_url())
    first = browser.get(reverse(NOTICES)).content.decode()
    assert "Subject 25" in first
    assert f'<a href="{award.get_absolute_url()}">' in first
    assert "Subject 0<" not in first
    assert "Subject 0<" in browser.get(reverse(NOTICES), {"page": "2"}).content.decode()
    assert f'href="{reverse(NOTICES)}"' in browser.get("/").content.decode()


def test_messages_of_a_role_that_ended_are_not_read_any_more(browser: Client, who: Cast) -> None:
    award = factories.award_in("offered", who)
    told = Notice.objects.get(person=who.editor, root=award.key).subject
    assert told in browser.get(reverse(NOTICES)).content.decode()
    assert told in browser.get("/").content.decode()
    Membership.objects.filter(person=who.editor).update(ends=clock.today() - timedelta(days=1))
    assert told not in browser.get(reverse(NOTICES)).content.decode()
    assert told not in browser.get("/").content.decode()


def test_messages_of_others_are_not_read(browser: Client, who: Cast) -> None:
    award = factories.award_in("submitted", who)
    told = Notice.objects.get(person=who.reviewer, root=award.key)
    Notice.objects.filter(person=who.editor).delete()
    assert told.subject not in browser.get(reverse(NOTICES)).content.decode()


def test_messages_and_account_ask_as_often_for_twenty_as_for_one(
    browser: Client, who: Cast, django_assert_max_num_queries: Any
) -> None:
    award = factories.award_in("active", who)
    for url in (reverse(NOTICES), reverse(ACCOUNT)):
        with django_assert_max_num_queries(15) as one:
            browser.get(url)
        for number in range(20):
            notices.owe([who.editor], award.key, f"{url}{number}", "Subject", "", "/")
            factories.member(who.editor, "editor", factories.organisation())
        with django_assert_max_num_queries(len(one)):
            browser.get(url)


# --- Since when -------------------------------------------------------------------------------------------------------


def arrive_at(moment: datetime, person: User, monkeypatch: pytest.MonkeyPatch) -> datetime | None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    return services.arrive(again(person))


def test_visit_ends_with_a_pause_and_the_next_begins_where_it_ended(who: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2012, 11, 14, 12, tzinfo=clock.LONDON)

    def after(**passed: float) -> datetime | None:
        return arrive_at(noon + timedelta(**passed), who.editor, monkeypatch)

    assert after() is None
    assert after(minutes=20) is None  # the same visit, 20 minutes on
    assert after(minutes=45) is None
    assert after(minutes=76) == noon + timedelta(minutes=45)
    assert after(minutes=100) == noon + timedelta(minutes=45)
    assert after(days=1) == noon + timedelta(minutes=100)


def test_visit_is_noted_at_most_once_in_five_minutes(
    who: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    noon = datetime(2012, 11, 14, 12, tzinfo=clock.LONDON)
    arrive_at(noon, who.editor, monkeypatch)
    person = again(who.editor)
    for minutes, writes in ((1, 0), (4, 0), (6, 1), (7, 0)):
        monkeypatch.setattr(clock, "now", lambda passed=minutes: noon + timedelta(minutes=passed))
        with django_assert_num_queries(writes):
            services.arrive(person)


def test_two_pages_opened_at_once_begin_one_visit(who: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2012, 11, 14, 12, tzinfo=clock.LONDON)
    arrive_at(noon, who.editor, monkeypatch)
    first, second = again(who.editor), again(who.editor)
    monkeypatch.setattr(clock, "now", lambda: noon + timedelta(hours=1))
    services.arrive(first)
    monkeypatch.setattr(clock, "now", lambda: noon + timedelta(hours=1, seconds=1))
    assert services.arrive(second) == noon
    assert (again(who.editor).here_at, again(who.editor).here_since) == (noon + timedelta(hours=1), noon)
