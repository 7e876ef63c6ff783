"""Who may move a funder report."""

from typing import Any

from grants.lifecycle.actors import Actor
from grants.people.models import Role


def reviewer_or_approver(record: Any, by: Actor) -> bool:
    """A reviewer or an approver of the programme's managing body does this."""
    return by.holds(record.programme.managing_body_id, Role.REVIEWER, Role.APPROVER)


def approver(record: Any, by: Actor) -> bool:
    """An approver of the programme's managing body does this."""
    return by.holds(record.programme.managing_body_id, Role.APPROVER)
