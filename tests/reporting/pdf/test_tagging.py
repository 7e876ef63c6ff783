"""The document can be read aloud: everything is marked, elements nest, links and tables say what they are."""

from itertools import pairwise

import pikepdf
import pytest

from tests.reporting.pdf.reading import Rendered, unmarked

DOCUMENTS = ["ordinary", "single", "empty", "hostile", "alone", "final", "of_one"]


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Rendered:
    found: Rendered = request.getfixturevalue(request.param)
    return found


def test_everything_that_is_drawn_is_marked_or_an_artifact(document: Rendered) -> None:
    assert [unmarked(page) for page in document.file.pages] == [[] for _ in document.file.pages]


def test_every_mark_belongs_to_an_element(document: Rendered) -> None:
    numbers = document.file.Root.StructTreeRoot.ParentTree.Nums
    owners = {int(numbers[n]): numbers[n + 1] for n in range(0, len(numbers), 2)}
    for index, page in enumerate(document.file.pages):
        marks = {
            int(instruction.operands[1].MCID)
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) == "BDC" and "/MCID" in instruction.operands[1]
        }
        assert page.obj.StructParents == index
        assert marks == set(range(len(owners[index])))


def test_headings_begin_with_one_and_leave_no_level_out(document: Rendered) -> None:
    levels = [int(role[1]) for role in document.roles() if role[0] == "H" and role[1:].isdigit()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_paragraph_that_runs_over_pages_stays_one_element(hostile: Rendered) -> None:
    pages = [
        {str(part.Pg.objgen) for part in node.raw.K if isinstance(part, pikepdf.Dictionary) and "/MCID" in part}
        for node in hostile.nodes()
        if node.role == "P"
    ]
    assert any(pages)


def test_table_that_runs_over_pages_stays_one_table(ordinary: Rendered) -> None:
    tables = [node for node in ordinary.nodes() if node.role == "Table"]
    annex = tables[-1].raw
    parts = [str(part.S) for part in annex.K]
    assert parts == ["/THead", "/TBody"]
    assert len(annex.K[1].K) == len(ordinary.snapshot["annex"])


def test_table_cells_have_headings_with_scope(ordinary: Rendered) -> None:
    for row in (node.raw for node in ordinary.nodes() if node.role == "TR"):
        first = row.K[0]
        assert str(first.S) == "/TH"
        assert str(first.A.Scope) in ("/Row", "/Column")


def test_every_row_spans_all_columns_of_its_table(ordinary: Rendered) -> None:
    for table in (node.raw for node in ordinary.nodes() if node.role == "Table"):
        rows = [row for part in table.K for row in part.K]
        widths = {sum(int(cell.A.get("/ColSpan", 1)) if "/A" in cell else 1 for cell in row.K) for row in rows}
        assert len(widths) == 1


def test_pictures_have_words(document: Rendered) -> None:
    figures = [node.raw for node in document.nodes() if node.role == "Figure"]
    assert all(str(figure.Alt).strip() for figure in figures)


def test_every_link_belongs_to_a_link_element(document: Rendered) -> None:
    annotations = [annotation for page in document.file.pages for annotation in page.obj.get("/Annots", [])]
    owned = [
        part.Obj.objgen
        for node in document.nodes()
        if node.role == "Link"
        for part in node.raw.K
        if isinstance(part, pikepdf.Dictionary) and "/Obj" in part
    ]
    assert sorted(owned) == sorted(annotation.objgen for annotation in annotations)
    assert all(annotation.Contents for annotation in annotations)


def test_lists_hold_their_items(ordinary: Rendered) -> None:
    lists = [node.raw for node in ordinary.nodes() if node.role == "L"]
    assert len(lists) == 1 + 2 * 10  # how to read; promised and done of each award
    for item in (item for found in lists for item in found.K):
        assert [str(part.S) for part in item.K] == ["/Lbl", "/LBody"]


def test_words_at_line_ends_do_not_run_together(ordinary: Rendered) -> None:
    drawn = pikepdf.parse_content_stream(ordinary.file.pages[2])
    text = b"".join(bytes(one.operands[0]) for one in drawn if str(one.operator) == "Tj")
    assert b"of robotics. By March they were running it for the year below. " in text
