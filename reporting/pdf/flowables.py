"""What pages are made of: text, headings, lists, drawings, states, columns. Each draws itself and says what it is.

Text is our own rather than reportlab's Paragraph, which reads what it prints as markup: here a `<img>` that somebody
typed is five characters. It also stays one element of the structure when it runs over pages, and costs less time.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import NamedTuple, Self, TypeAlias, TypeVar

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from reporting.pdf import theme
from reporting.pdf.charts import symbol
from reporting.pdf.lines import Line, Run, broken, fitted, measured, words_of
from reporting.pdf.text import well_set
from reporting.pdf.theme import BODY, CELL, GUTTER, HEAD, HEIGHT, LINE, WASH, WIDTH, Style

Content: TypeAlias = str | Run | Sequence[str | Run]
PieceT = TypeVar("PieceT", bound=Flowable)


def gap(height: float) -> Flowable:
    """White."""
    return Spacer(0, height)


def piece_of(whole: PieceT) -> PieceT:
    """Another piece of what goes on over pages: the same element, without reportlab's note that it did not fit."""
    piece = copy(whole)
    piece.__dict__.pop("_postponed", None)
    return piece


class Text(Flowable):
    """A paragraph. A long one runs over pages and stays one element; a figure in it is a `Run` that carries its key."""

    role = "P"

    def __init__(self, content: Content, style: Style = BODY) -> None:
        super().__init__()
        self.style = style
        self.spaceBefore, self.spaceAfter = style.before, style.after
        self.element = object()
        self.words = words_of(self.runs(content))
        self.lines: list[Line] | None = None
        self.broken_at = -1.0

    def runs(self, content: Content) -> list[Run]:
        """The runs of a content; strings are set in the face of the style."""
        parts = [content] if isinstance(content, str | Run) else list(content)
        return [
            part
            if isinstance(part, Run)
            else Run(well_set(part, close=part is parts[-1]), self.style.font, self.style.size, self.style.colour)
            for part in parts
        ]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        if self.lines is None or (self.words and self.broken_at != width):
            self.lines, self.broken_at = self.break_lines(width - self.style.indent - self.style.narrower), width
        self.width, self.height = width, len(self.lines) * self.style.leading
        return self.width, self.height

    def break_lines(self, width: float) -> list[Line]:
        return broken(self.words, width)

    def least(self, width: float) -> float:
        """The height of the least piece that may stand at the foot of a page."""
        return min(self.wrap(width, HEIGHT)[1], 3 * self.style.leading)

    def split(self, width: float, height: float) -> list[Self]:
        """The lines that fit and the rest, at least two in each."""
        self.wrap(width, height)
        lines = self.lines or []
        fit = min(int(height / self.style.leading + 0.001), len(lines) - 2)
        return [self.piece(lines[:fit], after=0), self.piece(lines[fit:], before=0)] if fit > 1 else []

    def piece(self, lines: list[Line], **space: float) -> Self:
        piece = piece_of(self)
        piece.words, piece.lines = [], lines
        piece.spaceBefore, piece.spaceAfter = space.get("before", self.spaceBefore), space.get("after", self.spaceAfter)
        return piece

    def draw(self) -> None:
        with self.canv.tree.drawn(self.role, self.element):
            self.draw_lines()

    def draw_lines(self) -> None:
        y = self.height - (self.style.base or self.style.size)
        for line in self.lines or []:
            x = self.style.indent
            if self.style.align == "right":
                x = self.width - sum(run.width for run in line)
            self.canv.write_runs(x, y, line)
            y -= self.style.leading


class Entry(NamedTuple):
    """A line of the contents: what is there, and where; the awards are a level below the sections."""

    place: str
    title: str
    note: str = ""
    level: int = 0


class Heading(Text):
    """A heading, its lines balanced; with an entry also a bookmark and a line of the contents."""

    def __init__(self, text: str, level: int, style: Style = HEAD, entry: Entry | None = None) -> None:
        super().__init__(text, style)
        self.role, self.plain, self.entry = f"H{level}", text, entry

    def break_lines(self, width: float) -> list[Line]:
        """A sentence of two halves breaks between them; other lines are as narrow as their number allows."""
        lines = broken(self.words, width)
        if len(lines) < 2:
            return lines
        halves = self.plain.partition("; ")
        by_sense = broken(words_of(self.runs(f"{halves[0]};")), width) + broken(words_of(self.runs(halves[2])), width)
        if halves[2] and len(by_sense) == len(lines):
            return by_sense
        while width > 60 and len(narrower := broken(self.words, width - 7)) == len(lines):
            lines, width = narrower, width - 7
        return lines

    def split(self, width: float, height: float) -> list[Self]:
        return []

    def draw(self) -> None:
        if self.entry:
            self.canv.mark_place(self.entry.place, 0, self.height + 14)
            self.canv.addOutlineEntry(
                self.entry.title, self.entry.place, self.entry.level, closed=self.entry.level == 0
            )
        super().draw()


class Item(Text):
    """One entry of a list; items that share a list object are one list to a reader."""

    def __init__(self, text: str, style: Style = CELL, *, of: object) -> None:
        super().__init__(text, replace(style, indent=10.5, after=3.5))
        self.of = of
        self.begun = False

    def piece(self, lines: list[Line], **space: float) -> Self:
        piece = super().piece(lines, **space)
        piece.begun = self.begun or "before" in space
        return piece

    def draw(self) -> None:
        tree = self.canv.tree
        with tree.inside("L", self.of), tree.inside("LI", self.element):
            if not self.begun:
                with tree.drawn("Lbl"):
                    self.canv.write(0, self.height - self.style.size, "•", theme.REGULAR, self.style.size, theme.ACCENT)
            with tree.drawn("LBody", (self.element, "body")):
                self.draw_lines()


class Picture(Flowable):
    """A drawing: a figure with alternate text, or furniture where the words beside it say the same."""

    def __init__(self, drawing: Drawing, alternate: str = "") -> None:
        super().__init__()
        self.drawing, self.alternate = drawing, alternate
        self.width, self.height = drawing.width, drawing.height

    def draw(self) -> None:
        x, y = self.canv.absolutePosition(0, 0)
        box = (x, y, x + self.width, y + self.height)
        tree = self.canv.tree
        with tree.drawn("Figure", alternate=self.alternate, box=box) if self.alternate else tree.artifact():
            renderPDF.draw(self.drawing, self.canv, 0, 0)


class Tag(Flowable):
    """A state: a shape, a word, a colour."""

    def __init__(self, state: str, label: str, style: Style = CELL) -> None:
        super().__init__()
        self.state, self.label, self.style = state, label or state, style
        self.height = style.leading

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.word = fitted(self.label, theme.SEMIBOLD, self.style.size, width - 12)
        self.width = 12 + measured(self.word, theme.SEMIBOLD, self.style.size)
        return self.width, self.height

    def draw(self) -> None:
        size = self.style.size
        shape, colour = theme.look_of(self.state)
        base, mark = self.height - size, Drawing(10, 10)
        mark.add(symbol(shape, 4, size * 0.33, colour, size / 9))
        with self.canv.tree.artifact():
            renderPDF.draw(mark, self.canv, 0, base)
        with self.canv.tree.drawn("P"):
            self.canv.write(12, base, self.word, theme.SEMIBOLD, size, colour)


def stacked(flowables: Sequence[Flowable], width: float) -> tuple[list[float], float]:
    """How far below the top each flowable ends when they stand under one another, and how tall that is."""
    bottoms, y, after = [], 0.0, 0.0
    for n, flowable in enumerate(flowables):
        y += max(after, flowable.getSpaceBefore() if n else 0) + flowable.wrap(width, HEIGHT)[1]
        after = flowable.getSpaceAfter()
        bottoms.append(y)
    return bottoms, y


class Columns(Flowable):
    """Flowables side by side, read column by column: layout, not a table. With a wash behind, or a rule above."""

    def __init__(
        self,
        columns: Sequence[Sequence[Flowable]],
        widths: Sequence[float] | None = None,
        *,
        wash: bool = False,
        rule: Color | None = None,
        foot: bool = False,
    ) -> None:
        super().__init__()
        even = (WIDTH - GUTTER * (len(columns) - 1)) / len(columns)
        self.columns, self.widths = columns, list(widths or [even] * len(columns))
        self.wash, self.rule, self.foot = wash, rule, foot
        self.above, self.inset = (10.5 if wash else 7.0 if rule else 0.0), 10.5 if wash else 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As tall as the tallest column; a foot takes all that is left, to stand at the foot of the page."""
        tallest = max(
            stacked(column, w - 2 * self.inset)[1] for column, w in zip(self.columns, self.widths, strict=True)
        )
        self.height = self.above + tallest + self.inset
        return width, max(self.height, height - 0.01) if self.foot else self.height

    def least(self, width: float) -> float:
        return self.wrap(width, 0)[1]

    def draw(self) -> None:
        x = 0.0
        for column, width in zip(self.columns, self.widths, strict=True):
            self.draw_ground(x, width)
            for flowable, bottom in zip(column, stacked(column, width - 2 * self.inset)[0], strict=True):
                flowable.drawOn(self.canv, x + self.inset, self.height - self.above - bottom)
            x += width + GUTTER

    def draw_ground(self, x: float, width: float) -> None:
        if self.wash or self.rule:
            with self.canv.tree.artifact():
                if self.wash:
                    self.canv.setFillColor(WASH)
                    self.canv.rect(x, 0, width, self.height, stroke=0, fill=1)
                else:
                    self.canv.rule(x, self.height, x + width, self.rule or LINE, theme.STRONG)


def beside(
    columns: Sequence[Sequence[Flowable]], widths: Sequence[float] | None = None, **look: bool
) -> list[Flowable]:
    """Columns side by side where they are short enough to keep together, or else one under the other."""
    together = Columns(columns, widths, **look)
    if together.wrap(WIDTH, 0)[1] <= HEIGHT / 2:
        return [together]
    return [flowable for column in columns for flowable in column]


def headed(heading: Heading, *body: Flowable) -> list[Flowable]:
    """A heading with what it stands over: never alone at the foot of a page."""
    first = body[0]  # one of ours says what its least piece is; others are not broken
    least = first.least(WIDTH) if hasattr(first, "least") else first.wrap(WIDTH, HEIGHT)[1]
    room = heading.style.before + heading.wrap(WIDTH, HEIGHT)[1] + heading.style.after + least
    return [CondPageBreak(min(room, HEIGHT)), heading, *body]
