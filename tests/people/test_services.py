"""What administrators may do with people, and what nobody may."""

from datetime import timedelta
from typing import Any

import pytest

from grants.formats import local_today
from grants.lifecycle.door import NotNow, NotYou
from grants.lifecycle.machine import key_of
from grants.lifecycle.models import HistoryEntry
from grants.people import services
from grants.people.models import Membership, Organisation, Role, User
from tests import factories

pytestmark = pytest.mark.django_db
KIND = Organisation.Kind


def sentences(person: User) -> list[str]:
    return [line.sentence for line in HistoryEntry.objects.filter(root=key_of(User, person.pk))]


def new_person(by: User, organisation: Organisation, **changes: Any) -> User:
    return services.add_person(
        **{
            "by": by,
            "email": "Ada@Example.org",
            "name": "Ada",
            "organisation": organisation,
            "role": Role.EDITOR,
            "starts": local_today(),
            **changes,
        }
    )


def test_add_person_gives_a_role_and_no_password() -> None:
    who = factories.cast()
    ada = new_person(who.administrator, who.recipient)
    assert ada.holds(who.recipient.pk, Role.EDITOR)
    assert not ada.has_usable_password()
    assert len(sentences(ada)) == 2


def test_add_person_twice_is_refused_whatever_the_case() -> None:
    who = factories.cast()
    new_person(who.administrator, who.recipient)
    with pytest.raises(NotNow, match="has an account already"):
        new_person(who.administrator, who.recipient, email="ada@example.org")
    assert User.objects.filter(email__iexact="ada@example.org").count() == 1


def test_add_person_with_a_role_that_does_not_fit_adds_nobody() -> None:
    who = factories.cast()
    with pytest.raises(NotNow, match="does not exist in"):
        new_person(who.administrator, who.recipient, role=Role.APPROVER)
    assert not User.objects.filter(email__iexact="ada@example.org").exists()


@pytest.mark.parametrize("part", ["editor", "signatory", "reviewer", "approver", "finance", "viewer", "stranger"])
def test_people_are_looked_after_by_administrators_only(part: str) -> None:
    who = factories.cast()
    by = getattr(who, part)
    other = factories.person("editor", who.recipient)
    held = other.memberships.get()
    for call in (
        lambda: new_person(by, who.recipient),
        lambda: services.change_details(other.pk, by=by, email="x@example.org", name="X", telephone=""),
        lambda: services.give_role(
            other.pk, by=by, organisation=who.recipient, role=Role.SIGNATORY, starts=local_today()
        ),
        lambda: services.end_role(held.pk, by=by, last_day=local_today()),
        lambda: services.close_account(other.pk, by=by),
        lambda: services.password_link(other.pk, by=by),
    ):
        with pytest.raises(NotYou, match="An administrator of a managing body does this"):
            call()


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("kind", KIND.values)
def test_role_fits_the_kind_of_organisation(role: str, kind: str) -> None:
    fitting = {
        KIND.FUNDER: {"viewer"},
        KIND.MANAGING_BODY: {"editor", "signatory", "reviewer", "approver", "finance", "administrator"},
    }.get(KIND(kind), {"editor", "signatory"})
    assert services.fits(role, Organisation(kind=kind)) == (role in fitting)


def test_role_is_not_given_to_oneself() -> None:
    who = factories.cast()
    with pytest.raises(NotYou, match="to themself"):
        services.give_role(
            who.administrator.pk,
            by=who.administrator,
            organisation=who.managing_body,
            role=Role.APPROVER,
            starts=local_today(),
        )


def test_role_in_another_managing_body_is_given_by_its_own_administrator() -> None:
    who = factories.cast()
    with pytest.raises(NotYou, match="of that body"):
        services.give_role(
            who.editor.pk, by=who.outsider, organisation=who.managing_body, role=Role.APPROVER, starts=local_today()
        )
    with pytest.raises(NotYou, match="of that body"):
        services.end_role(who.approver.memberships.get().pk, by=who.outsider, last_day=local_today())


def test_account_at_another_managing_body_cannot_be_taken_over() -> None:
    who = factories.cast()
    for call in (
        lambda: services.password_link(who.approver.pk, by=who.outsider),
        lambda: services.close_account(who.approver.pk, by=who.outsider),
        lambda: services.change_details(
            who.approver.pk, by=who.outsider, email="x@example.org", name="X", telephone=""
        ),
    ):
        with pytest.raises(NotYou, match="looked after by an administrator of that body"):
            call()


def test_role_held_already_is_not_given_again() -> None:
    who = factories.cast()
    with pytest.raises(NotNow, match="has this role already"):
        services.give_role(
            who.editor.pk, by=who.administrator, organisation=who.recipient, role=Role.EDITOR, starts=local_today()
        )


def test_role_is_ended_and_given_again_later() -> None:
    who = factories.cast()
    held = who.editor.memberships.get()
    services.end_role(held.pk, by=who.administrator, last_day=local_today() - timedelta(days=1))
    assert not User.objects.get(pk=who.editor.pk).holds(who.recipient.pk)
    with pytest.raises(NotNow, match="This role ended on"):
        services.end_role(held.pk, by=who.administrator, last_day=local_today())
    services.give_role(
        who.editor.pk, by=who.administrator, organisation=who.recipient, role=Role.EDITOR, starts=local_today()
    )
    assert User.objects.get(pk=who.editor.pk).holds(who.recipient.pk, Role.EDITOR)


def test_role_cannot_end_before_it_began() -> None:
    who = factories.cast()
    held = who.editor.memberships.get()
    with pytest.raises(NotNow, match="This role began on"):
        services.end_role(held.pk, by=who.administrator, last_day=held.starts - timedelta(days=1))


def test_role_that_has_not_begun_is_taken_back() -> None:
    who = factories.cast()
    held = factories.member(who.editor, Role.SIGNATORY, who.recipient, starts=local_today() + timedelta(days=5))
    services.end_role(held.pk, by=who.administrator, last_day=local_today())
    assert not Membership.objects.filter(pk=held.pk).exists()
    assert "Took back the role" in sentences(who.editor)[0]


def test_own_last_administrator_role_is_not_ended() -> None:
    who = factories.cast()
    held = who.administrator.memberships.get()
    with pytest.raises(NotYou, match="their own last role as administrator"):
        services.end_role(held.pk, by=who.administrator, last_day=local_today())
    second = factories.person("administrator", who.managing_body)
    services.end_role(held.pk, by=second, last_day=local_today())


def test_account_is_closed_and_opened_by_another() -> None:
    who = factories.cast()
    with pytest.raises(NotYou):
        services.close_account(who.administrator.pk, by=who.administrator)
    services.close_account(who.editor.pk, by=who.administrator, reason="Left the charity")
    assert not User.objects.get(pk=who.editor.pk).live_memberships
    with pytest.raises(NotNow):
        services.close_account(who.editor.pk, by=who.administrator)
    with pytest.raises(NotNow):
        services.password_link(who.editor.pk, by=who.administrator)
    services.open_account(who.editor.pk, by=who.administrator)
    assert User.objects.get(pk=who.editor.pk).is_active
    assert sentences(who.editor) == ["Opened the account again", "Closed the account"]


def test_superuser_gives_the_first_administrator_a_role() -> None:
    root = User.objects.create_superuser("root@example.org", "Root", "x")
    body = factories.organisation("managing_body")
    ada = new_person(root, body, role=Role.ADMINISTRATOR)
    assert ada.is_staff
