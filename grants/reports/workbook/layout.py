"""What stands where: a sheet for each sort of part, a row for each thing that is asked, a column for each field of its form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BoundField

from grants.programmes.models import Section
from grants.reports.forms import FiguresForm, NarrativeForm, RisksForm, SpendForm

MOST_IN_A_CELL = 32_767  # characters: what a spreadsheet takes
ABOUT = "About"
KEY = "Key"
"""The first column of every sheet, and the row of ABOUT that says which report it is"""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its title, what it tells, what it asks, each with the width of its column in characters."""

    title: str
    tells: Mapping[str, int]
    asks: Mapping[str, int]

    @property
    def titles(self) -> list[str]:
        """The titles of its columns."""
        return [KEY, *self.tells, *self.asks]


TEXTS = Sheet(
    "Texts",
    {"Part": 30, "What is asked": 40, "Words at most": 10, "Last report": 50},
    {"Your judgement": 16, "Your text": 80},
)
FIGURES = Sheet(
    "Figures",
    {"Indicator": 34, "Unit": 20, "Target to the end": 12, "Reported before": 12},
    {"This period": 12, "Of how many": 12, "Status": 16, "Awaited from": 26, "Awaited by": 18, "Source": 30},
)
SPEND = Sheet(
    "Spend",
    {"Budget line": 34, "Budget, £": 14, "Spent before, £": 14},
    {"This period, £": 14, "Forecast of the whole, £": 14, "Explanation": 50},
)
RISKS = Sheet(
    "Risks",
    {"Risk": 10},
    {"What could happen": 50, "What is done about it": 50, "How likely": 12, "How grave": 12, "Who sees to it": 30},
)
SHEETS = (TEXTS, FIGURES, SPEND, RISKS)


@dataclass(frozen=True)
class Line:
    """A row: what it is known by, what it tells, and the fields that its cells fill in, by the titles of their columns. Of a
    part that a return locks the fields are told too, and nothing is filled in.
    """

    sheet: Sheet
    key: str
    tells: tuple[Any, ...]
    asks: Mapping[str, BoundField]
    locked: bool = False


def forms_of(form: Any) -> list[BaseForm]:
    """The forms that a part consists of."""
    return [form] if isinstance(form, BaseForm) else list(form.rows)


def lines_of(section: Section, form: Any, last: str = "") -> Iterator[Line]:
    """The rows of one part of a report. `last` is what the last report said there."""
    if isinstance(form, NarrativeForm):
        asks = {"Your judgement": form["choice"]} if "choice" in form.fields else {}
        if len(form["text"].initial or "") <= MOST_IN_A_CELL:
            asks["Your text"] = form["text"]  # a longer one is written on its page
        told = (section.title, section.guidance, section.word_limit, last[:MOST_IN_A_CELL])
        yield Line(TEXTS, section.code, told, asks)
    elif isinstance(form, FiguresForm):
        for row in form.rows:
            figure = row.figure
            numbers = dict(zip(("This period", "Of how many"), row.numbers, strict=False))
            before = (amount.value if amount else None for amount in (figure.target, figure.before))
            yield Line(
                FIGURES,
                str(row.prefix),
                (figure.indicator.title, figure.indicator.unit, *before),
                {**numbers, **_named(row, _BESIDE)},
            )
    elif isinstance(form, SpendForm):
        for line in form.rows:
            spent = line.spent
            tells = (spent.title, spent.budget, spent.before)
            yield Line(SPEND, str(line.prefix), tells, _named(line, _OF_SPEND))
    elif isinstance(form, RisksForm):
        for risk in form.rows:
            yield Line(RISKS, str(risk.prefix), (risk.name,), _named(risk, _OF_RISKS))


def _named(form: BaseForm, names: Mapping[str, str]) -> dict[str, BoundField]:
    """The fields that a row's form has, by the titles of their columns."""
    return {title: form[name] for title, name in names.items() if name in form.fields}


_OF_SPEND = {"This period, £": "amount", "Forecast of the whole, £": "forecast", "Explanation": "explanation"}
_OF_RISKS = dict(zip(RISKS.asks, ("what", "response", "likelihood", "impact", "who"), strict=True))
_BESIDE = {"Status": "status", "Awaited from": "awaited_from", "Awaited by": "awaited_by", "Source": "source"}
