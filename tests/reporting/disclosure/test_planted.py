"""Ways in which a small count was given away, or might have been: each must not stand."""

from decimal import Decimal

import pytest

from reporting.disclosure import (
    FUNDER_COPY,
    PUBLICATION,
    Average,
    Count,
    Counts,
    Overlap,
    Percentage,
    Release,
    Sum,
    disclose,
)
from tests.reporting.disclosure.attacker import Attacker


def breakdown(total: int, **parts: int) -> Counts:
    """One number, told apart by a sensitive characteristic."""
    return Counts(
        [Count("all", total), *(Count(key, value, sensitive=True) for key, value in parts.items())],
        sums=[Sum("all", tuple(parts))],
    )


def texts(release: Release) -> dict[str, str]:
    return {key: reading.text for key, reading in release.readings.items()}


def tells(*releases: Release) -> set[str]:
    """The sensitive counts of 1 to 4 that somebody who has all these releases can tell."""
    attacker = Attacker(releases)
    small = {row.key for release in releases for row in release.counts.counts if row.sensitive and 1 <= row.value <= 4}
    return {key for key in small if attacker.can_tell(key)}


def test_four_cells_of_two_shown_as_zero_beside_a_total_of_ten_do_not_stand() -> None:
    counts = breakdown(8, a=2, b=2, c=2, d=2)
    attacker = Attacker([])
    attacker.read(counts, {"all": "10", "a": "0", "b": "0", "c": "0", "d": "0"}, "Publication")
    assert attacker.can_tell("a"), "rounding alone gives every cell away"
    release = disclose(counts, PUBLICATION)
    assert tells(release) == set()
    assert sorted(texts(release).values()) == ["..", "0", "0", "0", "10"]
    assert release.given_away == ()


def test_a_percentage_is_worked_out_from_the_numbers_as_shown() -> None:
    counts = Counts(
        [Count("first in family", 44, sensitive=True), Count("all", 60)],
        overlaps=[Overlap("all", ("first in family",))],
        percentages=[Percentage("share", "first in family", "all")],
    )
    assert disclose(counts, FUNDER_COPY).ratios == {"share": "73.3%"}
    release = disclose(counts, PUBLICATION)
    assert texts(release) == {"all": "60", "first in family": "45"}
    assert release.ratios == {"share": "75.0%"}


def test_two_releases_that_are_fine_one_by_one_do_not_narrow_a_count_together() -> None:
    """The first tells a and b apart, the second puts them together with c: each has two unknown parts, both have one each."""
    first = disclose(breakdown(20, a=3, b=2, c=7, d=8), FUNDER_COPY)
    counts = Counts(
        [Count("all", 20), Count("a", 3, sensitive=True), Count("b+c", 9), Count("d", 8, sensitive=True)],
        sums=[Sum("all", ("a", "b+c", "d"))],
    )
    assert texts(first)["c"] == "7"
    alone = Attacker([first])
    shown = {"all": "20", "a": "fewer than 5", "b+c": "9", "d": "8"}
    alone.read(counts, shown, "Funder copy")
    assert alone.can_tell("a")
    second = disclose(counts, FUNDER_COPY, readers=[[first]])
    assert tells(first, second) == set()
    assert second.given_away == ()


def test_a_further_release_to_somebody_else_is_not_held_against_a_document() -> None:
    counts, whole = breakdown(20, a=3, b=9, c=8), breakdown(20, a=3, b=9, c=8)
    first = disclose(counts, FUNDER_COPY)
    assert disclose(whole, FUNDER_COPY, readers=[[first], []]).readings == first.readings


def test_a_funder_that_also_reads_the_publication_cannot_put_them_together() -> None:
    """Fewer than 5 and a rounded 5 leave 3 and 4; an exact total takes one of them away."""
    counts = breakdown(7, a=3, b=4)
    copy, published = disclose(counts, FUNDER_COPY), disclose(counts, PUBLICATION)
    assert tells(copy) == tells(published) == set()
    assert tells(copy, published) == set()  # 3 and 4, or 4 and 3
    counts = breakdown(8, a=4, b=4)
    copy = disclose(counts, FUNDER_COPY)
    published = disclose(counts, PUBLICATION, readers=[[copy]])
    assert tells(copy, published) == set()
    counts = breakdown(5, a=3, b=1, c=1)
    copy = disclose(counts, FUNDER_COPY)
    assert tells(copy, disclose(counts, PUBLICATION)) == {"a", "b", "c"}, "each alone would not stand beside the other"
    assert tells(copy, disclose(counts, PUBLICATION, readers=[[copy]])) == set()


def test_what_was_published_before_is_held_against_a_funder_copy_too() -> None:
    counts = breakdown(5, a=3, b=1, c=1)
    published = disclose(counts, PUBLICATION)
    assert tells(published, disclose(counts, FUNDER_COPY)) != set()
    assert tells(published, disclose(counts, FUNDER_COPY, readers=[[published]])) == set()


def test_a_second_part_is_withheld_where_the_total_would_give_the_small_one_away() -> None:
    release = disclose(breakdown(40, a=3, b=25, c=12, d=0), FUNDER_COPY)
    assert texts(release) == {"all": "40", "a": "fewer than 5", "b": "25", "c": "..", "d": "0"}


def test_a_breakdown_without_a_second_part_that_would_do_is_withheld_and_its_total_stays() -> None:
    release = disclose(breakdown(2, a=2, b=0, c=0), FUNDER_COPY)
    assert texts(release) == {"all": "2", "a": "..", "b": "..", "c": ".."}
    assert tells(release) == set()


def test_a_part_withheld_alone_is_known_to_be_neither_zero_nor_small() -> None:
    """1 and 5 of 6: were 5 withheld alone, it could only be 5, since less would read 0 or fewer than 5."""
    assert texts(disclose(breakdown(6, a=1, b=5), FUNDER_COPY)) == {"all": "6", "a": "..", "b": ".."}


def column(*awards: dict[str, int]) -> Counts:
    """Awards, each told apart, and the columns over all of them."""
    counts, sums = [], []
    for number, parts in enumerate(awards):
        counts += [Count(f"{number}", sum(parts.values()))]
        counts += [Count(f"{number}/{key}", value, sensitive=True) for key, value in parts.items()]
        sums += [Sum(f"{number}", tuple(f"{number}/{key}" for key in parts))]
    keys = awards[0]
    counts += [Count(f"all/{key}", sum(award[key] for award in awards), sensitive=True) for key in keys]
    counts += [Count("all", sum(sum(award.values()) for award in awards))]
    sums += [Sum(f"all/{key}", tuple(f"{number}/{key}" for number in range(len(awards)))) for key in keys]
    sums += [Sum("all", tuple(f"all/{key}" for key in keys)), Sum("all", tuple(map(str, range(len(awards)))))]
    return Counts(counts, sums)


def test_a_column_over_awards_does_not_give_away_the_one_suppressed_part() -> None:
    counts = column({"a": 3, "b": 20, "c": 10}, {"a": 30, "b": 40, "c": 50}, {"a": 60, "b": 11, "c": 12})
    release = disclose(counts, FUNDER_COPY)
    shown = texts(release)
    assert shown["0/a"] == "fewer than 5"
    withheld = sorted(key for key, text in shown.items() if text == "..")
    assert withheld == ["0/c", "2/a", "2/c"], "a rectangle, the cheapest: a part in its row, and both in another row"
    assert {key: shown[key] for key in ("0", "1", "2", "all")} == {"0": "33", "1": "120", "2": "83", "all": "236"}


def test_overlapping_characteristics_that_fill_a_small_total_are_withheld_together() -> None:
    counts = Counts(
        [Count("all", 1), Count("disabled", 1, sensitive=True), Count("in care", 0, sensitive=True)],
        overlaps=[Overlap("all", ("disabled", "in care"))],
    )
    assert texts(disclose(counts, FUNDER_COPY)) == {"all": "1", "disabled": "..", "in care": ".."}
    counts = Counts(
        [Count("all", 6), Count("disabled", 4, sensitive=True), Count("in care", 3, sensitive=True)],
        overlaps=[Overlap("all", ("disabled", "in care"))],
    )
    assert texts(disclose(counts, FUNDER_COPY)) == {"all": "6", "disabled": "fewer than 5", "in care": "fewer than 5"}


def test_a_total_is_withheld_only_where_nothing_else_helps() -> None:
    counts = Counts(
        [Count("all", 1), Count("disabled", 1, sensitive=True)],
        overlaps=[Overlap("all", ("disabled",))],
    )
    assert texts(disclose(counts, FUNDER_COPY)) == {"all": "..", "disabled": "fewer than 5"}


def test_what_earlier_documents_give_away_is_said() -> None:
    first = disclose(Counts([Count("all", 9), Count("others", 7)]), FUNDER_COPY)
    counts = Counts(
        [Count("all", 9), Count("others", 7), Count("a", 2, sensitive=True)], sums=[Sum("all", ("others", "a"))]
    )
    assert disclose(counts, FUNDER_COPY, readers=[[first]]).given_away == ("a",)
    assert disclose(counts, FUNDER_COPY).given_away == ()


def test_a_corrected_number_is_another_number() -> None:
    first = disclose(breakdown(19, a=3, b=2, c=14), FUNDER_COPY)
    second = disclose(breakdown(20, a=3, b=2, c=15), FUNDER_COPY, readers=[[first]])
    assert second.given_away == ()
    assert texts(second) == {"all": "20", "a": "fewer than 5", "b": "fewer than 5", "c": "15"}


@pytest.mark.parametrize(
    ("value", "text", "low", "high"),
    [(0, "0", 0, 2), (2, "0", 0, 2), (3, "5", 3, 7), (7, "5", 3, 7), (8, "10", 8, 12), (1203, "1,205", 1203, 1207)],
)
def test_a_publication_rounds_to_the_nearest_five(value: int, text: str, low: int, high: int) -> None:
    reading = disclose(Counts([Count("all", value)]), PUBLICATION).readings["all"]
    assert (reading.text, reading.low, reading.high) == (text, low, high)


@pytest.mark.parametrize(
    ("people", "percentage", "average"),
    [(7, "..", ".."), (8, "..", "20.0"), (22, "..", "10.0"), (23, "20.0%", "8.0"), (0, "..", "..")],
)
def test_a_publication_withholds_percentages_and_averages_of_few(people: int, percentage: str, average: str) -> None:
    counts = Counts(
        [Count("all", people), Count("part", min(people, 5))],
        percentages=[Percentage("share", "part", "all")],
        averages=[Average("hours", Decimal(200), "all")],
    )
    assert disclose(counts, PUBLICATION).ratios == {"share": percentage, "hours": average}


def test_a_ratio_of_a_withheld_number_is_withheld() -> None:
    counts = Counts(
        [Count("all", 50), Count("a", 3, sensitive=True), Count("b", 47, sensitive=True)],
        sums=[Sum("all", ("a", "b"))],
        percentages=[Percentage("of a", "a", "all"), Percentage("of b", "b", "all")],
        averages=[Average("cost", Decimal("1234.5"), "all", places=2), Average("cost of a", Decimal(10), "a")],
    )
    assert disclose(counts, FUNDER_COPY).ratios == {"of a": "..", "of b": "..", "cost": "24.69", "cost of a": ".."}


def test_a_profile_says_itself() -> None:
    assert str(FUNDER_COPY).startswith("Funder copy, version 1: Totals are exact.")
    assert str(PUBLICATION).startswith("Publication, version 1: Counts of people are rounded to the nearest 5")


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"counts": [Count("a", 1), Count("a", 2)]}, "Used for more than one number: a."),
        ({"counts": [Count("a", -1)]}, "A number of people is never negative: a."),
        ({"counts": [Count("a", 1)], "sums": [Sum("a", ("b",))]}, "Not among the counts: b."),
        (
            {"counts": [Count("a", 3), Count("b", 2)], "sums": [Sum("a", ("b",))]},
            "The parts of a add up to 2, not to 3.",
        ),
        (
            {"counts": [Count("a", 1), Count("b", 2)], "overlaps": [Overlap("a", ("b",))]},
            "More than a, of which it is a part: b.",
        ),
    ],
)
def test_counts_that_do_not_fit_are_refused(given: dict, fault: str) -> None:
    with pytest.raises(ValueError, match=fault.replace(".", r"\.")):
        Counts(**given)
