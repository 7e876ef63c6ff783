"""What grantees wrote in their reports, read from the files in `narratives`: one an award, with its reports in order.

A report begins with "# 1" (its milestone's number), a part with "## done" (its code), the judgement with "## judgement:
on_course". The parts "figures", "spend", "activities" and "risks" have a row a line, and so have the files that are handed in
as "evidence"; every other part is prose.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

NARRATIVES = Path(__file__).parent / "narratives"
HUNDREDTH = Decimal("0.01")
RISK = ("what", "likelihood", "impact", "response", "who")


@dataclass
class Written:
    """One report as it was written."""

    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Text and choice by the part's code."""
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The fields of Result by the indicator's code."""
    spend: dict[str, tuple[Decimal, Decimal | None, str]] = field(default_factory=dict)
    """By budget heading: pounds, a forecast where it is not the budget, and why."""
    activities: list[dict[str, Any]] = field(default_factory=list)
    """The fields of Activity; its type by its title, its organisers by their short names."""
    risks: list[dict[str, Any]] = field(default_factory=list)
    """The fields of Risk."""
    evidence: list[tuple[str, str, str]] = field(default_factory=list)
    """The code of the part, that of the indicator or nothing, and the file's name."""


def written(reference: str, number: int) -> Written:
    """The report of an award for a milestone."""
    return _read(NARRATIVES / f"{reference.lower()}.txt")[number]


@cache
def _read(path: Path) -> dict[int, Written]:
    reports = re.split(r"^# (\d+) .*\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {int(number): _report(text) for number, text in zip(reports[1::2], reports[2::2], strict=True)}


def _report(text: str) -> Written:
    report = Written()
    parts = re.split(r"^## (\w+)(?:: (\w+))?\n", text, flags=re.MULTILINE)
    for code, choice, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if code == "figures":
            report.figures = _figures(body.strip().splitlines())
        elif code == "spend":
            report.spend = dict(_spend(line) for line in body.strip().splitlines())
        elif code == "activities":
            report.activities = [_activity(*cells) for cells in _cells(body)]
        elif code == "risks":
            report.risks = [
                {"position": position, **dict(zip(RISK, cells, strict=True))}
                for position, cells in enumerate(_cells(body), 1)
            ]
        elif code == "evidence":
            report.evidence = [(part, indicator, name) for part, indicator, name in _cells(body)]
        else:
            report.answers[code] = (body.strip(), choice or "")
    return report


def _figures(lines: list[str]) -> dict[str, dict[str, Any]]:
    """The rows of a part; a line that begins with "of" says of whom the figure above it consists."""
    rows: dict[str, dict[str, Any]] = {}
    code = ""
    for line in lines:
        if line.startswith("of "):
            breakdown, _, said = line[3:].partition(" ")
            pairs = (one.strip().rsplit(" ", 1) for one in said.split(","))
            rows[code].setdefault("parts", {}).update({(breakdown, one): Decimal(count) for one, count in pairs})
        else:
            code, row = _figure(line)
            rows[code] = row
    return rows


def _cells(body: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in body.strip().splitlines()]


def _spend(line: str) -> tuple[str, tuple[Decimal, Decimal | None, str]]:
    """A line: "Staff 4100", or with a forecast and an explanation "Staff 1500 | 7400 | The post is empty"."""
    said, *more = (cell.strip() for cell in line.split("|"))
    heading, amount = said.rsplit(" ", 1)
    forecast, explanation = more or ("", "")
    return heading, (Decimal(amount), Decimal(forecast) if forecast else None, explanation)


def _activity(*cells: str) -> dict[str, Any]:
    """A line: type, title, day, place, partners, hours, learners, attendances and, of a community, who held it."""
    kind, title, day, place, partners, hours, learners, attendances, *held_by = cells
    return {
        "type": kind,
        "title": title,
        "day": date.fromisoformat(day),
        "place": place,
        "partners": partners,
        "hours": Decimal(hours) if hours else None,
        "learners": int(learners) if learners else None,
        "attendances": int(attendances) if attendances else None,
        "organisers": held_by[0].split("+") if held_by else [],
    }


def _figure(line: str) -> tuple[str, dict[str, Any]]:
    """A line: "learners 64 | Registers", "target-groups 46/64 provisional", "schools awaited from … by 2012-12-14".

    An odd number that is right says so: "learners 20 confirmed | Registers".
    """
    said, _, source = line.partition(" | ")
    code, _, rest = said.partition(" ")
    if found := re.fullmatch(r"awaited from (.+) by (\S+)", rest):
        by = date.fromisoformat(found[2])
        return code, {"status": "awaited", "awaited_from": found[1], "awaited_by": by}
    if rest in ("not_collected", "not_applicable"):
        return code, {"status": rest}
    found = re.fullmatch(r"(\d+)(?:/(\d+))?( provisional)?( confirmed)?", rest)
    if found is None:
        raise ValueError(f"Not a figure: {line}")
    top, bottom = Decimal(found[1]), Decimal(found[2]) if found[2] else None
    row: dict[str, Any] = {"status": "provisional" if found[3] else "final", "value": top, "source": source}
    row["confirmed"] = bool(found[4])
    if bottom is not None:
        row |= {"value": (100 * top / bottom).quantize(HUNDREDTH), "numerator": top, "denominator": bottom}
    return code, row
