"""Where each milestone of an award stands: its report's state, or the clock where nothing was sent yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch

from grants.awards.models import Award, Milestone, Tranche
from grants.formats import date_words, local_day, money
from grants.people.models import User
from grants.reports.models import Report

LIVE = ("active", "evaluating", "suspended")
UNSENT = ("draft", "returned", "awaiting_sign_off")
SETTLED = ("approved", "waived")


@dataclass(frozen=True)
class Standing:
    """One milestone as it stands today, as the milestone row draws it."""

    milestone: Milestone
    report: Report | None
    state: str
    """The report's state, or not_due, due, overdue, very_late"""
    lines: list[str]

    @property
    def title(self) -> str:
        """What people call it."""
        return self.milestone.name


def with_milestones(user: User) -> list[Any]:
    """What to prefetch with awards so that `standings` asks the database nothing."""
    reports = Report.objects.visible_to(user).order_by("pk")
    return [
        Prefetch("milestones__reports", queryset=reports),
        Prefetch("tranches", queryset=Tranche.objects.select_related("milestone")),
    ]


def standings(award: Award, today: date) -> list[Standing]:
    """Every milestone of an award that was fetched `with_milestones`, in order."""
    return [_standing(award, milestone, today) for milestone in award.milestones.all()]


def is_promised(award: Award) -> bool:
    """Whether the award's plan was offered: before that it is the managing body's draft, and not for the applicant."""
    return award.state in Award.FROM_OFFER_ON or award.offer_act_id is not None


def current_report(milestone: Milestone) -> Report | None:
    """The report that stands for a milestone: the approved one, else the open one, else the last."""
    reports = list(milestone.reports.all())
    for states in (("approved",), Report.OPEN):
        if found := [report for report in reports if report.state in states]:
            return found[-1]
    return reports[-1] if reports else None


def correction_of(milestone: Milestone) -> Report | None:
    """The correction of its approved report that is under way."""
    open_now = (report for report in milestone.reports.all() if report.state in Report.OPEN)
    return next((report for report in open_now if report.corrects_id is not None), None)


def review_promised_by(submitted: Any, review_days: int) -> date:
    """The day by which a review is promised."""
    return local_day(submitted) + timedelta(days=review_days)


def payments_in_words(tranches: Iterable[Tranche]) -> str:
    """£4,000 paid: the payments of one milestone, by their states."""
    sums: dict[str, Any] = {}
    for tranche in tranches:
        sums[tranche.state] = sums.get(tranche.state, 0) + tranche.amount
    return ", ".join(
        money(total, pence=False) + ("" if state == "scheduled" else f" {state}") for state, total in sums.items()
    )


def _standing(award: Award, milestone: Milestone, today: date) -> Standing:
    report = current_report(milestone)
    state = _state(award, milestone, report, today)
    payments = payments_in_words(t for t in award.tranches.all() if t.milestone_id == milestone.pk)
    lines = [_happened(report, state) or f"{_draft(report)}ue {date_words(milestone.due_on)}", payments]
    if correction := correction_of(milestone):
        lines.append(f"{correction.get_purpose_display()} under way")
    return Standing(milestone, report, state, [line for line in lines if line])


def _state(award: Award, milestone: Milestone, report: Report | None, today: date) -> str:
    if report is not None and report.state != "draft":
        return str(report.state)
    if milestone.settled_at is not None:
        return "approved"
    return milestone.due_word(today) if award.state in LIVE else "not_due"


def _draft(report: Report | None) -> str:
    begun = report is not None and report.state == "draft" and report.begun_at is not None
    return "Draft, d" if begun else "D"


def _happened(report: Report | None, state: str) -> str:
    """What became of a report that is no draft any more."""
    if report is None or report.state == "draft":
        return "Settled" if state == "approved" else ""
    word = report.get_state_display()
    at = {"approved": report.approved_at, "submitted": report.submitted_at}.get(report.state)
    if report.state in UNSENT:
        return f"{word}, due {date_words(report.milestone.due_on)}"
    return f"{word} {date_words(at)}" if at else word
