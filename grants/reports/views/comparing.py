"""What changed in the tables and the files of a report between two versions: the rows that differ, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from grants.formats import date_words
from grants.reports.figures import shown

Row = Mapping[str, Any]

TABLES = {
    "figures": ("results", "indicator"),
    "spend": ("spend", "line"),
    "activities": ("activities", "key"),
    "risks": ("risks", "position"),
}
"""Of each form of part that is a table: where its rows stand in a version, and what tells them apart."""
NUMBERS = {
    "forecast": "forecast £{}", "hours": "{} hours", "learners": "{} learners", "attendances": "{} attendances",
}  # fmt: skip
WORDS = (
    "status",
    "awaited_from",
    "awaited_by",
    "source",
    "explanation",
    "what",
    "response",
    "who",
    "type",
    "place",
    "partners",
)
LEVELS = {"likelihood": "likelihood {}", "impact": "impact {}"}


@dataclass(frozen=True)
class Change:
    """A figure, an amount or another row that is not what it was."""

    what: str
    was: str
    now: str


def changes_in(section: Row, before: Row, now: Row) -> list[Change]:
    """What differs between two versions in one part: in its table, if it is one, and in its files.

    Versions of before something was asked have no rows of it.
    """
    name, key = TABLES.get(section["form"], ("", ""))
    changes = changed_rows(before.get(name, []), now.get(name, []), key) if name else []
    if name == "results":
        changes += changed_rows(_members(before), _members(now), "title")
    was, files = (
        [f for f in content.get("evidence", []) if f["section"] == section["code"]] for content in (before, now)
    )
    return [*changes, *changed_rows(was, files, "key")]


def _members(content: Row) -> list[Row]:
    """Of a community's members, which are in and which are missing."""
    return [
        {"title": f"Part of {row['organisation']}", "status": row["state"]}
        for row in content.get("members", [])
        if not row["lead"]
    ]


def changed_rows(before: list[Row], after: list[Row], key: str) -> list[Change]:
    """The rows of the results or of the spend that differ between two versions, in words."""
    old, new = ({row[key]: row for row in rows} for rows in (before, after))
    changes = []
    for code in dict.fromkeys([*old, *new]):
        was, now = old.get(code), new.get(code)
        if was != now:
            title = _name(now or was or {}, code)
            if _figure_of(was) != _figure_of(now):
                changes.append(Change(title, _in_words(was, now), _in_words(now, was)))
            changes += _changed_parts(title, was or {}, now or {})
    return changes


def _name(row: Row, code: Any) -> str:
    """What people call a row."""
    return str(row.get("title") or row.get("name") or (f"Risk {code}" if "likelihood" in row else code))


def _figure_of(row: Row | None) -> dict[str, Any] | None:
    """A row without what it is of whom, and without the title, which may have been mended."""
    return None if row is None else {name: value for name, value in row.items() if name not in ("of_whom", "title")}


def _changed_parts(title: str, was: Row, now: Row) -> list[Change]:
    """The categories in which another number stands than before."""
    old, new = _parts_of(was), _parts_of(now)
    return [
        Change(f"{title}, {(new.get(key) or old[key])[0]}", *(_part(parts.get(key)) for parts in (old, new)))
        for key in dict.fromkeys([*old, *new])
        if _part(old.get(key)) != _part(new.get(key))
    ]


def _parts_of(row: Row) -> dict[tuple[str, str], tuple[str, str | None]]:
    """The titles and values of a row's categories, by their codes."""
    return {
        (breakdown["code"], part["code"]): (part["title"], part["value"])
        for breakdown in row.get("of_whom", [])
        for part in breakdown["parts"]
    }


def _part(part: tuple[str, str | None] | None) -> str:
    return "not known" if part is None or part[1] is None else shown(Decimal(part[1]))


def _in_words(row: Row | None, other: Row | None) -> str:
    """One row: its number, or what it says in place of one, and what else is not as in the other."""
    if row is None:
        return "nothing"
    number = row.get("amount", row.get("value"))
    words = [] if number is None else [shown(Decimal(number))]
    if row.get("denominator") is not None:
        words[-1] += f" ({shown(Decimal(row['numerator']))} of {shown(Decimal(row['denominator']))})"
    if row.get("confirmed") and not (other or {}).get("confirmed"):
        words.append("confirmed")
    if "sha256" in row:
        words.append("this file")
    for name in ("day", *NUMBERS, *LEVELS, "organisers", *WORDS):
        value = row.get(name)
        if value and ((number is None and name == "status") or other is None or value != other.get(name)):
            words.append(_said(name, value))
    return ", ".join(words) or "nothing"


def _said(name: str, value: Any) -> str:
    """One thing that a row says."""
    if name in NUMBERS:
        return NUMBERS[name].format(shown(Decimal(value)))
    if name in LEVELS:
        return LEVELS[name].format(value)
    if name == "day":
        return date_words(date.fromisoformat(value))
    if name == "organisers":
        return f"held by {' and '.join(value)}"
    return value.replace("_", " ") if name == "status" else str(value)
