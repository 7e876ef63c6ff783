"""Whatever a portfolio looks like and however often it is released: who has read everything cannot tell a count that is kept."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from reporting.disclosure import FUNDER_COPY, PUBLICATION, Count, Counts, Overlap, Profile, Release, Sum, disclose
from tests.reporting.disclosure.attacker import Attacker, hesa

few = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
values = some.sampled_from([0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 8])


@some.composite
def portfolios(draw: some.DrawFn, values: some.SearchStrategy[int] = values) -> Counts:
    """One to three awards, each told apart by age (exclusive) and by need (overlapping), and their columns."""
    awards, ages, needs = draw(some.integers(1, 3)), draw(some.integers(2, 3)), draw(some.integers(0, 2))
    counts, sums, overlaps = [], [], []
    of: dict[tuple[int, str], int] = {}
    for award in range(awards):
        for age in range(ages):
            of[award, f"age{age}"] = draw(values)
        of[award, ""] = sum(of[award, f"age{age}"] for age in range(ages))
        for need in range(needs):
            of[award, f"need{need}"] = min(draw(values), of[award, ""])
    if draw(some.booleans()):
        for key in dict.fromkeys(key for _, key in of):
            of[9, key] = sum(of[award, key] for award in range(awards))
            sums.append(Sum(f"9{key}", tuple(f"{award}{key}" for award in range(awards))))
    for (award, key), value in of.items():
        counts.append(Count(f"{award}{key}", value, sensitive=key != ""))
        if key == "":
            sums.append(Sum(f"{award}", tuple(f"{award}age{age}" for age in range(ages))))
            if needs:
                overlaps.append(Overlap(f"{award}", tuple(f"{award}need{need}" for need in range(needs))))
    return Counts(counts, sums, overlaps)


@some.composite
def successions(draw: some.DrawFn) -> list[tuple[Counts, Profile]]:
    """One to three documents of one portfolio: the first may show less of it, and each follows a profile."""
    whole = draw(portfolios())
    documents = []
    for _ in range(draw(some.integers(1, 3))):
        left_out = draw(some.sets(some.sampled_from(sorted(row.key for row in whole.counts)), max_size=3))
        documents.append((without(whole, left_out), draw(some.sampled_from([FUNDER_COPY, PUBLICATION]))))
    return documents


def without(counts: Counts, keys: set[str]) -> Counts:
    """Less of it: relations go with the numbers that they join."""
    return Counts(
        [row for row in counts.counts if row.key not in keys],
        [row for row in counts.sums if not keys & {row.whole, *row.parts}],
        [Overlap(row.whole, tuple(set(row.parts) - keys)) for row in counts.overlaps if row.whole not in keys],
    )


def released(documents: list[tuple[Counts, Profile]]) -> list[Release]:
    """One after another, to one reader of all."""
    releases: list[Release] = []
    for counts, profile in documents:
        releases.append(disclose(counts, profile, readers=[releases]))
    return releases


def kept_from(releases: list[Release]) -> set[str]:
    """Sensitive counts of 1 to 4; and, after a publication, what the rounding hides and no funder copy shows."""
    kept = set()
    in_a_copy = {row.key for release in releases if release.profile == FUNDER_COPY for row in release.counts.counts}
    for release in releases:
        for row in release.counts.counts:
            is_hidden = (
                releases[-1].profile == PUBLICATION and row.key not in in_a_copy and hesa(row.value) != row.value
            )
            if is_hidden or (row.sensitive and 1 <= row.value <= 4):
                kept.add(row.key)
    return kept


@few
@given(successions())
def test_nobody_can_tell_a_count_that_is_kept(documents: list[tuple[Counts, Profile]]) -> None:
    releases = released(documents)
    for number in range(1, len(releases) + 1):
        attacker = Attacker(releases[:number])
        told = {key for key in kept_from(releases[:number]) if attacker.can_tell(key)}
        assert told <= set(releases[number - 1].given_away)


@few
@given(successions())
def test_what_is_said_to_be_given_away_is_so_whatever_the_document_withholds(
    documents: list[tuple[Counts, Profile]],
) -> None:
    releases = released(documents)
    assert releases[0].given_away == ()
    for number, release in enumerate(releases):
        attacker = Attacker(releases[:number])
        attacker.read(release.counts, dict.fromkeys(release.readings, ".."), "Publication")
        assert all(attacker.can_tell(key) for key in release.given_away)


@few
@given(portfolios())
def test_totals_are_true_to_the_profile(counts: Counts) -> None:
    copy, published = disclose(counts, FUNDER_COPY), disclose(counts, PUBLICATION)
    for row in counts.counts:
        exact, rounded = copy.readings[row.key], published.readings[row.key]
        assert rounded.text in (str(hesa(row.value)), "..")
        assert exact.allows(row.value)
        assert rounded.allows(row.value)
        if exact.text == "fewer than 5":
            assert row.sensitive
            assert 1 <= row.value <= 4
        else:
            assert exact.text in (str(row.value), "..")
        if row.sensitive and 1 <= row.value <= 4:
            assert exact.value is None


@few
@given(portfolios(some.sampled_from([0, 5, 6, 8])))
def test_nothing_is_withheld_where_nothing_is_small(counts: Counts) -> None:
    release = disclose(counts, FUNDER_COPY)
    assert {key: reading.text for key, reading in release.readings.items()} == {
        row.key: str(row.value) for row in counts.counts
    }


@few
@given(successions(), some.randoms(use_true_random=False))
def test_no_order_matters(documents: list[tuple[Counts, Profile]], chance: object) -> None:
    def mixed(rows: tuple) -> list:
        return sorted(rows, key=lambda _: chance.random())

    *earlier, last = released(documents)
    again = Counts(
        mixed(last.counts.counts),
        mixed([replace(row, parts=tuple(mixed(row.parts))) for row in last.counts.sums]),
        mixed([replace(row, parts=tuple(mixed(row.parts))) for row in last.counts.overlaps]),
    )
    assert again == last.counts
    seen = [tuple(earlier), tuple(earlier[:1]), ()]
    expected = disclose(last.counts, last.profile, readers=seen)
    assert disclose(again, last.profile, readers=mixed(tuple(tuple(mixed(reader)) for reader in seen))) == expected
