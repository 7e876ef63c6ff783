"""What the pages of a report share: the record, its head, its parts and the facts beside them."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from grants.awards.models import Tranche
from grants.formats import date_range, date_words, days_left, local_day, local_today, money, plural
from grants.lifecycle.models import Act, HistoryEntry
from grants.people.models import MANAGING_ROLES, User
from grants.programmes.models import Section
from grants.reports import permissions
from grants.reports.figures import figures_of, spend_of, total_of
from grants.reports.models import Report, Version
from grants.reports.parts import Part, state_of_parts

AMONG_THE_GRANTEE = ("ask_for_sign_off", "recall", "decline_sign_off")
AMONG_REVIEWERS = ("recommend",)


def report_for(request: HttpRequest, pk: int) -> Report:
    """The report, where the person sees it; else 404."""
    reports = Report.objects.visible_to(request.user).named()  # type: ignore[arg-type]
    beside = ("section_set", "asked_by", "approved_version", "milestone__award__manager", "milestone__award__cover")
    return get_object_or_404(reports.select_related(*beside).prefetch_related("section_set__sections"), pk=pk)


@dataclass
class Reading:
    """One report before one person: who they are to it, and what of it they may read. Everything is fetched once."""

    report: Report
    user: User

    @cached_property
    def writes(self) -> bool:
        """Whether the person is the grantee's: an editor or a signatory of the recipient."""
        return permissions.editor_or_signatory(self.report, self.user)

    @cached_property
    def manages(self) -> bool:
        """Whether the person is of the body that manages the strand."""
        return self.user.holds(self.report.award.strand.managing_body_id, *MANAGING_ROLES)

    @cached_property
    def versions(self) -> list[Version]:
        """What was submitted, the first first."""
        return list(self.report.versions.all())

    @cached_property
    def latest(self) -> Version | None:
        """What was last submitted."""
        return self.versions[-1] if self.versions else None

    @cached_property
    def parts(self) -> list[Part]:
        """The parts as they are written now."""
        return state_of_parts(self.report)

    @property
    def missing(self) -> list[Part]:
        """The parts that something stands in the way of."""
        return [part for part in self.parts if part.lacks]

    @cached_property
    def payments(self) -> list[Tranche]:
        """Those that hang on the milestone."""
        return list(self.report.milestone.tranches.all())

    @cached_property
    def acts(self) -> dict[int, list[Act]]:
        """Who has which part in which version, the oldest first."""
        subjects = {f"{self.report.key}/version:{version.number}": version.number for version in self.versions}
        found: dict[int, list[Act]] = {number: [] for number in subjects.values()}
        for act in Act.objects.filter(subject__in=subjects).select_related("person").order_by("at", "pk"):
            found[subjects[act.subject]].append(act)
        return found

    @cached_property
    def history(self) -> list[HistoryEntry]:
        """What happened, the newest first, as far as it is this person's business."""
        if not (self.writes or self.manages):
            return []
        hidden = AMONG_REVIEWERS if self.writes else AMONG_THE_GRANTEE
        return list(HistoryEntry.objects.filter(record=self.report.key).exclude(what__in=hidden))

    @property
    def sent_back(self) -> HistoryEntry | None:
        """The entry that says why the report is with its writers again; None where it is not, or was never sent."""
        if not self.report.is_writable or not (self.report.asked_by_id or self.report.submitted_at):
            return None
        for entry in self.history:
            if entry.what in ("send_back", "decline_sign_off"):
                return entry
            if entry.what in ("submit", "recall_submission"):
                return None
        return None

    def url(self, name: str, *args: Any) -> str:
        """The address of one of the report's pages."""
        return reverse(f"reports:{name}", args=[self.report.pk, *args])


def promised(report: Report) -> str:
    """By when the managing body promises to have reviewed it."""
    days = report.award.strand.review_days
    if report.submitted_at is None or report.state in (*Report.UNSENT, Report.State.RETURNED):
        return f"A review is promised within {plural(days, 'day')} of its arrival."
    return f"A review is promised by {date_words(local_day(report.submitted_at) + timedelta(days=days))}."


def what_approval_pays(reading: Reading) -> list[str]:
    """What happens, or happened, to the payments of the milestone, a sentence each."""
    settled = reading.report.milestone.settled_at is not None
    words = {
        "scheduled": "was not released" if settled else "is released",
        "held": "is held" if settled else "is held, and stays so after approval",
        "released": "was released",
        "paid": "was paid",
        "cancelled": "was cancelled",
    }
    if not reading.payments:
        return ["No payment depends on this report."]
    return [f"{money(payment.amount, pence=False)} {words[payment.state]}." for payment in reading.payments]


def frame(reading: Reading, section: Section | None = None) -> dict[str, Any]:
    """The head of a page of a report, and what stands beside its work."""
    report = reading.report
    milestone, award = report.milestone, report.award
    place = f"Milestone {milestone.number} of {award.milestones.count()}, due {date_words(milestone.due_on)}"
    unsent = report.state in (*Report.UNSENT, Report.State.RETURNED)
    return {
        "report": report,
        "reading": reading,
        "award": award,
        "title": milestone.name if milestone.kind == "evaluation" else f"{milestone.name} report",
        "under": f"{award.title}, {award.recipient}, {date_range(milestone.period_start, milestone.period_end)}",
        "trail": [("Home", "/"), (award.reference, award.get_absolute_url()), (milestone.name, "")],
        "place": place,
        "days": days_left(milestone.due_on, local_today()) if unsent else "",
        "payments": what_approval_pays(reading),
        "is_settled": milestone.settled_at is not None,
        "promised": promised(report) if report.state in Report.OPEN else "",
        "section": section,
    }


def part_links(reading: Reading, current: Section | None = None) -> dict[str, Any]:
    """The list of parts at the side of whoever writes, with how far each is."""
    ready = sum(part.state == "ready" for part in reading.parts)
    saved = max((part.answer.saved_at for part in reading.parts if part.answer), default=None)
    return {
        "links": [
            {
                "title": part.section.title,
                "url": reading.url("part", part.section.code),
                "state": part.state,
                "word": "",
                "hint": f"{part.answer.saved_by}, {date_words(part.answer.saved_at)}" if part.answer else "",
                "current": current is not None and part.section.pk == current.pk,
            }
            for part in reading.parts
        ],
        "ready": ready,
        "all": len(reading.parts),
        "ready_words": f"{ready} of {plural(len(reading.parts), 'part')} ready",
        "saved": saved,
    }


def reading_of(report: Report, content: dict[str, Any]) -> dict[str, Any]:
    """What a report says, part by part, with its two tables."""
    lines = spend_of(report, content)
    return {
        "sections": content["sections"],
        "figures": figures_of(report, content),
        "lines": lines,
        "total": total_of(lines),
    }
