"""The portfolio: every award with its milestones and money, results against targets, and where the money stands."""

from collections.abc import Sequence

from reportlab.platypus import Flowable

from reporting.pdf.charts import Bullet, Years, bullets, cascade, timeline
from reporting.pdf.contract import Award, Indicator, Money, Snapshot
from reporting.pdf.dates import counted, month
from reporting.pdf.figures import Figures
from reporting.pdf.flowables import Columns, Entry, Heading, Picture, Tag, Text, beside, gap, headed
from reporting.pdf.pages.shared import (
    by_strand,
    course_of,
    dues_of,
    linked,
    name_of,
    parts_of,
    place_of,
    said,
    slices_of,
    years_of,
)
from reporting.pdf.tables import Column, Row, Shortened, Table, fitting
from reporting.pdf.text import shortened
from reporting.pdf.theme import CELL, HALF, MEASURE, PROSE, TITLE, WIDTH

MOST_BESIDE = 6  # more indicators than these take the whole width
MOST_IN_A_CHART = 16
TIME, LEAST_NAME = 2, 118  # the column of lines of time gives way to names


def portfolio(snapshot: Snapshot, figures: Figures) -> list[Flowable]:
    """The section, or nothing where there is neither an award nor a result."""
    awards, summary = snapshot["awards"], snapshot["summary"]
    if not awards and not summary["indicators"]:
        return []
    strands = by_strand(awards)
    what = counted(len(awards), "award", "awards")
    where = f" in {counted(len(strands), 'strand', 'strands').lower()}" if len(strands) > 1 else ""
    note = f"{what}, results, and where the money stands"
    return [
        Heading("The portfolio", 2, TITLE, Entry("portfolio", "The portfolio", note)),
        *_awards(snapshot, figures, f"{what}{where}."),
        gap(7),
        *_charts(summary["indicators"], summary["money"], figures),
    ]


def _awards(snapshot: Snapshot, figures: Figures, what: str) -> list[Flowable]:
    awards = snapshot["awards"]
    if not awards:
        return []
    years, money = years_of(awards, snapshot["period"]), snapshot["summary"]["money"]
    whole = (money["awarded"], money["paid"]) if money else (None, None)
    columns = [
        fitting("Ref.", (award["reference"] for award in awards), most=64),
        Column("Award"),
        Column(f"{month(years.start)}–{month(years.end)}" if years else "Milestones", 111),
        fitting("Course", (course_of(award)[1] for award in awards), beside=12, most=84),
        fitting("Awarded, £", map(figures.bare, (whole[0], *(award["amount"] for award in awards))), right=True),
        fitting("Paid, £", map(figures.bare, (whole[1], *(award["paid"] for award in awards))), right=True),
        Column("Key", 43, right=True),
    ]
    names = WIDTH - sum(column.width for column in columns)
    columns[TIME] = columns[TIME]._replace(width=max(111 - max(LEAST_NAME - names, 0), 63))
    rows: list[Row] = []
    for strand, members in by_strand(awards).items():
        if strand:
            rows.append(Row([shortened(strand, 160)], "heading"))
        rows += [_award(number, award, years, columns[TIME].width - 10.5, figures) for number, award in members]
    if money:
        cells = ["All", counted(len(awards), "award", "awards"), "", "", *map(figures.bare, whole)]
        rows.append(Row([*cells, figures.keys(*whole)], "total"))
    key = (
        " The upright in each line of milestones is the end of the period: a disc is approved, a diamond with somebody,"
        " a triangle needs attention, a square is overdue, a ring is to come."
    )
    return [Text(what + key, PROSE), gap(7), Table(columns, rows)]


def _award(number: int, award: Award, years: Years | None, width: float, figures: Figures) -> Row:
    line: list[Flowable] = [Picture(timeline(dues_of(award), years, width), said(award))] if years else []
    return Row(
        [
            shortened(award["reference"], 60),
            Text(linked(name_of(award), place_of(number)), CELL),
            line,
            Tag(*course_of(award)),
            figures.bare(award["amount"]),
            figures.bare(award["paid"]),
            figures.keys(award["amount"], award["paid"]),
        ]
    )


def _charts(indicators: Sequence[Indicator], money: Money | None, figures: Figures) -> list[Flowable]:
    """Two charts with their numbers beneath: side by side where both are short."""
    narrow = bool(indicators and money) and len(indicators) <= MOST_BESIDE
    width = HALF if narrow else MEASURE
    results = _results(indicators, figures, width) if indicators else []
    moneys = _moneys(money, figures, width) if money else []
    if narrow:
        return beside([results, moneys])
    return [*results, *moneys]


def _results(indicators: Sequence[Indicator], figures: Figures, width: float) -> list[Flowable]:
    rows, spill, bars = [], Shortened(100), []
    for indicator in indicators:
        keys = indicator["target"], indicator["before"], indicator["now"]
        target, before, now = map(figures.shown, keys)
        shown = now if indicator["target"] is None else f"{now} of {target}"
        bars.append(Bullet(indicator["name"], indicator["part"], indicator["before_part"], shown))
        rows.append(Row([spill(indicator["name"]), target, before, now, figures.keys(*keys)]))
    columns = [
        Column("Indicator"),
        *(
            fitting(heading, (str(row.cells[n]) for row in rows), right=True, most=60)
            for n, heading in enumerate(("Target", "Before", "Now"), 1)
        ),
        Column("Key", 34, right=True),
    ]
    pictures: list[Flowable] = []
    for n in range(0, len(bars), MOST_IN_A_CHART):
        part = bars[n : n + MOST_IN_A_CHART]
        words = "; ".join(f"{bar.name} {bar.shown}" for bar in part)
        pictures.append(Picture(bullets(part, width), shortened(f"Results against targets: {words}", 500)))
    table = Table(columns, rows, width=width)
    return [*headed(Heading("Results against targets", 3), *pictures), gap(10.5), table, *spill.notes()]


def _moneys(money: Money, figures: Figures, width: float) -> list[Flowable]:
    slices = slices_of(money, figures)
    rows = [Row([label, figures.bare(key), figures.keys(key)]) for label, key in parts_of(money)]
    rows.append(Row(["Awarded", figures.bare(money["awarded"]), figures.keys(money["awarded"])], "total"))
    columns = [Column("All awards"), Column("£", 62, right=True), Column("Key", 36, right=True)]
    words = "; ".join(f"{piece.name} {piece.shown}" for piece in slices)
    chart: list[Flowable] = (
        [Picture(cascade(slices, width), f"The money awarded: {words}"), gap(10.5)] if slices else []
    )
    return headed(Heading("Where the money stands", 3), Columns([[*chart, Table(columns, rows, width=width)]], [width]))
