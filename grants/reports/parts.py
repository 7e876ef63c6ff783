"""How far each part of a report is, and what it lacks. Only what is read from the report's own rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grants.formats import plural
from grants.programmes.models import Section

if TYPE_CHECKING:
    from grants.reports.models.report import Report


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
    parts = []
    for section in report.asked_sections():
        answer = answers.get(section.pk)
        begun, lacks = _CHECKS[section.form](report, section, answer)
        ready = begun and not lacks
        state = "ready" if ready else "in_progress" if begun else "not_started"
        parts.append(Part(section, state, lacks if section.required or begun else "", answer))
    return parts


def word_count(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def _narrative(report: "Report", section: Section, answer: Any) -> tuple[bool, str]:
    words = word_count(answer.text) if answer else 0
    if not words:
        return False, "Nothing is written yet"
    if words > section.word_limit:
        return True, f"It has {words:,} words; shorten it to {section.word_limit:,}"
    return True, ""


def _judgement(report: "Report", section: Section, answer: Any) -> tuple[bool, str]:
    if not answer or not answer.choice:
        return bool(answer and answer.text.strip()), "Say whether the project is on course"
    if answer.choice != "on_course" and not answer.text.strip():
        return True, "Say in a sentence why it is not on course"
    return True, ""


def _figures(report: "Report", section: Section, answer: Any) -> tuple[bool, str]:
    asked = set(report.award.targets.values_list("indicator", flat=True))
    given = set(report.results.values_list("indicator", flat=True))
    lacking = len(asked - given)
    if not lacking:
        return True, ""
    return bool(given), f"{plural(lacking, 'figure')} without a number or a status"


def _spend(report: "Report", section: Section, answer: Any) -> tuple[bool, str]:
    asked = set(report.award.budget_lines.values_list("pk", flat=True))
    given = set(report.spend.values_list("budget_line", flat=True))
    lacking = len(asked - given)
    if not lacking:
        return True, ""
    return bool(given), f"{plural(lacking, 'budget line')} without an amount"


_CHECKS: dict[str, Callable[..., tuple[bool, str]]] = {
    Section.Form.NARRATIVE: _narrative,
    Section.Form.JUDGEMENT: _judgement,
    Section.Form.FIGURES: _figures,
    Section.Form.SPEND: _spend,
}
