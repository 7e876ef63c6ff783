"""Forgotten passwords, and the brake on guessing them."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import ConnectionError as CacheAway

from grants.people import brake, services, tasks
from grants.people.models import Mail, User
from tests import factories
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
FORGOT, SIGN_IN = "people:forgot-password", "people:sign-in"


@pytest.fixture
def person() -> User:
    return factories.person("editor", factories.organisation())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses for which a worker was asked."""
    addresses: list[str] = []

    def send_task(name: str, args: list[str]) -> None:
        assert name == tasks.password_link.name
        addresses.extend(args)

    monkeypatch.setattr(services.current_app, "send_task", send_task, raising=False)
    return addresses


@pytest.fixture(autouse=True)
def one_span(monkeypatch: pytest.MonkeyPatch) -> None:
    """The quarter of an hour does not end in the middle of a test."""
    monkeypatch.setattr(brake.time, "time", lambda: 1_800_000_000.0)


def words(client: Client, url: str, **sent: str) -> str:
    return client.post(url, sent, follow=True).content.decode()


# --- Forgotten --------------------------------------------------------------------------------------------------------


def test_answer_is_the_same_for_a_known_address_and_an_unknown_one(person: User, asked: list[str]) -> None:
    known = Client().post(reverse(FORGOT), {"email": person.email}, follow=True)
    unknown = Client().post(reverse(FORGOT), {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    (said,), (other,) = known.context["messages"], unknown.context["messages"]
    assert str(said).replace(person.email, "nobody@example.org") == str(other)
    assert asked == [person.email, "nobody@example.org"]


@pytest.mark.parametrize("choice", Mail.values)
def test_link_is_sent_whatever_the_person_chose_and_sets_a_password_once(person: User, choice: str) -> None:
    User.objects.filter(pk=person.pk).update(mail=choice)
    assert tasks.password_link(f" {person.email.upper()} ")
    (sent,) = mail.outbox
    assert sent.to == [person.email]
    found = re.search(r"^http://127\.0\.0\.1:8000(/people/set-password/\S+)$", sent.body, re.MULTILINE)
    assert found
    assert found[1] in str(sent.alternatives)  # type: ignore[attr-defined]
    client = Client()
    page = client.get(found[1], follow=True)
    chosen = {"new_password1": "a garden of robots", "new_password2": "a garden of robots"}
    assert "Your password is set." in words(client, page.request["PATH_INFO"], **chosen)
    assert client.login(username=person.email, password="a garden of robots")
    assert "This link no longer works" in Client().get(found[1], follow=True).content.decode()


def test_no_link_is_sent_to_nobody_or_to_a_closed_account(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not tasks.password_link(person.email)
    assert not tasks.password_link("nobody@example.org")
    assert mail.outbox == []


def test_who_was_invited_and_has_no_password_gets_a_link_too() -> None:
    person = factories.person("editor", factories.organisation(), password=None)
    assert tasks.password_link(person.email)


def test_broker_that_is_away_is_said(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise BrokerAway

    monkeypatch.setattr(services.current_app, "send_task", away, raising=False)
    answer = Client().post(reverse(FORGOT), {"email": person.email})
    assert answer.status_code == 503
    assert "Try again in some minutes" in answer.content.decode()


def test_wrong_address_is_a_fault(asked: list[str]) -> None:
    answer = Client().post(reverse(FORGOT), {"email": "ada"})
    assert answer.status_code == 422
    assert "Write it like name@example.org" in answer.content.decode()
    assert asked == []


def test_nobodys_letter_box_is_filled(person: User, asked: list[str]) -> None:
    for _ in range(3):
        Client().post(reverse(FORGOT), {"email": person.email})
    refused = Client().post(reverse(FORGOT), {"email": person.email.upper()})
    assert refused.status_code == 422
    assert "There were too many tries. Try again after 08:15" in refused.content.decode()
    assert len(asked) == 3


# --- The brake --------------------------------------------------------------------------------------------------------


def sign_in(person: User, password: str, place: str = "192.0.2.1", **headers: str) -> str:
    url = reverse(SIGN_IN)
    sent = {"username": person.email, "password": password}
    return Client(REMOTE_ADDR=place).post(url, sent, follow=True, headers=headers).content.decode()


def test_after_ten_wrong_passwords_the_right_one_waits_too(person: User) -> None:
    for _ in range(10):
        assert "Try again after" not in sign_in(person, "wrong")
    refused = sign_in(person, PASSWORD)
    assert "There were too many tries. Try again after 08:15" in refused
    assert "Sign out" not in refused


def test_pause_ends_with_the_quarter_of_an_hour(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(11):
        sign_in(person, "wrong")
    monkeypatch.setattr(brake.time, "time", lambda: 1_800_000_000.0 + brake.SPAN)
    assert "Sign out" in sign_in(person, PASSWORD)


def test_pause_is_for_that_address_from_that_place(person: User) -> None:
    for _ in range(11):
        sign_in(person, "wrong")
    assert "Sign out" in sign_in(person, PASSWORD, place="192.0.2.2")
    assert "Sign out" in sign_in(factories.person("editor", factories.organisation()), PASSWORD)


def test_signing_in_forgets_the_wrong_tries(person: User) -> None:
    for _ in range(3):
        for _ in range(9):
            sign_in(person, "wrong")
        assert "Sign out" in sign_in(person, PASSWORD)


def test_one_place_does_not_try_many_addresses(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brake, "TRIES_OF_ONE_PLACE", 3)
    for number in range(3):
        sign_in(User(email=f"person{number}@example.net"), "wrong")
    assert "There were too many tries" in sign_in(person, PASSWORD)


@pytest.mark.parametrize("behind", [True, False])
def test_place_is_what_our_own_proxy_says(person: User, behind: bool, settings: Any) -> None:
    settings.BEHIND_PROXY = behind
    for number in range(11):
        sign_in(person, "wrong", **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"})
    elsewhere = sign_in(person, PASSWORD, **{"X-Forwarded-For": "203.0.113.9, 198.51.100.1"})
    assert ("Sign out" in elsewhere) == behind


def test_cache_that_is_away_keeps_nobody_out(
    person: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise CacheAway

    for name in ("add", "incr", "delete", "decr"):
        monkeypatch.setattr(cache, name, away, raising=False)
    assert "Sign out" in sign_in(person, PASSWORD)
    assert "a try was not counted" in caplog.text


def test_administrations_own_sign_in_is_this_one(person: User) -> None:
    answer = Client().post("/administration/login/?next=/administration/", {"username": "a", "password": "b"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse(SIGN_IN))
