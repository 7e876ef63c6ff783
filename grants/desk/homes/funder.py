"""The funder's home: what it pays for, what is coming, whom to ask. Its reports, and what they say, are a panel from above."""

from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.urls import reverse

from grants.awards.models import Funding, Milestone
from grants.desk.fundings import fundings_of
from grants.desk.homes.visit import Visit
from grants.desk.milestones import LIVE
from grants.formats import days_left, money, plural
from grants.people.models import Membership, Role
from grants.programmes.models import Programme

ROWS, COMING, BODIES, PEOPLE = 8, 6, 3, 2
SOON = timedelta(days=30)


def funder(visit: Visit) -> dict[str, Any]:
    """Everything that the funder's home shows. Days to come only: lateness is for the managing body."""
    own = visit.user.organisations_as(Role.VIEWER)
    seen = fundings_of(visit.user)
    totals = seen.order_by().aggregate(
        number=Count("award", distinct=True),
        running=Count("award", distinct=True, filter=Q(award__state__in=LIVE)),
        total=Sum("amount"),
    )
    return {
        "rows": list(seen.order_by("-pk")[:ROWS]),
        "number": totals["number"],
        "all": {"words": f"See all {plural(totals['number'], 'award')}", "url": reverse("portfolio")},
        "several": len(own) > 1,
        "figures": [
            {"label": "Awards you fund", "value": f"{totals['number']:,}", "url": reverse("portfolio")},
            {"label": "Running now", "value": f"{totals['running']:,}"},
            {"label": "Your part", "value": money(totals["total"] or 0, pence=False), "note": "all awards together"},
        ],
        "coming": _coming(visit, own),
        "bodies": _whom_to_ask(own),
    }


def _coming(visit: Visit, own: list[int]) -> list[dict[str, Any]]:
    """The reports that come next from the awards that it funds."""
    funded = Funding.objects.order_by().filter(award=OuterRef("award"), funder__in=own)
    found = (
        Milestone.objects.filter(Exists(funded), settled_at=None, award__state__in=LIVE, due_on__gte=visit.today)
        .select_related("award__organisation", "award__community")
        .order_by("due_on", "pk")
    )
    return [
        {
            "date": milestone.due_on,
            "title": f"{milestone.award.recipient}: {milestone.name}",
            "hint": f"{milestone.award.reference} {milestone.award.title}. {days_left(milestone.due_on, visit.today).capitalize()}",
        }
        for milestone in found[:COMING]
    ]


def _whom_to_ask(own: list[int]) -> list[dict[str, Any]]:
    """Who approves and reviews at the bodies that manage the programmes, approvers first."""
    pays = Funding.objects.order_by().filter(award__strand__programme=OuterRef("pk"), funder__in=own)
    programmes = Programme.objects.order_by().filter(Q(shares__funder__in=own) | Exists(pays))
    held = (
        Membership.objects.live()
        .filter(organisation__in=programmes.values("managing_body"), role__in=[Role.APPROVER, Role.REVIEWER])
        .filter(person__is_active=True)
        .select_related("person", "organisation")
        .order_by("organisation__name", "role", "person__name")
    )
    found = []
    for body, memberships in groupby(held, key=lambda membership: membership.organisation):
        people = list({membership.person: None for membership in memberships})
        found.append({"body": body, "people": people[:PEOPLE]})
    return found[:BODIES]
