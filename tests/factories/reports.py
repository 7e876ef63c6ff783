"""Reports, written and moved as people do."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from grants.awards import services as awards
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import advance
from grants.people.models import User
from grants.programmes.models import Indicator, Section, Size
from grants.reports import services as reports
from grants.reports.models import Answer, Report
from grants.reports.since import items_of
from tests.factories.memory import remembered
from tests.factories.people import Cast

REASON = "The partner schools asked for another month."
DONE = "It was done as it was planned."
TEXT = "We did what we planned, and the schools came."


@remembered
def fill(report: Report, by: User) -> Report:
    """Write every part of a report: narratives, judgement, a figure for each target, an amount for each budget line; where
    it is asked an activity and a risk.

    The first part is saved by the service, which begins the report; the others are put beside it as it would, at once.
    """
    written = {Section.Form.NARRATIVE: (TEXT, ""), Section.Form.JUDGEMENT: ("", "on_course")}
    first, *others = [section for section in report.asked_sections() if section.form in written]
    text, choice = written[Section.Form(first.form)]
    reports.save_answer(report.pk, first, by=by, text=text, choice=choice)
    answers = []
    for section in others:
        text, choice = written[Section.Form(section.form)]
        answers.append(Answer(report=report, section=section, saved_by=by, text=text, choice=choice))
    Answer.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["report", "section"],
        update_fields=["text", "choice", "saved_by", "saved_at"],
    )
    reports.save_results(report.pk, by=by, rows=figures(target.indicator for target in report.award.targets.all()))
    reports.save_spend(report.pk, by=by, rows=spend(report))
    forms = {section.form for section in report.asked_sections()}
    if Section.Form.ACTIVITIES in forms and not report.activities.exists():
        reports.save_activity(report.pk, by=by, values=activity(report))
    if Section.Form.RISKS in forms:
        reports.save_risks(report.pk, by=by, rows=[RISK])
    if Section.Form.FOLLOW_UP in forms:
        reports.save_follow_ups(report.pk, by=by, given={item.key: (DONE, False) for item in items_of(report)})
    return Report.objects.named().get(pk=report.pk)


def send_back(report: Report, by: User, *codes: str, reason: str = REASON) -> Report:
    """Return a report for changes in some parts (the first, unless they are named)."""
    named = codes or (report.asked_sections()[0].code,)
    return reports.return_report(report.pk, by=by, seen=None, sections=dict.fromkeys(named, reason))


def figures(indicators: Iterable[Indicator]) -> list[dict[str, Any]]:
    """Rows for save_results: 60 of 80 for a ratio, 342 for all else."""
    return [
        {
            "indicator": row,
            "status": "final",
            "value": Decimal(75 if row.is_ratio else 342),
            "numerator": Decimal(60) if row.is_ratio else None,
            "denominator": Decimal(80) if row.is_ratio else None,
            "source": "registers",
            "confirmed": True,
        }
        for row in indicators
    ]


def spend(report: Report) -> list[tuple[Any, ...]]:
    """Rows for save_spend: £250.50 on each line; but for light awards a forecast and an explanation beside it."""
    amount, lines = Decimal("250.50"), report.award.budget_lines.all()
    if report.asked_as == Size.LIGHT:
        return [(line, amount) for line in lines]
    last = report.milestone.kind == "evaluation"
    return [(line, amount, None if last else max(line.amount, 3 * amount), "Prices changed.") for line in lines]


def activity(report: Report, **more: Any) -> dict[str, Any]:
    """What save_activity wants: two hours for twenty learners on the first day of the period."""
    return {
        "type": report.award.strand.programme.activity_types.all()[0],
        "title": "Robots in the library",
        "day": report.milestone.period_start,
        "hours": Decimal(2),
        "learners": 20,
        "attendances": 35,
        **more,
    }


RISK = {
    "position": 1,
    "what": "The workshop leader leaves.",
    "likelihood": "low",
    "impact": "high",
    "response": "A student is trained to stand in.",
    "who": "The project lead",
}
"""A row for save_risks."""


@remembered
def move_report(report: Report, state: str, who: Cast) -> Report:
    """Take a draft to another state as people do."""
    light = report.award.size == Size.LIGHT
    steps: dict[str, Callable[[int], Any]] = {
        "fill": lambda pk: fill(Report.objects.get(pk=pk), who.editor),
        "ask": lambda pk: reports.ask_for_sign_off(pk, by=who.signatory if light else who.editor, seen=None),
        "submit": lambda pk: reports.submit_report(pk, by=who.signatory, seen=None),
        "review": lambda pk: reports.start_report_review(pk, by=who.reviewer, seen=None),
        "return": lambda pk: send_back(Report.objects.get(pk=pk), who.reviewer, *_every_part(pk)),
        "approve": lambda pk: reports.approve_report(
            pk, by=who.approver, seen=None, version=Report.objects.get(pk=pk).versions.count()
        ),
        "waive": lambda pk: reports.waive_report(pk, by=who.approver, seen=None, reason=REASON),
        "terminate": lambda _: awards.terminate_award(report.award.pk, by=who.approver, seen=None, reason=REASON),
        "supersede": lambda pk: advance(Report, pk, "supersede", by=SYSTEM, seen=None),
    }
    for step in _REPORT_WAYS[state]:
        steps[step](report.pk)
    return Report.objects.named().get(pk=report.pk)


def _every_part(pk: int) -> list[str]:
    return [section.code for section in Report.objects.get(pk=pk).asked_sections()]


_SUBMITTED = ["fill", "ask", "submit"]
_REPORT_WAYS: dict[str, list[str]] = {
    "draft": ["fill"],
    "awaiting_sign_off": ["fill", "ask"],
    "submitted": _SUBMITTED,
    "in_review": [*_SUBMITTED, "review"],
    "returned": [*_SUBMITTED, "review", "return"],
    "approved": [*_SUBMITTED, "review", "approve"],
    "waived": ["waive"],
    "abandoned": ["terminate"],
    "superseded": [*_SUBMITTED, "review", "approve", "supersede"],
}
