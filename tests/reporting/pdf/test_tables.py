"""Tables of any length: what goes on over pages, and that their cost grows as their rows do."""

import cProfile
import pstats

from reporting.pdf import render
from reporting.pdf.flowables import Text
from reporting.pdf.tables import Column, Row, Shortened, Table, fitting
from reporting.pdf.theme import CELL, HEIGHT, WIDTH
from tests.reporting.pdf import examples
from tests.reporting.pdf.examples import LONG_WORD, SHA256
from tests.reporting.pdf.reading import Rendered

COLUMNS = [Column("Name"), Column("£", 60, right=True)]


def rows(number: int) -> list[Row]:
    return [Row([f"Line {n}", "1,200"]) for n in range(number)]


def test_table_takes_as_many_rows_as_fit() -> None:
    table = Table(COLUMNS, rows(100))
    first, rest = table.split(WIDTH, 200)
    assert first.wrap(WIDTH, 200)[1] <= 200
    assert len(first.rows) + len(rest.rows) == 100
    assert (first.continued, rest.continued) == (False, True)


def test_heading_is_not_left_at_the_foot_of_a_page() -> None:
    table = Table(COLUMNS, [*rows(3), Row(["Strand"], "heading"), *rows(3)])
    heights = [row.height for row in table.rows]
    first, rest = table.split(WIDTH, table.head_height + sum(heights[:4]) + 1)
    assert len(first.rows) == 3
    assert rest.rows[0].row.kind == "heading"


def test_total_is_not_left_alone_on_a_page() -> None:
    table = Table(COLUMNS, [*rows(5), Row(["Total", "6,000"], "total")])
    heights = [row.height for row in table.rows]
    first, rest = table.split(WIDTH, table.head_height + sum(heights[:5]) + 1)
    assert [row.row.kind for row in rest.rows] == ["plain", "total"]
    assert len(first.rows) == 4


def test_table_that_has_no_room_goes_to_the_next_page() -> None:
    assert Table(COLUMNS, rows(5)).split(WIDTH, 20) == []


def test_no_row_is_taller_than_a_page() -> None:
    table = Table(COLUMNS, [Row([LONG_WORD, LONG_WORD])])
    assert table.rows[0].height < HEIGHT / 4


def test_column_is_as_wide_as_its_widest_text_within_bounds() -> None:
    assert fitting("£", ["1", "1,234,567"]).width > fitting("£", ["1"]).width
    assert fitting("£", [LONG_WORD], most=80).width <= 80 + 10.5
    assert fitting("£", [], least=40).width == 40 + 10.5


def test_what_a_cell_could_not_take_is_printed_beneath() -> None:
    spill = Shortened(20)
    assert spill("Short") == "Short"
    assert spill("Science days in rural schools") == "Science days in…"
    assert len(spill.notes()) == 1


def test_text_that_runs_over_a_page_leaves_two_lines_on_each() -> None:
    text = Text("word " * 200, CELL)
    lines = int(text.wrap(WIDTH, HEIGHT)[1] / CELL.leading + 0.5)
    assert text.split(WIDTH, CELL.leading) == []
    first, rest = text.split(WIDTH, (lines - 1) * CELL.leading)
    assert len(first.lines or []) == lines - 2
    assert len(rest.lines or []) == 2


def calls(awards: int) -> int:
    """How many calls it takes to render so many awards: a count that no clock disturbs."""
    snapshot = examples.programme(awards)
    profile = cProfile.Profile()
    profile.runcall(render, snapshot, SHA256)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_cost_grows_as_the_awards_do() -> None:
    calls(1)  # fills what is remembered for all
    small, large = calls(10), calls(40)
    assert large < 4.4 * small


def test_three_hundred_awards_are_all_there(large: Rendered) -> None:
    contents = " ".join(large.page(number) for number in range(2, large.page_of("For trustees")))
    for award in large.snapshot["awards"]:
        entry = f"{award['reference']} {award['recipient']}"
        assert f"{entry} {large.page_of(entry)} " in contents + " "
    assert len(large.reader.pages) > 600
