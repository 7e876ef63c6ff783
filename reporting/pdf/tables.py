"""Tables: thin lines, figures right-aligned, the first column heads its row.

Drawn here rather than by reportlab's Table, whose time grows with the square of its rows: a page takes the rows that
fit, and what it draws again there (the headings) is furniture. Text in a cell folds; what is too long even then is
shortened, and `Shortened` prints it in full at the foot of the table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple, Self, TypeAlias

from reportlab.platypus import Flowable

from reporting.pdf.flowables import Text, piece_of, stacked
from reporting.pdf.lines import folded, measured
from reporting.pdf.text import shortened, well_set
from reporting.pdf.theme import CELL, INK, LINE, MUTED, NOTE, SEMIBOLD, STRONG, THIN, WIDTH, Style

Cell: TypeAlias = str | Flowable | Sequence[Flowable]
APART = 10.5  # between a right-aligned column and a left-aligned one
KEPT = 10  # rows of a table that is not broken if it can be helped


@dataclass(frozen=True, slots=True)
class Look:
    """How large a table is set."""

    style: Style
    head: Style
    pad: float  # above and below a cell
    apart: float  # between columns
    most: int  # lines in a cell


ORDINARY = Look(CELL, Style(8, 10.5, SEMIBOLD, MUTED), 3.5, APART, 4)
SMALL = Look(Style(7.5, 10.5), Style(7.5, 10.5, SEMIBOLD, MUTED), 1.75, 5, 3)


class Column(NamedTuple):
    """A column: its heading, its width, on which side its content stands. One of width 0 takes what is left."""

    heading: str
    width: float = 0
    right: bool = False


class Row(NamedTuple):
    """A row of cells, or a heading over the rows that follow, or a total; where it has a place, links lead to it."""

    cells: Sequence[Cell]
    kind: str = "plain"  # heading, total
    place: str = ""


class _SetRow(NamedTuple):
    """A row as it is drawn: text folded into lines, and the height of all of it."""

    row: Row
    contents: Sequence[tuple[str, ...] | Sequence[Flowable]]
    height: float


def fitting(
    heading: str,
    texts: Iterable[str],
    *,
    right: bool = False,
    beside: float = 0,
    least: float = 0,
    most: float = 110,
    look: Look = ORDINARY,
) -> Column:
    """A column as wide as its widest text and what is drawn `beside` it, within bounds."""
    wide = max((measured(text, SEMIBOLD, look.style.size) for text in set(texts)), default=0) + beside
    wide = min(max(wide, measured(heading, look.head.font, look.head.size), least), most)
    return Column(heading, wide + (max(look.apart, APART) if right else look.apart), right)


class Shortened:
    """Texts that a table could not take whole, for a note beneath it."""

    def __init__(self, most: int = 120) -> None:
        self.most = most
        self.texts: list[str] = []

    def __call__(self, text: str) -> str:
        """The text, short enough for a cell."""
        if len(text) > self.most and text not in self.texts:
            self.texts.append(text)
        return shortened(text, self.most)

    def notes(self) -> list[Flowable]:
        """What was shortened, in full."""
        return [Text(["In full: ", text], replace(NOTE, before=3.5)) for text in self.texts]


class Table(Flowable):
    """A table of any length."""

    def __init__(
        self, columns: Sequence[Column], rows: Iterable[Row], look: Look = ORDINARY, width: float = WIDTH
    ) -> None:
        super().__init__()
        rest = width - sum(column.width for column in columns)
        self.columns = [column if column.width else column._replace(width=rest) for column in columns]
        self.lefts = [0.0, *accumulate(column.width for column in self.columns)]
        self.look, self.width = look, width
        self.element, self.continued = object(), False
        self.head = [
            folded(column.heading, look.head.font, look.head.size, self._room(n))
            for n, column in enumerate(self.columns)
        ]
        self.head_height = max(map(len, self.head)) * look.style.leading + 2 * look.pad
        self.rows = [self._set(row) for row in rows]

    def _room(self, n: int) -> float:
        """The width that the content of a column may take: white stands between it and the next one."""
        if n == len(self.columns) - 1:
            return self.columns[n].width
        meets = self.columns[n].right and not self.columns[n + 1].right
        return self.columns[n].width - max(self.look.apart, APART if meets else 0)

    def _set(self, row: Row) -> _SetRow:
        style, above = self._style_of(row), 7 if row.kind == "heading" else 0
        rooms = [self.width] if row.kind == "heading" else [self._room(n) for n in range(len(self.columns))]
        contents: list[tuple[str, ...] | Sequence[Flowable]] = []
        tallest = 0.0
        for cell, room in zip(row.cells, rooms, strict=True):
            if isinstance(cell, str):
                lines = folded(well_set(cell), style.font, style.size, room, self.look.most) if cell else ()
                contents.append(lines)
                tallest = max(tallest, len(lines) * style.leading)
            else:
                flowables = cell if isinstance(cell, list) else [cell]
                contents.append(flowables)
                tallest = max(tallest, stacked(flowables, room)[1])
        return _SetRow(row, contents, tallest + 2 * self.look.pad + above)

    def _style_of(self, row: Row) -> Style:
        return self.look.style if row.kind == "plain" else replace(self.look.style, font=SEMIBOLD)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.height = self.head_height + sum(row.height for row in self.rows)
        return self.width, self.height

    def least(self, width: float) -> float:
        """A short table is kept together, a long one begins with three rows."""
        first = self.rows if len(self.rows) <= KEPT else self.rows[:3]
        return self.head_height + sum(row.height for row in first)

    def split(self, width: float, height: float) -> list[Self]:
        """The rows that fit and the rest; a heading goes with its rows, a total not alone."""
        fit, room = 0, height - self.head_height
        while fit < len(self.rows) and self.rows[fit].height <= room + 0.01:
            room -= self.rows[fit].height
            fit += 1
        if fit and fit < len(self.rows) and self.rows[fit].row.kind == "total":
            fit -= 1
        while fit and self.rows[fit - 1].row.kind == "heading":
            fit -= 1
        if fit < 1:
            return []
        first, rest = piece_of(self), piece_of(self)
        first.rows, rest.rows, rest.continued = self.rows[:fit], self.rows[fit:], True
        return [first, rest]

    def draw(self) -> None:
        tree, y = self.canv.tree, self.height - self.head_height
        with tree.inside("Table", self.element):
            self._draw_head()
            with tree.inside("TBody", (self.element, "body")):
                for row in self.rows:
                    self._draw_row(row, y)
                    y -= row.height

    def _draw_head(self) -> None:
        tree, columns = self.canv.tree, range(len(self.columns))
        if self.continued:
            with tree.artifact():
                for n in columns:
                    self._write_head(n)
        else:
            with tree.inside("THead"), tree.inside("TR"):
                for n in columns:
                    with tree.drawn("TH", scope="Column"):
                        self._write_head(n)
        self._rule(self.height - self.head_height, strong=True)

    def _write_head(self, n: int) -> None:
        """One heading, standing on the line below."""
        lines = self.head[n]
        y = self.height - self.head_height + self.look.pad + self.look.head.leading * len(lines)
        self._write(n, y, lines, self.look.head)

    def _draw_row(self, row: _SetRow, top: float) -> None:
        tree, (_, kind, place) = self.canv.tree, row.row
        if place:
            self.canv.mark_place(place, 0, top + 14)
        if kind == "total":
            self._rule(top, strong=True)
        y = top - self.look.pad - (7 if kind == "heading" else 0)
        about = {"scope": "Row", "span": len(self.columns) if kind == "heading" else 1}
        with tree.inside("TR"):
            for n, content in enumerate(row.contents):
                cell = tree.inside("TH", **about) if n == 0 and content else tree.inside("TD")
                with cell:
                    if isinstance(content, tuple) and content:
                        with tree.marked():
                            self._write(n, y, content, self._style_of(row.row))
                    else:
                        self._place(n, y, content)
        self._rule(top - row.height, strong=kind == "total")

    def _write(self, n: int, y: float, lines: Sequence[str], style: Style) -> None:
        x = self.lefts[n] + (self._room(n) if self.columns[n].right else 0)
        for number, line in enumerate(lines):
            base = y - style.size - number * style.leading
            self.canv.write(x, base, line, style.font, style.size, style.colour, right=self.columns[n].right)

    def _place(self, n: int, y: float, flowables: Sequence[Flowable]) -> None:
        for flowable, bottom in zip(flowables, stacked(flowables, self._room(n))[0], strict=True):
            flowable.drawOn(self.canv, self.lefts[n], y - bottom)

    def _rule(self, y: float, *, strong: bool = False) -> None:
        with self.canv.tree.artifact():
            self.canv.rule(0, y, self.width, INK if strong else LINE, STRONG if strong else THIN)
