"""What grantees wrote in their reports, read from the files in `narratives`: one an award, with its reports in order.

A report begins with "# 1" (its milestone's number), a part with "## done" (its code), the judgement with "## judgement:
on_course". The parts "figures" and "spend" have a row a line; every other one is prose.
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


@dataclass
class Written:
    """One report as it was written."""

    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Text and choice by the part's code."""
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The fields of Result by the indicator's code."""
    spend: dict[str, Decimal] = field(default_factory=dict)
    """Pounds by budget heading."""


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
            report.figures = dict(_figure(line) for line in body.strip().splitlines())
        elif code == "spend":
            rows = (line.rsplit(" ", 1) for line in body.strip().splitlines())
            report.spend = {heading: Decimal(amount) for heading, amount in rows}
        else:
            report.answers[code] = (body.strip(), choice or "")
    return report


def _figure(line: str) -> tuple[str, dict[str, Any]]:
    """A line: "learners 64 | Registers", "target-groups 46/64 provisional", "schools awaited from … by 2012-12-14"."""
    said, _, source = line.partition(" | ")
    code, _, rest = said.partition(" ")
    if found := re.fullmatch(r"awaited from (.+) by (\S+)", rest):
        by = date.fromisoformat(found[2])
        return code, {"status": "awaited", "awaited_from": found[1], "awaited_by": by}
    if rest in ("not_collected", "not_applicable"):
        return code, {"status": rest}
    found = re.fullmatch(r"(\d+)(?:/(\d+))?( provisional)?", rest)
    if found is None:
        raise ValueError(f"Not a figure: {line}")
    top, bottom = Decimal(found[1]), Decimal(found[2]) if found[2] else None
    row: dict[str, Any] = {"status": "provisional" if found[3] else "final", "value": top, "source": source}
    if bottom is not None:
        row |= {"value": (100 * top / bottom).quantize(HUNDREDTH), "numerator": top, "denominator": bottom}
    return code, row
