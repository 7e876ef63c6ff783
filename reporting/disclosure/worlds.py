"""The search for a second world: other numbers that would have given one reader the very same documents.

All that a reader is told is a box for each number (from low to high) and equations among them; a part of an overlapping whole
makes one with the rest that it leaves. The true numbers are one world. A second one in which a number differs proves that the
reader cannot tell it. Worlds differ by one person in each number that differs: in tables of rows and columns no others are
needed, since any difference of two worlds is made of such steps. Where steps of one do not suffice, more is withheld than
must be, or the number is said to be given away: a world that is found is always one.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count as counting

from reporting.disclosure.counts import Counts
from reporting.disclosure.profiles import WITHHELD, Profile, Reading

Number = tuple[str, int]
"""A key with its exact value: a number that was corrected since is another number."""
PATIENCE = 20_000
"""How many states one search looks at, at most."""
A_COUNT, A_WHOLE, LAST_RESORT = 1 << 40, 1 << 80, 1 << 120
"""What withholding loses: wholes weigh more than parts, each part more than the people in it. In the last resort a small
sensitive number reads ".." by itself, which tells one who knows the rules that something was amiss."""


@dataclass(frozen=True)
class Way:
    """Something that can be withheld, one number or all parts of a whole, and how each then reads."""

    cells: frozenset[int]
    reading: Reading


@dataclass(frozen=True)
class World:
    """A second world: the numbers in which it differs from the true one, and how others, by key, must be shown for it."""

    differs: frozenset[Number]
    withheld: Mapping[str, Reading]


@dataclass(frozen=True)
class State:
    """Part of a way to a second world: by how much numbers differ, and which equations do not yet hold again, the newest last."""

    steps: Mapping[int, int]
    open: dict[int, int]
    ways: tuple[Way, ...]


class Knowledge:
    """What one reader knows once a document joins the earlier ones, and what can still be withheld in that document.

    Numbers, and the rests of overlapping wholes, are known by their places in `values`; `before` has how earlier documents
    show each, `now` how this one does, None where it does not.
    """

    def __init__(
        self,
        counts: Counts,
        profile: Profile,
        readings: Mapping[str, Reading],
        earlier: Iterable[tuple[Counts, Mapping[str, Reading]]],
    ) -> None:
        self.profile = profile
        known = list(earlier)
        documents = [counts, *(given for given, _ in known)]
        self.numbers: list[Number] = sorted({(row.key, row.value) for given in documents for row in given.counts})
        self.place = {number: place for place, number in enumerate(self.numbers)}
        self.own = {self.place[row.key, row.value]: row for row in counts.counts}
        self.values = [value for _, value in self.numbers]
        self.before: list[list[Reading]] = [[] for _ in self.numbers]
        for given, shown in known:
            for row in given.counts:
                self.before[self.place[row.key, row.value]].append(shown[row.key])
        self.now: list[Reading | None] = [None for _ in self.numbers]
        self.equations: list[list[tuple[int, int]]] = []
        self._write_equations(documents)
        self.within: list[list[tuple[int, int]]] = [[] for _ in self.values]
        # The longest first: the search mends the newest, where it has the least to look through
        for number, equation in sorted(enumerate(self.equations), key=lambda row: -len(row[1])):
            for cell, sign in equation:
                self.within[cell].append((number, sign))
        self.safe: set[int] = set()
        self._list_ways(documents)
        for cell, row in self.own.items():
            self._show(cell, readings[row.key])

    def _write_equations(self, documents: Sequence[Counts]) -> None:
        """Sums as they are; of what overlaps, a part and the rest that it leaves are the whole."""
        sums: set[tuple[int, tuple[int, ...]]] = set()
        overlaps: set[tuple[int, int]] = set()
        for counts in documents:
            at = {row.key: self.place[row.key, row.value] for row in counts.counts}
            sums |= {(at[row.whole], tuple(sorted(at[key] for key in row.parts))) for row in counts.sums}
            overlaps |= {(at[row.whole], at[key]) for row in counts.overlaps for key in row.parts}
        for whole, parts in sorted(sums):
            self.equations.append([(whole, -1), *((part, 1) for part in parts)])
        for whole, part in sorted(overlaps):
            self.equations.append([(whole, -1), (part, 1), (len(self.values), 1)])
            self.values.append(self.values[whole] - self.values[part])
            self.before.append([])
            self.now.append(Reading("", 0, None))

    def _list_ways(self, documents: Sequence[Counts]) -> None:
        """What the document can withhold: by itself, with the other parts of a whole, and a small sensitive number or a zero,
        in the last resort, by itself too.
        """
        wholes = {relation.whole for relation in documents[0].relations}
        self.weight = {
            cell: (A_WHOLE if row.key in wholes else 0) + A_COUNT + row.value for cell, row in self.own.items()
        }
        self.ways: list[list[Way]] = [[] for _ in self.values]
        self.loss: dict[Way, int] = {}
        for cell, row in self.own.items():
            if row.printed and (alone := self.profile.withheld_alone(row)):
                self._offer(Way(frozenset([cell]), alone))
        if not self.profile.small:
            return
        together = self.profile.withheld_together()
        sensitive = {row.key: cell for cell, row in self.own.items() if row.printed and row.sensitive}
        for relation in (relation for counts in documents for relation in counts.relations):
            cells = frozenset(sensitive[key] for key in relation.parts if key in sensitive)
            if len(cells) > 1:
                self._offer(Way(cells, together))
        for cell in sensitive.values():
            self._offer(Way(frozenset([cell]), together), LAST_RESORT)

    def _offer(self, way: Way, more: int = 0) -> None:
        if way not in self.loss:
            self.loss[way] = more
            for cell in sorted(way.cells):
                self.ways[cell].append(way)
                self.loss[way] += self.weight[cell]

    def _show(self, cell: int, reading: Reading) -> None:
        """Note how the document shows a number; what reads as withheld already costs nothing to withhold."""
        self.now[cell] = reading
        if reading.text == WITHHELD and self.weight[cell]:
            for way in self.ways[cell]:
                self.loss[way] -= self.weight[cell]
            self.weight[cell] = 0

    def second_world(self, number: Number) -> World | None:
        """The one in which the number differs and for which least must be withheld, as far as the search sees; any, where
        it loses patience; None where it finds none. What it withholds is noted as shown so from now on.
        """
        cell = self.place[number]
        found = (
            self._search(cell, may_withhold=False, is_frugal=True)
            or self._search(cell, may_withhold=True, is_frugal=True)
            or self._search(cell, may_withhold=True, is_frugal=False)
        )
        if found is None:
            return None
        self.safe.update(found.steps)
        withheld = {cell: way.reading for way in found.ways for cell in sorted(way.cells)}
        for cell, reading in withheld.items():
            self._show(cell, reading)
        return World(
            frozenset(self.numbers[cell] for cell in found.steps if cell < len(self.numbers)),
            {self.own[cell].key: reading for cell, reading in withheld.items()},
        )

    def _search(self, cell: int, *, may_withhold: bool, is_frugal: bool) -> State | None:
        """Dijkstra's: from a number that differs, mend the newest equation that does not hold by another number that differs.

        Frugal, it takes what loses least first and looks at the same open equations once; hasty, what leaves fewest open.
        Among equals, numbers come first that are in no second world yet, so that one world serves many.
        """
        ticket = counting()
        queue: list[tuple[int, int, bool, int, int, State, int, int, tuple[Way, ...]]] = []

        def consider(state: State, lost: int, cell: int, step: int) -> None:
            for loss, ways in self._choices(state, cell, step, may_withhold=may_withhold):
                opens = len(state.open)
                for equation, sign in self.within[cell]:
                    excess = state.open.get(equation, 0)
                    opens += not excess
                    opens -= excess == -step * sign
                order = (lost + loss, opens) if is_frugal else (opens, lost + loss)
                rank = (*order, cell in self.safe, -len(state.steps), next(ticket))
                heapq.heappush(queue, (*rank, state, cell, step, ways))

        for step in (1, -1):
            consider(State({}, {}, ()), 0, cell, step)
        seen = set()
        for _ in range(PATIENCE):
            if not queue:
                break
            *order, _, _, _, before, cell, step, ways = heapq.heappop(queue)
            state = self._stepped(before, cell, step, ways)
            if not state.open:
                return state
            if is_frugal:
                if (mark := frozenset(state.open.items())) in seen:
                    continue
                seen.add(mark)
            equation, excess = next(reversed(state.open.items()))
            for other, sign in self.equations[equation]:
                if other not in state.steps:
                    consider(state, order[0 if is_frugal else 1], other, -sign if excess > 0 else sign)
        return None

    def _choices(
        self, state: State, cell: int, step: int, *, may_withhold: bool
    ) -> Iterator[tuple[int, tuple[Way, ...]]]:
        """What must be withheld besides for a number to differ by this step: nothing where its readings allow it."""
        value = self.values[cell] + step
        now = self.now[cell]
        if not may_withhold and now is not None and not now.allows(value):
            return
        if value < 0 or not all(reading.allows(value) for reading in self.before[cell]):
            return
        if (
            now is None
            or now.allows(value)
            or any(cell in way.cells and way.reading.allows(value) for way in state.ways)
        ):
            yield 0, state.ways
            return
        for way in self.ways[cell] if may_withhold else ():
            if way.reading.allows(value):
                taken = {other for earlier in state.ways for other in earlier.cells & way.cells}
                yield self.loss[way] - sum(self.weight[other] for other in taken), (*state.ways, way)

    def _stepped(self, state: State, cell: int, step: int, ways: tuple[Way, ...]) -> State:
        still_open = dict(state.open)
        for equation, sign in self.within[cell]:
            excess = still_open.get(equation, 0) + sign * step
            if excess:
                still_open[equation] = excess
            else:
                del still_open[equation]
        return State({**state.steps, cell: step}, still_open, ways)
