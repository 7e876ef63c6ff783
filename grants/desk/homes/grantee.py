"""The grantee's home: what is due, each award's milestones, its money, and one button for the next thing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from grants.awards.models import Award
from grants.desk.homes.due import in_order, next_thing, of_application, of_report
from grants.desk.milestones import Standing, payments_in_words, standings, with_milestones
from grants.formats import date_words, money
from grants.people.models import GRANTEE_ROLES, User
from grants.programmes.models import Call
from grants.reports.models import Report

CURRENT = ("offered", "active", "evaluating", "suspended")
APPLIED = ("submitted", "in_review")


@dataclass(frozen=True)
class Shown:
    """One award with its milestones as the home draws it."""

    award: Award
    under: str
    row: list[Standing | dict[str, Any]]


def grantee(user: User, today: date) -> dict[str, Any]:
    """Everything that the grantee's home shows."""
    awards = list(
        Award.objects.visible_to(user)
        .filter(Award.objects.seen_as_grantee(user))
        .named()
        .select_related("call", "manager", "cover")
        .prefetch_related("milestones", *with_milestones(user))
    )
    own = user.organisations_as(*GRANTEE_ROLES)
    reports = (
        Report.objects.visible_to(user)
        .filter(state__in=Report.OPEN, milestone__award__organisation__in=own)
        .named()
        .select_related("section_set")
        .order_by("milestone__due_on", "pk")
    )
    due = in_order(
        [*(of_application(award, user) for award in awards), *(of_report(report, user, today) for report in reports)]
    )
    current = [award for award in awards if award.state in CURRENT]
    return {
        "next": next_thing(due, today),
        "due": due,
        "awards": [_shown(award, today) for award in current],
        "applications": [award for award in awards if award.state in APPLIED],
        "ended": [award for award in awards if award.state in ("closed", "terminated")],
        "refused": [award for award in awards if award.state == "declined"],
        "money": _money(awards),
        "managers": _managers(current),
        "calls": list(Call.objects.open_now().select_related("strand__managing_body")),
        "calls_url": reverse("awards:calls"),
        "payments_url": reverse("money:payments"),
    }


def _shown(award: Award, today: date) -> Shown:
    acceptance = payments_in_words(t for t in award.tranches.all() if t.milestone_id is None)
    if award.state == "offered":
        by = f"Accept by {date_words(award.acceptance_due)}" if award.acceptance_due else ""
        first = {"title": "Offer", "state": "offered", "lines": [by, acceptance]}
    else:
        day = date_words(award.accepted_at) if award.accepted_at else "Before Exemplar"
        first = {"title": "Accepted", "state": "approved", "lines": [day, acceptance]}
    first["lines"] = [line for line in first["lines"] if line]
    paid = _sum(award, "paid")
    amount = money(award.amount or 0, pence=False)
    told = f", of which {money(paid, pence=False)} is paid" if paid else ""
    under = f"{award.strand}, {award.reference}. {amount}{told}"
    return Shown(award, under, [first, *standings(award, today)])


def _money(awards: list[Award]) -> list[dict[str, Any]]:
    """What was awarded, and how far it has come, over the accepted awards."""
    accepted = [award for award in awards if award.state in Award.FROM_OFFER_ON and award.state != "offered"]
    if not accepted:
        return []
    sums = {state: sum((_sum(award, state) for award in accepted), Decimal(0)) for state in ("paid", "released")}
    to_come = sum((_sum(award, "scheduled", "held") for award in accepted), Decimal(0))
    awarded = sum((award.amount or Decimal(0) for award in accepted), Decimal(0))
    return [
        {"label": "Awarded", "value": money(awarded, pence=False)},
        {"label": "Paid", "value": money(sums["paid"], pence=False)},
        {"label": "Released", "value": money(sums["released"], pence=False), "note": "will be paid next"},
        {"label": "To come", "value": money(to_come, pence=False), "note": "when reports are approved"},
    ]


def _sum(award: Award, *states: str) -> Decimal:
    return sum((tranche.amount for tranche in award.tranches.all() if tranche.state in states), Decimal(0))


def _managers(awards: list[Award]) -> list[dict[str, Any]]:
    """The people at the managing body whom a grantee can ring up, each once."""
    found: dict[tuple[Any, Any], dict[str, Any]] = {}
    for award in awards:
        if award.manager:
            key = (award.manager_id, award.cover_id)
            known = found.setdefault(
                key, {"person": award.manager, "cover": award.cover, "body": award.strand.managing_body, "of": []}
            )
            known["of"].append(award.reference)
    return list(found.values())
