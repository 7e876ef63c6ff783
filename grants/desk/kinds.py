"""The four kinds of people, by their roles: each has a home, and one person can be of several kinds."""

from grants.formats import local_today
from grants.people.models import GRANTEE_ROLES, Role, User

GRANTEE = "grantee"
MANAGING_BODY = "managing body"
FUNDER = "funder"
ADMINISTRATOR = "administrator"

ROLES = {
    GRANTEE: GRANTEE_ROLES,
    MANAGING_BODY: (Role.REVIEWER, Role.APPROVER, Role.FINANCE),
    FUNDER: (Role.VIEWER,),
    ADMINISTRATOR: (Role.ADMINISTRATOR,),
}


def kinds_of(user: User) -> list[str]:
    """The kinds that a person is of today, in the order in which their home shows them."""
    return [kind for kind, roles in ROLES.items() if user.organisations_as(*roles)]


def roles_by_organisation(user: User) -> dict[str, list[str]]:
    """The names of the organisations that a person acts for today, each with the roles held there."""
    held: dict[str, list[str]] = {}
    for membership in user.live_memberships:
        held.setdefault(membership.organisation.name, []).append(membership.get_role_display())
    return held


def in_words(names: list[str]) -> str:
    """Editor and signatory: the first as it is, the others as in a sentence."""
    first, *others = names
    rest = [name[:1].lower() + name[1:] for name in others]
    return " and ".join(filter(None, [", ".join([first, *rest[:-1]]), *rest[-1:]]))


def signed_in_as(user: User) -> str:
    """Today, and the roles that the person is signed in with, for the head of the home."""
    today = local_today()
    roles = list(dict.fromkeys(role for roles in roles_by_organisation(user).values() for role in roles))
    day = f"{today:%A} {today.day} {today:%B %Y}."
    return f"{day} You are signed in as {in_words(roles).lower()}." if roles else day
