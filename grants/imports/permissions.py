"""Who may bring in awards."""

from typing import Any

from grants.lifecycle.actors import SYSTEM, Actor
from grants.people.models import Role


def administrator(record: Any, by: Actor) -> bool:
    """An administrator of the programme's managing body does this, or the command that runs on the server."""
    return by is SYSTEM or by.holds(record.programme.managing_body_id, Role.ADMINISTRATOR)
