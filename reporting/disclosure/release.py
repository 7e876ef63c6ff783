"""From exact counts of people to what one document shows of them, in view of what its readers have seen before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporting.disclosure.counts import Counts
from reporting.disclosure.profiles import Profile, Reading
from reporting.disclosure.worlds import Knowledge, Number


@dataclass(frozen=True)
class Release:
    """What a document shows of people. `counts` are the exact ones: keep them as private as their source."""

    profile: Profile
    counts: Counts
    readings: dict[str, Reading]
    """By key of a count."""
    ratios: dict[str, str]
    """By key of a percentage or average, its text, worked out from the numbers as shown."""
    given_away: tuple[str, ...] = ()
    """Keys, of earlier documents too, for which no second world was found whatever this document withholds: as a rule since the
    earlier ones give them away. Nothing is claimed of them."""


Reader = Sequence[Release]
"""All earlier releases that one reader may have seen, of whatever profile."""


def disclose(counts: Counts, profile: Profile, readers: Iterable[Reader] = ()) -> Release:
    """What a document shows under a profile, so that none of its readers can tell a number that is kept from them.

    A number is kept from a reader if the profile and every earlier document of theirs in which it stands keep it: what a reader
    had exact is no secret. Whoever may read the document alone needs no mention; of two readers of whom one has seen all that
    the other has, the first is enough. The result does not depend on any order.
    """
    readings = {row.key: profile.reading(row) for row in counts.counts}
    given_away: set[str] = set()
    for reader in sorted(
        (sorted(reader, key=repr) for reader in (*readers, ())), key=lambda seen: (-len(seen), repr(seen))
    ):
        _protect(counts, profile, reader, readings, given_away)
    ratios = {row.key: profile.percentage(readings[row.part], readings[row.whole]) for row in counts.percentages}
    ratios |= {row.key: profile.average(row.amount, readings[row.people], row.places) for row in counts.averages}
    return Release(profile, counts, readings, ratios, tuple(sorted(given_away)))


def _protect(
    counts: Counts, profile: Profile, reader: Reader, readings: dict[str, Reading], given_away: set[str]
) -> None:
    """Withhold until there is a second world for each number that is kept from this reader. What is withheld never comes back,
    so that a world that was found stays one, for every number in which it differs and for readers that came before.
    """
    knowledge = Knowledge(counts, profile, readings, [(release.counts, release.readings) for release in reader])
    safe: set[Number] = set()
    for number in _kept(counts, profile, reader):
        if number in safe:
            continue
        if world := knowledge.second_world(number):
            safe |= world.differs
            readings.update(world.withheld)
        else:
            given_away.add(number[0])


def _kept(counts: Counts, profile: Profile, reader: Reader) -> list[Number]:
    """The numbers that this reader is not to know, in the order of their keys."""
    documents = [(profile, counts), *((release.profile, release.counts) for release in reader)]
    told: dict[Number, bool] = {}
    for follows, given in documents:
        for row in given.counts:
            number = (row.key, row.value)
            kept = told.setdefault(number, profile.keeps(row))
            told[number] = kept and (follows.keeps(row) or not row.printed)
    return sorted(number for number, kept in told.items() if kept)
