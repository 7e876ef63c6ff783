"""What must be settled before an award can be closed, with what is missing. The guards of the move itself are the award's."""

from decimal import Decimal
from typing import Any

from grants.awards.models import Award
from grants.desk.glance.money import Line
from grants.desk.milestones import SETTLED, Standing
from grants.formats import date_words, money


def closing_checks(award: Award, stand: list[Standing], budget: Line) -> list[dict[str, Any]]:
    """A line for each thing that stands in the way of closing, or no longer does; none before every report is settled."""
    if award.state != "evaluating":
        return []
    return [
        *(_of_milestone(one) for one in stand if one.milestone.kind == "evaluation"),
        _of_payments(award),
        *_unspent(budget),
    ]


def _of_milestone(standing: Standing) -> dict[str, Any]:
    done = standing.state in SETTLED
    return {
        "title": standing.title,
        "url": standing.report.get_absolute_url() if standing.report else "",
        "hint": "" if done else f"Due {date_words(standing.milestone.due_on)}; it must be approved or waived",
        "state": standing.state,
    }


def _of_payments(award: Award) -> dict[str, Any]:
    waiting = [tranche for tranche in award.tranches.all() if tranche.state not in ("paid", "cancelled")]
    named = (f"{one.name}, {money(one.amount, pence=False)}, is {one.get_state_display().lower()}" for one in waiting)
    return {
        "title": "Every payment is made or cancelled",
        "url": "#money",
        "hint": "; ".join(named),
        "state": "in_progress" if waiting else "ready",
    }


def _unspent(budget: Line) -> list[dict[str, Any]]:
    """A fact to be agreed on, and no guard: money that the approved reports do not account for."""
    if budget.left <= Decimal(0) or not budget.spent:
        return []
    left, whole = money(budget.left, pence=False), money(budget.budget, pence=False)
    return [
        {
            "title": f"{left} of {whole} is not spent, as the approved reports say",
            "url": "#money",
            "hint": "",
            "state": "",
        }
    ]
