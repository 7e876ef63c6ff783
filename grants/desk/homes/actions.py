"""The open actions that concern somebody, as a home lists them."""

from datetime import date
from typing import Any

from grants.desk.actions import read
from grants.desk.homes.due import Due
from grants.formats import relative
from grants.people.models import User


def as_due(column: list[dict[str, Any]], user: User, today: date) -> list[Due]:
    """Open actions as a home lists what is due, the first to be done first."""
    return [
        Due(
            action.text if len(action.text) <= 120 else f"{action.text[:117]}…",
            action.url,
            f"{'You' if action.owner_key == user.pk else action.owner}, {relative(action.due_on, today)}; {action.reference}",
            "overdue" if action.due_on < today else "due",
            "Late" if action.due_on < today else "Open",
            action.due_on,
            record=action,
        )
        for action in read(column)
    ]
