"""What changed between two versions of a report: words taken out and put in, figures and amounts that differ."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Literal

from grants.reports.figures import shown

Kind = Literal["same", "ins", "del"]
Piece = tuple[Kind, str]
Row = Mapping[str, Any]
PARAGRAPH = "\n\n"


def compare(before: str, after: str) -> list[list[Piece]]:
    """The paragraphs of a text, as pieces that stayed, came in or went out. Plain text: templates escape it."""
    old, new = _tokens(before), _tokens(after)
    paragraphs: list[list[Piece]] = [[]]
    for kind, tokens in _runs(old, new):
        words: list[str] = []
        for token in tokens:
            if token != PARAGRAPH:
                words.append(token)
            elif kind != "del":
                _add(paragraphs[-1], kind, words)
                words = []
                paragraphs.append([])
        _add(paragraphs[-1], kind, words)
    return [pieces for pieces in paragraphs if pieces]


def _tokens(text: str) -> list[str]:
    """Words, and where paragraphs part."""
    return [PARAGRAPH if "\n" in token else token for token in re.findall(r"\s*\n\s*|[^\s]+", text.strip())]


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[Kind, list[str]]]:
    for what, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            yield "same", new[k:m]
            continue
        if j > i:
            yield "del", old[i:j]
        if m > k:
            yield "ins", new[k:m]


def _add(pieces: list[Piece], kind: Kind, words: list[str]) -> None:
    if words:
        pieces.append((kind, " ".join(words)))


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
