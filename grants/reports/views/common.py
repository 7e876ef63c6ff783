"""What the pages of a report share: the record, its head, its parts and the facts beside them."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from grants.awards.models import Milestone, Tranche
from grants.formats import about_minutes, date_range, date_words, days_left, local_day, local_today, money, plural
from grants.lifecycle.models import Act, HistoryEntry
from grants.people.models import MANAGING_ROLES, User
from grants.programmes.models import Section
from grants.reports import permissions
from grants.reports.activities import held_in, together
from grants.reports.figures import figures_of, spend_of, total_of
from grants.reports.members import Member, members_of, stays_as_sent, turnout_in
from grants.reports.models import Comment, Evidence, Mark, Question, Report, Version
from grants.reports.parts import Part, state_of_parts
from grants.reports.sums import are_old

AMONG_THE_GRANTEE = ("ask_for_sign_off", "recall", "decline_sign_off")
AMONG_REVIEWERS = ("recommend",)
ACTIVITIES_ON_A_PAGE = 100


def report_for(request: HttpRequest, pk: int, among: QuerySet[Report] | None = None) -> Report:
    """The report, where the person sees it, or where it is among those that are given; else 404."""
    seen: Any = Report.objects.visible_to(request.user) if among is None else among  # type: ignore[arg-type]
    reports = seen.named()
    beside = (
        "section_set", "asked_by", "approved_version", "corrects__approved_version", "milestone__award__manager",
        "milestone__award__cover",
    )  # fmt: skip
    said = Comment.objects.order_by().filter(report=pk, section=OuterRef("pk"), resolved_at=None)
    number = Subquery(said.values("section").annotate(number=Count("pk")).values("number"))
    sections = Prefetch("section_set__sections", Section.objects.annotate(open_comments=number))
    of_award = Milestone.objects.filter(award=OuterRef("milestone__award")).order_by().values("award")
    counted = reports.annotate(milestones=Subquery(of_award.annotate(number=Count("pk")).values("number")))
    return get_object_or_404(counted.select_related(*beside).prefetch_related(sections), pk=pk)


def part_for(request: HttpRequest, pk: int, code: str, *, for_members: bool = False) -> "tuple[Reading, Section]":
    """A part before somebody who writes it: 404 for a report that the person does not see and for a part that it does not
    ask, 403 for whoever does not write it. With `for_members`, whoever fills a member's part writes it too.
    """
    user: Any = request.user
    seen = Report.objects.visible_to(user)
    report = report_for(request, pk, seen | Report.objects.filled_by(user) if for_members else seen)
    reading = Reading(report, user, request.GET.get("page", ""))
    if not (reading.writes or (for_members and reading.fills)):
        raise PermissionDenied(permissions.editor_or_signatory.__doc__)
    section = next((section for section in reading.report.asked_sections() if section.code == code), None)
    if section is None:
        raise Http404
    return reading, section


@dataclass
class Reading:
    """One report before one person: who they are to it, and what of it they may read. Everything is fetched once."""

    report: Report
    user: User
    page: str = ""
    """Which page of the activities is asked for, where they are many"""

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

    @property
    def compared_with(self) -> Version | None:
        """What the latest version is held against: of a correction what it corrects, else the version before."""
        if self.report.corrects is not None:
            return self.report.corrects.approved_version
        return self.versions[-2] if len(self.versions) > 1 else None

    @cached_property
    def parts(self) -> list[Part]:
        """The parts as they are written now."""
        return state_of_parts(self.report)

    @cached_property
    def members(self) -> list[Member]:
        """Who of a community gives a part, the lead first; empty where nobody else does."""
        if self.report.award.community is None:
            return []
        sent = self.report.state in Report.SENT or stays_as_sent(self.report)
        return members_of(self.report, self.latest if sent else None)

    @property
    def fills(self) -> list[Member]:
        """Those of them for which the person writes or signs."""
        return [one for one in self.members if one.acts(self.user)]

    @cached_property
    def last_approved(self) -> Report | None:
        """What was last reported of the award before this."""
        return last_approved(self.report)

    @property
    def missing(self) -> list[Part]:
        """The parts that something stands in the way of."""
        return [part for part in self.parts if part.lacks]

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """How the parts of the latest version were read, by their codes: the latest mark of each counts."""
        marks = self.latest.marks.select_related("section", "by") if self.latest else []
        return {mark.section.code: mark for mark in marks}

    @cached_property
    def questions(self) -> list[Question]:
        """What the review asked of any version, with the answers, for both sides."""
        if not (self.versions and (self.writes or self.manages)):
            return []
        asked = Question.objects.filter(version__report=self.report)
        return list(asked.select_related("version", "section", "indicator", "by", "reply__by"))

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


def last_approved(report: Report) -> Report | None:
    """The latest approved report of an earlier milestone of the same award."""
    return (
        Report.objects.filter(
            milestone__award=report.milestone.award_id,
            milestone__number__lt=report.milestone.number,
            state=Report.State.APPROVED,
        )
        .select_related("milestone", "approved_version")
        .order_by("-milestone__number")
        .first()
    )


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
    report: Any = reading.report  # with the number of its award's milestones
    milestone, award = report.milestone, report.award
    place = f"Milestone {milestone.number} of {report.milestones}, due {date_words(milestone.due_on)}"
    to_send = report.state in (*Report.UNSENT, Report.State.RETURNED) and report.corrects_id is None
    title = milestone.name if milestone.kind == "evaluation" else f"{milestone.name} report"
    return {
        "report": report,
        "reading": reading,
        "award": award,
        "title": title if report.corrects_id is None else report.name,
        "under": f"{award.title}, {award.recipient}, {date_range(milestone.period_start, milestone.period_end)}",
        "trail": [("Home", "/"), (award.reference, award.get_absolute_url()), (report.name, "")],
        "place": place,
        "days": days_left(milestone.due_on, local_today()) if to_send else "",
        "payments": what_approval_pays(reading),
        "is_settled": milestone.settled_at is not None,
        "promised": promised(report) if report.state in Report.OPEN else "",
        "section": section,
    }


def part_links(reading: Reading, current: Section | None = None) -> dict[str, Any]:
    """The list of parts at the side of whoever writes, with how far each is."""
    ready = sum(part.state == "ready" and not part.to_change for part in reading.parts)
    saved = max((part.answer.saved_at for part in reading.parts if part.answer), default=None)
    return {
        "links": [
            {
                "title": part.section.title,
                "url": reading.url("part", part.section.code),
                "state": "returned" if part.to_change else part.state,
                "word": "Locked" if part.locked else "To change" if part.to_change else "",
                "hint": _hint_of(part),
                "comments": _comments_on(part),
                "current": current is not None and part.section.pk == current.pk,
            }
            for part in reading.parts
        ],
        "ready": ready,
        "all": len(reading.parts),
        "ready_words": f"{ready} of {plural(len(reading.parts), 'part')} ready",
        "left_words": _left(reading.parts),
        "saved": saved,
    }


def _hint_of(part: Part) -> str:
    """Who wrote last, and when; of a part that is not ready also how long it takes."""
    who = f"{part.answer.saved_by}, {date_words(part.answer.saved_at)}" if part.answer else ""
    takes = about_minutes(part.section.minutes) if part.state != "ready" else ""
    return f"{who}; {takes}" if who and takes else who or takes.capitalize()


def _comments_on(part: Part) -> str:
    """How many comments on it are open; empty for none, and before the report is begun."""
    number = getattr(part.section, "open_comments", None)
    return plural(number, "comment") if number else ""


def _left(parts: list[Part]) -> str:
    """How long what is left takes, and where something is done, how long the whole does."""
    whole = sum(part.section.minutes for part in parts)
    left = sum(part.section.minutes for part in parts if part.state != "ready")
    if not left:
        return ""
    words = about_minutes(left).capitalize()
    return words if left == whole else f"{words} left, of {about_minutes(whole)}"


def reading_of(report: Report, content: dict[str, Any], page: str | None) -> dict[str, Any]:
    """What a report says, part by part, with its tables and its files; of many activities a page. Older versions lack what
    was not asked then.
    """
    lines = spend_of(report, content)
    return {
        "sections": [section | {"files": files_at(section["code"], content)} for section in content["sections"]],
        "figures": figures_of(report, content),
        "lines": lines,
        "total": total_of(lines),
        "members": turnout_in(content),
        "sums_are_old": are_old(report, content),
        **activities_on(page, content),
        "risks": content.get("risks", []),
        "follow_up": content.get("follow_up", []),
    }


def activities_on(page: str | None, content: dict[str, Any]) -> dict[str, Any]:
    """A page of the activities of a report's content, and what all of them amount to."""
    activities = held_in(content)
    return {
        "activities": Paginator(activities, ACTIVITIES_ON_A_PAGE).get_page(page or 1),
        "together": together(activities),
    }


def files_at(code: str, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The files that a report's content has at a part."""
    return [file for file in content.get("evidence", []) if file["section"] == code]


def evidence_at(report: Report, section: Section) -> list[Evidence]:
    """The files that are at a part now."""
    return list(report.evidence.filter(section=section, removed_at=None).select_related("indicator", "added_by"))
