"""The contents, and how to read what follows. Page numbers are drawn when the document is saved: one pass is enough."""

from collections.abc import Sequence
from typing import Self

from reportlab.platypus import Flowable

from reporting.pdf.contract import Snapshot
from reporting.pdf.flowables import Columns, Entry, Heading, Item, Tag, gap, headed, piece_of
from reporting.pdf.lines import fitted
from reporting.pdf.theme import (
    BODY,
    GUTTER,
    HALF,
    HEAD,
    INK,
    LINE,
    MEASURE,
    MUTED,
    REGULAR,
    SEMIBOLD,
    THIN,
    TITLE,
    WIDTH,
)

MOST_ROWS = 18  # so many fit with all that follows on one page; of more, the awards stand in two close columns
STATES = (
    ("on-course", "On course, approved, final"),
    ("provisional", "Provisional, or with somebody"),
    ("at-risk", "At risk, awaited, returned"),
    ("off-course", "Off course, overdue"),
    ("not-due", "To come"),
    ("waived", "Waived, not collected"),
)


def contents(snapshot: Snapshot, entries: Sequence[Entry]) -> list[Flowable]:
    """The page after the cover."""
    sections, awards = [e for e in entries if e.level == 0], [e for e in entries if e.level > 0]
    few = len(entries) <= MOST_ROWS
    return [
        Heading("Contents", 2, TITLE),
        gap(7),
        Rows(entries if few else sections),
        gap(10.5),
        *headed(Heading("How to read this report", 3, HEAD), *_how_to_read(snapshot)),
        *headed(Heading("States", 3, HEAD), _states()),
        *(
            []
            if few
            else headed(Heading("The awards, by page", 3, HEAD), Index([entry._replace(note="") for entry in awards]))
        ),
    ]


def _how_to_read(snapshot: Snapshot) -> list[Flowable]:
    of = object()
    profile = snapshot["document"]["profile"]
    sentences = [
        (
            "Each figure carries a key such as F7, which leads to the annex: the report and version it comes from, who "
            "approved it in which role, and how it was added up."
        ),
        "A figure that was not reported is shown as a dash, and its status says why. Blank is never zero.",
        *([f"How figures about people are protected in this copy: {profile}"] if profile else []),
        (
            "Money is exact. People and results are whole awards’, also where several funders pay for one, and are "
            "never added over funders."
        ),
    ]
    return [Columns([[Item(sentence, BODY, of=of) for sentence in sentences]], [MEASURE])]


def _states() -> Flowable:
    third = (WIDTH - 2 * GUTTER) / 3
    columns = [[Tag(*STATES[n]), gap(3.5), Tag(*STATES[n + 3])] for n in range(3)]
    return Columns(columns, [third] * 3)


class Rows(Flowable):
    """The entries, a row each."""

    height_of_row = 24.5

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.entries, self.element = list(entries), object()

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, self.height_of_row * len(self.entries)
        return self.width, self.height

    def capacity(self, height: float) -> int:
        """How many entries fit."""
        return int(height / self.height_of_row + 0.001)

    def split(self, width: float, height: float) -> list[Self]:
        fit = self.capacity(height)
        pieces = piece_of(self), piece_of(self)
        pieces[0].entries, pieces[1].entries = self.entries[:fit], self.entries[fit:]
        return list(pieces) if fit and pieces[1].entries else []

    def draw(self) -> None:
        with self.canv.tree.inside("TOC", self.element):
            for n, entry in enumerate(self.entries):
                self.draw_entry(entry, 0, self.height - self.height_of_row * n - 14, self.width, 10, 196, 10.5)

    def draw_entry(
        self, entry: Entry, x: float, y: float, width: float, size: float, apart: float, drop: float
    ) -> None:
        """One entry: its title, its note, its page, a line below; all of it is the link."""
        tree, canvas = self.canv.tree, self.canv
        with tree.inside("TOCI"), tree.inside("Reference"), tree.drawn("Link"):
            for text, left, room, font, colour in (
                (entry.title, x, apart - 10.5, REGULAR if entry.level else SEMIBOLD, INK),
                (entry.note, x + apart, width - apart - 28, REGULAR, MUTED),
            ):
                if text:
                    canvas.write(left, y, fitted(text, font, size, room), font, size, colour)
            canvas.write_page_of(entry.place, x + width, y, size)
            canvas.link(entry.place, (x, y - drop / 2, x + width, y + size), entry.title)
        with tree.artifact():
            canvas.rule(x, y - drop, x + width, LINE, THIN)


class Index(Rows):
    """Many entries, in two close columns that are read one after the other on each page."""

    height_of_row = 14.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, self.height_of_row * ((len(self.entries) + 1) // 2)
        return self.width, self.height

    def capacity(self, height: float) -> int:
        return 2 * super().capacity(height)

    def least(self, width: float) -> float:
        return 3 * self.height_of_row

    def draw(self) -> None:
        half = (len(self.entries) + 1) // 2
        with self.canv.tree.inside("TOC", self.element):
            for n, entry in enumerate(self.entries):
                column, row = divmod(n, half)
                x, y = column * (HALF + GUTTER), self.height - self.height_of_row * row - 10.5
                self.draw_entry(entry, x, y, HALF, 8, HALF - 28, 3.5)
