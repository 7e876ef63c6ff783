"""What is due from a grantee, in order, and which of it comes next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from grants.awards.models import Award, Milestone
from grants.desk.milestones import review_promised_by
from grants.formats import date_range, date_words, days_left, local_day, money, plural, relative
from grants.people.models import GRANTEE_ROLES, Organisation, Role, User
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


def of_report(report: Any, user: User, today: date) -> Due:
    """A report to write or to sign; `releases` on it is what its approval releases."""
    if report.corrects_id is not None:
        return _of_correction(report, user, today)
    milestone, award = report.milestone, report.award
    due = milestone.due_word(today)
    state, word, button = str(report.state), report.get_state_display(), ""
    parts = [days_left(milestone.due_on, today).capitalize(), f"{award.title}, {award.reference}"]
    if state in ("draft", "returned"):
        button = _writing(report)
        if state == "draft":
            state, word = due, {"not_due": "Not due yet", "very_late": "Very late"}.get(due, due.capitalize())
        if due == "not_due":
            parts[0], button = f"You can begin on {date_words(milestone.opens_on)}", ""
        if award.state == "suspended":
            parts.append("The award is suspended: you can write, but not send")
    elif state == "awaiting_sign_off":
        mine = second_signatory(report, user)
        parts.append("Waits for your signature" if mine else "Waits for a signatory’s signature")
        button = "Read and sign" if mine else ""
    url = report.get_absolute_url()
    return Due(_title(report), url, ". ".join(parts), state, word, milestone.due_on, button, record=report)


def _of_correction(report: Report, user: User, today: date) -> Due:
    """A correction to write or to sign: no day is set for it."""
    award, kind = report.award, report.get_purpose_display()
    hint, state, button = f"{kind} of an approved report", str(report.state), ""
    if report.is_writable:
        button = f"Continue the {kind.lower()}"
        state = "in_progress" if state == "draft" else state
    elif state == "awaiting_sign_off":
        mine = second_signatory(report, user)
        hint = "Waits for your signature" if mine else "Waits for a signatory’s signature"
        button = "Read and sign" if mine else ""
    under = f"{hint}. {award.title}, {award.reference}"
    url, word = report.get_absolute_url(), report.get_state_display()
    return Due(_title(report), url, under, state, word, today, button, record=report)


def of_member_part(report: Report, organisation: Organisation, confirmed_at: datetime | None, today: date) -> Due:
    """A member's part of its community's report, for which its lead waits until it is confirmed."""
    milestone, award = report.milestone, report.award
    title, url = (
        f"Your part of {milestone.name}, {award.recipient}",
        reverse("reports:member-part", args=[report.pk, organisation.pk]),
    )
    about, by = f"{award.title}, {award.reference}", milestone.due_on
    if confirmed_at:
        hint = f"Confirmed on {date_words(local_day(confirmed_at))}. {award.organisation} adds it up. {about}"
        return Due(title, url, hint, "ready", "Confirmed", by, record=award)
    state = milestone.due_word(today)
    word = {"very_late": "Very late"}.get(state, state.capitalize())
    text = (
        f"{award.organisation} adds up what the members of {award.recipient} give. Fill in your part, and confirm it."
    )
    hint = f"{days_left(by, today).capitalize()}. {about}"
    return Due(title, url, hint, state, word, by, "Fill in your part", text, award)


def of_figures(figures: Iterable[Any]) -> list[Due]:
    """Figures that an approved report said would come by a day that is here: a line a report. They come with their report."""
    by_report: dict[Report, list[Any]] = {}
    for figure in figures:
        by_report.setdefault(figure.report, []).append(figure)
    found = []
    for report, awaited in by_report.items():
        by = min(figure.awaited_by for figure in awaited)
        names = ", ".join(figure.indicator.title for figure in awaited)
        text = f"{names}: awaited by {date_words(by)}. {report.award.title}, {report.award.reference}"
        title, url = f"Update {plural(len(awaited), 'figure')}: {report.name}", report.get_absolute_url()
        found.append(Due(title, url, text, "awaited", "Awaited", by, "Update the figures", text, report.award))
    return found


def of_answers(answers: Iterable[dict[str, Any]], awards: Mapping[int, Award]) -> list[Due]:
    """What schools and partners answered when they were asked for a figure: it waits to be accepted or set aside. Where the
    report is open, that comes next: the answer stands in it while it is written. `awards` are those that it is about, by key.
    """
    return [
        Due(
            f"An answer from {answer['to_name']}: {answer['figure']}",
            reverse("reports:request", args=[answer["report"], answer["pk"]]),
            f"{_what_becomes(answer['state'])}. {answer['title']}, {answer['reference']}",
            "question", "Answered", local_day(datetime.fromisoformat(answer["at"])),
            "" if answer["state"] in Report.OPEN else "Read the answer",
            f"{answer['to_name']} gave the figure {answer['figure']}. {_what_becomes(answer['state'])}.",
            awards[answer["award"]],
        )
        for answer in answers
    ]  # fmt: skip


def _what_becomes(state: str) -> str:
    """What can be done with an answer while the report that it concerns is in a state."""
    if state in Report.WRITABLE:
        return "It goes into the report once you accept it"
    if state in Report.OPEN:
        return "The report cannot change now: accept it later, or set it aside"
    return "It waits to be accepted or set aside"


def with_them(records: Iterable[Any], today: date) -> list[Due]:
    """The reports and applications that the managing body has, with the day for which it promises an answer."""
    found = []
    for record in records:
        if record.state not in ("submitted", "in_review") or record.submitted_at is None:
            continue
        award = record.award if isinstance(record, Report) else record
        title = _title(record) if isinstance(record, Report) else f"Application: {award.title}"
        by = review_promised_by(record.submitted_at, award.strand.review_days)
        promises = "promises an answer" if by >= today else "promised an answer"
        hint = f"{award.strand.managing_body} {promises} by {date_words(by)}, {relative(by, today)}. {award.reference}"
        word = record.get_state_display()
        found.append(Due(title, record.get_absolute_url(), hint, str(record.state), word, by, record=record))
    return in_order(found)


def _title(report: Report) -> str:
    milestone = report.milestone
    if report.corrects_id is not None:
        return report.name
    named = milestone.title or milestone.kind == Milestone.Kind.EVALUATION
    return milestone.name if named else f"{milestone.name} report"


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
    text = _about(found.record) if isinstance(found.record, Report) else found.text
    return replace(found, text=text, word=_when(found, today))


def _when(item: Due, today: date) -> str:
    """How long there is: Due in 9 days."""
    if item.date and item.state in WORDS:
        days = (item.date - today).days
        return f"{WORDS[item.state]} in {plural(days, 'day')}" if days else f"{WORDS[item.state]} today"
    if item.date and item.state in ("overdue", "very_late"):
        return days_left(item.date, today).capitalize()
    return item.word


def _about(report: Any) -> str:
    """How far a report is, and what follows from it."""
    milestone = report.milestone
    sentences = [f"{report.award.title}, {date_range(milestone.period_start, milestone.period_end)}."]
    if report.state == Report.State.RETURNED:
        sentences.append(f"{report.award.strand.managing_body} asks for changes; what to change stands in the report.")
    elif report.is_writable and report.begun_at:
        parts = state_of_parts(report)
        ready = sum(part.state == "ready" for part in parts)
        sentences.append(f"{ready} of {len(parts)} parts {'is' if ready == 1 else 'are'} ready.")
    if report.releases and report.corrects_id is None:
        sentences.append(f"When it is approved, {money(report.releases, pence=False)} is released.")
    return " ".join(sentences)
