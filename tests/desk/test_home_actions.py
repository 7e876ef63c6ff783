"""The open actions that a home shows: whose they are, in which order, of which awards, and how many more there are."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction

from grants.awards.models import Award
from grants.awards.services import Agreed, raise_actions, suspend_award, terminate_award
from grants.desk.kinds import GRANTEE, MANAGING_BODY
from grants.formats import local_today
from grants.people.models import User
from tests import factories
from tests.desk.homes import AsUser, part
from tests.factories import Cast


def agree(award: Award, by: User, **owners: User) -> None:
    """Agree an action with each owner, by its text; each is due a day before the one that is named before it."""
    days = enumerate(reversed(owners.items()), 1)
    agreed = [Agreed(text, owner, local_today() + timedelta(days=day)) for day, (text, owner) in days]
    with transaction.atomic():
        raise_actions(award, by=by, agreed=agreed, raised_in="")


def texts(client: Any, kind: str) -> list[str]:
    return [item.title for item in part(client, kind)["actions"]]


@pytest.mark.parametrize(
    ("person", "kind", "sees"),
    [
        ("signatory", GRANTEE, ["register", "call", "letter"]),
        ("editor", GRANTEE, ["letter", "call", "register"]),
        ("second_signatory", GRANTEE, ["call", "letter", "register"]),
        ("member", GRANTEE, []),
        ("stranger", GRANTEE, []),
        ("approver", MANAGING_BODY, ["call", "letter", "register"]),
        ("manager", MANAGING_BODY, ["call", "letter", "register"]),
        ("cover", MANAGING_BODY, ["call", "letter", "register"]),
        ("reviewer", MANAGING_BODY, ["call"]),
        ("second_approver", MANAGING_BODY, []),
        ("outsider", MANAGING_BODY, []),
    ],
)
def test_home_lists_the_actions_that_concern_a_person_their_own_first(
    who: Cast, as_user: AsUser, person: str, kind: str, sees: list[str]
) -> None:
    charity = factories.organisation()
    award = factories.award_in("active", who, community=factories.a_community(who.recipient, who.recipient, charity))
    others = {
        "member": factories.person("signatory", charity),
        "manager": factories.person("reviewer", who.managing_body),
        "cover": factories.person("approver", who.managing_body),
    }
    Award.objects.filter(pk=award.pk).update(manager=others["manager"], cover=others["cover"])
    agree(award, who.approver, register=who.signatory, letter=who.editor, call=who.reviewer)
    assert texts(as_user(others.get(person) or getattr(who, person)), kind) == sees


@pytest.mark.parametrize(("stop", "sees"), [(suspend_award, ["register"]), (terminate_award, [])])
def test_home_lists_no_actions_of_an_award_that_has_ended(
    who: Cast, as_user: AsUser, stop: Callable[..., object], sees: list[str]
) -> None:
    award = factories.award_in("active", who)
    agree(award, who.approver, register=who.signatory)
    stop(award.pk, by=who.approver, seen=None, reason="The bank wrote to us.")
    assert texts(as_user(who.signatory), GRANTEE) == sees
    assert texts(as_user(who.approver), MANAGING_BODY) == sees


def test_action_of_an_award_that_the_body_runs_itself_stands_once_on_the_home_of_somebody_with_both_roles(
    who: Cast, as_user: AsUser
) -> None:
    award = factories.award_in("active", who)
    Award.objects.filter(pk=award.pk).update(organisation=who.managing_body, managed=True, manager=who.reviewer)
    award = Award.objects.get(pk=award.pk)
    factories.member(who.reviewer, "editor", who.managing_body)
    agree(award, who.approver, letter=User.objects.get(pk=who.reviewer.pk))
    both = as_user(who.reviewer)
    assert (texts(both, GRANTEE), texts(both, MANAGING_BODY)) == (["letter"], [])
    assert texts(as_user(who.approver), MANAGING_BODY) == ["letter"]


@pytest.mark.parametrize(
    ("listed", "counted", "says"),
    [(2, 100, "1 more"), (1, 100, "2 more"), (3, 100, ""), (1, 2, "Over 1 more")],
)
def test_home_says_how_many_actions_it_does_not_list(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch, listed: int, counted: int, says: str
) -> None:
    monkeypatch.setattr(import_module("grants.desk.actions"), "MOST", listed)
    for name in ("counting", "actions"):
        monkeypatch.setattr(import_module(f"grants.desk.homes.{name}"), "MOST", counted)
    agree(factories.award_in("active", who), who.approver, one=who.signatory, two=who.signatory, three=who.editor)
    for person, kind in ((who.signatory, GRANTEE), (who.approver, MANAGING_BODY)):
        client = as_user(person)
        shown = part(client, kind)
        assert (len(shown["actions"]), shown["more_actions"]) == (listed, says)
        assert (f"{says}, on the pages of the awards." in client.get("/").content.decode()) is bool(says)
