"""What the navigation and the homes show of funder reports."""

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest

from grants.awards.models import Award
from grants.desk.context import place_after
from grants.desk.kinds import FUNDER, MANAGING_BODY
from grants.desk.panels import AWARD, PROGRAMME, panel
from grants.desk.portfolio import Portfolio
from grants.people.models import Role, User
from grants.people.sections import section
from grants.reports.models import Report
from reporting.glance import charts_of
from reporting.models import FigureSource, FunderReport
from reporting.permissions import can_preview
from reporting.snapshot.records import COUNTED

place_after("Payments", "Funder reports", "reporting:funder-reports", {MANAGING_BODY, FUNDER})


MOST = 5
NEXT = {
    "built": "Waits for release",
    "failed": "Somebody tries again",
    "building": "Is being built",
    "requested": "Is built next",
}
"""What comes next of a report that is being made"""


@panel(FUNDER)
def for_the_funder(user: User) -> tuple[str, dict[str, Any]] | None:
    """What the newest report that was released to the funder says, and the last ones, to read or download."""
    sent = FunderReport.objects.visible_to(user).filter(funder__in=user.organisations_as(Role.VIEWER))
    reports = list(sent.select_related("programme", "funder", *FunderReport.PARTS).defer("snapshot")[:MOST])
    newest = next((report for report in reports if report.state == FunderReport.State.RELEASED), None)
    context = {
        "newest": newest,
        "says": conclusion(newest.pk, newest.snapshot_sha256) if newest else None,
        "reports": [(report, is_new(report, user)) for report in reports],
        "several": len({report.funder_id for report in reports}) > 1,
    }
    return "reporting/panel_funder.html", context


def is_new(report: FunderReport, user: User) -> bool:
    """Whether it was released since the person's last visit."""
    return bool(user.here_since and report.released_at and report.released_at > user.here_since)


@lru_cache(maxsize=256)
def conclusion(pk: int, sha256: str) -> dict[str, str]:
    """What a report concludes, and how complete it is, in the words of its page for trustees. A snapshot never changes."""
    snapshot = FunderReport.objects.values_list("snapshot", flat=True).get(pk=pk, snapshot_sha256=sha256)
    summary = json.loads(snapshot).get("summary", {})
    return {"headline": summary.get("headline", ""), "complete": summary.get("complete", "")}


@panel(MANAGING_BODY)
def for_the_managing_body(user: User) -> tuple[str, dict[str, Any]] | None:
    """What waits for release or failed, and what is being built."""
    own = FunderReport.objects.filter(
        programme__managing_body__in=user.organisations_as(Role.REVIEWER, Role.APPROVER), state__in=NEXT
    )
    reports = own.select_related("programme", "funder", *FunderReport.PARTS).defer("snapshot")[:MOST]
    rows = [(report, NEXT[report.state]) for report in reports]
    return ("reporting/panel_managing_body.html", {"rows": rows}) if rows else None


@panel(AWARD)
def of_an_award(award: Award, user: User) -> tuple[str, dict[str, Any]] | None:
    """The reports to funders, released to them, in which an award stands: for the managing body."""
    if award.state not in COUNTED:
        return None
    quoting = FigureSource.objects.filter(award=award.pk).values("funder_report")
    own = FunderReport.objects.visible_to(user).filter(pk__in=quoting, state__in=FunderReport.SENT)
    reports = own.select_related("programme", "funder")[:5]
    return ("reporting/panel_award.html", {"reports": reports}) if reports else None


@panel(PROGRAMME)
def of_a_programme(portfolio: Portfolio, user: User) -> tuple[str, dict[str, Any]] | None:
    """The portfolio as charts."""
    return "reporting/panel_programme.html", {"charts": charts_of(portfolio)}


@section("reports:check")
def as_the_funder_sees_it(request: HttpRequest, report: Report) -> tuple[str, dict[str, Any]] | None:
    """Before a report is signed, the way to what a funder will read of it."""
    user: Any = request.user
    funders = list(report.award.fundings.select_related("funder")) if can_preview(report, user) else []
    return ("reporting/section_report.html", {"report": report, "funders": funders}) if funders else None
