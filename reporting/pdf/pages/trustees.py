"""Page A: what a busy trustee reads, on one page. Its heading is the conclusion."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from reportlab.platypus import Flowable

from reporting.pdf.charts import progress, stack
from reporting.pdf.contract import Award, Concern, Indicator, Snapshot, Story
from reporting.pdf.dates import day
from reporting.pdf.figures import Figures
from reporting.pdf.flowables import Columns, Content, Entry, Heading, Picture, Tag, Text, gap, stacked
from reporting.pdf.lines import Run, measured
from reporting.pdf.pages.shared import linked, parts_of, place_of, slices_of
from reporting.pdf.tables import Column, Row, Table
from reporting.pdf.text import shortened
from reporting.pdf.theme import (
    BODY,
    CELL,
    GUTTER,
    HEAD,
    HEIGHT,
    INK,
    LABEL,
    LARGE,
    LIGHT,
    LINE,
    MEASURE,
    NOTE,
    NUMBER,
    STRONG_CELL,
    TITLE,
    WIDE_HEAD,
    WIDTH,
    Style,
)

BLOCK = (WIDTH - 3 * GUTTER) / 4
MOST_CONCERNS, MOST_INDICATORS = 3, 4


class Room(NamedTuple):
    """How many characters each text may take."""

    concern: int
    story: int
    head: Style = WIDE_HEAD


ROOMS = (Room(280, 640), Room(220, 560, HEAD), Room(160, 420, HEAD), Room(110, 280, HEAD), Room(80, 140, HEAD))


def trustees(snapshot: Snapshot, figures: Figures, above: Heading | None = None) -> list[Flowable]:
    """The page, its texts as long as one page allows, below what stands `above`; what is wrong stands in full on the award's
    own page.
    """
    foot = _foot(snapshot, linked=figures.linked)
    for room in ROOMS:
        page = _page(snapshot, figures, room)
        if stacked([*([above] if above else []), *page, foot], WIDTH)[1] <= HEIGHT:
            break
    foot.foot = True
    return [*page, foot]


def trustees_alone(snapshot: Snapshot, figures: Figures) -> list[Flowable]:
    """The same page as a document of its own: it says which programme, and its awards have no page to lead to."""
    about = snapshot["document"].get("about") or snapshot["programme"]["title"] or "Programme"
    title = Heading(shortened(about, 90), 1, replace(LABEL, after=3.5))
    page = trustees(snapshot, figures, above=title)
    return [title, *page]


def _page(snapshot: Snapshot, figures: Figures, room: Room) -> list[Flowable]:
    summary = snapshot["summary"]
    headline = shortened(summary["headline"] or "This period", 120)
    awards = snapshot["awards"] if figures.linked else []
    return [
        Text("For trustees, on one page", LABEL),
        Heading(headline, 2, TITLE, Entry("trustees", "For trustees", headline)),
        Columns([[Text(_lead(snapshot, figures), LARGE)]], [MEASURE + 84]),
        gap(17.5),
        *_indicators(summary["indicators"][:MOST_INDICATORS], figures),
        *_attention(summary["attention"][:MOST_CONCERNS], awards, room),
        *_money(snapshot, figures, room),
        *_story(summary["story"], room),
    ]


def _lead(snapshot: Snapshot, figures: Figures) -> Content:
    """How complete the report is, and this funder's pounds of the whole."""
    summary = snapshot["summary"]
    complete = shortened(summary["complete"], 260)
    if summary["funder_part"] is None or summary["awarded"] is None:
        return complete
    part, whole = figures.cited(summary["funder_part"], LARGE), figures.cited(summary["awarded"], LARGE)
    return [f"{complete} This funder pays ".lstrip(" "), *part, " of ", *whole, "."]


def _indicators(indicators: Sequence[Indicator], figures: Figures) -> list[Flowable]:
    if not indicators:
        return []
    names = [Text(shortened(indicator["name"], 44), LABEL) for indicator in indicators]
    tallest = max(name.wrap(BLOCK, HEIGHT)[1] for name in names)
    columns = [
        [gap(tallest - name.height), name, *_block(indicator, figures)]
        for name, indicator in zip(names, indicators, strict=True)
    ]
    return [Columns(columns, [BLOCK] * len(columns), rule=INK)]


def _block(indicator: Indicator, figures: Figures) -> list[Flowable]:
    """One of the four figures, below its name: now, with its bar, its target and the last period."""
    number = _fitting(figures.shown(indicator["now"]))
    target: Content = ["Target ", *figures.cited(indicator["target"], NOTE, NOTE.colour)]
    before: Content = ["Last period ", *figures.cited(indicator["before"], NOTE, NOTE.colour)]
    return [
        Text(figures.cited(indicator["now"], number), number),
        gap(3.5),
        Picture(progress(BLOCK, indicator["part"], indicator["before_part"])),
        gap(5.5),
        *([Text(shortened(indicator["of_target"], 44), CELL)] if indicator["of_target"] else []),
        Text(target, NOTE),
        *([Text(before, NOTE)] if indicator["before"] is not None else []),
    ]


def _fitting(shown: str) -> Style:
    """The largest size in which a figure and its key fit into a block."""
    sizes = (size for size in (28, 24, 18, 14) if measured(shown, LIGHT, size) < BLOCK - 30)
    return replace(NUMBER, size=next(sizes, 10), base=NUMBER.size)


def _attention(concerns: Sequence[Concern], awards: Sequence[Award], room: Room) -> list[Flowable]:
    if not concerns:
        return []
    places = {award["reference"]: place_of(number) for number, award in enumerate(awards)}
    columns = [
        Column("Award", 98),
        Column("What is wrong", 150),
        Column("What is being done"),
        Column("By when", 78, right=True),
    ]
    rows = [
        Row(
            [
                [
                    Text(_named(concern, places), STRONG_CELL),
                    Tag(concern["state"], concern["label"], NOTE),
                ],
                [Text(shortened(concern["wrong"], room.concern) or "–", CELL)],
                [Text(shortened(concern["doing"], room.concern) or "–", CELL)],
                day(concern["by"], "No date yet"),
            ]
        )
        for concern in concerns
    ]
    return [Heading("Needs attention", 3, room.head), Table(columns, rows)]


def _named(concern: Concern, places: Mapping[str, str]) -> Content:
    """The name of an award that needs attention; a link where the document has its page."""
    name, place = shortened(concern["name"], 60), places.get(concern["reference"], "")
    return linked(name, place, STRONG_CELL) if place else name


def _money(snapshot: Snapshot, figures: Figures, room: Room) -> list[Flowable]:
    """The money in one line, and a bar of its parts."""
    money = snapshot["summary"]["money"]
    if not money:
        return []
    awarded = [("Awarded", money["awarded"])] if money["awarded"] else []
    line: list[str | Run] = []
    for label, key in [*awarded, *parts_of(money)]:
        line += [f"; {label.lower()} " if line else f"{label} ", *figures.cited(key, BODY)]
    slices = slices_of(money, figures)
    words = ", ".join(f"{piece.name} {piece.shown}" for piece in slices)
    bar = [gap(7), Picture(stack(slices, WIDTH), f"The money awarded in one bar: {words}.")] if slices else []
    return [Heading("Money", 3, room.head), Text([*line, "."]), *bar] if line else []


def _story(story: Story | None, room: Room) -> list[Flowable]:
    if not story or not story["text"]:
        return []
    text = shortened(" ".join(story["text"].split("\n")), room.story)
    origin = " · ".join(part for part in (story["name"], story["reference"]) if part)
    beside = [gap(3.5), Text(shortened(origin, 80), LABEL), gap(3.5), Text(shortened(story["note"], 120), NOTE)]
    return [
        Heading("One story", 3, room.head),
        Columns([[Text(text, LARGE)], beside], [MEASURE, WIDTH - MEASURE - GUTTER]),
    ]


def _foot(snapshot: Snapshot, *, linked: bool) -> Columns:
    """Keys, definitions, version, and where to verify the document."""
    document = snapshot["document"]
    notes = [f"{i['name']} {i['note']}." for i in snapshot["summary"]["indicators"][:MOST_INDICATORS] if i["note"]]
    annex = (
        "the annex" if linked else f"the figures of {document['reference']}, which are kept with where they come from"
    )
    keys = [f"F1 and so on are keys to {annex}."] if snapshot["annex"] else []
    ticks = ["The white tick in a bar is the end of the last period."] if snapshot["summary"]["indicators"] else []
    version = f"{document['reference']}, version {document['version']}, {day(document['date'])}."
    verify = document.get("verify")
    where = f" Verify at {shortened(verify, 120)}" if verify else ""
    return Columns(
        [[Text(shortened(" ".join([*keys, *ticks, *notes]), 420), NOTE)], [Text(version + where, NOTE)]],
        [MEASURE, WIDTH - MEASURE - GUTTER],
        rule=LINE,
    )
