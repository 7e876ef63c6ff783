"""The annex: how figures are made, and where each printed figure comes from."""

from collections.abc import Sequence

from reportlab.platypus import Flowable

from reporting.pdf.contract import Snapshot
from reporting.pdf.dates import brief_day
from reporting.pdf.figures import Figures
from reporting.pdf.flowables import Entry, Heading, Text, headed
from reporting.pdf.tables import SMALL, Column, Row, Table, fitting
from reporting.pdf.text import shortened
from reporting.pdf.theme import CELL, GUTTER, MEASURE, PROSE, TITLE

HEADINGS = (  # with the most that each column may take; the second takes what is left
    ("Key", 30),
    ("Figure", 0),
    ("Shown", 56),
    ("Award", 44),
    ("Version", 34),
    ("Approved by", 76),
    ("Date", 44),
    ("Rule", 62),
    ("Rounding", 36),
)


def annex(snapshot: Snapshot, figures: Figures) -> list[Flowable]:
    """The section, or nothing where there is no figure."""
    if not snapshot["annex"]:
        return []
    return [
        Heading(
            "Annex: where each figure comes from",
            2,
            TITLE,
            Entry("annex", "Annex", "Key, version, approval and rule of every printed figure"),
        ),
        Text(
            "Each figure with its award and version, who approved it in which role, when, and how it was made.", PROSE
        ),
        *_rules(snapshot),
        *headed(Heading("The figures", 3), _sources(snapshot, figures)),
    ]


def _rules(snapshot: Snapshot) -> list[Flowable]:
    if not snapshot["rules"]:
        return []
    rows = [
        Row([shortened(rule[0], 80), [Text(text, CELL) for text in rule[1:]]]) for rule in snapshot["rules"] if rule
    ]
    columns = [Column("Rule", 110 + GUTTER), Column("What it means")]
    return headed(Heading("How figures are made", 3), Table(columns, rows, width=MEASURE + GUTTER + 110))


def _sources(snapshot: Snapshot, figures: Figures) -> Table:
    rows, known = [], set[str]()
    for source in snapshot["annex"]:
        key = source["figure"]
        place = "" if key in known else figures.place(key)
        known.add(key)
        rest = (source["approved_by"], brief_day(source["date"]), source["rule"], source["rounding"])
        cells = [key, source["what"], figures.shown(key), source["reference"], source["version"], *rest]
        rows.append(Row([shortened(cell, 160) for cell in cells], place=place))
    return Table([_column(n, heading, most, rows) for n, (heading, most) in enumerate(HEADINGS)], rows, SMALL)


def _column(n: int, heading: str, most: float, rows: Sequence[Row]) -> Column:
    if not most:
        return Column(heading)
    return fitting(heading, (str(row.cells[n]) for row in rows), right=heading == "Shown", most=most, look=SMALL)
