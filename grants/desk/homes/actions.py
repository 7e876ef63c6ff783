"""The open actions that concern somebody, as a home lists them."""

from datetime import date
from typing import Any

from django.db.models import Subquery

from grants.desk.actions import in_a_column, on_the_home, read
from grants.desk.homes.counting import MOST, Counted
from grants.desk.homes.due import Due
from grants.desk.homes.visit import Visit
from grants.formats import plural, relative
from grants.people.models import User


def wanted(user: User, side: str) -> dict[str, Subquery]:
    """What a home asks of them, with all that it counts: the first few, and how many there are."""
    found = on_the_home(user, side)
    return {"agreed": in_a_column(found), "agreed_number": Counted(found)}


def shown(numbers: dict[str, Any], visit: Visit) -> dict[str, Any]:
    """The first few, and in words how many more there are."""
    return {
        "actions": as_due(numbers["agreed"], visit.user, visit.today),
        "more_actions": _more(numbers["agreed_number"], len(numbers["agreed"])),
    }


def as_due(column: list[dict[str, Any]], user: User, today: date) -> list[Due]:
    """Open actions as a home lists what is due, in the order in which they were read."""
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


def _more(number: int, listed: int) -> str:
    """What is said of those that are not listed; empty where all are."""
    if number <= listed:
        return ""
    return plural(number - listed, "more", "more") if number <= MOST else f"Over {MOST - listed} more"
