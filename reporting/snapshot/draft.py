"""An award's page as it would stand in a funder report if a report were approved as it is written now. Nothing is stored."""

from dataclasses import dataclass
from typing import Any

from grants import clock
from grants.awards.models import Award
from grants.formats import local_today
from grants.people.models import Organisation
from grants.reports.models import Report, Version
from grants.reports.record import content_of
from reporting.snapshot.award import page
from reporting.snapshot.figures import Figures
from reporting.snapshot.records import Approved, AwardRecord, records_of


@dataclass(frozen=True)
class Draft:
    """What a funder would read, and the titles of the parts that it would not."""

    page: dict[str, Any]
    """As `reporting.pdf.contract.Award` has it"""
    nodes: dict[str, dict[str, str]]
    """The figures that it names"""
    kept: list[str]


def as_if_approved(report: Report, funder: Organisation) -> Draft:
    """The page of one of its award's funders, made by the very code that makes a funder report's."""
    record = records_of(Award.objects.filter(pk=report.award.pk), funder)[0]
    written = _approve(record, report)
    figures, until = Figures(), written.milestone.period_end
    made = page(record, figures, funder, until, local_today())
    shown = {part["code"] for part in written.for_the_funder}
    kept = [part["title"] for part in written.content["sections"] if part["code"] not in shown]
    return Draft(made, figures.nodes, kept)


def _approve(record: AwardRecord, report: Report) -> Approved:
    """Put what is written among what is approved, in the record that was read: last, and its milestone settled."""
    content = content_of(report)
    version = Version(report=report, number=report.versions.count() + 1)
    milestone = next(one for one in record.award.milestones.all() if one.pk == report.milestone_id)
    milestone.settled_at = clock.now()
    written = Approved(report, version, content, milestone)
    others = [one for one in record.approved if one.milestone.pk != milestone.pk]
    record.approved = [*(one for one in others if one.milestone.period_end <= milestone.period_end), written]
    record.states.pop(milestone.pk, None)
    return written
