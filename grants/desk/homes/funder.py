"""The funder's home: the part of the portfolio that it pays for, and what is coming. Reports are a panel from above."""

from datetime import date
from decimal import Decimal
from typing import Any

from grants.awards.models import Award, Funding, Milestone
from grants.formats import days_left, money
from grants.people.models import Role, User

ENOUGH = 10


def funder(user: User, today: date) -> dict[str, Any]:
    """Everything that the funder's home shows. Days to come only: lateness is for the managing body."""
    own = user.organisations_as(Role.VIEWER)
    fundings = list(
        Funding.objects.visible_to(user)
        .filter(funder__in=own, award__state__in=Award.FROM_OFFER_ON)
        .select_related("funder", "award__organisation", "award__community", "award__strand__programme")
        .order_by("award__strand__programme", "award__reference", "pk")
    )
    live = [funding for funding in fundings if funding.award.state in ("active", "evaluating", "suspended")]
    total = sum((funding.amount for funding in fundings), Decimal(0))
    coming = (
        Milestone.objects.filter(award__in=[funding.award_id for funding in live], settled_at=None, due_on__gte=today)
        .select_related("award__organisation", "award__community")
        .order_by("due_on", "pk")[:ENOUGH]
    )
    return {
        "fundings": fundings,
        "total": total,
        "several": len(own) > 1,
        "figures": [
            {"label": "Awards you fund", "value": len(fundings), "note": f"{len(live)} running now"},
            {"label": "Your part", "value": money(total, pence=False), "note": "all awards together"},
        ],
        "coming": [
            {
                "date": milestone.due_on,
                "title": f"{milestone.award.recipient}: {milestone.name}",
                "hint": f"{milestone.award.reference}. {days_left(milestone.due_on, today).capitalize()}",
            }
            for milestone in coming
        ],
    }
