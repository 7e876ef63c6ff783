"""What the navigation and the homes show of funder reports."""

from typing import Any

from grants.desk.context import place_after
from grants.desk.kinds import FUNDER, MANAGING_BODY
from grants.desk.panels import panel
from grants.people.models import Role, User
from reporting.models import FunderReport

place_after("Payments", "Funder reports", "reporting:funder-reports", {MANAGING_BODY, FUNDER})


@panel(FUNDER)
def for_the_funder(user: User) -> tuple[str, dict[str, Any]] | None:
    """The reports that were released to the funder, to read or download."""
    reports = FunderReport.objects.visible_to(user).select_related("programme", "funder")[:10]
    return "reporting/panel_funder.html", {"reports": reports}


@panel(MANAGING_BODY)
def for_the_managing_body(user: User) -> tuple[str, dict[str, Any]] | None:
    """What is being built, what waits for release, what failed."""
    own = FunderReport.objects.filter(
        programme__managing_body__in=user.organisations_as(Role.REVIEWER, Role.APPROVER),
        state__in=["requested", "building", "built", "failed"],
    )
    reports = own.select_related("programme", "funder")[:10]
    return ("reporting/panel_managing_body.html", {"reports": reports}) if reports else None
