"""How counts of people are shown to one kind of audience. A profile is named and versioned: a document says which it follows."""

from dataclasses import dataclass
from decimal import Decimal

from reporting.disclosure.counts import Count

WITHHELD = ".."


@dataclass(frozen=True)
class Reading:
    """What is shown of a number of people, and what a reader concludes at once: that it is from low to high."""

    text: str
    low: int
    high: int | None
    """None where there is no limit."""
    value: int | None = None
    """The number as shown, for what is worked out from it; None where no number is shown."""

    def allows(self, value: int) -> bool:
        """Whether the number may be this one, for all that the text says."""
        return self.low <= value and (self.high is None or value <= self.high)


@dataclass(frozen=True)
class Profile:
    """The rules for one kind of audience, and the sentence in which a document tells them."""

    name: str
    version: int
    sentence: str
    step: int
    """Counts are rounded to the nearest multiple, halves up; 1 leaves them exact."""
    small: int
    """The largest count that is hidden behind "fewer than" where it is sensitive; 0 hides none. A zero is never small."""
    fewest_for_percentage: Decimal
    """A percentage of fewer people than this is withheld."""
    too_few_for_average: int
    """An average over this many people or fewer is withheld."""

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}: {self.sentence}"

    def is_small(self, count: Count) -> bool:
        """Whether it reads "fewer than"."""
        return count.sensitive and 1 <= count.value <= self.small

    def keeps(self, count: Count) -> bool:
        """Whether the reader is not to know the exact number."""
        return self.is_small(count) or self.rounded(count.value) != count.value

    def rounded(self, value: int) -> int:
        """To the nearest multiple of the step, halves up."""
        return (2 * value + self.step) // (2 * self.step) * self.step

    def reading(self, count: Count) -> Reading:
        """What is shown of a count where nothing forbids it."""
        if not count.printed:
            return Reading(WITHHELD, 0, None)
        if self.is_small(count):
            return Reading(f"fewer than {self.small + 1}", 1, self.small)
        shown = self.rounded(count.value)
        below, above = self.step // 2, (self.step - 1) // 2
        return Reading(f"{shown:,}", max(shown - below, 0), shown + above, shown)

    def withheld_alone(self, count: Count) -> Reading | None:
        """What is shown of a count that is withheld while others beside it stay; None where that would be no secret.

        A small sensitive count reads "fewer than" and a zero reads 0 beside others, so a reader knows that a sensitive count
        that reads ".." beside them is neither.
        """
        if not (count.sensitive and self.small):
            return self.withheld_together()
        return Reading(WITHHELD, self.small + 1, None) if count.value > self.small else None

    def withheld_together(self) -> Reading:
        """What is shown of each part where all parts of a whole are withheld."""
        return Reading(WITHHELD, 0, None)

    def percentage(self, part: Reading, whole: Reading) -> str:
        """A percentage of two numbers as shown, to one decimal."""
        if part.value is None or not whole.value or whole.value < self.fewest_for_percentage:
            return WITHHELD
        return f"{Decimal(100 * part.value) / whole.value:.1f}%"

    def average(self, amount: Decimal, people: Reading, places: int) -> str:
        """An amount for each of a number of people as shown."""
        if not people.value or people.value <= self.too_few_for_average:
            return WITHHELD
        return f"{amount / people.value:,.{places}f}"


FUNDER_COPY = Profile(
    name="Funder copy",
    version=1,
    sentence=(
        "Totals are exact. In breakdowns of sensitive characteristics a count of 1 to 4 reads “fewer than 5”. Where other"
        " numbers would give it away, another count, or all counts of the breakdown, read “..”. Otherwise a true zero reads 0."
        " Percentages and averages are worked out from the numbers as shown. Money is exact."
    ),
    step=1,
    small=4,
    fewest_for_percentage=Decimal(0),
    too_few_for_average=0,
)
"""For monitoring, under agreement."""

PUBLICATION = Profile(
    name="Publication",
    version=1,
    sentence=(
        "Counts of people are rounded to the nearest 5 (0, 1 and 2 become 0), totals on their own, so parts may not add up"
        " to them. Percentages and averages are worked out from the rounded numbers; a percentage of fewer than 22.5 people"
        " and an average of 7 or fewer read “..”, and so does a count that would give another away. Money is exact."
    ),
    step=5,
    small=0,
    fewest_for_percentage=Decimal("22.5"),
    too_few_for_average=7,
)
"""For anything public: HESA, "Rounding and suppression to anonymise statistics" (the HESA Services Standard Rounding
Methodology). Its limits of 22.5 and 7 people fall between two multiples of 5, so that they are kept by the number as shown.
"""
