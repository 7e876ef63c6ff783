"""The review of a report: recommended, approved as exactly one version, returned, or done without."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from grants.awards.services import Agreed
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, NotYou, Stale, add_act, advance, check_fresh, fresh, lock, write_history
from grants.lifecycle.models import Act
from grants.people.models import User
from grants.reports import permissions
from grants.reports.models import Report
from grants.reports.services.letters import of_a_return

NOT_THE_LATEST = "Another version was submitted since you opened the page. Read that one first."


def start_report_review(pk: int, *, by: User, seen: int | None) -> Report:
    """Take a report into review."""
    return advance(Report, pk, "start_review", by=by, seen=seen)


@transaction.atomic
def return_report(
    pk: int, *, by: User, seen: int | None, sections: Mapping[str, str], reason: str = "", version: int | None = None
) -> Report:
    """Ask the grantee to change some parts, each by its code with what should change, after a reason for the whole.

    The other parts stay as they were sent. Raises Stale where `version`, which the page showed, is no longer the latest.
    """
    report = lock(Report, pk)
    check_fresh(report, seen)
    latest = report.latest_version
    if version is not None and (latest is None or latest.number != version):
        raise Stale(NOT_THE_LATEST)
    asked = report.asked_sections()
    named = [(section, sections[section.code].strip()) for section in asked if sections.get(section.code, "").strip()]
    if unknown := set(sections) - {section.code for section in asked}:
        raise NotNow(f"This report does not ask {', '.join(sorted(unknown))}.")
    if latest is not None and report.state == Report.State.IN_REVIEW:
        for section, why in named:
            report.returned_sections.create(version=latest.number, section=section, reason=why)
    told = of_a_return([(section.title, why) for section, why in named], len(asked), reason)
    return advance(Report, pk, "send_back", by=by, seen=seen, reason=told)


@transaction.atomic
def recommend_report(pk: int, *, by: User, seen: int | None, note: str = "") -> Report:
    """Recommend the latest version to whoever approves it; that must be another person."""
    report = lock(Report, pk)
    check_fresh(report, seen)
    if not permissions.reviewer_or_approver(report, fresh(by)):
        raise NotYou(permissions.reviewer_or_approver.__doc__ or "")
    if report.state != Report.State.IN_REVIEW:
        raise NotNow("Only a report in review can be recommended.")
    add_act(report.subject, by, Act.Part.RECOMMENDED, note)
    write_history(report, "recommend", by=by, sentence="Recommended the report", reason=note)
    return report


@transaction.atomic
def approve_report(
    pk: int, *, by: User, seen: int | None, version: int, actions: Sequence[Agreed] = (), hold: str = ""
) -> Report:
    """Approve exactly one version: settles the milestone, releases its payment where scheduled, raises actions; or, of a
    correction, takes the place of the approved report, which is superseded first.

    With a reason in `hold` the payment is held first, so that it is not released.

    Raises Stale where that version is no longer the latest.
    """
    report = lock(Report, pk)
    check_fresh(report, seen)
    latest = report.latest_version
    if latest is None or latest.number != version:
        raise Stale(NOT_THE_LATEST)
    if report.corrects_id is not None and report.state == Report.State.IN_REVIEW:
        advance(Report, report.corrects_id, "supersede", by=SYSTEM, seen=None, reason=report.why)
    return advance(Report, pk, "approve", by=by, seen=seen, version=latest, actions=actions, hold=hold)


def waive_report(pk: int, *, by: User, seen: int | None, reason: str) -> Report:
    """Do without the report: the milestone is settled, its payment stays as it is."""
    return advance(Report, pk, "waive", by=by, seen=seen, reason=reason)
