"""People, bodies, a programme, and everybody who has a part in it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from grants.formats import local_today
from grants.people.models import Community, Membership, Organisation, Role, User
from grants.programmes.models import Call, FunderShare, Indicator, Programme, Strand
from grants.programmes.services import ask_the_usual

_numbers = count(1)
PASSWORD = "exemplar of practice"


def organisation(kind: str = "third_sector", name: str = "", **more: Any) -> Organisation:
    """A body of some kind, with an identifier of its own."""
    number = next(_numbers)
    return Organisation.objects.create(
        **{"kind": kind, "name": name or f"Organisation {number}", "identifier": f"GB-CHC-{1_000_000 + number}", **more}
    )


def member(person: User, role: str, of: Organisation, **dates: Any) -> Membership:
    """Give somebody a role, from a month ago until further notice unless dates are given."""
    return Membership.objects.create(
        person=person, organisation=of, role=role, **{"starts": local_today() - timedelta(days=30), **dates}
    )


def person(role: str = "", of: Organisation | None = None, name: str = "", **more: Any) -> User:
    """Somebody who can sign in with PASSWORD; with a role in an organisation where one is given."""
    number = next(_numbers)
    name = name or f"{role.capitalize() or 'Person'} {number}"
    somebody = User.objects.create_user(f"person{number}@example.org", name, more.pop("password", PASSWORD), **more)
    if role and of is not None:
        member(somebody, role, of)
    return somebody


def a_community(lead: Organisation, *members: Organisation, name: str = "") -> Community:
    """A regional community of practice."""
    community = Community.objects.create(name=name or f"Community {next(_numbers)}", region="South West", lead=lead)
    community.members.set(members)
    return community


def a_programme(managing_body: Organisation | None = None, **more: Any) -> Programme:
    """A programme with its managing body, two funders (60 and 40 per cent) and two strands with an open call each.

    Its indicators: learners (people, summed), schools (latest count), likely (a ratio).
    """
    number, today = next(_numbers), local_today()
    programme = Programme.objects.create(
        **{
            "code": f"P{number}",
            "title": f"Programme {number}",
            "managing_body": managing_body or organisation("managing_body", f"Managing body {number}"),
            "starts": today - timedelta(days=365),
            "ends": today + timedelta(days=730),
            **more,
        }
    )
    for word, per_cent in (("First", 60), ("Second", 40)):
        funder = organisation("funder", f"{word} funder {number}")
        FunderShare.objects.create(programme=programme, funder=funder, per_cent=Decimal(per_cent))
    for code, title, kind in (
        (f"EX{number}", "National exemplars", Strand.Kind.EXEMPLARS),
        (f"RC{number}", "Regional communities", Strand.Kind.COMMUNITIES),
    ):
        strand = Strand.objects.create(
            programme=programme, code=code, title=title, kind=kind, managing_body=programme.managing_body
        )
        ask_the_usual(strand)
        a_call(strand)
    for position, (code, title, unit, measure, over_time, across) in enumerate(
        (
            ("learners", "Learners reached", "people", "people", "sum", "sum"),
            ("schools", "Schools taking part", "schools", "count", "latest", "sum"),
            ("likely", "More likely to study a STEM subject", "% of those asked", "ratio", "latest", "none"),
        )
    ):
        Indicator.objects.create(
            programme=programme, code=code, title=title, unit=unit, measure=measure, over_time=over_time, across=across,
            position=position,
        )  # fmt: skip
    return programme


def a_call(strand: Strand, **more: Any) -> Call:
    """A call that is open now."""
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=30), "closes_at": now + timedelta(days=30)}
    return Call.objects.create(**{"strand": strand, "title": f"Call {next(_numbers)}", **dates, **more})


@dataclass
class Cast:
    """Everybody who has a part in a programme, and some who have none."""

    programme: Programme
    managing_body: Organisation
    recipient: Organisation
    funder: Organisation
    editor: User
    signatory: User
    second_signatory: User
    """A signatory of the recipient, too."""
    reviewer: User
    approver: User
    second_approver: User
    finance: User
    administrator: User
    viewer: User
    """Of the funder with the larger share."""
    stranger: User
    """Editor and signatory of another third sector organisation."""
    outsider: User
    """Reviewer, approver, finance and administrator of another managing body."""

    @property
    def exemplars(self) -> Strand:
        """The strand of national exemplar projects."""
        return self.programme.strands.get(kind=Strand.Kind.EXEMPLARS)

    @property
    def communities(self) -> Strand:
        """The strand of regional communities."""
        return self.programme.strands.get(kind=Strand.Kind.COMMUNITIES)

    def everybody(self) -> dict[str, User]:
        """Every person by the name of their part."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def cast(programme: Programme | None = None, recipient: Organisation | None = None) -> Cast:
    """Everybody who has a part in the programme."""
    programme = programme or a_programme()
    body, funder = programme.managing_body, programme.shares.all()[0].funder
    recipient = recipient or organisation("third_sector", name=f"Charity {next(_numbers)}")
    stranger, outsider = person(name="Stranger"), person(name="Outsider")
    elsewhere, other_body = organisation("third_sector"), organisation("managing_body")
    for role in (Role.EDITOR, Role.SIGNATORY):
        member(stranger, role, elsewhere)
    for role in (Role.REVIEWER, Role.APPROVER, Role.FINANCE, Role.ADMINISTRATOR):
        member(outsider, role, other_body)
    return Cast(
        programme=programme,
        managing_body=body,
        recipient=recipient,
        funder=funder,
        editor=person("editor", recipient),
        signatory=person("signatory", recipient),
        second_signatory=person("signatory", recipient),
        reviewer=person("reviewer", body),
        approver=person("approver", body),
        second_approver=person("approver", body),
        finance=person("finance", body),
        administrator=person("administrator", body),
        viewer=person("viewer", funder),
        stranger=stranger,
        outsider=outsider,
    )
