"""What a snapshot reads: the awards that a funder pays for, and their approved versions up to a day."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from grants.awards.models import Award, Funding, Milestone, Tranche
from grants.clock import LONDON
from grants.lifecycle.models import HistoryEntry
from grants.people.models import Community, Organisation
from grants.programmes.models import Indicator, Programme, Section, Strand
from grants.reports.figures import Given, add_up, that_count
from grants.reports.models import Report, Version
from reporting.models import About
from reporting.snapshot.figures import Contribution

STOPPED = ("suspended", "terminated")
COUNTED = ("active", "evaluating", "suspended", "closed", "terminated")


@dataclass
class Approved:
    """One approved version: the record that figures are read from."""

    report: Report
    version: Version
    content: dict[str, Any]
    milestone: Milestone

    @property
    def day(self) -> str:
        """The day in London on which it was approved, ISO."""
        moment = self.report.approved_at
        return moment.astimezone(LONDON).date().isoformat() if moment else ""

    @property
    def for_the_funder(self) -> list[dict[str, Any]]:
        """The parts that the funder is among the readers of."""
        return [part for part in self.content["sections"] if part["readers"] != Section.Readers.MANAGING_BODY]

    def section(self, code: str) -> dict[str, Any] | None:
        """A part for the funder by its code; None where there is none."""
        return next((part for part in self.for_the_funder if part["code"] == code), None)

    def judgement(self) -> dict[str, Any] | None:
        """The grantee's overall judgement, where it gave one that the funder reads."""
        return next((part for part in self.for_the_funder if part["form"] == "judgement" and part["choice"]), None)


@dataclass
class ToDate:
    """A figure of one award up to a day."""

    value: Decimal
    behind: list[Contribution]
    rule: str
    status: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass
class AwardRecord:
    """An award with what was approved of it, oldest first."""

    award: Award
    funding: Funding
    approved: list[Approved] = field(default_factory=list)
    states: dict[int, Report] = field(default_factory=dict)
    """The report that stands for each milestone, by its key."""
    stopped: HistoryEntry | None = None
    """Why it was suspended or terminated, where it is."""

    def until(self, day: datetime.date) -> list[Approved]:
        """The approved versions whose period ends on or before a day."""
        return [one for one in self.approved if one.milestone.period_end <= day]

    def latest(self, day: datetime.date) -> Approved | None:
        """The last of them."""
        return next(reversed(self.until(day)), None)

    def due_by(self, day: datetime.date) -> list[Milestone]:
        """The milestones whose period has ended by a day."""
        return [one for one in self.award.milestones.all() if one.period_end <= day]

    def to_date(self, indicator: Indicator, day: datetime.date) -> ToDate | None:
        """The indicator's figure up to a day by its rule over time; None where nothing is known."""
        given = [
            (one, row, amount)
            for one in self.until(day)
            for row in one.content["results"]
            if row["indicator"] == indicator.code and (amount := Given.read(row).amount)
        ]
        amounts = [amount for _, _, amount in given]
        total = add_up(indicator, amounts)
        if total is None:
            return None
        counted = given[-len(that_count(indicator, amounts)) :]
        behind = [
            Contribution(self.award, f"results/{indicator.code}/value", row["value"], one.version, one.day)
            for one, row, _ in counted
        ]
        status = "provisional" if any(row["status"] == "provisional" for _, row, _ in counted) else "final"
        added = indicator.over_time == Indicator.OverTime.SUM
        if indicator.is_ratio:
            if (added and len(counted) < len(given)) or total.numerator is None or not total.denominator:
                return ToDate(total.value, behind, "As reported", status)
            value = 100 * total.numerator / total.denominator
            return ToDate(value, behind, "Ratio of sums", status, total.numerator, total.denominator)
        rule = "Latest" if not added else "Added over periods" if len(counted) > 1 else "As reported"
        return ToDate(total.value, behind, rule, status)

    def spent(self, day: datetime.date) -> dict[str, tuple[Decimal, list[Contribution]]]:
        """What was spent up to a day, by budget line."""
        lines: dict[str, tuple[Decimal, list[Contribution]]] = {}
        for one in self.until(day):
            for row in one.content["spend"]:
                so_far, behind = lines.get(row["line"], (Decimal(0), []))
                source = Contribution(self.award, f"spend/{row['line']}/amount", row["amount"], one.version, one.day)
                lines[row["line"]] = (so_far + Decimal(row["amount"]), [*behind, source])
        return lines

    def forecasts(self, day: datetime.date) -> dict[str, tuple[Decimal, list[Contribution]]]:
        """What each budget line will come to in all, as the last report up to a day has it; empty where it says nothing."""
        latest = self.latest(day)
        return {
            row["line"]: (
                Decimal(row["forecast"]),
                [
                    Contribution(
                        self.award, f"spend/{row['line']}/forecast", row["forecast"], latest.version, latest.day
                    )
                ],
            )
            for row in (latest.content["spend"] if latest else [])
            if latest and row.get("forecast") is not None
        }

    def money(self, day: datetime.date, kind: str) -> tuple[Decimal, list[Contribution]]:
        """The award's payments that stood so on a day: paid, released, to come or cancelled; their sum and the rows behind it."""
        payments = [tranche for tranche in self.award.tranches.all() if _as_at(tranche, day) == kind]
        behind = [Contribution(self.award, f"payments/{one.number}/amount", f"{one.amount:f}") for one in payments]
        return sum((one.amount for one in payments), Decimal(0)), behind


def _as_at(tranche: Tranche, day: datetime.date) -> str:
    if tranche.state == Tranche.State.CANCELLED:
        return "cancelled"
    if tranche.paid_on is not None and tranche.paid_on <= day:
        return "paid"
    if tranche.released_at is not None and tranche.released_at.astimezone(LONDON).date() <= day:
        return "released"
    return "to_come"


def read(
    programme: Programme, funder: Organisation, until: datetime.date, about: About | None = None
) -> list[AwardRecord]:
    """The awards of a programme, or of a part of it, that a funder pays for and that had begun by a day, with their approved
    versions.

    A fixed number of queries, whatever the number of awards.
    """
    counted = Award.objects.filter(strand__programme=programme, state__in=COUNTED, starts__lte=until)
    return records_of(within(counted, about), funder)


def within(awards: QuerySet[Award], about: About | None) -> QuerySet[Award]:
    """Those of some awards that a report is about."""
    match about:
        case None:
            return awards
        case Strand():
            return awards.filter(strand=about)
        case Community():
            return awards.filter(community=about)
        case _:
            return awards.filter(pk=about.pk)


def records_of(counted: QuerySet[Award], funder: Organisation) -> list[AwardRecord]:
    """Those of some awards that a funder pays for, with everything that their pages are made of."""
    awards = (
        counted.filter(fundings__funder=funder)
        .select_related("strand__managing_body", "organisation", "community")
        .prefetch_related(
            Prefetch("fundings", Funding.objects.filter(funder=funder).select_related("funder")),
            "milestones",
            Prefetch("tranches", Tranche.objects.select_related("milestone")),
            "targets__indicator",
            "budget_lines",
        )
        .order_by("strand__pk", "reference")
    )
    records = {award.pk: AwardRecord(award, award.fundings.all()[0]) for award in awards}
    reports = (
        Report.objects.filter(Q(corrects=None) | Q(state=Report.State.APPROVED), milestone__award__in=records)
        .exclude(state=Report.State.SUPERSEDED)
        .select_related("milestone", "approved_version")
        .order_by("milestone__award", "milestone__number", "pk")
    )
    for report in reports:
        record = records[report.milestone.award_id]
        record.states[report.milestone_id] = report
        if report.state == Report.State.APPROVED and report.approved_version is not None:
            version = report.approved_version
            record.approved.append(Approved(report, version, version.content, report.milestone))
    stops = HistoryEntry.objects.filter(
        record__in=[record.award.key for record in records.values() if record.award.state in STOPPED],
        what__in=["suspend", "terminate"],
    )
    by_key = {record.award.key: record for record in records.values()}
    for entry in stops.order_by("at", "pk"):
        by_key[entry.record].stopped = entry
    return list(records.values())
