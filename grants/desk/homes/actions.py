"""The open actions of which somebody is the owner, as a home lists them."""

from datetime import date
from typing import Any

from grants.desk.actions import read
from grants.desk.homes.due import Due
from grants.formats import relative


def as_due(column: list[dict[str, Any]], today: date) -> list[Due]:
    """Open actions as a home lists what is due, the first to be done first."""
    return [
        Due(
            action.text if len(action.text) <= 120 else f"{action.text[:117]}…",
            action.url,
            f"{action.reference}, {relative(action.due_on, today)}",
            "overdue" if action.due_on < today else "due",
            "Late" if action.due_on < today else "Open",
            action.due_on,
            record=action,
        )
        for action in read(column)
    ]
