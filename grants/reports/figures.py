"""A report in numbers: each target and each budget line, with what was reported before, in this period, and to date.

Before means the approved reports of earlier milestones. This period comes from a report's content as plain data
(`record.content_of`, or a Version's), so that a reader sees the version that was sent and its writer what is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery, Sum

from grants.programmes.models import Indicator, Programme, Size
from grants.reports.models import Report, Result, ResultPart, Spend
from grants.reports.of_whom import PART_COLUMNS, Earlier, OfWhom, earlier_parts, told_apart
from grants.reports.record import of_whom_in, results_in, spend_in
from grants.reports.spending import wants_explanation

Content = Mapping[str, Any]


def shown(number: Decimal) -> str:
    """1,250 or 14.5: no noughts that say nothing."""
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number.normalize():,f}"


def per_cent(numerator: Decimal, denominator: Decimal) -> Decimal:
    """The ratio in per cent, to two decimals."""
    return (numerator * 100 / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Amount:
    """A number that is known; a ratio keeps its two parts."""

    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    def __str__(self) -> str:
        return shown(self.value)

    @property
    def parts(self) -> str:
        """60 of 80, of a ratio whose parts are known."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{shown(self.numerator)} of {shown(self.denominator)}"


@dataclass(frozen=True)
class Given:
    """What a report says of one indicator: a status, and a number where the status has one."""

    status: str
    amount: Amount | None = None
    awaited_from: str = ""
    awaited_by: date | None = None
    source: str = ""
    odd: str = ""
    confirmed: bool = False

    @classmethod
    def read(cls, row: Content) -> "Given":
        """From a row of a report's content."""
        numerator, denominator = row["numerator"], row["denominator"]
        value = None if row["value"] is None else Decimal(row["value"])
        return cls(
            row["status"],
            None
            if value is None
            else Amount(value, *(None if part is None else Decimal(part) for part in (numerator, denominator))),
            row["awaited_from"],
            date.fromisoformat(row["awaited_by"]) if row["awaited_by"] else None,
            row["source"],
            row.get("odd", ""),
            row.get("confirmed", False),
        )

    @property
    def label(self) -> str:
        """The status in words."""
        return str(Result.Status(self.status).label)

    @property
    def is_awaited(self) -> bool:
        """Whether the number is still to come."""
        return self.status == Result.Status.AWAITED


@dataclass(frozen=True)
class Figure:
    """One indicator of a report."""

    indicator: Indicator
    target: Amount | None
    before: Amount | None
    given: Given | None
    to_date: Amount | None
    of_whom: Sequence[OfWhom] = field(default_factory=list)

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.target is not None and self.to_date is not None and self.to_date.value >= self.target.value

    @property
    def now(self) -> Amount | None:
        """The number of this period."""
        return self.given.amount if self.given else None


def that_count(indicator: Indicator, amounts: Sequence[Amount]) -> Sequence[Amount]:
    """Of the amounts of several periods, the earliest first, those that make up the figure by the rule over time: all of
    them, or the latest alone.

    Ratios are added by their parts. Where a part is not known they cannot be, and the latest counts.
    """
    parts_known = all(amount.numerator is not None and amount.denominator for amount in amounts)
    if indicator.over_time == Indicator.OverTime.LATEST or (indicator.is_ratio and not parts_known):
        return amounts[-1:]
    return amounts


def add_up(indicator: Indicator, amounts: Sequence[Amount]) -> Amount | None:
    """What several periods, the earliest first, amount to by the indicator's rule over time; None where there are none."""
    counted = that_count(indicator, amounts)
    if len(counted) < 2:
        return counted[0] if counted else None
    if not indicator.is_ratio:
        return Amount(sum((amount.value for amount in counted), Decimal(0)))
    numerator = sum((amount.numerator or Decimal(0) for amount in counted), Decimal(0))
    denominator = sum((amount.denominator or Decimal(0) for amount in counted), Decimal(0))
    return Amount(per_cent(numerator, denominator), numerator, denominator)


def figures_of(report: Report, content: Content | None = None) -> list[Figure]:
    """A figure for each target of the award, and for whatever else the report gives, in the programme's order."""
    asked_of_whom = of_whom_in(report) if content is None else {}
    results = results_in(report, asked_of_whom) if content is None else content["results"]
    given = {row["indicator"]: Given.read(row) for row in results}
    told = {row["indicator"]: row.get("of_whom", []) for row in results} | asked_of_whom
    programme = Programme.objects.filter(strands=report.award.strand_id)
    earlier = _reported_before(report)
    parts_before = _parts_before(report) if any(told.values()) else {}
    own_target = FilteredRelation("targets", condition=Q(targets__award=report.award))
    asked = Indicator.objects.annotate(promised=own_target, target=F("promised__value")).filter(
        Q(promised__isnull=False) | Q(programme__in=programme, code__in=given)
    )
    figures = []
    for indicator in asked:
        numbers, now = earlier[indicator.pk], given.get(indicator.code)
        before = [amount for _, amount in numbers]
        this = [now.amount] if now and now.amount else []
        was, to_date = add_up(indicator, before), add_up(indicator, [*before, *this])
        known = zip(("before", "now", "to_date"), (was, now.amount if now else None, to_date), strict=True)
        figures.append(
            Figure(
                indicator,
                None if indicator.target is None else Amount(indicator.target),
                was,
                now,
                to_date,
                told_apart(
                    indicator,
                    told.get(indicator.code, []),
                    parts_before.get(indicator.pk, {}),
                    {name: amount.value if amount else None for name, amount in known},
                    numbers[-1][0] if numbers else None,
                ),
            )
        )
    return figures


def _reported_before(report: Report) -> dict[int, list[tuple[int, Amount]]]:
    """By indicator, the known numbers of the award's approved reports of earlier milestones, each with the milestone's
    number, the earliest first.
    """
    rows = _earlier(Result.objects.all(), report).filter(status__in=Result.KNOWN)
    amounts: dict[int, list[tuple[int, Amount]]] = defaultdict(list)
    for indicator, milestone, *number in rows.order_by("report__milestone__number").values_list(
        "indicator", "report__milestone__number", "value", "numerator", "denominator"
    ):
        amounts[indicator].append((milestone, Amount(*number)))
    return amounts


def _parts_before(report: Report) -> Earlier:
    """Of whom those numbers consisted."""
    rows = _earlier(ResultPart.objects.all(), report).order_by("report__milestone__number")
    return earlier_parts(rows.values_list(*PART_COLUMNS))


def _earlier(rows: Any, report: Report) -> Any:
    """Those of the rows that belong to an approved report of an earlier milestone of the same award."""
    return rows.filter(
        report__state=Report.State.APPROVED,
        report__milestone__award=report.milestone.award_id,
        report__milestone__number__lt=report.milestone.number,
    )


@dataclass(frozen=True)
class Spent:
    """One budget line of a report, or their total, in pounds. What is not given is None: nothing is added."""

    title: str
    budget: Decimal
    before: Decimal
    now: Decimal | None
    line_id: int | None = None
    forecast: Decimal | None = None
    explanation: str = ""
    explains: bool = False
    """Whether the report is asked for forecasts and explanations: light ones are not."""
    is_last: bool = False
    """Whether this is the final evaluation: nothing is forecast any more."""

    @property
    def to_date(self) -> Decimal:
        """Spent before and in this period."""
        return self.before + (self.now or 0)

    @property
    def asks_forecast(self) -> bool:
        """Whether the report says what the line will come to in all."""
        return self.explains and not self.is_last

    @property
    def over(self) -> Decimal:
        """How much more was spent than the budget has; nought where it was not."""
        return max(self.to_date - self.budget, Decimal(0))

    @property
    def wants_explanation(self) -> bool:
        """Whether the line says why it differs from the budget."""
        whole = self.to_date if self.is_last else self.forecast
        return self.explains and self.now is not None and wants_explanation(self.budget, self.to_date, whole)

    @property
    def left(self) -> Decimal:
        """What the budget has left; below nought where more was spent."""
        return self.budget - self.to_date

    @property
    def part(self) -> int | None:
        """How much of the budget is spent, in whole per cent."""
        return int((self.to_date * 100 / self.budget).quantize(Decimal(1), ROUND_HALF_UP)) if self.budget else None


def spend_of(report: Report, content: Content | None = None) -> list[Spent]:
    """Each budget line of the award, then lines that a version knew and the budget no longer has."""
    written = spend_in(report) if content is None else content["spend"]
    given = {row["line"]: row for row in written}
    before = _earlier(Spend.objects.filter(budget_line=OuterRef("pk")), report).order_by().values("budget_line")
    lines = report.award.budget_lines.annotate(before=Subquery(before.annotate(total=Sum("amount")).values("total")))
    asked: dict[str, Any] = {
        "explains": report.asked_as != Size.LIGHT,
        "is_last": report.milestone.kind == "evaluation",
    }
    rows = [
        Spent(
            line.title,
            line.amount,
            line.before or Decimal(0),
            line_id=line.pk,
            **_said(given.pop(line.title, None)),
            **asked,
        )
        for line in lines
    ]
    gone = (Spent(title, Decimal(row["budget"]), Decimal(0), **_said(row), **asked) for title, row in given.items())
    return [*rows, *gone]


def _said(row: Content | None) -> dict[str, Any]:
    """What a report's content says of a budget line. Versions of before there were forecasts have none."""
    if row is None:
        return {"now": None}
    forecast = row.get("forecast")
    return {
        "now": Decimal(row["amount"]),
        "forecast": None if forecast is None else Decimal(forecast),
        "explanation": row.get("explanation", ""),
    }


def total_of(rows: Iterable[Spent]) -> Spent:
    """All lines together; this period is None where no line is given, the forecast where one is lacking."""
    rows = list(rows)
    given = [row.now for row in rows if row.now is not None]
    forecasts = [row.forecast for row in rows if row.forecast is not None]
    return Spent(
        "Total",
        sum((row.budget for row in rows), Decimal(0)),
        sum((row.before for row in rows), Decimal(0)),
        sum(given, Decimal(0)) if given else None,
        forecast=sum(forecasts, Decimal(0)) if forecasts and len(forecasts) == len(rows) else None,
        explains=any(row.explains for row in rows),
        is_last=any(row.is_last for row in rows),
    )
