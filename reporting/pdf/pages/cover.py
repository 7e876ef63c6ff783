"""The cover: programme, funder, period, version, and every award as a line of time."""

from collections.abc import Sequence
from dataclasses import replace

from reportlab.platypus import Flowable

from reporting.pdf import theme
from reporting.pdf.charts import marks, timelines
from reporting.pdf.contract import Document, Snapshot
from reporting.pdf.dates import counted, day, month, span
from reporting.pdf.flowables import Columns, Heading, Picture, Text, gap
from reporting.pdf.lines import Run
from reporting.pdf.pages.shared import course_of, dues_of, years_of
from reporting.pdf.qr import square
from reporting.pdf.text import shortened
from reporting.pdf.theme import AMBER, COVER, GUTTER, INK, LABEL, MEASURE, NOTE, SUBTITLE, WIDTH, Style

MOST_LINES = 30
SQUARE = 84.0
_FACTS = (WIDTH - SQUARE - 2 * GUTTER) / 2
_WIDTHS = [_FACTS, _FACTS, SQUARE]
ILLUSTRATIVE = "All amounts, results and judgements are illustrative."


def cover(snapshot: Snapshot, sha256: str) -> list[Flowable]:
    """The first page."""
    document, programme = snapshot["document"], snapshot["programme"]
    warning = [Text(ILLUSTRATIVE, replace(theme.STRONG_CELL, colour=AMBER))] if document["illustrative"] else []
    return [
        Text(shortened(programme["managing_body"], 80), Style(12, 14, theme.SEMIBOLD, theme.ACCENT)),
        gap(98),
        Heading(shortened(programme["title"] or "Programme", 160), 1, _size_of(programme["title"])),
        Text(_kind(document), SUBTITLE),
        gap(42),
        *_awards(snapshot),
        Columns(
            [
                _facts(
                    ("Funder", snapshot["funder"]["name"]),
                    ("Period", span(snapshot["period"]["from"], snapshot["period"]["to"])),
                    ("Prepared by", f"{shortened(programme['managing_body'], 80)}, managing body"),
                ),
                [
                    *_facts(
                        (
                            "Reference",
                            f"{document['reference']}, version {document['version']}, {day(document['date'])}",
                        ),
                        ("Figures", document["profile"]),
                        ("Snapshot", sha256[:32]),
                    ),
                    *warning,
                ],
                *_verify(document.get("verify", "")),
            ],
            _WIDTHS if document.get("verify") else None,
            rule=INK,
            foot=True,
        ),
    ]


def _kind(document: Document) -> str:
    """Which kind of report it is, and what of the programme it is about."""
    words = "Final report to the funder" if document.get("kind") == "final" else "Report to the funder"
    about = document.get("about", "")
    return f"{words}: {shortened(about, 160)}" if about else words


def _verify(address: str) -> list[list[Flowable]]:
    """The square to scan and the same as a link; nothing for a document that is not kept anywhere."""
    if not address:
        return []
    told = f"A QR code of the address at which this document is verified: {address}"
    link = Run("Verify this document", theme.REGULAR, NOTE.size, theme.ACCENT, address)
    return [[Picture(square(address, SQUARE), told), gap(3.5), Text(link, NOTE)]]


def _size_of(title: str) -> Style:
    """A long title is set smaller."""
    return COVER if len(title) <= 80 else Style(24, 28, theme.SEMIBOLD, after=14)


def _awards(snapshot: Snapshot) -> Sequence[Flowable]:
    """A line of time for each award, or a mark where they are many."""
    awards = snapshot["awards"]
    years = years_of(awards, snapshot["period"])
    if not years:
        return []
    words = f"{counted(len(awards), 'award', 'awards')}, {month(years.start)} to {month(years.end)}"
    if len(awards) <= MOST_LINES:
        drawing = timelines([dues_of(award) for award in awards], years, WIDTH, 224)
        key = "Discs are approved, diamonds with somebody, triangles need attention, squares overdue, rings to come."
        told = "each is a line of time with a shape for each milestone"
    else:
        drawing = marks([course_of(award)[0] for award in awards], WIDTH, 224)
        key = "Discs are on course, triangles at risk, squares off course."
        told = "each is a mark that says whether it is on course"
    picture = Picture(drawing, f"{words}: {told}. The portfolio names them one by one.")
    return [picture, gap(7), Text(f"{words}. {key}", replace(NOTE, narrower=WIDTH - MEASURE))]


def _facts(*facts: tuple[str, str]) -> list[Flowable]:
    found: list[Flowable] = []
    for label, value in facts:
        if value:
            found += [Text(label, LABEL), Text(shortened(value, 160)), gap(7)]
    return found
