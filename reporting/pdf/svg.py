"""A drawing as SVG to stand within a page: in the page's own typeface and colours, so that it follows light and dark.

reportlab's own writer gives fixed colours and ids, and places words by the width of a typeface that the page does not have.
"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from reportlab.graphics.shapes import Circle, Drawing, Group, Line, Polygon, Rect, Shape, String
from reportlab.lib.colors import Color

from reporting.pdf.theme import ACCENT, AMBER, BLUE, GREEN, INK, LINE, MUTED, PAPER, RED, SEMIBOLD, SERIES, WASH

_NAMES = {
    "ink": INK, "muted": MUTED, "line": LINE, "wash": WASH, "paper": PAPER, "accent": ACCENT, "green": GREEN, "blue": BLUE,
    "amber": AMBER, "red": RED,
}  # fmt: skip
_COLOURS = {colour.hexval(): f"var(--{name})" for name, colour in _NAMES.items()}
_COLOURS |= {colour.hexval(): f"#{colour.hexval()[2:]}" for colour in SERIES[1:]}  # as good on dark as on light


def svg(drawing: Drawing, says: str) -> str:
    """The drawing as an image that says to the ear what it shows. It takes the width that it is given."""
    size = f"0 0 {_number(drawing.width)} {_number(drawing.height)}"
    image = ET.Element("svg", {"viewBox": size, "role": "img", "aria-label": says})
    image[:] = list(_elements(drawing.contents, 0, drawing.height))
    return ET.tostring(image, encoding="unicode", short_empty_elements=True)


def _elements(shapes: Iterable[Shape], left: float, bottom: float) -> Iterable[ET.Element]:
    """The shapes from a point on; up is up in a drawing, and down in SVG."""
    for shape in shapes:
        if isinstance(shape, Group):
            *turned, x, y = shape.transform
            if turned != [1, 0, 0, 1]:
                raise ValueError("Only groups that are moved can stand in a page, none that are turned or scaled")
            yield from _elements(shape.contents, left + x, bottom - y)
        else:
            yield _element(shape, left, bottom)


def _element(shape: Shape, left: float, bottom: float) -> ET.Element:
    if isinstance(shape, String):
        place = {"x": left + shape.x, "y": bottom - shape.y, "font-size": shape.fontSize}
        weight = {"font-weight": "600"} if shape.fontName == SEMIBOLD else {}
        anchor = {} if shape.textAnchor == "start" else {"text-anchor": shape.textAnchor}
        words = _with("text", place, fill=_colour(shape.fillColor), **weight, **anchor)
        words.text = shape.text
        return words
    if isinstance(shape, Line):
        ends = {"x1": left + shape.x1, "y1": bottom - shape.y1, "x2": left + shape.x2, "y2": bottom - shape.y2}
        return _with("line", ends, **_stroke(shape))
    look = {"fill": _colour(shape.fillColor), **(_stroke(shape) if shape.strokeColor else {})}
    if isinstance(shape, Rect):
        corner = {"x": left + shape.x, "y": bottom - shape.y - shape.height}
        return _with("rect", {**corner, "width": shape.width, "height": shape.height}, **look)
    if isinstance(shape, Circle):
        return _with("circle", {"cx": left + shape.cx, "cy": bottom - shape.cy, "r": shape.r}, **look)
    if isinstance(shape, Polygon):
        xs, ys = shape.points[::2], shape.points[1::2]
        points = " ".join(f"{_number(left + x)},{_number(bottom - y)}" for x, y in zip(xs, ys, strict=True))
        return _with("polygon", {}, points=points, **look)
    raise ValueError(f"A page knows no {type(shape).__name__}")


def _stroke(shape: Shape) -> dict[str, str]:
    return {"stroke": _colour(shape.strokeColor), "stroke-width": _number(shape.strokeWidth)}


def _with(name: str, numbers: dict[str, float], **rest: str) -> ET.Element:
    return ET.Element(name, {key: _number(number) for key, number in numbers.items()} | rest)


def _colour(colour: Color | None) -> str:
    return _COLOURS[colour.hexval()] if colour else "none"


def _number(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
