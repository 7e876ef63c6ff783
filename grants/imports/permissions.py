"""Who may bring in awards."""

from typing import Any

from grants.lifecycle.actors import Actor
from grants.people.models import Role


def administrator(record: Any, by: Actor) -> bool:
    """An administrator of the programme's managing body does this."""
    return by.holds(record.programme.managing_body_id, Role.ADMINISTRATOR)
