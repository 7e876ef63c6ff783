"""The pages of people and roles, and the page on which somebody sets a password."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.formats import date_words, local_today
from grants.people.models import Membership, User
from tests import factories

pytestmark = pytest.mark.django_db
PEOPLE = "people:people"


def person_page(person: User) -> str:
    return reverse("people:person", args=[person.pk])


@pytest.mark.parametrize("part", ["editor", "signatory", "reviewer", "approver", "finance", "viewer", "stranger"])
def test_people_are_for_administrators(client: Client, part: str) -> None:
    who = factories.cast()
    client.force_login(getattr(who, part))
    held = who.editor.memberships.get()
    for url in (
        reverse(PEOPLE),
        reverse("people:new"),
        person_page(who.editor),
        reverse("people:end-role", args=[held.pk]),
    ):
        answer = client.get(url)
        assert answer.status_code == 403
        assert "An administrator of a managing body does this." in answer.content.decode()
        assert client.post(url, {"what": "link"}).status_code == 403


def test_people_ask_for_a_sign_in(client: Client) -> None:
    answer = client.get(reverse(PEOPLE))
    assert answer.headers["Location"].startswith(reverse("people:sign-in"))


def test_person_added_gets_a_link_shown_once_that_works_once(client: Client) -> None:
    who = factories.cast()
    client.force_login(who.administrator)
    sent = {
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "telephone": "",
        "organisation": str(who.recipient.pk),
        "role": "editor",
        "starts": date_words(local_today()),
    }
    page = client.post(reverse("people:new"), sent, follow=True).content.decode()
    found = re.search(r"http://testserver(/people/set-password/[^\"]+)", page)
    assert found
    ada = User.objects.get(email="ada@example.org")
    assert "set-password" not in client.get(person_page(ada)).content.decode()

    other = Client()
    form = other.get(found[1], follow=True)
    chosen = {"new_password1": "a garden of robots", "new_password2": "a garden of robots"}
    refused = other.post(form.request["PATH_INFO"], {**chosen, "new_password2": "another"})
    assert refused.status_code == 200
    assert "wrong" in refused.content.decode()
    done = other.post(form.request["PATH_INFO"], chosen, follow=True)
    assert "Your password is set." in done.content.decode()
    assert other.login(username="ADA@example.org", password="a garden of robots")
    assert "This link no longer works" in Client().get(found[1], follow=True).content.decode()


def test_person_with_faults_keeps_what_was_typed(client: Client) -> None:
    who = factories.cast()
    client.force_login(who.administrator)
    sent = {
        "name": "Ada",
        "email": who.editor.email.upper(),
        "organisation": str(who.recipient.pk),
        "role": "approver",
        "starts": "soon",
    }
    answer = client.post(reverse("people:new"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There are 3 faults" in page
    assert 'value="soon"' in page


def test_person_page_gives_ends_changes_and_closes(client: Client) -> None:
    who = factories.cast()
    client.force_login(who.administrator)
    url = person_page(who.editor)
    today = date_words(local_today())
    role = {"what": "role", "organisation": str(who.recipient.pk), "role": "signatory", "starts": today}
    assert client.post(url, role).status_code == 302
    again = client.post(url, role)
    assert again.status_code == 409
    assert "has this role already" in again.content.decode()
    held = Membership.objects.get(person=who.editor, role="signatory")
    end = reverse("people:end-role", args=[held.pk])
    assert client.post(end, {"last_day": "tomorrow"}).status_code == 422
    assert client.post(end, {"last_day": today}).status_code == 302
    details = {"what": "details", "name": "Ada", "email": "ada@example.org", "telephone": "0117"}
    assert client.post(url, details).status_code == 302
    assert client.post(url, {"what": "close", "reason": "Left"}).status_code == 302
    person = User.objects.get(pk=who.editor.pk)
    assert (person.name, person.email, person.is_active) == ("Ada", "ada@example.org", False)
    assert client.post(url, {"what": "open"}).status_code == 302
    assert "Opened the account again" in client.get(url).content.decode()


def test_person_page_refuses_a_word_that_it_does_not_know(client: Client) -> None:
    who = factories.cast()
    client.force_login(who.administrator)
    assert client.post(person_page(who.editor), {"what": "promote"}).status_code == 404


def test_own_page_offers_no_role_and_no_closing(client: Client) -> None:
    who = factories.cast()
    client.force_login(who.administrator)
    page = client.get(person_page(who.administrator)).content.decode()
    assert "Give a role" not in page
    assert "Close the account" not in page
    assert client.post(person_page(who.administrator), {"what": "close"}).status_code == 403


def test_people_ask_the_database_as_often_at_30_as_at_1(client: Client, django_assert_max_num_queries: Any) -> None:
    who = factories.cast()
    client.force_login(who.administrator)
    for url in (reverse(PEOPLE), person_page(who.editor)):
        with django_assert_max_num_queries(60) as one:
            client.get(url)
            few = len(one)
        for _ in range(15):
            factories.person("editor", who.recipient)
            factories.member(who.editor, "editor", factories.organisation())
        with django_assert_max_num_queries(few):
            client.get(url)
