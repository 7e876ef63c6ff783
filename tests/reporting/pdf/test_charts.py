"""Charts are drawn from plain data, for a page as well as for the PDF."""

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from reportlab.graphics.shapes import Drawing, Ellipse, Group, Rect

from reporting.pdf import charts
from reporting.pdf.charts import Bullet, Due, Pile, Slice, Whole, Years
from reporting.pdf.lines import measured
from reporting.pdf.svg import svg
from reporting.pdf.theme import INK, REGULAR

YEARS = Years(date(2012, 8, 1), date(2013, 7, 31), date(2013, 4, 30))
DUES = [
    Due(date(2012, 10, 31), "Milestone 1", "approved", "Approved"),
    Due(date(2013, 4, 30), "Milestone 2", "overdue", "Overdue"),
    Due(date(2013, 7, 31), "Final evaluation", "not-due", "Not due yet"),
]
STATES = [("Settled", "approved"), ("Late", "overdue"), ("To come", "not-due")]
WHOLES = [
    Whole("National exemplars", 140_000, 69_500, "£69,500 of £140,000"),
    Whole("Website", 8_000, 0, "£0 of £8,000"),
]
SLICES = [Slice("Paid", 0.7, "£140,000"), Slice("Released", 0.1, "£20,000"), Slice("To come", 0.2, "£40,000")]


def everything() -> dict[str, Drawing | None]:
    return {
        "progress": charts.progress(100, 0.8, 0.5),
        "bullets": charts.bullets([Bullet("Learners", 0.8, 0.5, "80 of 100")], 200),
        "stack": charts.stack(SLICES, 300),
        "cascade": charts.cascade(SLICES, 200),
        "wholes": charts.wholes(WHOLES, 200),
        "piles": charts.piles([Pile("Oct 12", [3, 1, 0]), Pile("Nov 12", [0, 0, 2])], STATES, 200),
        "timeline": charts.timeline(DUES, YEARS, 100),
        "labelled timeline": charts.labelled_timeline(DUES, YEARS, 480),
        "timelines": charts.timelines([DUES] * 40, YEARS, 480, 224),
        "marks": charts.marks(["on-course", "at-risk"] * 150, 480, 224),
    }


def words(drawing: Drawing) -> set[str]:
    return {shape.text for shape in drawing.getContents() if hasattr(shape, "text")}


@pytest.mark.parametrize("name", everything())
def test_chart_is_an_image_in_a_page_that_follows_the_theme(name: str) -> None:
    drawing = everything()[name]
    assert drawing is not None
    text = svg(drawing, "What it shows")
    image = ET.fromstring(text)  # noqa: S314
    assert (image.tag, image.get("role"), image.get("aria-label")) == ("svg", "img", "What it shows")
    assert image.get("viewBox") == f"0 0 {drawing.width:g} {drawing.height:g}"
    assert "SourceSans" not in text
    assert not {"id", "style", "class"} & {name for element in image.iter() for name in element.attrib}
    colours = {element.get("fill") for element in image.iter()} - {None, "none"}
    assert colours
    assert all(colour.startswith("var(--") or name in ("stack", "cascade") for colour in colours)


def test_shapes_of_a_page_stand_where_those_of_the_document_do() -> None:
    drawing = charts.bullets([Bullet("Learners", 0.5, None, "1 of 2")], 200)
    track, bar = ET.fromstring(svg(drawing, "")).findall("rect")  # noqa: S314
    assert (track.attrib, bar.attrib) == (
        {"x": "0", "y": "21", "width": "200", "height": "7", "fill": "var(--line)"},
        {"x": "0", "y": "21", "width": "100", "height": "7", "fill": "var(--accent)"},
    )


def test_words_at_the_right_end_there_in_any_typeface() -> None:
    image = ET.fromstring(svg(charts.bullets([Bullet("Learners", 0.5, None, "1 of 2")], 200), ""))  # noqa: S314
    [numbers] = [one for one in image.findall("text") if one.text == "1 of 2"]
    assert (numbers.get("x"), numbers.get("text-anchor"), numbers.get("font-weight")) == ("200", "end", "600")


def test_svg_shows_hostile_text_as_text() -> None:
    hostile = """<script>alert(1)</script> ' " & ]]>"""
    text = svg(charts.bullets([Bullet(hostile, 0.5, None, hostile[:12])], 500), hostile)
    assert "<script" not in text
    image = ET.fromstring(text)  # noqa: S314
    assert image.get("aria-label") == hostile
    assert hostile in [one.text for one in image.findall("text")]


def test_what_a_page_cannot_show_is_refused() -> None:
    with pytest.raises(ValueError, match="Ellipse"):
        svg(Drawing(10, 10, Ellipse(5, 5, 2, 1, fillColor=INK, strokeColor=None)), "")
    turned = Group(Rect(0, 0, 1, 1))
    turned.rotate(45)
    with pytest.raises(ValueError, match="turned"):
        svg(Drawing(10, 10, turned), "")


def test_wholes_share_a_scale_that_starts_at_zero() -> None:
    drawing = charts.wholes(WHOLES, 280)
    tracks = [(shape.x, shape.width) for shape in drawing.getContents() if isinstance(shape, Rect)]
    assert tracks == [(0, 280), (0, 139), (0, 16), (0, 0)]
    assert {"National exemplars", "£69,500 of £140,000", "Website"} <= words(drawing)


def test_wholes_of_nothing_are_drawn_as_nothing() -> None:
    assert charts.wholes([Whole("Website", 0, 0, "£0 of £0")], 280).width == 280


def test_piles_stand_on_zero_as_high_as_their_numbers() -> None:
    drawing = charts.piles(
        [Pile("Oct 12", [3, 1, 0]), Pile("Nov 12", [0, 0, 2]), Pile("Dec 12", [0, 0, 0])], STATES, 300
    )
    heaps = [shape for shape in drawing.getContents() if isinstance(shape, Rect) and shape.width > 20]
    assert [round(heap.height) for heap in heaps] == [62, 20, 41]
    assert {round(heap.y) for heap in heaps} == {30, 93}
    assert {"Oct 12", "Nov 12", "Dec 12", "4", "2", "Settled", "Late", "To come"} == words(drawing)


@pytest.mark.parametrize("number", [1, 15, 60])
def test_names_of_piles_never_touch(number: int) -> None:
    drawing = charts.piles([Pile(f"Oct {n:02}", [1, 0, 0]) for n in range(number)], STATES, 234, 1.3)
    starts = [shape.x for shape in drawing.getContents() if getattr(shape, "text", "").startswith("Oct")]
    assert starts
    assert all(right - left > measured("Oct 00", REGULAR, 8) * 1.3 for left, right in pairwise(starts))


def test_name_leaves_room_for_a_wider_typeface() -> None:
    [whole] = [name for name in words(charts.bullets([Bullet("A" * 60, 0.5, None, "1 of 2")], 234)) if "A" in name]
    [less] = [name for name in words(charts.bullets([Bullet("A" * 60, 0.5, None, "1 of 2")], 234, 1.3)) if "A" in name]
    assert len(less) < len(whole)


@pytest.mark.parametrize("part", [None, 0, 0.5, 1, 1.3, 99, -1])
def test_bar_stays_within_its_room(part: float | None) -> None:
    drawing = charts.progress(100, part, 0.2, full=1.2)
    left, _, right, _ = drawing.getBounds()
    assert left >= -1
    assert right <= 101


def test_bullets_start_at_zero_and_name_their_scale() -> None:
    drawing = charts.bullets([Bullet("Learners", 0.82, 0.5, "2,050 of 2,500")], 300)
    assert words(drawing) == {"Learners", "2,050 of 2,500", "0%", "50%", "100% of target"}


def test_labels_that_do_not_fit_their_part_stand_in_a_row() -> None:
    narrow = charts.stack([Slice("Paid", 0.98), Slice("Released, not yet paid", 0.01), Slice("To come", 0.01)], 300)
    starts = [shape.x for shape in narrow.getContents() if hasattr(shape, "text")]
    assert starts == sorted(starts)
    assert starts[2] - starts[1] > 60


def test_labels_of_milestones_never_touch() -> None:
    close = [Due(date(2013, 1, day), f"Milestone {day}", "approved", "Approved") for day in (1, 5, 9)]
    assert charts.labelled_timeline(close, YEARS, 480) is None


def test_timeline_marks_each_milestone_and_the_end_of_the_period() -> None:
    drawing = charts.labelled_timeline(DUES, YEARS, 480)
    assert drawing is not None
    assert {"31 Oct", "30 Apr", "31 Jul", "Milestone 1", "Overdue", "Not due yet"} <= words(drawing)


@pytest.mark.parametrize("number", [1, 31, 300, 5000])
def test_marks_keep_to_their_room(number: int) -> None:
    drawing = charts.marks(["on-course"] * number, 480, 224)
    assert drawing.height <= 224
    assert len(drawing.getContents()) == number


def test_whole_of_nothing_is_drawn_as_nothing() -> None:
    assert charts.stack([Slice("Paid", 0.0)], 300).width == 300
    assert charts.cascade([Slice("Paid", 0.0, "£0")], 300).width == 300
