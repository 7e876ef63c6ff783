"""Who looks after people and roles. The docstring of a rule is the sentence that a person reads when it refuses.

A superuser, of whom there is one until the first administrator exists, may do what administrators do.
"""

from typing import Any

ADMINISTRATOR = "administrator"
MANAGING_BODY = "managing_body"


def administrator(by: Any) -> bool:
    """An administrator of a managing body does this."""
    return bool(by.is_active and (by.is_superuser or administered(by)))


def administered(by: Any) -> set[int]:
    """The keys of the managing bodies whose administrator the person is today."""
    return {
        held.organisation_id
        for held in by.live_memberships
        if held.role == ADMINISTRATOR and held.organisation.kind == MANAGING_BODY
    }


def gives_roles_in(organisation: Any, by: Any) -> bool:
    """Roles in a managing body are given and ended by an administrator of that body."""
    if organisation.kind != MANAGING_BODY:
        return administrator(by)
    return administrator(by) and (by.is_superuser or organisation.pk in administered(by))


def looks_after(person: Any, by: Any) -> bool:
    """Somebody with a role in a managing body is looked after by an administrator of that body."""
    held = person.memberships.live().filter(organisation__kind=MANAGING_BODY)
    bodies = set(held.values_list("organisation_id", flat=True))
    return administrator(by) and (by.is_superuser or (not person.is_superuser and bodies <= administered(by)))
