"""What exists in writing about an award: the versions of its reports that were sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from grants.awards.models import Award, Tranche
from grants.people.models import User
from grants.reports.models import Answer, Report, Version


def reports_seen_by(user: User) -> QuerySet[Report]:
    """The reports that a person sees, each with its last version and its judgement."""
    judged = Answer.objects.filter(report=OuterRef("pk")).exclude(choice="")
    versions = Version.objects.filter(report=OuterRef("pk")).order_by("-number")
    return (
        Report.objects.visible_to(user)
        .annotate(
            course=Subquery(judged.values("choice")[:1]),
            course_text=Subquery(judged.values("text")[:1]),
            version=Subquery(versions.values("number")[:1]),
            version_at=Subquery(versions.values("at")[:1]),
        )
        .order_by("pk")
    )


def with_reports(user: User) -> list[Any]:
    """What to prefetch with an award so that its milestones, documents and payments ask the database nothing."""
    return [
        Prefetch("milestones__reports", queryset=reports_seen_by(user)),
        Prefetch("tranches", queryset=Tranche.objects.select_related("milestone")),
    ]


@dataclass(frozen=True)
class Sent:
    """A report that was sent: its last version."""

    title: str
    url: str
    version: int
    at: datetime
    report: Report


def documents(award: Award, user: User) -> list[Sent]:
    """The reports that were sent and that the person may read, the latest first."""
    found = [
        Sent(report.name, report.get_absolute_url(), report.version, report.version_at, report)
        for milestone in award.milestones.all()
        for report in _annotated(milestone)
        if report.version is not None and report.read_by(user)
    ]
    return sorted(found, key=lambda sent: sent.at, reverse=True)


@dataclass(frozen=True)
class Said:
    """What the grantee says of the course in an approved report."""

    course: str
    word: str
    text: str
    report: Report


def said_by_grantee(award: Award) -> Said | None:
    """The judgement of the last approved report that has one, as `grants.desk.courses` has it for many awards."""
    approved = [
        report
        for milestone in award.milestones.all()
        for report in _annotated(milestone)
        if report.state == "approved" and report.course
    ]
    if not approved:
        return None
    report = approved[-1]
    return Said(report.course, str(Answer.Choice(report.course).label), report.course_text, report)


def _annotated(milestone: Any) -> list[Any]:
    return list(milestone.reports.all())
