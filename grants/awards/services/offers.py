"""The offer: what it promises, who pays it, its acceptance."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from grants.awards import permissions
from grants.awards.models import Award, BudgetLine, Funding, Milestone, Target, Tranche
from grants.awards.services.common import writable
from grants.formats import local_today, split_by_shares
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, advance, write_history
from grants.people.models import User
from grants.programmes.models import Breakdown, Indicator


@dataclass
class Plan:
    """What an offer promises: amount and dates, and the rows that hang on the award."""

    amount: Decimal
    starts: date
    ends: date
    manager: User | None = None
    milestones: Sequence[Mapping[str, Any]] = field(default_factory=list)
    """Rows of number, title, kind, period_start, period_end, opens_on, due_on, promise."""
    tranches: Sequence[Mapping[str, Any]] = field(default_factory=list)
    """Rows of milestone (its number, or None for acceptance) and amount."""
    targets: Sequence[tuple[Indicator, Decimal]] = field(default_factory=list)
    budget: Sequence[tuple[str, Decimal]] = field(default_factory=list)


@transaction.atomic
def save_plan(pk: int, *, by: User, seen: int | None, plan: Plan) -> Award:
    """Set amount, dates, milestones, payments, targets and budget of an application in review, in place of what was set."""
    award = writable(pk, by, seen, ("in_review",), permissions.reviewer_or_approver)
    if award.has_recommendation:
        raise NotNow("The plan was recommended as it stands. Return the application to change it.")
    award.amount, award.starts, award.ends, award.manager = plan.amount, plan.starts, plan.ends, plan.manager
    award.revision += 1
    award.save(update_fields=["amount", "starts", "ends", "manager", "revision"])
    write_plan(award, plan)
    write_history(award, "plan", by=by, sentence="Set the amount, dates, milestones and payments")
    return award


def write_plan(award: Award, plan: Plan) -> None:
    """Put the plan's rows in place of those that the award has. For an award whose reports are not opened yet."""
    for rows in (award.tranches, award.milestones, award.targets, award.budget_lines):
        rows.all().delete()
    milestones = {row["number"]: Milestone.objects.create(award=award, **row) for row in plan.milestones}
    Tranche.objects.bulk_create(
        Tranche(award=award, number=number, amount=row["amount"], milestone=milestones.get(row["milestone"]))
        for number, row in enumerate(plan.tranches, 1)
    )
    ask_breakdowns(
        Target.objects.bulk_create(
            Target(award=award, indicator=indicator, value=value) for indicator, value in plan.targets
        )
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(award=award, title=title, amount=amount, position=position)
        for position, (title, amount) in enumerate(plan.budget)
    )


def ask_breakdowns(targets: Iterable[Target]) -> None:
    """Reports on new targets are asked for every breakdown that their indicators have."""
    new = list(targets)
    asked = defaultdict(list)
    for key, indicator in Breakdown.objects.filter(indicator__in={target.indicator_id for target in new}).values_list(
        "pk", "indicator"
    ):
        asked[indicator].append(key)
    row = Target.breakdowns.through
    row._default_manager.bulk_create(
        row(target_id=target.pk, breakdown_id=key) for target in new for key in asked[target.indicator_id]
    )


def offer_award(pk: int, *, by: User, seen: int | None, acceptance_due: date) -> Award:
    """Offer the award as planned, to be accepted by a day."""
    if acceptance_due < local_today():
        raise NotNow("The last day for acceptance has passed: give a later one.")
    return advance(Award, pk, "offer", by=by, seen=seen, acceptance_due=acceptance_due)


def accept_offer(pk: int, *, by: User, seen: int | None) -> Award:
    """Accept the offer: reports are opened and the payment on acceptance is released."""
    return advance(Award, pk, "accept", by=by, seen=seen)


def lapse_offers(today: date) -> int:
    """Withdraw every offer whose last day for acceptance has passed; returns how many."""
    late = Award.objects.filter(state="offered", acceptance_due__lt=today).values_list("pk", flat=True)
    count = 0
    for pk in late:
        try:
            advance(Award, pk, "lapse", by=SYSTEM, seen=None)
            count += 1
        except NotNow:
            continue  # accepted or withdrawn in the meantime
    return count


def fund_by_shares(award: Award) -> None:
    """Split the award's amount among the programme's funders by their shares, to the penny, in place of earlier fundings."""
    shares = list(award.strand.programme.shares.all())
    award.fundings.all().delete()
    if award.amount is not None and shares:
        parts = split_by_shares(award.amount, [share.per_cent for share in shares])
        Funding.objects.bulk_create(
            Funding(award=award, funder_id=share.funder_id, amount=part)
            for share, part in zip(shares, parts, strict=True)
        )
