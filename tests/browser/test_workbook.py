"""A report goes to a spreadsheet and comes back: a fault at its cell, a look at what it changes; another's is refused."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests import factories
from tests.browser.somebody import SitDown, Somebody
from tests.factories import Cast
from tests.reports.test_workbook import cell

pytestmark = pytest.mark.browser


def test_a_report_goes_to_a_spreadsheet_and_comes_back(who: Cast, somebody: SitDown, tmp_path: Path) -> None:
    who.programme.strands.update(recommended_from=None)
    report = factories.fill(factories.report_in("draft", who), who.editor)
    path = tmp_path / "report.xlsx"
    editor = somebody(who.editor.email)
    editor.sign_in()
    editor.follow("Continue the report")
    editor.follow("Write it in a spreadsheet")
    editor.look("workbook")
    with editor.page.expect_download() as download:
        editor.follow("Download the workbook")
    download.value.save_as(path)
    book = load_workbook(path)
    learners = cell(book, "Figures", "Learners reached", "This period")
    assert learners.value == 342
    learners.value = "about three hundred"
    cell(book, "Texts", "What you planned and did", "Your text").value = "Nine workshops.\n\nAll were full."
    a_fault_is_said_at_its_cell(editor, book, path, learners.coordinate)
    learners.value = 312
    what_it_changes_is_looked_at(editor, book, path)
    assert report.results.get(indicator__code="learners").value == 342
    editor.press("Put into the report")
    editor.reads("Put in from the workbook: 2 parts.")
    assert report.results.get(indicator__code="learners").value == 312
    assert report.answers.get(section__code="done").text == "Nine workshops.\n\nAll were full."
    the_workbook_of_another_report_is_refused(editor, who, path)
    editor.sign_out()


def put_in(editor: Somebody, book: Workbook, path: Path) -> None:
    book.save(path)
    editor.field("Filled workbook").set_input_files(path)
    editor.press("Look through the workbook")


def a_fault_is_said_at_its_cell(editor: Somebody, book: Workbook, path: Path, at: str) -> None:
    with editor.is_refused(422):
        put_in(editor, book, path)
        editor.reads("1 cell to mend", at, "about three hundred")
    editor.look("workbook-fault")


def what_it_changes_is_looked_at(editor: Somebody, book: Workbook, path: Path) -> None:
    put_in(editor, book, path)
    editor.reads("What report.xlsx changes", "Nine workshops.")
    was = editor.page.get_by_role("listitem").filter(has_text="Learners reached, this period")
    assert [mark.inner_text() for mark in was.locator("del, ins").all()] == ["342", "312"]
    editor.look("workbook-changes")


def the_workbook_of_another_report_is_refused(editor: Somebody, who: Cast, path: Path) -> None:
    other = factories.report_in("draft", who)
    editor.go(f"/reports/{other.pk}/workbook/")
    editor.field("Filled workbook").set_input_files(path)
    with editor.is_refused(422):
        editor.press("Look through the workbook")
        editor.reads("another report")
    editor.look("workbook-of-another")
