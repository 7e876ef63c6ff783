"""Who may move a funder report."""

from typing import Any

from grants.lifecycle.actors import Actor
from grants.people.models import Role
from grants.reports.permissions import editor_or_signatory


def reviewer_or_approver(record: Any, by: Actor) -> bool:
    """A reviewer or an approver of the programme's managing body does this."""
    return by.holds(record.programme.managing_body_id, Role.REVIEWER, Role.APPROVER)


def approver(record: Any, by: Actor) -> bool:
    """An approver of the programme's managing body does this."""
    return by.holds(record.programme.managing_body_id, Role.APPROVER)


def can_preview(report: Any, by: Actor) -> bool:
    """An editor or a signatory of the recipient sees this, until the report is sent."""
    return report.state in report.TO_SEND and editor_or_signatory(report, by)
