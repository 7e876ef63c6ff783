"""What people do with a correction, for several tests."""

from decimal import Decimal
from typing import Any

from grants.people.models import User
from grants.reports import services
from grants.reports.models import Report
from tests.factories import Cast

WHY = "One school was counted twice."


def begin(approved: Report, by: User, why: str = WHY) -> Report:
    return services.begin_correction(approved.pk, by=by, seen=None, reason=why)


def again(report: Report) -> Report:
    return Report.objects.named().get(pk=report.pk)


def give(report: Report, by: User, code: str, value: int | None, **more: Any) -> None:
    indicator = report.award.targets.get(indicator__code=code).indicator
    row = {"indicator": indicator, "status": "final", "value": None if value is None else Decimal(value), **more}
    services.save_results(report.pk, by=by, rows=[row])


def send(report: Report, who: Cast) -> Report:
    """To its review."""
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    return again(report)


def approve(report: Report, who: Cast) -> Report:
    version = again(report).latest_version
    assert version is not None
    services.approve_report(report.pk, by=who.approver, seen=None, version=version.number)
    return again(report)
