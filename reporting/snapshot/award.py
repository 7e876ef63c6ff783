"""An award's page in a funder report, as plain data."""

import datetime
from decimal import Decimal
from typing import Any

from grants.awards.models import Milestone
from grants.formats import date_words
from grants.people.models import Organisation
from grants.reports.members import turnout_in
from reporting.snapshot.figures import Contribution, Figures
from reporting.snapshot.records import STOPPED, Approved, AwardRecord

COURSES = {"on_course": "On course", "at_risk": "At risk", "off_course": "Off course"}
STATUSES = {
    "final": "Final",
    "provisional": "Provisional",
    "awaited": "Awaited",
    "not_collected": "Not collected",
    "not_applicable": "Not applicable",
}
CLOCK = {"not_due": "To come", "due": "Due", "overdue": "Overdue", "very_late": "Very late"}
FORECAST = "As reported"
SHORT = 600  # characters of "what was done" that stand beside what was promised; longer texts follow as an answer


def word(state: str) -> str:
    """A state as the stylesheet and the PDF's theme know it."""
    return state.replace("_", "-")


def page(
    record: AwardRecord,
    figures: Figures,
    funder: Organisation,
    until: datetime.date,
    today: datetime.date,
    *,
    answers: bool = True,
) -> dict[str, Any]:
    """Everything that page B shows of one award; without `answers` where the document gathers them by what was asked."""
    award, latest = record.award, record.latest(until)
    own = Contribution(award, "amount", f"{award.amount:f}")
    part = Contribution(award, f"fundings/{funder.identifier}/amount", f"{record.funding.amount:f}")
    paid, payments = record.money(until, "paid")
    judgement = latest.judgement() if latest else None
    course = judgement["choice"] if judgement and award.state not in STOPPED else ""
    return {
        "reference": award.reference,
        "title": award.title,
        "recipient": award.recipient,
        "strand": award.strand.title,
        "place": award.place,
        "description": award.description,
        "state": word(award.state),
        "state_label": award.get_state_display(),
        "course": word(course),
        "course_label": COURSES.get(course, ""),
        "starts": award.starts.isoformat() if award.starts else "",
        "ends": award.ends.isoformat() if award.ends else "",
        "amount": figures.money("Awarded", award.amount or Decimal(0), [own], of=award),
        "funder_part": figures.money("This funder's part", record.funding.amount, [part], "Share", of=award),
        "paid": figures.money(f"Paid by {date_words(until)}", paid, payments, of=award),
        "milestones": [_milestone(record, one, today) for one in award.milestones.all()],
        "report": _report(latest, record, until) if latest else None,
        "no_report": no_report(record, until),
        "judgement": {
            "state": word(judgement["choice"]),
            "label": COURSES[judgement["choice"]],
            "reason": judgement["text"],
        }
        if judgement
        else None,
        "promised": [one.promise for one in award.milestones.all() if one.promise],
        "done": _done(latest),
        "results": _results(record, figures, until),
        **_budget(record, figures, until),
        "answers": _answers(latest) if answers else [],
        "next": _next(record),
    }


def no_report(record: AwardRecord, until: datetime.date) -> str:
    """A sentence where a report for the period is lacking; empty where none is."""
    due, latest = record.due_by(until), record.latest(until)
    lacking = [one for one in due if one.settled_at is None]
    if not lacking:
        return ""
    names = ", ".join(f"{one.name}, due {date_words(one.due_on)}" for one in lacking)
    if latest is None:
        return f"No approved report yet. Open: {names}."
    return f"No approved report of {names}. Figures as at {date_words(latest.milestone.period_end)}."


def _milestone(record: AwardRecord, milestone: Milestone, today: datetime.date) -> dict[str, str]:
    report = record.states.get(milestone.pk)
    state, label = milestone.due_word(today), CLOCK[milestone.due_word(today)]
    if report is not None and report.state not in ("draft", "awaiting_sign_off"):
        state, label = report.state, report.get_state_display()
    elif milestone.settled_at is not None:
        state, label = "approved", "Settled"
    return {
        "name": milestone.name,
        "kind": milestone.kind,
        "due": milestone.due_on.isoformat(),
        "state": word(state),
        "state_label": label,
    }


def _report(latest: Approved, record: AwardRecord, until: datetime.date) -> dict[str, Any]:
    return {
        "name": latest.milestone.name,
        "from": latest.milestone.period_start.isoformat(),
        "to": latest.milestone.period_end.isoformat(),
        "version": latest.version.number,
        "approved": latest.day,
        "approved_by": f"Approver, {record.award.strand.managing_body}",
        **_members(record.until(until)),
    }


def _members(approved: list[Approved]) -> dict[str, str]:
    """Where a community reported: how many of its members gave their part in the latest report, and who did not; then the same
    of each earlier report that somebody is missing from, since the totals to date lack them too.
    """
    said = []
    for one in reversed(approved):
        members, of = turnout_in(one.content), "" if one is approved[-1] else f"{one.milestone.name}: "
        if members and (members.missing or not of):
            said.append(f"{of}{members.words}.")
    return {"members": " ".join(said)} if said else {}


def _results(record: AwardRecord, figures: Figures, until: datetime.date) -> list[dict[str, Any]]:
    rows, latest = [], record.latest(until)
    for target in record.award.targets.all():
        indicator = target.indicator
        promised = Contribution(record.award, f"targets/{indicator.code}", f"{target.value:f}")
        so_far = record.to_date(indicator, until)
        given = (
            next((row for row in latest.content["results"] if row["indicator"] == indicator.code), None)
            if latest
            else None
        )
        status = given["status"] if given else ""
        if so_far is not None and status not in ("awaited", "not_collected", "not_applicable"):
            status = so_far.status
        add: Any = figures.per_cent if indicator.is_ratio else figures.count
        more = {} if indicator.is_ratio else {"people": indicator.measure == "people"}
        value = None
        if so_far is not None:
            value = add(
                f"{indicator.title}, to date",
                so_far.value,
                indicator.unit,
                so_far.behind,
                so_far.rule,
                of=record.award,
                **more,
            )
        rows.append(
            {
                "name": indicator.title,
                "unit": indicator.unit,
                "target": add(
                    f"{indicator.title}, target",
                    target.value,
                    indicator.unit,
                    [promised],
                    "As awarded",
                    of=record.award,
                    **more,
                ),
                "value": value,
                "part": _part(so_far.value, target.value) if so_far else None,
                "status": word(status),
                "status_label": STATUSES.get(status, "No report"),
                "note": _awaited(given),
            }
        )
    return rows


def _part(value: Decimal, target: Decimal) -> float | None:
    return round(float(value / target), 4) if target else None


def _awaited(given: dict[str, Any] | None) -> str:
    if not given or given["status"] != "awaited":
        return ""
    by = date_words(datetime.date.fromisoformat(given["awaited_by"]))
    return f"from {given['awaited_from']} by {by}"


def _budget(record: AwardRecord, figures: Figures, until: datetime.date) -> dict[str, Any]:
    spent, award, rows = record.spent(until), record.award, []
    forecasts = record.forecasts(until)
    for line in award.budget_lines.all():
        source = Contribution(award, f"budget/{line.title}", f"{line.amount:f}")
        amount, behind = spent.get(line.title, (None, []))
        so_far = None
        if amount is not None:
            so_far = figures.money(f"{line.title}, spent", amount, behind, "Added over periods", of=award)
        rows.append(
            {
                "name": line.title,
                "budget": figures.money(f"{line.title}, budget", line.amount, [source], of=award),
                "spent": so_far,
                "forecast": figures.money(f"{line.title}, forecast", *forecasts[line.title], FORECAST, of=award)
                if line.title in forecasts
                else None,
            }
        )
    if not rows:
        return {"budget": [], "budget_total": None}
    total = sum((line.amount for line in award.budget_lines.all()), Decimal(0))
    behind = [source for _, sources in spent.values() for source in sources]
    used = sum((amount for amount, _ in spent.values()), Decimal(0))
    lines = [Contribution(award, f"budget/{line.title}", f"{line.amount:f}") for line in award.budget_lines.all()]
    whole = sum((amount for amount, _ in forecasts.values()), Decimal(0))
    foreseen = [source for _, sources in forecasts.values() for source in sources]
    return {
        "budget": rows,
        "budget_total": {
            "budget": figures.money("Budget, all lines", total, lines, of=award),
            "spent": figures.money("Spent, all lines", used, behind, "Added over periods", of=award) if spent else None,
            "forecast": figures.money("Forecast, all lines", whole, foreseen, FORECAST, of=award)
            if len(forecasts) == len(rows)
            else None,
        },
    }


def _done(latest: Approved | None) -> list[str]:
    part = latest.section("done") if latest else None
    return _paragraphs(part["text"]) if part and len(part["text"]) <= SHORT else []


def _answers(latest: Approved | None) -> list[dict[str, str]]:
    if latest is None:
        return []
    short = bool(_done(latest))
    return [
        {"title": part["title"], "text": part["text"]}
        for part in latest.for_the_funder
        if part["form"] == "narrative" and part["text"].strip() and not (part["code"] == "done" and short)
    ]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _next(record: AwardRecord) -> str:
    waiting = [one for one in record.award.milestones.all() if one.settled_at is None]
    if record.award.state in ("closed", "terminated") or not waiting:
        return ""
    return f"{waiting[0].name}, due {date_words(waiting[0].due_on)}."
