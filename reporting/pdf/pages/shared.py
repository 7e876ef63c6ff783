"""What several pages ask of the snapshot."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from reporting.pdf.charts import Due, Slice, Years
from reporting.pdf.contract import Award, FigureKey, Money, Period
from reporting.pdf.dates import day, moment
from reporting.pdf.figures import Figures
from reporting.pdf.lines import Run
from reporting.pdf.text import shortened
from reporting.pdf.theme import ACCENT, CELL, Style


def parts_of(money: Money) -> list[tuple[str, FigureKey]]:
    """What became of the money awarded: each part that has a figure, by its label."""
    parts = (
        ("Paid", money["paid"]),
        ("Released, not yet paid", money["released"]),
        ("To come", money["to_come"]),
        ("Cancelled", money.get("cancelled")),
    )
    return [(label, key) for label, key in parts if key is not None]


def slices_of(money: Money, figures: Figures) -> list[Slice]:
    """The same for the eye: each bar with the figure that is its part."""
    parts = parts_of(money)
    return [
        Slice(
            shortened(bar["label"], 40),
            bar["part"],
            next((figures.shown(key) for label, key in parts if label.startswith(bar["label"])), ""),
        )
        for bar in money["bars"]
    ]


def name_of(award: Award) -> str:
    """What people call an award."""
    return award["recipient"] or award["title"] or award["reference"] or "An award"


def place_of(number: int) -> str:
    """The name of the place where an award's page begins, by its number in the snapshot."""
    return f"award-{number}"


def by_strand(awards: Sequence[Award]) -> Mapping[str, list[tuple[int, Award]]]:
    """The awards of each strand with their numbers, the strands in the order in which they first appear."""
    first = {award["strand"]: n for n, award in reversed(list(enumerate(awards)))}
    in_order = sorted(enumerate(awards), key=lambda pair: first[pair[1]["strand"]])
    return {strand: list(group) for strand, group in groupby(in_order, key=lambda pair: pair[1]["strand"])}


def linked(name: str, place: str, style: Style = CELL) -> Run:
    """The name of an award, as a link to its page."""
    return Run(shortened(name, 100), style.font, style.size, ACCENT, place)


def course_of(award: Award) -> tuple[str, str]:
    """On course or not, in code and word; where nobody has judged that, the state of the award."""
    return (award["course"], award["course_label"]) if award["course"] else (award["state"], award["state_label"])


def dues_of(award: Award) -> list[Due]:
    """An award's milestones on a line of time; those whose day is not known cannot stand there."""
    return [
        Due(when, shortened(milestone["name"], 24), milestone["state"], shortened(milestone["state_label"], 24))
        for milestone in award["milestones"]
        if (when := moment(milestone["due"]))
    ]


def years_of(awards: Iterable[Award], period: Period) -> Years | None:
    """What the lines of time of these awards cover, so that all of them can be drawn on one scale."""
    days: list[date] = []
    for award in awards:
        days += [when for when in (moment(award["starts"]), moment(award["ends"])) if when]
        days += [due.when for due in dues_of(award)]
    return Years(min(days), max(days), moment(period["to"])) if days else None


def said(award: Award) -> str:
    """An award's milestones in words, for those who do not see its line of time."""
    dues = [f"{m['name']} {day(m['due'])} {m['state_label'].lower()}" for m in award["milestones"]]
    return shortened(f"Milestones of {name_of(award)}: {'; '.join(dues)}", 500)
