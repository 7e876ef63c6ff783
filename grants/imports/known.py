"""What the database knows that a file is checked against: a fixed number of queries, whatever the file's length."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any

from django.db.models.expressions import RawSQL
from django.db.models.functions import Upper

from grants.awards.models import Award, BudgetLine, Extension, Funding, Milestone, Target, Tranche
from grants.imports.layout import plain
from grants.people.models import MANAGING_ROLES, Community, Membership, Organisation
from grants.programmes.models import Indicator, Programme, Strand
from grants.reports.models import MemberSpend, Report, Spend


@dataclass(slots=True)
class Stored:
    """An award as it is stored, with what hangs on it."""

    award: Award
    milestones: dict[int, Milestone] = field(default_factory=dict)
    """By number."""
    earlier: dict[int, set[date | None]] = field(default_factory=lambda: defaultdict(set))
    """By the number of a milestone, when its report was due before somebody granted a later day."""
    reports: dict[int, list[Report]] = field(default_factory=lambda: defaultdict(list))
    """By the number of their milestone."""
    tranches: dict[int, tuple[Tranche, int | None]] = field(default_factory=dict)
    """By number, each with the number of its milestone."""
    targets: dict[int, Decimal] = field(default_factory=dict)
    fundings: dict[int, Decimal] = field(default_factory=dict)
    budget: list[tuple[str, Decimal]] = field(default_factory=list)
    has_spend: bool = False
    """Of its report or of a member's part of it."""


class Known:
    """A programme with its strands, funders and indicators; people, communities, organisations and awards by key."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.strands = list(programme.strands.select_related("managing_body"))
        self.shares = list(programme.shares.select_related("funder"))
        self.bodies = {
            programme.managing_body.identifier.upper(),
            *(s.managing_body.identifier.upper() for s in self.strands),
        }
        self.funders = {share.funder.identifier.upper(): share.funder for share in self.shares}

    def strand(self, text: str) -> Strand | None:
        """The strand of this code or title."""
        word = plain(text)
        by_code = (strand for strand in self.strands if plain(strand.code) == word)
        by_title = (strand for strand in self.strands if plain(strand.title) == word)
        return next(by_code, None) or next(by_title, None)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The programme's indicators by code."""
        return {plain(indicator.code): indicator for indicator in self.programme.indicators.all()}

    @cached_property
    def communities(self) -> dict[str, Community]:
        """Communities by name."""
        return {plain(community.name): community for community in Community.objects.select_related("lead")}

    @cached_property
    def managers(self) -> dict[tuple[str, int], int]:
        """People by e-mail address and the managing body in which they have a role today."""
        bodies = {self.programme.managing_body_id, *(strand.managing_body_id for strand in self.strands)}
        held = Membership.objects.live().filter(
            organisation__in=bodies, role__in=MANAGING_ROLES, person__is_active=True
        )
        rows = held.values_list("person__email", "organisation", "person")
        return {(email.lower(), organisation): person for email, organisation, person in rows}

    @staticmethod
    def organisations(identifiers: Iterable[str]) -> dict[str, Organisation]:
        """Organisations by their identifiers in capitals."""
        wanted = among(identifiers, "text")
        found = Organisation.objects.annotate(upper=Upper("identifier")).filter(upper__in=wanted)
        return {organisation.identifier.upper(): organisation for organisation in found}

    @staticmethod
    def awards(references: Iterable[str], *, lock: bool) -> dict[str, Stored]:
        """Stored awards by their references in capitals; locked where asked."""
        found = (
            Award.objects.annotate(upper=Upper("reference"))
            .filter(upper__in=among(references, "text"))
            .order_by("pk")
            .select_related("community", "manager")
        )
        if lock:
            found = found.select_for_update(of=("self",), no_key=True)
        stored = {award.pk: Stored(award) for award in found}
        if stored:
            _fetch_what_hangs_on(stored)
        return {one.award.reference.upper(): one for one in stored.values()}


def among(values: Iterable[Any], kind: str) -> RawSQL:
    """Values for an `__in`, as one array: the driver looks through a query once for each of its parameters."""
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(values)])  # noqa: S611  `kind` is one of our own words


def _fetch_what_hangs_on(stored: dict[int, Stored]) -> None:
    """One query for each kind of row. Prefetching takes as many, but three times as long for thousands of awards."""
    ours = among(stored, "bigint")
    bodies = Organisation.objects.in_bulk({one.award.organisation_id for one in stored.values()})
    for one in stored.values():
        one.award.organisation = bodies[one.award.organisation_id]
    milestones: dict[int, Milestone] = {}
    for milestone in Milestone.objects.filter(award__in=ours).order_by("number"):
        milestones[milestone.pk] = milestone
        stored[milestone.award_id].milestones[milestone.number] = milestone
    granted = Extension.objects.filter(milestone__in=among(milestones, "bigint"), granted=True)
    for pk, due in granted.order_by().values_list("milestone", "instead_of"):
        if due is not None:
            stored[milestones[pk].award_id].earlier[milestones[pk].number].add(due)
    for report in Report.objects.filter(milestone__in=among(milestones, "bigint")).only(
        "state", "milestone", "submitted_at", "begun_at"
    ):
        milestone = milestones[report.milestone_id]
        stored[milestone.award_id].reports[milestone.number].append(report)
    for tranche in Tranche.objects.filter(award__in=ours).order_by("number"):
        of = milestones.get(tranche.milestone_id or 0)
        stored[tranche.award_id].tranches[tranche.number] = (tranche, of.number if of else None)
    for award, indicator, value in Target.objects.filter(award__in=ours).values_list("award", "indicator", "value"):
        stored[award].targets[indicator] = value
    for award, funder, amount in Funding.objects.filter(award__in=ours).values_list("award", "funder", "amount"):
        stored[award].fundings[funder] = amount
    lines = BudgetLine.objects.filter(award__in=ours).order_by("position", "pk")
    for award, title, amount in lines.values_list("award", "title", "amount"):
        stored[award].budget.append((title, amount))
    spent = (of.objects.filter(budget_line__award__in=ours).order_by() for of in (Spend, MemberSpend))
    for award in chain.from_iterable(rows.values_list("budget_line__award", flat=True).distinct() for rows in spent):
        stored[award].has_spend = True
