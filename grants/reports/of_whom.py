"""Of whom a figure consists: each category with what was reported before, in this period and to date, and what is left over.

Exclusive parts never exceed the number together: what they leave over is "not known", worked out and never typed. Overlapping
ones are each at most the number, and never added. Blank is not known, which is never zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.programmes.models import Breakdown, Indicator

Key = tuple[str, str]
"""The codes of a breakdown and of one of its categories."""
Earlier = dict[int, dict[Key, list[tuple[int, Decimal]]]]
"""By indicator and category, the values of earlier milestones, each with the milestone's number, the earliest first."""


@dataclass(frozen=True)
class Part:
    """One category of a figure."""

    code: str
    title: str
    before: Decimal | None
    now: Decimal | None
    to_date: Decimal | None


@dataclass(frozen=True)
class OfWhom:
    """One breakdown of a figure."""

    code: str
    title: str
    is_exclusive: bool
    parts: Sequence[Part]
    left_over: Part | None = None
    """Of an exclusive one, what is in no category: not known"""

    @property
    def blanks(self) -> int:
        """How many categories are not known for this period."""
        return sum(part.now is None for part in self.parts)

    @property
    def is_given(self) -> bool:
        """Whether anything is known of this period."""
        return self.blanks < len(self.parts)


def earlier_parts(rows: Iterable[tuple[int, str, str, int, Decimal]]) -> Earlier:
    """From rows of indicator, breakdown, category, milestone's number and value, the earliest first."""
    found: Earlier = {}
    for indicator, breakdown, category, number, value in rows:
        found.setdefault(indicator, {}).setdefault((breakdown, category), []).append((number, value))
    return found


PART_COLUMNS = (
    "category__breakdown__indicator",
    "category__breakdown__code",
    "category__code",
    "report__milestone__number",
    "value",
)
"""The columns of such a row, from the row of a part."""


def told_apart(
    indicator: Indicator,
    rows: Iterable[Mapping[str, Any]],
    earlier: Mapping[Key, Sequence[tuple[int, Decimal]]],
    totals: Mapping[str, Decimal | None],
    latest: int | None,
) -> list[OfWhom]:
    """The breakdowns of one figure, from those of a report's content. `totals` are its numbers before, now and to_date;
    `latest` is the number of the last milestone before that gave one.
    """
    found = []
    for row in rows:
        parts = [_part(indicator, row["code"], given, earlier, totals["now"], latest) for given in row["parts"]]
        is_exclusive = row["kind"] == Breakdown.Kind.EXCLUSIVE
        left_over = _left_over(parts, totals) if is_exclusive else None
        found.append(OfWhom(row["code"], row["title"], is_exclusive, parts, left_over))
    return found


def _part(
    indicator: Indicator,
    breakdown: str,
    given: Mapping[str, Any],
    earlier: Mapping[Key, Sequence[tuple[int, Decimal]]],
    total: Decimal | None,
    latest: int | None,
) -> Part:
    """One category. Before and to date follow the indicator's rule over time, as its number does."""
    known = earlier.get((breakdown, given["code"]), ())
    now = None if given["value"] is None else Decimal(given["value"])
    if indicator.over_time == Indicator.OverTime.LATEST:
        before = next((value for number, value in known if number == latest), None)
        to_date = before if total is None else now
    else:
        before = _sum(value for _, value in known)
        to_date = _sum((before, now))
    return Part(given["code"], given["title"], before, now, to_date)


def _left_over(parts: Sequence[Part], totals: Mapping[str, Decimal | None]) -> Part:
    """What the categories leave of each number."""
    rest = {
        name: None if total is None else total - (_sum(getattr(part, name) for part in parts) or 0)
        for name, total in totals.items()
    }
    return Part("", "Not known", rest["before"], rest["now"], rest["to_date"])


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """What is known of them, added; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
