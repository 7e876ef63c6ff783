"""What the verbs of this room share: who is concerned, and the award under its lock."""

from collections.abc import Iterable
from typing import Any

from grants.awards.models import Award
from grants.lifecycle.actors import Actor
from grants.lifecycle.door import NotNow, NotYou, check_fresh, fresh, lock
from grants.people.models import GRANTEE_ROLES, Role, User


def managers_of(award: Award) -> Iterable[User]:
    """The reviewers and approvers of the managing body."""
    return User.objects.holding(award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER)


def grantees_of(award: Award) -> Iterable[User]:
    """The editors and signatories of the recipient."""
    return User.objects.holding(award.organisation_id, *GRANTEE_ROLES)


def writable(pk: int, by: Actor, seen: int | None, states: tuple[str, ...], rule: Any) -> Award:
    """The award under its lock, where it is in one of the states and the rule lets the person; else Stale, NotNow, NotYou."""
    award = lock(Award, pk)
    check_fresh(award, seen)
    if award.state not in states:
        raise NotNow(f"This cannot be done now: the award is {award.get_state_display().lower()}.")
    if not rule(award, fresh(by)):
        raise NotYou(rule.__doc__)
    return award
