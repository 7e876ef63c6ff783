"""The content of a report as plain data, and its canonical form: what a Version freezes."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from grants.reports.models import Answer, Report


def content_of(report: Report, written: Iterable[Answer] | None = None) -> dict[str, Any]:
    """Everything that is written in a report, as plain data. Numbers are text, dates ISO: nothing depends on a float.

    `written` are its answers, where they are fetched already.
    """
    milestone, award = report.milestone, report.award
    answers = {answer.section_id: answer for answer in (report.answers.all() if written is None else written)}
    return {
        "schema": 1,
        "award": award.reference,
        "milestone": milestone.number,
        "kind": milestone.kind,
        "period": [milestone.period_start.isoformat(), milestone.period_end.isoformat()],
        "sections": [
            {
                "code": section.code,
                "title": section.title,
                "form": section.form,
                "readers": section.readers,
                "text": answers[section.pk].text if section.pk in answers else "",
                "choice": answers[section.pk].choice if section.pk in answers else "",
            }
            for section in report.asked_sections()
        ],
        "results": results_in(report),
        "spend": spend_in(report),
    }


def results_in(report: Report) -> list[dict[str, Any]]:
    """The figures that are written in a report."""
    return [
        {
            "indicator": result.indicator.code,
            "title": result.indicator.title,
            "status": result.status,
            "value": _text(result.value),
            "numerator": _text(result.numerator),
            "denominator": _text(result.denominator),
            "awaited_from": result.awaited_from,
            "awaited_by": result.awaited_by.isoformat() if result.awaited_by else None,
            "source": result.source,
        }
        for result in report.results.select_related("indicator")
    ]


def spend_in(report: Report) -> list[dict[str, Any]]:
    """What is written in a report as spent."""
    return [
        {
            "line": spend.budget_line.title,
            "budget": _text(spend.budget_line.amount),
            "amount": _text(spend.amount),
        }
        for spend in report.spend.select_related("budget_line")
    ]


def canonical(content: Any) -> str:
    """JSON in the one form in which equal content is equal text: keys sorted, no spaces, no escapes for letters."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _text(number: Any) -> str | None:
    return None if number is None else f"{number:f}"
