"""What is due from a grantee, in order, and which of it comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from grants.awards.models import Award, Milestone
from grants.desk.milestones import review_promised_by
from grants.formats import date_words, days_left, local_day, money, plural
from grants.people.models import GRANTEE_ROLES, Role, User
from grants.reports.models import Report
from grants.reports.parts import state_of_parts
from grants.reports.permissions import second_signatory

WRITE_ON = "Go on writing"
WORDS = {"due": "Due", "offered": "Accept", "draft": "Call closes"}


@dataclass
class Due:
    """One thing that is asked of the grantee: a line of the list, and perhaps the next thing to do."""

    title: str
    url: str
    hint: str
    state: str
    word: str
    date: date | None
    """Empty: now"""
    button: str = ""
    """What the person does; empty where it waits for somebody else, or for its time"""
    text: str = ""
    record: Any = None


def of_application(award: Award, user: User) -> Due | None:
    """A draft or returned application, or an offer; None where nothing is asked of the applicant."""
    if award.state == "offered":
        return _of_offer(award, user)
    if award.state not in ("draft", "returned") or not user.holds(award.organisation_id, *GRANTEE_ROLES):
        return None
    title, url = award.title or "Untitled application", reverse("awards:application", args=[award.reference])
    if award.state == "returned":
        hint = f"{award.strand.managing_body} asks for changes. Then a signatory submits it again"
        word, day, button = "Returned", None, "Change the application"
    else:
        day = local_day(award.call.closes_at) if award.call else None
        hint, word, button = "Not yet submitted. A signatory submits it", "Draft", WRITE_ON
        if award.call is None or not award.call.is_open:
            hint, button = "The call is closed: this can no longer be submitted", ""
    under = f"Application {award.reference} to {award.strand.managing_body}. {hint}."
    return Due(title, url, hint, award.state, word, day, button, under, award)


def _of_offer(award: Award, user: User) -> Due:
    mine = user.holds(award.organisation_id, Role.SIGNATORY)
    hint = "Waits for your acceptance" if mine else "Waits for a signatory’s acceptance"
    offered = money(award.amount or 0, pence=False)
    text = f"{award.strand.managing_body} offers {offered}. Read what is promised, then accept."
    return Due(
        f"Accept the offer: {award.title}", award.get_absolute_url(), hint, "offered", "Offered", award.acceptance_due,
        "See the offer" if mine else "", text, award,
    )  # fmt: skip


def of_report(report: Report, user: User, today: date) -> Due:
    """An open report: to write, to sign, or with the managing body."""
    milestone, award = report.milestone, report.award
    due = milestone.due_word(today)
    state, word, button = str(report.state), report.get_state_display(), ""
    parts = [days_left(milestone.due_on, today).capitalize(), award.reference]
    if state in ("draft", "returned"):
        button = _writing(report)
        if state == "draft":
            state, word = due, {"not_due": "Not due yet", "very_late": "Very late"}.get(due, due.capitalize())
        if due == "not_due":
            parts[0], button = f"You can begin on {date_words(milestone.opens_on)}", ""
        if award.state == "suspended":
            parts.append("the award is suspended: you can write, but not send")
    elif state == "awaiting_sign_off":
        mine = second_signatory(report, user)
        parts.append("waits for your signature" if mine else "waits for a signatory’s signature")
        button = "Read and sign" if mine else ""
    elif report.submitted_at:
        promised = review_promised_by(report.submitted_at, award.strand.review_days)
        body = award.strand.managing_body
        parts = [f"With {body}, which promises a review by {date_words(promised)}", award.reference]
    named = milestone.title or milestone.kind == Milestone.Kind.EVALUATION
    title = milestone.name if named else f"{milestone.name} report"
    url = report.get_absolute_url()
    return Due(title, url, ". ".join(_sentence(parts)), state, word, milestone.due_on, button, record=report)


def _writing(report: Report) -> str:
    if report.state == "returned":
        return "Change the report"
    return "Continue the report" if report.begun_at else "Begin the report"


def in_order(items: Iterable[Due | None]) -> list[Due]:
    """What is due, the earliest first; what has no date is wanted now."""
    return sorted((item for item in items if item), key=lambda item: (item.date or date.min, item.title))


def next_thing(items: list[Due], today: date) -> Due | None:
    """The first thing that this person can do now, with what there is to say about it."""
    found = next((item for item in items if item.button), None)
    if found is None:
        return None
    if isinstance(found.record, Report):
        found.text = _about(found.record)
    if found.date and found.state in ("due", "offered", "draft"):
        days = (found.date - today).days
        left = f"in {plural(days, 'day')}" if days else "today"
        found.word = f"{WORDS[found.state]} {left}"
    elif found.date and found.state in ("overdue", "very_late"):
        found.word = days_left(found.date, today).capitalize()
    return found


def _about(report: Report) -> str:
    """How far a report is, and what follows from it."""
    sentences = [f"{report.award.title}, {report.milestone.name.lower()}."]
    if report.state == Report.State.RETURNED:
        sentences.append(f"{report.award.strand.managing_body} asks for changes; what to change stands in the report.")
    elif report.is_writable:
        parts = state_of_parts(report)
        sentences.append(f"{sum(part.state == 'ready' for part in parts)} of {len(parts)} parts are ready.")
    released = sum(tranche.amount for tranche in report.milestone.tranches.filter(state="scheduled"))
    if released:
        sentences.append(f"When it is approved, {money(released, pence=False)} is released.")
    return " ".join(sentences)


def _sentence(parts: list[str]) -> list[str]:
    return [f"{part[:1].upper()}{part[1:]}" for part in parts]
