"""The theme of the documents: colours, type, measures, and how each state looks.

Every height is a multiple of 3.5 pt, so that columns meet again on a 14 pt baseline.
"""

from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

INK, MUTED, LINE, WASH, PAPER = map(HexColor, ("#17212b", "#55606c", "#d8dee4", "#f4f6f8", "#ffffff"))
ACCENT, GREEN, BLUE, AMBER, RED = map(HexColor, ("#0f5c6e", "#1e6b3a", "#1f5fa8", "#8a5a00", "#a8261c"))
SERIES = [ACCENT, *map(HexColor, ("#56b4e9", "#c3ccd4", "#e69f00", "#d55e00", "#009e73"))]  # accent, grey, Okabe-Ito

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 20 * mm
WIDTH, HEIGHT = PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT - 2 * MARGIN  # the room between the margins
GUTTER = 14.0
MEASURE = 340.0  # at most 70 characters of body text
HALF = (WIDTH - GUTTER) / 2
THIN, STRONG = 0.4, 0.75  # widths of lines

REGULAR, SEMIBOLD, LIGHT = FACES = ("SourceSansPro-Regular", "SourceSansPro-Semibold", "SourceSansPro-Light")


def _register_faces() -> None:
    """Make the embedded typeface known to reportlab, and the default of its drawings: Helvetica is never embedded."""
    folder = files("font_source_sans_pro") / "files"  # the names that it exports are OTFs; reportlab reads TTFs
    for face in FACES:
        registerFont(TTFont(face, str(folder / f"{face}.ttf")))
    STATE_DEFAULTS["fontName"] = REGULAR


_register_faces()


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text is set."""

    size: float
    leading: float
    font: str = REGULAR
    colour: Color = INK
    before: float = 0
    after: float = 0
    indent: float = 0
    narrower: float = 0  # kept free on the right
    align: str = "left"
    base: float = 0  # from the top to the first baseline, where that is not the size


COVER = Style(36, 42, SEMIBOLD, after=14)
SUBTITLE = Style(18, 21, LIGHT, MUTED)
TITLE = Style(24, 28, SEMIBOLD, after=7)
HEAD = Style(12, 14, SEMIBOLD, before=17.5, after=7)
WIDE_HEAD = Style(12, 14, SEMIBOLD, before=28, after=7)
LARGE = Style(12, 17.5)
BODY = Style(10, 14)
PROSE = Style(10, 14, after=7, narrower=WIDTH - MEASURE)
STRONG_BODY = Style(10, 14, SEMIBOLD)
CELL = Style(9, 10.5)
STRONG_CELL = Style(9, 10.5, SEMIBOLD)
NOTE = Style(8, 10.5, colour=MUTED)
LABEL = Style(8, 10.5, SEMIBOLD, MUTED)
NUMBER = Style(28, 35, LIGHT)
KEY = Style(6.5, 10.5, colour=ACCENT, align="right", base=CELL.size)  # on the baseline of the figures beside it


class Look(NamedTuple):
    """What a state looks like beside its word."""

    shape: str
    colour: Color


GOOD, WITH_SOMEBODY, NEEDS_YOU = Look("disc", GREEN), Look("diamond", BLUE), Look("triangle", AMBER)
LATE, TO_COME, ENDED = Look("square", RED), Look("ring", MUTED), Look("dash", MUTED)
_LOOKS: dict[str, Look] = {
    state: look
    for look, states in (
        (GOOD, "on-course approved final active paid released"),
        (WITH_SOMEBODY, "submitted in-review awaiting-sign-off provisional evaluating"),
        (NEEDS_YOU, "at-risk returned due awaited offered suspended"),
        (LATE, "off-course overdue very-late terminated declined"),
        (ENDED, "waived closed withdrawn superseded abandoned cancelled not-collected not-applicable"),
    )
    for state in states.split()
}


def look_of(state: str) -> Look:
    """The shape and colour of a state; one that is not known is yet to come."""
    return _LOOKS.get(state, TO_COME)
