"""Charts are drawn from plain data, for a page as well as for the PDF."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest
from reportlab.graphics.shapes import Drawing

from reporting.pdf import charts
from reporting.pdf.charts import Bullet, Due, Slice, Years

YEARS = Years(date(2012, 8, 1), date(2013, 7, 31), date(2013, 4, 30))
DUES = [
    Due(date(2012, 10, 31), "Milestone 1", "approved", "Approved"),
    Due(date(2013, 4, 30), "Milestone 2", "overdue", "Overdue"),
    Due(date(2013, 7, 31), "Final evaluation", "not-due", "Not due yet"),
]
SLICES = [Slice("Paid", 0.7, "£140,000"), Slice("Released", 0.1, "£20,000"), Slice("To come", 0.2, "£40,000")]


def everything() -> dict[str, Drawing | None]:
    return {
        "progress": charts.progress(100, 0.8, 0.5),
        "bullets": charts.bullets([Bullet("Learners", 0.8, 0.5, "80 of 100")], 200),
        "stack": charts.stack(SLICES, 300),
        "cascade": charts.cascade(SLICES, 200),
        "timeline": charts.timeline(DUES, YEARS, 100),
        "labelled timeline": charts.labelled_timeline(DUES, YEARS, 480),
        "timelines": charts.timelines([DUES] * 40, YEARS, 480, 224),
        "marks": charts.marks(["on-course", "at-risk"] * 150, 480, 224),
    }


def words(drawing: Drawing) -> set[str]:
    return {shape.text for shape in drawing.getContents() if hasattr(shape, "text")}


@pytest.mark.parametrize("name", everything())
def test_chart_is_svg_for_a_page(name: str) -> None:
    drawing = everything()[name]
    assert drawing is not None
    svg = ET.fromstring(charts.svg(drawing))  # noqa: S314
    assert svg.tag.endswith("svg")
    assert "SourceSans" not in charts.svg(drawing)


def test_svg_shows_hostile_text_as_text() -> None:
    svg = charts.svg(charts.bullets([Bullet("<script>alert(1)</script>", 0.5, None, "1 of 2")], 300))
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


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
