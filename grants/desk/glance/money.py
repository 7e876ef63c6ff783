"""The money of an award: awarded, paid, released, to come; its budget, and what is spent of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery, Sum

from grants.awards.models import Award, BudgetLine, Funding, Target, Tranche
from grants.desk.milestones import Standing
from grants.formats import money
from grants.reports.figures import Amount, add_up, shown
from grants.reports.models import Report, Result, Spend

NOUGHT = Decimal(0)


def spent_lines() -> QuerySet[BudgetLine]:
    """Budget lines, each with what approved reports say was spent on it."""
    spend = Spend.objects.filter(budget_line=OuterRef("pk"), report__state=Report.State.APPROVED).order_by()
    total = spend.values("budget_line").annotate(total=Sum("amount")).values("total")
    return BudgetLine.objects.annotate(spent=Subquery(total))


def reached_targets() -> QuerySet[Target]:
    """Targets, each with the numbers that approved reports give of it, the earliest first."""
    results = Result.objects.filter(
        report__milestone__award=OuterRef("award"),
        report__state=Report.State.APPROVED,
        indicator=OuterRef("indicator"),
        status__in=Result.KNOWN,
    ).order_by("report__milestone__number")
    parts = {name: ArraySubquery(results.values(name)) for name in ("value", "numerator", "denominator")}
    return Target.objects.select_related("indicator").annotate(**{f"{name}s": part for name, part in parts.items()})


def funded() -> dict[str, ArraySubquery]:
    """Annotations of an award: its funders, and what each pays."""
    fundings = Funding.objects.filter(award=OuterRef("pk"))
    return {
        "funders": ArraySubquery(fundings.values("funder__name")),
        "funded": ArraySubquery(fundings.values("amount")),
    }


@dataclass(frozen=True)
class Line:
    """A budget line, or all of them together."""

    title: str
    budget: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """What is left; below nought where more was spent."""
        return self.budget - self.spent


def budget_of(award: Award) -> tuple[list[Line], Line]:
    """The budget with what was spent, and its sum."""
    rows: list[Any] = list(award.budget_lines.all())
    lines = [Line(row.title, row.amount, row.spent or NOUGHT) for row in rows]
    total = Line("All lines", sum((one.budget for one in lines), NOUGHT), sum((one.spent for one in lines), NOUGHT))
    return lines, total


def targets_of(award: Award) -> list[dict[str, Any]]:
    """What was promised, and what is reached of it so far by the indicator's rule over time."""
    rows: list[Any] = list(award.targets.all())
    found = []
    for row in rows:
        amounts = [Amount(*parts) for parts in zip(row.values, row.numerators, row.denominators, strict=True)]
        reached = add_up(row.indicator, amounts)
        found.append({"indicator": row.indicator, "target": shown(row.value), "reached": reached})
    return found


def last_approved(stand: list[Standing]) -> Standing | None:
    """The last milestone whose report was approved."""
    return next((one for one in reversed(stand) if one.state == "approved" and one.report is not None), None)


def money_of(award: Award, tranches: list[Tranche]) -> list[dict[str, Any]]:
    """The key figures of an award that was offered."""
    sums = {state: _sum(tranches, state) for state in ("paid", "released", "scheduled", "held", "cancelled")}
    held = f"{money(sums['held'], pence=False)} of it is held" if sums["held"] else "as reports are approved"
    to_come = sums["scheduled"] + sums["held"]
    amount = award.amount or NOUGHT
    paid = f"{100 * sums['paid'] / amount:.0f}% of the award" if amount and sums["paid"] else ""
    figures = [
        ("Offered" if award.state == "offered" else "Awarded", amount, ""),
        ("Paid", sums["paid"], paid),
        ("Released", sums["released"], "to be paid now" if sums["released"] else ""),
        ("To come", to_come, held if to_come else ""),
    ]
    if sums["cancelled"]:
        figures.append(("Cancelled", sums["cancelled"], "will not be paid"))
    return [{"label": label, "value": money(value, pence=False), "note": note} for label, value, note in figures]


def _sum(tranches: list[Tranche], state: str) -> Decimal:
    return sum((tranche.amount for tranche in tranches if tranche.state == state), NOUGHT)
