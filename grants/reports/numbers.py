"""Where a number comes from: an indicator of one award, or over the awards of a programme that somebody sees, with each
contribution to it and the version in which that was approved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any, cast

from django.db.models import BooleanField, Exists, F, Func, Max, OuterRef, Q, QuerySet, Subquery

from grants.awards.models import Award, Target
from grants.awards.models.finding import AwardQuerySet
from grants.formats import date_words, money, plural
from grants.programmes.models import Indicator, Programme
from grants.reports.figures import Amount, Given, add_up, shown, that_count
from grants.reports.models import Report, Result, Version
from grants.reports.totals import Total, totals_of

ACCEPTED = ("active", "evaluating", "suspended", "closed", "terminated")
CORRECTED = 10  # corrections that are told of, the last first


def in_words(indicator: Indicator, amount: Amount | None) -> str:
    """342 people, 75% of those asked, £1,200; empty where nothing is known."""
    if amount is None:
        return ""
    if indicator.measure == Indicator.Measure.MONEY:
        return money(amount.value, pence=False)
    gap = "" if indicator.unit.startswith("%") else " "
    return f"{shown(amount.value)}{gap}{indicator.unit}"


@dataclass(frozen=True)
class Contribution:
    """What one approved report says of the indicator."""

    result: Result
    counts: bool
    """Whether it makes up the number, by the rule over time"""

    @property
    def report(self) -> Report:
        """The report that says so."""
        return self.result.report

    @property
    def version(self) -> Version:
        """The version that was approved."""
        return cast("Version", self.report.approved_version)  # the database holds that an approved report has one

    @property
    def amount(self) -> Amount | None:
        """The number; None where there is none."""
        return amount_of(self.result)


@dataclass(frozen=True)
class Part:
    """What one award contributes: all that its approved reports say of the indicator, the earliest first."""

    award: Award
    said: list[Contribution]

    @classmethod
    def of(cls, award: Award, indicator: Indicator, results: Iterable[Result]) -> "Part":
        """Worked out from the results of its approved reports."""
        rows = list(results)
        known = [row for row in rows if row.status in Result.KNOWN]
        counted = len(that_count(indicator, [amount for row in known if (amount := amount_of(row))]))
        counting = {row.pk for row in known[len(known) - counted :]}
        return cls(award, [Contribution(row, row.pk in counting) for row in rows])

    @property
    def counted(self) -> list[Contribution]:
        """Those that make up the number."""
        return [one for one in self.said if one.counts]

    @property
    def last(self) -> Contribution | None:
        """The last that counts; where none does, the last that says why not."""
        return next(reversed(self.counted or self.said), None)

    @property
    def status(self) -> str:
        """Provisional where one that counts is; what the last says where none counts; empty where nothing is approved."""
        statuses = [one.result.status for one in self.counted]
        if "provisional" in statuses:
            return "provisional"
        return statuses[-1] if statuses else self.last.result.status if self.last else ""

    @property
    def status_word(self) -> str:
        """In words."""
        return str(Result.Status(self.status).label) if self.status else "No figure"

    def amount(self, indicator: Indicator) -> Amount | None:
        """The award's figure to date."""
        return add_up(indicator, [amount for one in self.counted if (amount := one.amount)])


@dataclass(frozen=True)
class Number:
    """An indicator to date, of one award or over many."""

    indicator: Indicator
    award: Award | None
    programme: Programme
    awards: AwardQuerySet
    """Those that the person sees and that are asked for it, or have given it"""
    asked: int
    reported: int
    value: Amount | None
    target: Amount | None
    until: date | None
    """The end of the latest period that counts"""

    @property
    def words(self) -> str:
        """342 people."""
        return in_words(self.indicator, self.value)

    @property
    def is_added(self) -> bool:
        """Whether awards are added at all."""
        return self.indicator.across == Indicator.Across.SUM

    @property
    def sentence(self) -> str:
        """How the number is made, and what is to be known of it."""
        each = (
            "Counts of every approved period, added"
            if self.indicator.over_time == "sum"
            else "The latest approved count"
        )
        if self.indicator.is_ratio:
            each = "Worked out from the approved numbers behind it"
        if self.award is not None:
            return f"{each}." if self.reported else "No approved report gives a figure yet."
        parts = [f"{each}, of {self.reported:,} of {plural(self.asked, 'award')}"]
        if missing := self.asked - self.reported:
            parts.append(f"{missing:,} {'has' if missing == 1 else 'have'} no approved figure")
        if not self.is_added:
            parts.append("awards are not added for this indicator: each has its own figure")
        elif self.indicator.measure == Indicator.Measure.PEOPLE:
            parts.append("may count a person more than once")
        return f"{'; '.join(parts)}."

    @property
    def over_time(self) -> str:
        """The rule over time, in words."""
        latest = self.indicator.over_time == Indicator.OverTime.LATEST
        return "The latest cumulative count" if latest else "Each period is added"

    @property
    def across(self) -> str:
        """The rule across awards, in words."""
        if not self.is_added:
            return "Awards are not added"
        people = self.indicator.measure == Indicator.Measure.PEOPLE
        return "Awards are added. A person in two awards counts twice" if people else "Awards are added"

    def cite(self, counted: Iterable[Contribution], today: date) -> str:
        """The number with where it stands, to be copied."""
        if self.value is None:
            return ""
        to = f" to {date_words(self.until)}" if self.until else ""
        what = f"{self.indicator.title}: {self.words}{to}."
        if self.award is None:
            of = f"{self.reported:,} of {plural(self.asked, 'award')}"
            return f"{what} {self.programme}, {of}, as at {date_words(today)}. Exemplar."
        behind = "; ".join(
            f"{one.report.milestone.name}, version {one.version.number}, approved {date_words(one.report.approved_at)}"
            f" (SHA-256 {one.version.sha256[:12]})"
            for one in counted
            if one.report.approved_at
        )
        return f"{what} {self.award.recipient}, {self.award.reference}: {behind}. Exemplar."


def of_award(award: Award, indicator: Indicator) -> tuple[Number, Part]:
    """An indicator of one award, with what its approved reports say."""
    alone = Award.objects.filter(pk=award.pk)
    part = Part.of(award, indicator, results_of(indicator, alone))
    target = award.targets.filter(indicator=indicator).values_list("value", flat=True).first()
    counted = part.counted
    number = Number(
        indicator, award, indicator.programme, alone, 1, int(bool(counted)), part.amount(indicator),
        None if target is None else Amount(target),
        max((one.report.milestone.period_end for one in counted), default=None),
    )  # fmt: skip
    return number, part


def of_programme(programme: Programme, indicator: Indicator, seen: AwardQuerySet) -> Number:
    """An indicator over the awards of its programme that somebody sees. A fixed number of queries."""
    accepted = seen.filter(strand__programme=programme, state__in=ACCEPTED)
    given = approved(indicator).filter(report__milestone__award=OuterRef("pk"), status__in=Result.KNOWN)
    promised = Target.objects.filter(award=OuterRef("pk"), indicator=indicator)
    awards = accepted.filter(Q(Exists(given)) | Q(Exists(promised)))
    total: Total | None = next(iter(totals_of(programme, accepted, indicator)), None)
    known = approved(indicator).filter(
        status__in=Result.KNOWN, report__milestone__award__in=accepted.order_by().values("pk")
    )
    until = known.aggregate(last=Max("report__milestone__period_end"))["last"]
    return Number(
        indicator, None, programme, awards, awards.count(), total.reported if total else 0,
        total.to_date if total else None, Amount(total.target) if total and total.target is not None else None, until,
    )  # fmt: skip


def parts_of(indicator: Indicator, awards: Iterable[Award]) -> list[Part]:
    """What each of the awards contributes. One query."""
    rows = list(awards)
    results: dict[int, list[Result]] = {}
    for result in results_of(indicator, Award.objects.filter(pk__in=[award.pk for award in rows])):
        results.setdefault(result.report.milestone.award_id, []).append(result)
    return [Part.of(award, indicator, results.get(award.pk, [])) for award in rows]


def every_part(indicator: Indicator, awards: AwardQuerySet) -> Iterator[Part]:
    """What each award contributes that has an approved figure, with the content of its versions: read piece by piece."""
    rows = results_of(indicator, awards).defer(None).filter(status__in=Result.KNOWN).iterator(chunk_size=200)
    for award, results in groupby(rows, key=lambda row: row.report.milestone.award):
        yield Part.of(award, indicator, results)


def approved(indicator: Indicator) -> QuerySet[Result]:
    """What approved reports say of an indicator."""
    return Result.objects.filter(indicator=indicator, report__state=Report.State.APPROVED)


def results_of(indicator: Indicator, awards: QuerySet[Award]) -> QuerySet[Result]:
    """What their approved reports say of an indicator, the earliest first."""
    award = "report__milestone__award"
    return (
        approved(indicator)
        .filter(**{f"{award}__in": awards.order_by().values("pk")})
        .select_related(
            "report__approved_version",
            f"{award}__strand__managing_body",
            f"{award}__organisation",
            f"{award}__community",
        )
        .defer("report__approved_version__canonical")
        .order_by(f"{award}__reference", "report__milestone__number")
    )


def amount_of(result: Result) -> Amount | None:
    """The number of a result; None where it has none."""
    if result.value is None:
        return None
    return Amount(result.value, result.numerator, result.denominator)


@dataclass(frozen=True)
class Corrected:
    """A figure that a correction changed."""

    report: Report
    was: str
    now: str

    @property
    def at(self) -> datetime | None:
        """When the correction was approved."""
        return self.report.approved_at


class _Differs(Func):
    """Whether two values differ, of which either may be NULL."""

    template = "(%(expressions)s)"
    arg_joiner = " IS DISTINCT FROM "
    output_field = BooleanField()


def corrections_of(number: Number) -> list[Corrected]:
    """The approved corrections that changed a figure behind the number, the last first."""
    old = Result.objects.filter(report=OuterRef("report__corrects"), indicator=OuterRef("indicator"))
    fields = ("status", "value", "numerator", "denominator")
    award = "report__milestone__award"
    rows: Any = (
        Result.objects.filter(
            indicator=number.indicator,
            report__corrects__isnull=False,
            report__state__in=[Report.State.APPROVED, Report.State.SUPERSEDED],
            **{f"{award}__in": number.awards.order_by().values("pk")},
        )
        .annotate(**{f"was_{name}": Subquery(old.values(name)[:1]) for name in fields})
        .alias(**{f"changed_{name}": _Differs(F(name), F(f"was_{name}")) for name in fields})
        .filter(reduce(or_, (Q((f"changed_{name}", True)) for name in fields)))
        .select_related(
            "report__approved_version",
            f"{award}__strand__managing_body",
            f"{award}__organisation",
            f"{award}__community",
        )
        .defer("report__approved_version__canonical")
        .order_by("-report__approved_at", "-pk")
    )
    return [
        Corrected(
            row.report,
            _said(row.was_status, row.was_value, row.was_numerator, row.was_denominator),
            _said(row.status, row.value, row.numerator, row.denominator),
        )
        for row in rows[:CORRECTED]
    ]


def _said(status: str | None, value: Any, numerator: Any, denominator: Any) -> str:
    """331, 331 provisional, 75 (60 of 80), awaited; nothing."""
    if status is None:
        return "nothing"
    label = Given(status).label.lower()
    if value is None:
        return label
    words = shown(value) if denominator is None else f"{shown(value)} ({shown(numerator)} of {shown(denominator)})"
    return words if status == Result.Status.FINAL else f"{words} {label}"
