"""Help for every page, and whom to ask."""

from collections.abc import Callable

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.test import Client

from grants.awards.models import Award
from grants.people.models import User
from tests import factories
from tests.access.test_matrix import MATRIX
from tests.factories import Cast

AsUser = Callable[[User], Client]
# What is no page, and pages that somebody sees who has not signed in
WITHOUT = {
    "calendar-feed",
    "health",
    "help",
    "imports:blank",
    "reporting:pdf",
    "reporting:xlsx",
    "reporting:json",
    "reports:evidence-file",
    "reports:mark",
    "reports:number-proof",
    "reports:total-proof",
    "reports:workbook",
    "people:sign-out",
    "administration-sign-in",
}
BEFORE_SIGNING_IN = {name for name, (_, answers) in MATRIX.items() if answers.get("nobody") == 200}


@pytest.mark.parametrize("name", sorted(set(MATRIX) - WITHOUT - BEFORE_SIGNING_IN))
def test_every_page_has_help_of_its_own(name: str) -> None:
    try:
        get_template(f"help/{name.replace(':', '-')}.html")
    except TemplateDoesNotExist:
        pytest.fail(f"templates/help/{name.replace(':', '-')}.html is missing")


def test_help_of_a_page_opens_beside_it_or_as_a_page(who: Cast, as_user: AsUser) -> None:
    client = as_user(who.editor)
    assert 'href="/help/calendar/" data-help' in client.get("/calendar/").content.decode()
    whole, part = client.get("/help/calendar/"), client.get("/help/calendar/", headers={"HX-Request": "true"})
    for answer in (whole, part):
        assert "private address in your account" in answer.content.decode()
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()


def test_help_of_no_page_is_the_general_one(who: Cast, as_user: AsUser) -> None:
    assert "How Exemplar works" in as_user(who.viewer).get("/help/nothing-of-the-kind/").content.decode()


def test_a_grantee_asks_the_manager_of_its_award(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    Award.objects.filter(pk=award.pk).update(manager=who.reviewer)
    User.objects.filter(pk=who.reviewer.pk).update(telephone="020 7946 0000")
    assert [person.pk for person in as_user(who.editor).get("/help/home/").context["ask"]] == [who.reviewer.pk]
    assert "tel:02079460000" in as_user(who.editor).get("/help/home/").content.decode()


def test_others_ask_an_administrator_of_their_own_body(who: Cast, as_user: AsUser) -> None:
    assert who.administrator in as_user(who.finance).get("/help/home/").context["ask"]
    assert as_user(who.stranger).get("/help/home/").context["ask"]


def test_style_guide_shows_every_state_of_every_machine(who: Cast, as_user: AsUser) -> None:
    page = as_user(who.administrator).get("/styleguide/").content.decode()
    for state in Award.State.values:
        assert f'data-state="{state.replace("_", "-")}"' in page
    assert "There are 7 faults" in page
