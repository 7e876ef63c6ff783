"""What changed in the tables of a report between two versions: figures and amounts that differ, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.reports.figures import shown

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A figure or an amount that is not what it was."""

    what: str
    was: str
    now: str


def changed_rows(before: list[Row], after: list[Row], key: str) -> list[Change]:
    """The rows of the results or of the spend that differ between two versions, in words."""
    old, new = ({row[key]: row for row in rows} for rows in (before, after))
    changes = []
    for code in dict.fromkeys([*old, *new]):
        was, now = old.get(code), new.get(code)
        if was != now:
            title = (now or was or {}).get("title", code)
            changes.append(Change(title, _in_words(was, now), _in_words(now, was)))
    return changes


def _in_words(row: Row | None, other: Row | None) -> str:
    """One row: its number, or what it says in place of one, and what else is not as in the other."""
    if row is None:
        return "nothing"
    number = row.get("amount", row.get("value"))
    words = [] if number is None else [shown(Decimal(number))]
    if row.get("denominator") is not None:
        words[-1] += f" ({shown(Decimal(row['numerator']))} of {shown(Decimal(row['denominator']))})"
    for name in ("status", "awaited_from", "awaited_by", "source"):
        value = row.get(name)
        if value and ((number is None and name == "status") or other is None or value != other.get(name)):
            words.append(str(value).replace("_", " ") if name == "status" else str(value))
    return ", ".join(words) or "nothing"
