"""How far each part of a report is, and what it lacks. Only what is read from the report's own rows."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, JSONObject

from grants.formats import plural
from grants.programmes.models import Section, Size
from grants.reports.since import what_is_asked
from grants.reports.spending import wants_explanation

if TYPE_CHECKING:
    from grants.reports.models.report import Report


Rows = dict[str, list[dict[str, Any]]]
"""What the parts that are tables are asked for, by the form of the part. Amounts are text."""


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
    locked: bool = False
    """Whether it stays as it was sent: a return names others"""
    returned: Any = None
    """The ReturnedSection that says what should change in it, or None"""

    @property
    def to_change(self) -> bool:
        """Whether a return names it, and nobody has written in it since."""
        return self.returned is not None and (self.answer is None or self.answer.saved_at <= self.returned.at)


def state_of_parts(report: "Report") -> list[Part]:
    """Every part that the report asks, in order."""
    answers = {answer.section_id: answer for answer in report.answers.select_related("saved_by")}
    rows = _rows(report)
    parts = []
    for section in report.asked_sections():
        answer = answers.get(section.pk)
        if report.locks(section):
            parts.append(Part(section, "ready", "", answers.get(section.pk), locked=True))
            continue
        begun, lacks = _CHECKS[section.form](rows, section, answer)
        ready = begun and not lacks
        state = "ready" if ready else "in_progress" if begun else "not_started"
        parts.append(
            Part(
                section,
                state,
                lacks if section.required or begun else "",
                answer,
                returned=report.named.get(section.pk),
            )
        )
    return parts


def word_count(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def _rows(report: "Report") -> Rows:
    """The rows of the parts that are tables, as far as it is asked how complete they are, in one query."""
    figures = report.results.filter(indicator=OuterRef("indicator"))
    asked: list[Any] = [
        (
            Section.Form.FIGURES,
            report.award.targets.annotate(
                row=JSONObject(given=Exists(figures), odd=Exists(figures.filter(confirmed=False).exclude(odd="")))
            ),
        ),
        (Section.Form.SPEND, _lines(report)),
        (Section.Form.ACTIVITIES, report.activities.annotate(row=JSONObject(given=Value(True))).distinct()),
        (
            Section.Form.RISKS,
            report.risks.annotate(row=JSONObject(**{name: F(name) for name in ("what", *OF_A_RISK)})),
        ),
        *(
            (Section.Form.FOLLOW_UP, rows.annotate(row=JSONObject(given=F("given"))))
            for rows in what_is_asked(report).values()
        ),
    ]
    first, *others = (rows.order_by().values_list(Value(str(form)), "row") for form, rows in asked)
    found: Rows = {}
    for form, row in first.union(*others, all=True):
        found.setdefault(form, []).append(row)
    return found


OF_A_RISK = {"likelihood": "how likely", "impact": "how grave", "response": "what is done", "who": "who sees to it"}


def _lines(report: "Report") -> Any:
    """Each budget line with what is written at it, and what the approved reports of earlier milestones say was spent."""
    written = report.spend.filter(budget_line=OuterRef("pk"))
    earlier = Q(spend__report__state="approved", spend__report__milestone__number__lt=report.milestone.number)
    names = ("amount", "forecast", "explanation")
    row = {name: Cast(Subquery(written.values(name)), TextField()) for name in names}
    row["budget"], row["before"] = Cast("amount", TextField()), Cast("so_far", TextField())
    lines = report.award.budget_lines.annotate(so_far=Sum("spend__amount", filter=earlier, default=Decimal(0)))
    return lines.annotate(
        row=JSONObject(
            explains=Value(report.asked_as != Size.LIGHT), is_last=Value(report.milestone.kind == "evaluation"), **row
        )
    )


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
    asked = rows.get(section.form, [])
    missing, odd = sum(not row["given"] for row in asked), sum(row["odd"] for row in asked)
    said = [f"{plural(missing, 'figure')} without a number or a status"] if missing else []
    said += [f"{plural(odd, 'odd figure')} to confirm"] if odd else []
    return not missing or missing < len(asked), "; ".join(said)


def _spend(rows: Rows, section: Section, answer: Any) -> tuple[bool, str]:
    lines = rows.get(section.form, [])
    given = [line for line in lines if line["amount"] is not None]
    lacking = {
        "an amount": len(lines) - len(given),
        "a forecast": sum(line["explains"] and not line["is_last"] and line["forecast"] is None for line in given),
        "an explanation": sum(_unexplained(line) for line in given),
    }
    said = [f"{plural(number, 'budget line')} without {what}" for what, number in lacking.items() if number]
    if too_low := sum(_is_spent_already(line) for line in given):
        said.append(
            f"{plural(too_low, 'forecast')} below what is spent to date: give the whole, to the end of the award"
        )
    return (True, "") if not said else (bool(given), "; ".join(said))


def _is_spent_already(line: dict[str, Any]) -> bool:
    """Whether more is spent than the forecast says: an earlier report was approved since it was written."""
    to_date = Decimal(line["before"]) + Decimal(line["amount"])
    return line["forecast"] is not None and Decimal(line["forecast"]) < to_date


def _unexplained(line: dict[str, Any]) -> bool:
    """Whether a budget line wants an explanation that is not there."""
    budget, to_date = Decimal(line["budget"]), Decimal(line["before"]) + Decimal(line["amount"])
    forecast = None if line["forecast"] is None else Decimal(line["forecast"])
    whole = to_date if line["is_last"] else forecast
    return bool(line["explains"] and not line["explanation"] and wants_explanation(budget, to_date, whole))


def _activities(rows: Rows, section: Section, answer: Any) -> tuple[bool, str]:
    begun, lacks = _narrative(rows, section, answer)
    if begun:
        return True, lacks
    return (True, "") if rows.get(section.form) else (False, "Add what took place, or say why nothing did")


def _risks(rows: Rows, section: Section, answer: Any) -> tuple[bool, str]:
    risks = rows.get(section.form, [])
    if not risks:
        return bool(answer), "No risk is named yet"
    lacking = {"what could happen": "what", **{word: name for name, word in OF_A_RISK.items()}}
    said = [word for word, name in lacking.items() if not all(row[name] for row in risks)]
    return True, f"A risk does not say {', '.join(said)}" if said else ""


def _follow_up(rows: Rows, section: Section, answer: Any) -> tuple[bool, str]:
    given = [row["given"] for row in rows.get(section.form, [])]
    lacking = given.count(False)
    what = plural(lacking, "promise or action", "promises and actions")
    return (True, "") if not lacking else (any(given), f"Say what became of {what}")


_CHECKS: dict[str, Callable[..., tuple[bool, str]]] = {
    Section.Form.NARRATIVE: _narrative,
    Section.Form.JUDGEMENT: _judgement,
    Section.Form.FIGURES: _figures,
    Section.Form.SPEND: _spend,
    Section.Form.ACTIVITIES: _activities,
    Section.Form.RISKS: _risks,
    Section.Form.FOLLOW_UP: _follow_up,
}
