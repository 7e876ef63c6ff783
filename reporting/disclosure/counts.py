"""What a document is about to show of people: counts, how they hang together, and the ratios that are worked out from them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, order=True)
class Count:
    """A number of people. The key names one unknown number across documents and releases: award, indicator, breakdown,
    category and as-at day, say. Money has no place here.
    """

    key: str
    value: int
    sensitive: bool = False
    """Whether it is a part of a breakdown of a sensitive characteristic; "not known" of such a breakdown is one too."""
    printed: bool = True
    """False for a number that stands in no table but that others add up with: the rest of a column, say."""


@dataclass(frozen=True, order=True)
class Relation:
    """A number and its parts, by their keys."""

    whole: str
    parts: tuple[str, ...]


class Sum(Relation):
    """The parts are the whole: an exclusive breakdown with its "not known", or a column over awards."""


class Overlap(Relation):
    """Each part is at most the whole, and they are never added: an overlapping breakdown, or any one number within another."""


@dataclass(frozen=True, order=True)
class Percentage:
    """A number of people in per cent of another, to one decimal."""

    key: str
    part: str
    whole: str


@dataclass(frozen=True, order=True)
class Average:
    """An amount that is no count of people (hours, pounds) for each of a number of people: an average or a unit cost."""

    key: str
    amount: Decimal
    people: str
    places: int = 1


@dataclass(frozen=True)
class Counts:
    """All numbers of people that one document shows, exact, in an order of their own whatever order they came in.

    Raises ValueError, with a sentence that names the keys, for a negative number, a key that is used twice, a relation or
    ratio of an unknown number, parts that do not add up to their whole, or a part that exceeds it.
    """

    counts: tuple[Count, ...]
    sums: tuple[Sum, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    averages: tuple[Average, ...] = ()

    def __init__(
        self,
        counts: Iterable[Count],
        sums: Iterable[Sum] = (),
        overlaps: Iterable[Overlap] = (),
        percentages: Iterable[Percentage] = (),
        averages: Iterable[Average] = (),
    ) -> None:
        def keep(name: str, rows: Iterable[Any]) -> None:
            object.__setattr__(self, name, tuple(sorted(set(rows))))

        keep("counts", counts)
        keep("sums", (Sum(row.whole, tuple(sorted(set(row.parts)))) for row in sums))
        keep("overlaps", (Overlap(row.whole, tuple(sorted(set(row.parts)))) for row in overlaps))
        keep("percentages", percentages)
        keep("averages", averages)
        self._refuse_faults()

    @property
    def relations(self) -> tuple[Relation, ...]:
        """What hangs together, of either sort."""
        return (*self.sums, *self.overlaps)

    def _refuse_faults(self) -> None:
        values = {count.key: count.value for count in self.counts}
        rows: tuple[Count | Percentage | Average, ...] = (*self.counts, *self.percentages, *self.averages)
        if twice := sorted(key for key, times in Counter(row.key for row in rows).items() if times > 1):
            raise ValueError(f"Used for more than one number: {', '.join(twice)}.")
        if negative := [key for key, value in values.items() if value < 0]:
            raise ValueError(f"A number of people is never negative: {', '.join(negative)}.")
        asked = {key for row in self.relations for key in (row.whole, *row.parts)}
        asked |= {key for ratio in self.percentages for key in (ratio.part, ratio.whole)}
        asked |= {average.people for average in self.averages}
        if unknown := sorted(asked - values.keys()):
            raise ValueError(f"Not among the counts: {', '.join(unknown)}.")
        for relation in self.sums:
            if (added := sum(values[key] for key in relation.parts)) != values[relation.whole]:
                raise ValueError(f"The parts of {relation.whole} add up to {added}, not to {values[relation.whole]}.")
        for within in self.overlaps:
            if over := [key for key in within.parts if values[key] > values[within.whole]]:
                raise ValueError(f"More than {within.whole}, of which it is a part: {', '.join(over)}.")
