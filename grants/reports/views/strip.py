"""The figures above a review: what stands at stake, how long it waits, how it goes, and what is open."""

from decimal import Decimal
from typing import Any

from grants.awards.models import Action
from grants.formats import date_words, local_day, local_today, money, plural
from grants.reports.figures import Figure, Spent
from grants.reports.models import Report, Version
from grants.reports.views.common import Reading


def strip_of(
    reading: Reading,
    version: Version,
    content: dict[str, Any],
    figures: list[Figure],
    total: Spent,
    actions: list[Action],
) -> list[dict[str, Any]]:
    """Amount, version and days of waiting, both judgements, targets on course, spend against time, open actions."""
    report, award = reading.report, reading.report.award
    paid = sum(payment.amount for payment in reading.payments if payment.state == "scheduled")
    judgement = next((row["choice"] for row in content["sections"] if row["choice"]), "")
    ours = award.judgements.select_related("by").first()
    waiting = (local_today() - local_day(report.submitted_at)).days if report.submitted_at else 0
    is_waiting = report.state in (Report.State.SUBMITTED, Report.State.IN_REVIEW)
    gone = time_gone(report)
    return [
        {
            "label": "Award",
            "value": money(award.amount or 0, pence=False),
            "note": f"{money(paid, pence=False)} on approval" if paid else "",
        },
        {
            "label": "Waiting",
            "value": plural(waiting, "day") if is_waiting else "–",
            "note": f"version {version.number}",
        },
        {"label": "Grantee’s judgement", "value": "" if judgement else "–", "state": judgement},
        {
            "label": "Our judgement",
            "value": "" if ours else "–",
            "state": ours.course if ours else "",
            "note": date_words(ours.at) if ours else "",
        },
        {"label": "Targets on course", **targets_on_course(figures, gone)},
        {
            "label": "Spent",
            "value": "–" if total.part is None else f"{total.part}%",
            "note": "" if gone is None else f"at {gone}% of the time",
        },
        {
            "label": "Open actions",
            "value": len(actions),
            "note": f"first due {date_words(actions[0].due_on)}" if actions else "",
            "url": "#actions" if actions else "",
        },
    ]


def targets_on_course(figures: list[Figure], gone: int | None) -> dict[str, str]:
    """Of the targets, how many have come as far as the time has, in per cent; what is behind, and what is awaited."""
    promised = [figure for figure in figures if figure.target]
    on_course = [figure for figure in promised if is_on_course(figure, gone)]
    awaited = sum(figure.given is not None and figure.given.is_awaited for figure in figures)
    behind = sum(figure.to_date is not None and not is_on_course(figure, gone) for figure in promised)
    notes = [f"{behind} behind" if behind else "", f"{awaited} awaited" if awaited else ""]
    return {"value": f"{len(on_course)} of {len(promised)}", "note": ", ".join(filter(None, notes))}


def is_on_course(figure: Figure, gone: int | None) -> bool:
    """Whether a figure is reached, or has come as far as the time has; a ratio does not grow with time."""
    if figure.is_met or figure.target is None or figure.to_date is None:
        return figure.is_met
    if gone is None or figure.indicator.is_ratio:
        return False
    return figure.to_date.value * 100 >= figure.target.value * Decimal(gone)


def time_gone(report: Report) -> int | None:
    """How much of the award's time has gone by the end of the report's period, in per cent."""
    award, end = report.award, report.milestone.period_end
    if not award.starts or not award.ends:
        return None
    whole, gone = (award.ends - award.starts).days + 1, (end - award.starts).days + 1
    return min(100, max(0, round(gone * 100 / whole)))
