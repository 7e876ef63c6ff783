"""What indicators amount to over many awards, worked out by the database from approved reports alone.

The rules are those of a single award (`figures.that_count`) and of a funder report: each award's figure by the rule over
time, then the awards added, or not, by the rule across them. People may be counted by more than one award.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from grants.awards.models import Award, Target
from grants.programmes.models import Indicator, Programme
from grants.reports.figures import Amount, per_cent
from grants.reports.models import Report, Result


@dataclass(frozen=True)
class Total:
    """An indicator over the awards of a programme."""

    indicator: Indicator
    awards: int
    """How many have a target for it"""
    reported: int
    """How many have an approved figure"""
    target: Decimal | None
    """The targets added; of a ratio the one that all share"""
    to_date: Amount | None
    """None where nothing is approved, or awards are not added"""

    @property
    def part(self) -> Decimal | None:
        """Reached of the target, such as 0.82; None where one of the two is not known."""
        return self.to_date.value / self.target if self.to_date and self.target else None

    @property
    def may_count_twice(self) -> bool:
        """Whether a person may be in it more than once: people added over awards, or over periods."""
        added = self.reported > 1 or self.indicator.over_time == Indicator.OverTime.SUM
        return self.to_date is not None and self.indicator.measure == Indicator.Measure.PEOPLE and added


def totals_of(programme: Programme, awards: QuerySet[Award], only: Indicator | None = None) -> list[Total]:
    """Every indicator of the programme that one of the awards has a target for, in its order; or `only` one. Two queries."""
    targets = Target.objects.order_by().filter(indicator=OuterRef("pk"), award__in=awards.order_by().values("pk"))
    promised = targets.values("indicator")
    indicators = programme.indicators.annotate(
        awards=Coalesce(Subquery(promised.annotate(n=Count("pk")).values("n")), 0),
        target=Subquery(promised.annotate(total=Sum("value")).values("total")),
        different=Subquery(promised.annotate(n=Count("value", distinct=True)).values("n")),
        same=Subquery(targets.values("value")[:1]),
    ).filter(awards__gt=0)
    if only is not None:
        indicators = indicators.filter(pk=only.pk)
    reached = {row["indicator"]: row for row in _reached(indicators, awards)}
    return [_total(indicator, reached.get(indicator.pk)) for indicator in indicators]


def _reached(indicators: QuerySet[Any], awards: QuerySet[Award]) -> Iterable[Any]:
    """A row an indicator: the sums of the results that count, and how many of them know their parts."""
    known = Result.objects.filter(
        indicator__in=[indicator.pk for indicator in indicators],
        status__in=Result.KNOWN,
        report__state=Report.State.APPROVED,
        report__milestone__award__in=awards.order_by().values("pk"),
    )
    latest = known.filter(indicator__over_time=Indicator.OverTime.LATEST).order_by(
        "indicator_id", "report__milestone__award_id", "-report__milestone__number"
    )
    latest = latest.distinct("indicator_id", "report__milestone__award_id")
    every = Q(indicator__over_time=Indicator.OverTime.SUM)
    return (
        known.order_by()
        .filter(every | Q(pk__in=latest.values("pk")))
        .values("indicator")
        .annotate(
            reported=Count("report__milestone__award", distinct=True),
            total=Sum("value"),
            tops=Sum("numerator"),
            bottoms=Sum("denominator"),
            without_parts=Count("pk", filter=Q(denominator=None)),
        )
    )


def _total(indicator: Any, reached: dict[str, Any] | None) -> Total:
    added = indicator.across == Indicator.Across.SUM
    target, to_date = indicator.target if added else None, None
    if indicator.is_ratio:
        target = indicator.same if added and indicator.different == 1 else None
    if reached and added:
        to_date = _amount(indicator, reached)
    return Total(indicator, indicator.awards, reached["reported"] if reached else 0, target, to_date)


def _amount(indicator: Indicator, reached: dict[str, Any]) -> Amount | None:
    """The awards' figures added. Ratios are added by their parts; where one is not known they are not."""
    if not indicator.is_ratio:
        return Amount(reached["total"])
    if reached["without_parts"] or not reached["bottoms"]:
        return None
    numerator, denominator = reached["tops"], reached["bottoms"]
    return Amount(per_cent(numerator, denominator), numerator, denominator)
