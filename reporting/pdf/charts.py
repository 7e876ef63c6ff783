"""Charts as drawings, from plain data: vectors in a PDF, and the same drawing as SVG on a page. They know no document.

Every chart starts at zero and carries its labels. A part is a share of the target (or of the whole), such as 0.82;
none is not known.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

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


class Whole(NamedTuple):
    """A whole, as large as it is beside others, and how much of it is reached."""

    name: str
    whole: float
    part: float
    shown: str


class Pile(NamedTuple):
    """What a span of time holds: a number for each state."""

    name: str
    counts: Sequence[int]


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


def bullets(rows: Sequence[Bullet], width: float, wide: float = 1) -> Drawing:
    """Results against targets on one scale, in per cent of the target; the name and the numbers stand on their bar.

    `wide`: how much wider than ours the typeface may be in which it is read.
    """
    drawing = Drawing(width, 35 * len(rows) + 14)
    full = min(max(1.0, *(row.part or 0 for row in rows)), 1.5)
    for n, row in enumerate(rows):
        y = drawing.height - 35 * (n + 1) + 7
        _title(drawing, y + 11, row.name, row.shown, wide)
        track = progress(width, row.part, row.before, height=7, full=full)
        track.shift(0, y)
        drawing.add(track)
    _scale(drawing, width / full, "target", wide)
    return drawing


def wholes(rows: Sequence[Whole], width: float, wide: float = 1) -> Drawing:
    """Wholes on one scale that starts at zero, each with what is reached of it; name and numbers stand on their bar."""
    drawing = Drawing(width, 35 * len(rows))
    unit = width / (max((row.whole for row in rows), default=0) or 1)
    for n, row in enumerate(rows):
        y = drawing.height - 35 * (n + 1) + 7
        _title(drawing, y + 11, row.name, row.shown, wide)
        drawing.add(_box(0, y, row.whole * unit, 7, LINE))
        drawing.add(_box(0, y, min(row.part, row.whole) * unit, 7, ACCENT))
        drawing.add(_line(0, y - 2, 0, y + 9, MUTED, STRONG))
    return drawing


def piles(rows: Sequence[Pile], states: Sequence[tuple[str, str]], width: float, wide: float = 1) -> Drawing:
    """A column for each span of time, its states on top of each other from zero on; below it the states' names.

    What is yet to come is an outline. A column carries its number where there is room, and its name where one fits.
    """
    tall, base = 84.0, 30.0
    drawing = Drawing(width, base + tall + 12)
    pitch, highest = width / max(len(rows), 1), max((sum(row.counts) for row in rows), default=0) or 1
    every = ceil(max((measured(row.name, REGULAR, 8) for row in rows), default=0) * wide / pitch + 0.2)
    for n, row in enumerate(rows):
        x, y = n * pitch, base
        for count, (_, state) in zip(row.counts, states, strict=True):
            height = count * tall / highest
            if count:
                drawing.add(_heap(x + pitch * 0.14, y, pitch * 0.72, height, state))
            y += height
        number = f"{sum(row.counts):,}"
        if sum(row.counts) and measured(number, REGULAR, 8) * wide < pitch:
            drawing.add(_label(x + pitch / 2, y + 3, number, anchor="middle"))
        if n % every == 0 and x + measured(row.name, REGULAR, 8) * wide <= width:
            drawing.add(_label(x + pitch * 0.14, base - 10, row.name))
    drawing.add(_line(0, base, width, base, MUTED, STRONG))
    x = 0.0
    for name, state in states:
        drawing.add(_heap(x, 2, 6, 6, state))
        drawing.add(_label(x + 9, 2, name))
        x += 9 + measured(name, REGULAR, 8) * wide + 9
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
        _title(drawing, y + 11, piece.name, piece.shown)
        drawing.add(_line(0, y, width, y, LINE))
        drawing.add(_box(x * unit, y, max(piece.part * unit, 0.75 if piece.part else 0), 7, colour))
        x += piece.part
    _scale(drawing, width, "awarded")
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


def _title(drawing: Drawing, y: float, name: str, shown: str, wide: float = 1) -> None:
    """What stands on a bar: its name, shortened where it must be, and its numbers."""
    room = (drawing.width - 10) / wide - measured(shown, SEMIBOLD, 9)
    drawing.add(_label(0, y, fitted(name, REGULAR, 9, room), 9, INK))
    drawing.add(_label(drawing.width, y, shown, 9, INK, SEMIBOLD, "end"))


def _scale(drawing: Drawing, whole: float, of: str, wide: float = 1) -> None:
    end = f"100% of {of}"
    drawing.add(_label(0, 2, "0%"))
    if (measured(end, REGULAR, 8) + measured("50%", REGULAR, 8)) * wide < whole / 2 + 4:
        drawing.add(_label(whole / 2, 2, "50%", anchor="middle"))
    drawing.add(_label(whole, 2, end, anchor="end"))


def _heap(x: float, y: float, width: float, height: float, state: str) -> Rect:
    """A part of a column, or its swatch, in the colour of a state: an outline where it is yet to come."""
    shape, colour = look_of(state)
    if shape == "ring":
        return Rect(
            x + 0.4, y + 0.4, width - 0.8, max(height - 0.8, 0.1), fillColor=PAPER, strokeColor=colour, strokeWidth=0.8
        )
    return _box(x, y, width, max(height - 0.75, 0.75), colour)


def _label(
    x: float, y: float, text: str, size: float = 8, colour: Color = MUTED, font: str = REGULAR, anchor: str = "start"
) -> String:
    return String(x, y, text, fontName=font, fontSize=size, fillColor=colour, textAnchor=anchor)


def _line(x1: float, y1: float, x2: float, y2: float, colour: Color = LINE, width: float = 0.5) -> Line:
    return Line(x1, y1, x2, y2, strokeColor=colour, strokeWidth=width)


def _box(x: float, y: float, width: float, height: float, colour: Color) -> Rect:
    return Rect(x, y, width, height, fillColor=colour, strokeColor=None)
