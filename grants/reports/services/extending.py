"""A later due date for a report that is still to be sent."""

from datetime import date

from django.db import transaction

from grants.awards import services as awards
from grants.awards.models import Extension
from grants.lifecycle.door import NotNow, lock
from grants.people.models import User
from grants.reports.models import Report


@transaction.atomic
def ask_for_extension(pk: int, *, by: User, until: date, reason: str) -> Extension:
    """Ask for a later due date of the report's milestone. Raises NotNow and NotYou."""
    report = lock(Report, pk)
    if report.state not in Report.TO_SEND:
        raise NotNow(f"The report is {report.get_state_display().lower()}: it needs no later due date.")
    return awards.ask_for_extension(report.milestone_id, by=by, until=until, reason=reason)
