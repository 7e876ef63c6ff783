"""What becomes of a request whose session has ended."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from config.signing_in import NOT_SAVED
from tests import factories

pytestmark = pytest.mark.django_db


def test_piece_of_a_page_sends_the_whole_window_to_sign_in(client: Client) -> None:
    answer = client.get("/awards/", {"words": "robots"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == f"{reverse('people:sign-in')}?next=/awards/%3Fwords%3Drobots"


def test_what_was_sent_and_not_saved_is_said(client: Client) -> None:
    award = factories.award_in("active")
    answer = client.post(reverse("awards:notes", args=[award.reference]), {"text": "They begin in January."})
    assert answer.status_code == 302
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [NOT_SAVED]
    assert NOT_SAVED in client.get(answer.headers["Location"]).content.decode()


def test_reading_needs_no_word(client: Client) -> None:
    assert not list(get_messages(client.get("/awards/").wsgi_request))
