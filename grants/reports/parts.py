"""How far each part of a report is, and what it lacks. Only what is read from the report's own rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Value

from grants.formats import plural
from grants.programmes.models import Section

if TYPE_CHECKING:
    from grants.reports.models.report import Report


Rows = dict[str, list[bool]]


@dataclass
class Part:
    """A section of a report as it stands."""

    section: Section
    state: str
    """not_started, in_progress or ready"""
    lacks: str
    """What a required part still needs, as a sentence; empty where it needs nothing."""
    answer: Any
    """Its Answer, or None"""


def state_of_parts(report: "Report") -> list[Part]:
    """Every part that the report asks, in order."""
    answers = {answer.section_id: answer for answer in report.answers.select_related("saved_by")}
    rows = _rows(report)
    parts = []
    for section in report.asked_sections():
        answer = answers.get(section.pk)
        begun, lacks = _CHECKS[section.form](rows, section, answer)
        ready = begun and not lacks
        state = "ready" if ready else "in_progress" if begun else "not_started"
        parts.append(Part(section, state, lacks if section.required or begun else "", answer))
    return parts


def word_count(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def _rows(report: "Report") -> Rows:
    """Of the figures and of the spend, whether each is given: targets and budget lines, in one query."""
    figures = report.results.filter(indicator=OuterRef("indicator"))
    spend = report.spend.filter(budget_line=OuterRef("pk"))
    asked = [
        (Section.Form.FIGURES, report.award.targets.annotate(given=Exists(figures))),
        (Section.Form.SPEND, report.award.budget_lines.annotate(given=Exists(spend))),
    ]
    one, other = (rows.order_by().values_list(Value(str(form)), "given") for form, rows in asked)
    found: Rows = {}
    for form, given in one.union(other, all=True):
        found.setdefault(form, []).append(given)
    return found


def _narrative(rows: Rows, section: Section, answer: Any) -> tuple[bool, str]:
    words = word_count(answer.text) if answer else 0
    if not words:
        return False, "Nothing is written yet"
    if words > section.word_limit:
        return True, f"It has {words:,} words; shorten it to {section.word_limit:,}"
    return True, ""


def _judgement(rows: Rows, section: Section, answer: Any) -> tuple[bool, str]:
    if not answer or not answer.choice:
        return bool(answer and answer.text.strip()), "Say whether the project is on course"
    if answer.choice != "on_course" and not answer.text.strip():
        return True, "Say in a sentence why it is not on course"
    return True, ""


def _figures(rows: Rows, section: Section, answer: Any) -> tuple[bool, str]:
    given = rows.get(section.form, [])
    lacking = given.count(False)
    return (True, "") if not lacking else (any(given), f"{plural(lacking, 'figure')} without a number or a status")


def _spend(rows: Rows, section: Section, answer: Any) -> tuple[bool, str]:
    given = rows.get(section.form, [])
    lacking = given.count(False)
    return (True, "") if not lacking else (any(given), f"{plural(lacking, 'budget line')} without an amount")


_CHECKS: dict[str, Callable[..., tuple[bool, str]]] = {
    Section.Form.NARRATIVE: _narrative,
    Section.Form.JUDGEMENT: _judgement,
    Section.Form.FIGURES: _figures,
    Section.Form.SPEND: _spend,
}
