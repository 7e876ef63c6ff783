"""Charts as drawings, from plain data: vectors in a PDF, and the same drawing as SVG on a page. They know no document.

Every chart starts at zero and carries its labels. A part is a share of the target (or of the whole), such as 0.82;
none is not known.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, Rect, Shape, String
from reportlab.lib.colors import Color

from reporting.pdf.dates import short_day
from reporting.pdf.lines import fitted, measured
from reporting.pdf.theme import ACCENT, INK, LINE, MUTED, PAPER, REGULAR, SEMIBOLD, SERIES, STRONG, look_of

_CORNERS = {
    "square": (-2.9, -2.9, 2.9, -2.9, 2.9, 2.9, -2.9, 2.9),
    "diamond": (0, -3.9, 3.9, 0, 0, 3.9, -3.9, 0),
    "triangle": (-3.7, -2.9, 3.7, -2.9, 0, 3.6),
    "dash": (-3.4, -1, 3.4, -1, 3.4, 1, -3.4, 1),
}
_ON_PAGES = {REGULAR: {"family": "inherit", "weight": "400"}, SEMIBOLD: {"family": "inherit", "weight": "600"}}


class Due(NamedTuple):
    """A milestone on a line of time."""

    when: date
    name: str
    state: str
    state_label: str


class Years(NamedTuple):
    """What a line of time covers, and the day up to which the document tells."""

    start: date
    end: date
    until: date | None = None

    def at(self, when: date, width: float) -> float:
        """Where a day stands on a line of this width."""
        inner = width - 8
        days = max((self.end - self.start).days, 1)
        return 4 + inner * min(max((when - self.start).days / days, 0), 1)


class Bullet(NamedTuple):
    """A result against its target."""

    name: str
    part: float | None
    before: float | None
    shown: str


class Slice(NamedTuple):
    """A part of the whole."""

    name: str
    part: float
    shown: str = ""


def symbol(kind: str, x: float, y: float, colour: Color, scale: float = 1.0) -> Shape:
    """The shape of a state."""
    if kind == "ring":
        return Circle(x, y, 2.7 * scale, fillColor=PAPER, strokeColor=colour, strokeWidth=0.9 * scale)
    if kind == "disc":
        return Circle(x, y, 3.1 * scale, fillColor=colour, strokeColor=None)
    points = [number * scale + (y if n % 2 else x) for n, number in enumerate(_CORNERS[kind])]
    return Polygon(points, fillColor=colour, strokeColor=None)


def progress(
    width: float,
    part: float | None,
    before: float | None = None,
    *,
    height: float = 5,
    full: float = 1,
    lift: float = 0,
) -> Drawing:
    """Reached of promised: a track as long as the target, what was reached, a white tick for the last period."""
    drawing, unit = Drawing(width, height + 2 * lift), width / full
    drawing.add(_box(0, lift, unit, height, LINE))
    if part:
        drawing.add(_box(0, lift, unit * min(max(part, 0), full), height, ACCENT))
    if before and part and before < part:
        drawing.add(_line(unit * min(before, full), lift, unit * min(before, full), lift + height, PAPER, 1.5))
    if full > 1:
        drawing.add(_line(unit, lift - 2, unit, lift + height + 2, INK, STRONG))
    return drawing


def bullets(rows: Sequence[Bullet], width: float) -> Drawing:
    """Results against targets on one scale, in per cent of the target; the name and the numbers stand on their bar."""
    drawing = Drawing(width, 35 * len(rows) + 14)
    full = min(max(1.0, *(row.part or 0 for row in rows)), 1.5)
    for n, row in enumerate(rows):
        y = drawing.height - 35 * (n + 1) + 7
        room = width - measured(row.shown, SEMIBOLD, 9) - 10
        drawing.add(_label(0, y + 11, fitted(row.name, REGULAR, 9, room), 9, INK))
        drawing.add(_label(width, y + 11, row.shown, 9, INK, SEMIBOLD, "end"))
        track = progress(width, row.part, row.before, height=7, full=full)
        track.shift(0, y)
        drawing.add(track)
    for part, text, anchor in ((0, "0%", "start"), (0.5, "50%", "middle"), (1, "100% of target", "end")):
        drawing.add(_label(width * part / full, 2, text, anchor=anchor))
    return drawing


def stack(slices: Sequence[Slice], width: float, height: float = 7) -> Drawing:
    """The parts of a whole in one bar; each label under its part, or in a row with swatches where one would not fit."""
    drawing = Drawing(width, height + 14)
    unit, x, ends = width / (sum(piece.part for piece in slices) or 1), 0.0, []
    for piece, colour in zip(slices, SERIES, strict=False):
        drawing.add(_box(x, 14, max(piece.part * unit - 0.75, 0), height, colour))
        x += piece.part * unit
        ends.append(x)
    starts = [0.0, *ends[:-1]]
    wide = [measured(piece.name, REGULAR, 8) for piece in slices]
    if all(label + 7 <= end - start for label, start, end in zip(wide, starts, ends, strict=False)):
        for piece, start in zip(slices, starts, strict=False):
            drawing.add(_label(start, 2, piece.name))
        return drawing
    x = 0.0
    for piece, label, colour in zip(slices, wide, SERIES, strict=False):
        drawing.add(_box(x, 2, 6, 6, colour))
        drawing.add(_label(x + 9, 2, piece.name))
        x += 9 + label + 14
    return drawing


def cascade(slices: Sequence[Slice], width: float) -> Drawing:
    """The parts of a whole, each on its own line and begun where the one before ended; the last line is the whole."""
    drawing = Drawing(width, 35 * len(slices) + 14)
    unit, x = width / max(sum(piece.part for piece in slices), 1), 0.0
    for n, (piece, colour) in enumerate(zip(slices, SERIES, strict=False)):
        y = drawing.height - 35 * (n + 1) + 7
        room = width - measured(piece.shown, SEMIBOLD, 9) - 10
        drawing.add(_label(0, y + 11, fitted(piece.name, REGULAR, 9, room), 9, INK))
        drawing.add(_label(width, y + 11, piece.shown, 9, INK, SEMIBOLD, "end"))
        drawing.add(_line(0, y, width, y, LINE))
        drawing.add(_box(x * unit, y, max(piece.part * unit, 0.75 if piece.part else 0), 7, colour))
        x += piece.part
    for part, text, anchor in ((0, "0%", "start"), (0.5, "50%", "middle"), (1, "100% of awarded", "end")):
        drawing.add(_label(width * part, 2, text, anchor=anchor))
    return drawing


def timeline(dues: Sequence[Due], years: Years, width: float, *, scale: float = 1.0, height: float = 10.5) -> Drawing:
    """A line of time with a shape for each milestone; the upright is the day up to which the document tells."""
    drawing = Drawing(width, height)
    for shape in _time(dues, years, width, height / 2, scale):
        drawing.add(shape)
    return drawing


def labelled_timeline(dues: Sequence[Due], years: Years, width: float) -> Drawing | None:
    """A line of time with day, name and state at each milestone; none where the labels would touch each other."""
    drawing, y, free = Drawing(width, 56), 34.0, 0.0
    for shape in _time(dues, years, width, y):
        drawing.add(shape)
    for due in sorted(dues):
        x = years.at(due.when, width)
        rows = [
            (10, short_day(due.when), REGULAR, MUTED),
            (-16, due.name, SEMIBOLD, INK),
            (-26.5, due.state_label, REGULAR, MUTED),
        ]
        wide = max(measured(text, font, 8) for _, text, font, _ in rows)
        at, anchor, start = (x - 3, "start", x - 3) if x - 3 + wide <= width else (x + 3, "end", x + 3 - wide)
        if start < free:
            return None
        free = start + wide + 7
        for rise, text, font, colour in rows:
            drawing.add(_label(at, y + rise, text, 8, colour, font, anchor))
    return drawing


def timelines(rows: Sequence[Sequence[Due]], years: Years, width: float, height: float) -> Drawing:
    """A line of time for each award, as close as their number asks."""
    pitch = min(14.0, height / len(rows))
    drawing = Drawing(width, pitch * len(rows))
    for n, dues in enumerate(rows):
        for shape in _time(dues, years, width, drawing.height - pitch * (n + 0.5), max(min(pitch / 9, 1), 0.3), pitch):
            drawing.add(shape)
    return drawing


def marks(states: Sequence[str], width: float, height: float) -> Drawing:
    """A mark for each state, row by row, as large as their number allows."""
    pitch, a_row, rows = 15, 1, len(states)
    while pitch > 1 and (pitch == 15 or rows * pitch > height):
        pitch -= 1
        a_row = int(width / pitch)
        rows = ceil(len(states) / a_row)
    drawing = Drawing(width, rows * pitch)
    for n, state in enumerate(states):
        row, column = divmod(n, a_row)
        shape, colour = look_of(state)
        drawing.add(symbol(shape, (column + 0.5) * pitch, drawing.height - (row + 0.5) * pitch, colour, pitch / 9))
    return drawing


def _time(
    dues: Iterable[Due], years: Years, width: float, y: float, scale: float = 1.0, pitch: float = 12
) -> Iterable[Shape]:
    thick = min(STRONG, pitch / 3)
    yield _line(4, y, width - 4, y, LINE, thick)
    if years.until:
        today = years.at(years.until, width)
        yield _line(4, y, today, y, MUTED, thick)
        yield _line(today, y - pitch / 2, today, y + pitch / 2, ACCENT, STRONG)
    for due in dues:
        shape, colour = look_of(due.state)
        yield symbol(shape, years.at(due.when, width), y, colour, scale)


def svg(drawing: Drawing) -> str:
    """The drawing as SVG to stand in a page, in the page's own typeface."""
    text: str = renderSVG.drawToString(drawing, fontHacks=_ON_PAGES)
    return text[text.index("<svg") :]


def _label(
    x: float, y: float, text: str, size: float = 8, colour: Color = MUTED, font: str = REGULAR, anchor: str = "start"
) -> String:
    return String(x, y, text, fontName=font, fontSize=size, fillColor=colour, textAnchor=anchor)


def _line(x1: float, y1: float, x2: float, y2: float, colour: Color = LINE, width: float = 0.5) -> Line:
    return Line(x1, y1, x2, y2, strokeColor=colour, strokeWidth=width)


def _box(x: float, y: float, width: float, height: float, colour: Color) -> Rect:
    return Rect(x, y, width, height, fillColor=colour, strokeColor=None)
