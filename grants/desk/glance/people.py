"""Who is concerned with an award."""

from dataclasses import dataclass, field
from typing import Any

from grants.awards.models import Award
from grants.formats import date_words
from grants.lifecycle.models import Act
from grants.people.models import GRANTEE_ROLES, Membership, Organisation, Role, User


@dataclass
class Contact:
    """Somebody at the recipient, with the roles held there."""

    person: User
    roles: list[str] = field(default_factory=list)


def parties(award: Award) -> list[tuple[str, Organisation]]:
    """The organisations that take part, each with its part."""
    if award.community is None:
        return [("Recipient", award.organisation)]
    members = [("Member", member) for member in award.community.members.all() if member.pk != award.organisation_id]
    lead = [("Lead", award.community.lead)] if award.community.lead_id != award.organisation_id else []
    return [("Recipient and lead" if not lead else "Recipient", award.organisation), *lead, *members]


def contacts(award: Award) -> list[Contact]:
    """The signatories and editors of the recipient, signatories first."""
    held = Membership.objects.live().filter(organisation=award.organisation_id, role__in=GRANTEE_ROLES)
    found: dict[int, Contact] = {}
    for membership in held.filter(person__is_active=True).select_related("person").order_by("-role", "person__name"):
        contact = found.setdefault(membership.person_id, Contact(membership.person))
        contact.roles.append(Role(membership.role).label)
    return list(found.values())


def in_words(acts: list[Act]) -> list[dict[str, Any]]:
    """Who did what in the application as it was last submitted: signed, recommended, approved."""
    return [
        {
            "term": act.get_part_display().capitalize(),
            "value": act.person.name,
            "hint": ". ".join(filter(None, [date_words(act.at), act.note])),
        }
        for act in acts
    ]
