"""People, bodies, a programme, and everybody who has a part in it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from grants.formats import local_today
from grants.people.models import Community, Membership, Organisation, Role, User
from grants.programmes.models import Call, FunderShare, Indicator, Programme, Strand
from grants.programmes.services import ask_the_usual
from tests.factories.memory import followed, number, remembered

PASSWORD = "exemplar of practice"


@followed
def organisation(kind: str = "third_sector", name: str = "", **more: Any) -> Organisation:
    """A body of some kind, with an identifier of its own."""
    numbered = number()
    return Organisation.objects.create(
        **{
            "kind": kind,
            "name": name or f"Organisation {numbered}",
            "identifier": f"GB-CHC-{1_000_000 + numbered}",
            **more,
        }
    )


@followed
def member(person: User, role: str, of: Organisation, **dates: Any) -> Membership:
    """Give somebody a role, from a month ago until further notice unless dates are given."""
    return Membership.objects.create(
        person=person, organisation=of, role=role, **{"starts": local_today() - timedelta(days=30), **dates}
    )


@followed
def person(role: str = "", of: Organisation | None = None, name: str = "", **more: Any) -> User:
    """Somebody who can sign in with PASSWORD; with a role in an organisation where one is given."""
    numbered = number()
    name = name or f"{role.capitalize() or 'Person'} {numbered}"
    somebody = User.objects.create_user(f"person{numbered}@example.org", name, more.pop("password", PASSWORD), **more)
    if role and of is not None:
        member(somebody, role, of)
    return somebody


@followed
def a_community(lead: Organisation, *members: Organisation, name: str = "") -> Community:
    """A regional community of practice."""
    community = Community.objects.create(name=name or f"Community {number()}", region="South West", lead=lead)
    community.members.set(members)
    return community


@remembered
def a_programme(managing_body: Organisation | None = None, **more: Any) -> Programme:
    """A programme with its managing body, two funders (60 and 40 per cent) and two strands with an open call each.

    Its indicators: learners (people, summed), schools (latest count), likely (a ratio).
    """
    numbered, today = number(), local_today()
    programme = Programme.objects.create(
        **{
            "code": f"P{numbered}",
            "title": f"Programme {numbered}",
            "managing_body": managing_body or organisation("managing_body", f"Managing body {numbered}"),
            "starts": today - timedelta(days=365),
            "ends": today + timedelta(days=730),
            **more,
        }
    )
    funders = [
        (organisation("funder", f"{word} funder {numbered}"), part) for word, part in (("First", 60), ("Second", 40))
    ]
    FunderShare.objects.bulk_create(
        FunderShare(programme=programme, funder=funder, per_cent=Decimal(part)) for funder, part in funders
    )
    for code, title, kind in (
        (f"EX{numbered}", "National exemplars", Strand.Kind.EXEMPLARS),
        (f"RC{numbered}", "Regional communities", Strand.Kind.COMMUNITIES),
    ):
        strand = Strand.objects.create(
            programme=programme, code=code, title=title, kind=kind, managing_body=programme.managing_body
        )
        ask_the_usual(strand)
        a_call(strand)
    measured = (
        ("learners", "Learners reached", "people", "people", "sum", "sum"),
        ("schools", "Schools taking part", "schools", "count", "latest", "sum"),
        ("likely", "More likely to study a STEM subject", "% of those asked", "ratio", "latest", "none"),
    )
    Indicator.objects.bulk_create(
        Indicator(
            programme=programme, code=code, title=title, unit=unit, measure=measure, over_time=over_time, across=across,
            position=position,
        )
        for position, (code, title, unit, measure, over_time, across) in enumerate(measured)
    )  # fmt: skip
    return programme


@followed
def a_call(strand: Strand, **more: Any) -> Call:
    """A call that is open now."""
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=30), "closes_at": now + timedelta(days=30)}
    return Call.objects.create(**{"strand": strand, "title": f"Call {number()}", **dates, **more})


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


@remembered
def cast(programme: Programme | None = None, recipient: Organisation | None = None) -> Cast:
    """Everybody who has a part in the programme."""
    programme = programme or a_programme()
    body, funder = programme.managing_body, programme.shares.all()[0].funder
    recipient = recipient or organisation("third_sector", name=f"Charity {number()}")
    elsewhere, other_body = organisation("third_sector"), organisation("managing_body")
    people = _people(
        {
            "editor": (recipient, Role.EDITOR),
            "signatory": (recipient, Role.SIGNATORY),
            "second_signatory": (recipient, Role.SIGNATORY),
            "reviewer": (body, Role.REVIEWER),
            "approver": (body, Role.APPROVER),
            "second_approver": (body, Role.APPROVER),
            "finance": (body, Role.FINANCE),
            "administrator": (body, Role.ADMINISTRATOR),
            "viewer": (funder, Role.VIEWER),
            "stranger": (elsewhere, Role.EDITOR, Role.SIGNATORY),
            "outsider": (other_body, Role.REVIEWER, Role.APPROVER, Role.FINANCE, Role.ADMINISTRATOR),
        }
    )
    return Cast(programme=programme, managing_body=body, recipient=recipient, funder=funder, **people)


def _people(parts: dict[str, tuple[Any, ...]]) -> dict[str, User]:
    """Somebody for each part, with roles in an organisation: all at once, since most tests begin with them."""
    people = {}
    for part, (_, *roles) in parts.items():
        numbered = number()
        name = f"{roles[0].capitalize()} {numbered}" if len(roles) == 1 else part.capitalize()
        people[part] = User(email=f"person{numbered}@example.org", name=name)
        people[part].set_password(PASSWORD)
    User.objects.bulk_create(people.values())
    since = local_today() - timedelta(days=30)
    Membership.objects.bulk_create(
        Membership(person=people[part], organisation=of, role=role, starts=since)
        for part, (of, *roles) in parts.items()
        for role in roles
    )
    return people
