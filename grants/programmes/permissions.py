"""Who sets up a programme. The docstring of a rule is the sentence that a person reads when it refuses."""

from typing import Any

from grants.people.models import Role


def administrator(record: Any, by: Any) -> bool:
    """An administrator of the body that manages it does this."""
    return bool(by.is_active and (by.is_superuser or by.holds(record.managing_body_id, Role.ADMINISTRATOR)))
