"""What the database knows that a file is checked against: loaded in a fixed number of queries, whatever the file's length."""

from collections.abc import Iterable
from functools import cached_property

from django.db.models.functions import Upper

from grants.awards.models import Award
from grants.imports.layout import plain
from grants.people.models import MANAGING_ROLES, Community, Membership, Organisation
from grants.programmes.models import Indicator, Programme, Strand


class Known:
    """A programme with its strands, funders and indicators; people, communities, organisations and awards by their keys."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.strands = list(programme.strands.select_related("managing_body"))
        self.shares = list(programme.shares.select_related("funder"))
        self.bodies = {programme.managing_body.identifier.upper(), *(s.managing_body.identifier.upper() for s in self.strands)}
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
        found = Organisation.objects.annotate(upper=Upper("identifier")).filter(upper__in=set(identifiers))
        return {organisation.identifier.upper(): organisation for organisation in found}

    @staticmethod
    def awards(references: Iterable[str], *, lock: bool) -> dict[str, Award]:
        """Stored awards by their references in capitals, with everything that hangs on them; locked where asked."""
        found = (
            Award.objects.annotate(upper=Upper("reference"))
            .filter(upper__in=set(references))
            .order_by("pk")
            .select_related("strand__programme", "organisation", "community", "manager")
            .prefetch_related(
                "milestones__reports", "tranches__milestone", "targets__indicator", "fundings", "budget_lines__spend"
            )
        )
        if lock:
            found = found.select_for_update(of=("self",), no_key=True)
        return {award.reference.upper(): award for award in found}
