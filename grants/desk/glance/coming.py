"""What happens next with an award, or what became of it, in a sentence for whoever reads it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import format_html

from grants.awards.models import Award
from grants.desk.milestones import SETTLED, Standing, review_promised_by
from grants.formats import date_words, relative
from grants.lifecycle.models import HistoryEntry

ENDED = ("declined", "withdrawn", "closed", "terminated")
TOLD = (*ENDED, "returned", "suspended")


@dataclass(frozen=True)
class Coming:
    """What happens next, and why it came so far where somebody gave a reason."""

    title: str
    sentence: str
    reason: str = ""


def coming(award: Award, stand: list[Standing], came: Any, today: date, *, recommended: bool = False) -> Coming:
    """What happens next. `came` is the entry of `history.of_award` by which the award came to its state, if that is `TOLD`;
    `recommended` is for those who decide, and says that somebody recommended the application.
    """
    title = "What became of it" if award.state in ENDED else "What happens next"
    sentence = _sentence(award, stand, came, today)
    if recommended and award.state == "in_review":
        sentence = (
            "The application is recommended. An approver offers the award, returns it for changes or declines it."
        )
    return Coming(title, sentence, came.why if came else "")


def is_ready_to_close(award: Award) -> bool:
    """Whether every report of an award that was fetched for its page is settled, and every payment made or given up."""
    return (
        award.state == "evaluating"
        and all(milestone.settled_at for milestone in award.milestones.all())
        and all(tranche.state in ("paid", "cancelled") for tranche in award.tranches.all())
    )


def _sentence(award: Award, stand: list[Standing], came: HistoryEntry | None, today: date) -> str:
    body, applicant = award.strand.managing_body, award.organisation
    promised = review_promised_by(award.submitted_at, award.strand.review_days) if award.submitted_at else today
    match award.state:
        case "draft":
            closes = f" before {date_words(award.call.closes_at)}" if award.call else ""
            return f"The application is being written. A signatory of {applicant} submits it{closes}."
        case "submitted":
            return f"{body} reads the application. A decision is promised by {_when(promised, today)}."
        case "in_review":
            return f"{body} is reviewing the application, and offers the award, returns it for changes or declines it."
        case "offered" if award.acceptance_due:
            accepts = f"A signatory of {applicant} accepts by {_when(award.acceptance_due, today)}."
            return f"{accepts} Then reports are opened, and what is paid on acceptance is released."
        case "active" | "evaluating":
            return _next_report(award, stand, today)
    return _told(award, came)


def _told(award: Award, came: HistoryEntry | None) -> str:
    """What became of an award, by whom and when, where that is known."""
    applicant = award.organisation
    who, on = (came.actor, f" on {date_words(came.at)}") if came else (str(award.strand.managing_body), "")
    ended = f" on {date_words(award.ended_on)}" if award.ended_on else ""
    by = f" by {who}" if came else ""
    match award.state:
        case "returned":
            return (
                f"{who} asked for changes{on}. {applicant} makes them, and a signatory submits the application again."
            )
        case "suspended":
            waits = "Reports can be written, but neither sent nor approved, until it is resumed."
            return f"{who} suspended the award{on}. {waits}"
        case "closed":
            return f"The award was closed{ended}{by}. Nothing more is due."
        case "terminated":
            return f"The award was ended early{ended}{by}. Nothing more is due."
        case "declined":
            return f"{who} declined the application{on}."
        case "withdrawn" if came and came.what == "lapse":
            return f"The offer was not accepted in time, and lapsed{on}. Nothing more is due."
        case "withdrawn":
            again = f"It cannot be opened again; {applicant} can apply anew in an open call."
            return f"This application was withdrawn{by}{on}. {again}"
    return "Nothing more is due."


def _next_report(award: Award, stand: list[Standing], today: date) -> str:
    ahead = next((one for one in stand if one.state not in (*SETTLED, "abandoned")), None)
    if ahead is None:
        if is_ready_to_close(award):
            return "Every report is settled, and nothing is left to pay. The award can be closed."
        return "Every report is settled. The award can be closed when every payment is paid or cancelled."
    body, due, late = award.strand.managing_body, ahead.milestone.due_on, ahead.milestone.due_on < today
    report = _linked(ahead)
    if ahead.state in ("submitted", "in_review") and ahead.report and ahead.report.submitted_at:
        promised = review_promised_by(ahead.report.submitted_at, award.strand.review_days)
        return format_html("{} reviews {}; the review is promised by {}.", body, report, _when(promised, today))
    if ahead.state == "returned":
        return format_html("{} asked for changes to {}; {} sends it again.", body, report, award.recipient)
    on, recipient = _when(due, today), award.organisation
    if ahead.state == "awaiting_sign_off":
        was = "was" if late else "is"
        return format_html("{} is written, and {} due on {}. A signatory of {} signs it.", report, was, on, recipient)
    verb = "was" if late else "is"
    return format_html("{} {} due on {}. {} writes and signs it.", report, verb, on, recipient)


def _linked(standing: Standing) -> str:
    """The name of a milestone, linked to its report where there is one."""
    if standing.report is None:
        return standing.title
    return format_html('<a href="{}">{}</a>', standing.report.get_absolute_url(), standing.title)


def _when(day: date, today: date) -> str:
    """14 November 2012, in 9 days."""
    return f"{date_words(day)}, {relative(day, today)}"
