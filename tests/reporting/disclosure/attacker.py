"""A reader with patience: knows every text that was shown and how the numbers hang together, and tries all that fits.

Written apart from what it tests: it goes by the texts alone, narrows bounds, and tries every value for what stays open.
"""

from collections.abc import Iterable

from reporting.disclosure import Counts, Release

Bounds = dict[str, tuple[int, int]]
MOST = 60
"""No number in the tests comes near it"""


def hesa(value: int) -> int:
    """0, 1 and 2 become 0; 3 to 7 become 5; and so on."""
    return 0 if value <= 2 else 5 * ((value + 2) // 5)


def values_of(text: str, profile: str, alone: bool) -> tuple[int, int]:
    """What a text says. `alone` is a sensitive count of a funder copy that is withheld while others beside it stand: somebody
    tells the attacker that it is neither a zero nor small, as the rules nearly do.
    """
    if text == "fewer than 5":
        return 1, 4
    if text == "..":
        return (5 if alone else 0), MOST
    shown = int(text.replace(",", ""))
    if profile == "Funder copy":
        return shown, shown
    fitting = [value for value in range(MOST) if hesa(value) == shown]
    return fitting[0], fitting[-1]


class Attacker:
    """Gathers releases; keys are those of the counts, since no test reads a corrected number as the same."""

    def __init__(self, releases: Iterable[Release]) -> None:
        self.bounds: Bounds = {}
        self.sums: set[tuple[str, tuple[str, ...]]] = set()
        self.overlaps: set[tuple[str, str]] = set()
        self.breakdowns: list[tuple[str, ...]] = []
        for release in releases:
            self.read(
                release.counts, {key: reading.text for key, reading in release.readings.items()}, release.profile.name
            )

    def read(self, counts: Counts, texts: dict[str, str], profile: str) -> None:
        sensitive = {row.key for row in counts.counts if row.sensitive and row.printed}
        large = {row.key for row in counts.counts if row.value > 4}
        self.breakdowns += [row.parts for row in counts.relations]
        groups = [set(parts) & sensitive for parts in self.breakdowns]
        groups = [group for group in groups if len(group) > 1]
        beside_others = set().union(*groups)
        blank = set().union(*(group for group in groups if all(texts[key] == ".." for key in group)))
        for key, text in texts.items():
            alone = profile == "Funder copy" and key in (beside_others & large) - blank
            low, high = values_of(text, profile, alone)
            known_low, known_high = self.bounds.get(key, (0, MOST))
            self.bounds[key] = max(low, known_low), min(high, known_high)
        self.sums |= {(row.whole, row.parts) for row in counts.sums}
        self.overlaps |= {(row.whole, part) for row in counts.overlaps for part in row.parts}

    def can_tell(self, key: str) -> bool:
        """Whether only one value of a number fits everything."""
        low, high = self.bounds[key]
        fitting = (value for value in range(low, high + 1) if self._fits({**self.bounds, key: (value, value)}))
        next(fitting)
        return next(fitting, None) is None

    def _fits(self, bounds: Bounds) -> bool:
        narrowed = self._narrowed(bounds)
        if narrowed is None:
            return False
        unsettled = [key for key, (low, high) in narrowed.items() if low < high]
        if not unsettled:
            return True
        key = min(unsettled, key=lambda key: (narrowed[key][1] - narrowed[key][0], key))
        low, high = narrowed[key]
        return any(self._fits({**narrowed, key: (value, value)}) for value in range(low, high + 1))

    def _narrowed(self, bounds: Bounds) -> Bounds | None:
        """By what hangs together, until nothing changes; None where nothing is left."""
        bounds, before = dict(bounds), None
        while bounds != before:
            before = dict(bounds)
            for whole, parts in self.sums:
                self._narrow(bounds, whole, sum(bounds[key][0] for key in parts), sum(bounds[key][1] for key in parts))
                for part in parts:
                    others = [bounds[key] for key in parts if key != part]
                    least = bounds[whole][0] - sum(high for _, high in others)
                    self._narrow(bounds, part, least, bounds[whole][1] - sum(low for low, _ in others))
            for whole, part in self.overlaps:
                self._narrow(bounds, part, 0, bounds[whole][1])
                self._narrow(bounds, whole, bounds[part][0], MOST * MOST)
            if any(low > high for low, high in bounds.values()):
                return None
        return bounds

    @staticmethod
    def _narrow(bounds: Bounds, key: str, low: int, high: int) -> None:
        bounds[key] = max(low, bounds[key][0]), min(high, bounds[key][1])
