"""What indicators amount to over many awards, worked out by the database from approved reports alone.

The rules are those of a single award (`figures.that_count`) and of a funder report: each award's figure by the rule over
time, then the awards added, or not, by the rule across them. People may be counted by more than one award.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from grants.awards.models import Award, Target
from grants.programmes.models import Indicator, Programme
from grants.reports.figures import Amount, add_up, per_cent
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
    """Every indicator of the programme that one of the awards has a target for, in its order; or `only` one. Two queries
    (three where a ratio has gaps).
    """
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
    known = _known(indicators, awards)
    reached = {row["indicator"]: row for row in _reached(known)}
    _fill_gaps([one for one in indicators if one.is_ratio and one.over_time == "sum"], known, reached)
    return [_total(indicator, reached.get(indicator.pk)) for indicator in indicators]


def _known(indicators: Iterable[Indicator], awards: QuerySet[Award]) -> QuerySet[Result]:
    """Every number that an approved report gives."""
    return Result.objects.filter(
        indicator__in=[indicator.pk for indicator in indicators],
        status__in=Result.KNOWN,
        report__state=Report.State.APPROVED,
        report__milestone__award__in=awards.order_by().values("pk"),
    )


def _reached(known: QuerySet[Result]) -> Iterable[Any]:
    """A row an indicator: the sums of the results that count, and how many of them do not know their parts."""
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


def _fill_gaps(added: Iterable[Indicator], known: QuerySet[Result], reached: dict[int, dict[str, Any]]) -> None:
    """Of ratios whose periods are added: where an award does not know the parts of each, its latest counts alone. That is
    seldom, and takes a query more.
    """
    gaps = {one.pk: one for one in added if one.pk in reached and reached[one.pk]["without_parts"]}
    if not gaps:
        return
    rows = known.filter(indicator__in=gaps).order_by(
        "indicator_id", "report__milestone__award", "report__milestone__number"
    )
    values: Iterable[Any] = rows.values_list(
        "indicator", "report__milestone__award", "value", "numerator", "denominator"
    )
    for pk, of_indicator in groupby(values, key=itemgetter(0)):
        by_award = groupby(of_indicator, key=itemgetter(1))
        amounts = [add_up(gaps[pk], [Amount(*row[2:]) for row in given]) for _, given in by_award]
        found = [amount for amount in amounts if amount is not None]
        reached[pk] |= {
            "tops": sum((amount.numerator or Decimal(0) for amount in found), Decimal(0)),
            "bottoms": sum((amount.denominator or Decimal(0) for amount in found), Decimal(0)),
            "without_parts": sum(not amount.denominator for amount in found),
        }


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
