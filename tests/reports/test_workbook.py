"""A report by workbook: what was downloaded goes in again, and everything that is wrong with it is said by its cell."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from grants.awards.models import Award
from grants.formats import local_today
from grants.people.models import User
from grants.programmes.models import Indicator
from grants.reports import services
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast
from tests.reports.test_autosave import words_of
from tests.reports.test_pages import widen

AsUser = Callable[[User], Client]
PARTS = ("What you planned and did", "What others can copy")
HOSTILE = '=HYPERLINK("x")'


@pytest.fixture
def page(as_user: AsUser, who: Cast) -> Client:
    return as_user(who.editor)


def download(page: Client, report: Report) -> Workbook:
    answer = page.get(reverse("reports:workbook", args=[report.pk]))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return load_workbook(BytesIO(answer.content))


def cell(book: Workbook, sheet: str, row: str, column: str) -> Any:
    """The cell beside a row's first fact, under a title."""
    page: Any = book[sheet]
    titles = [one.value for one in page[1]]
    number = next(index for index in range(2, page.max_row + 1) if page.cell(index, 2).value == row)
    return page.cell(number, titles.index(column) + 1)


def put_in(page: Client, report: Report, book: Workbook | bytes, name: str = "report.xlsx") -> Any:
    content = book
    if not isinstance(content, bytes):
        stream = BytesIO()
        content.save(stream)
        content = stream.getvalue()
    file = SimpleUploadedFile(name, content)
    return page.post(reverse("reports:from-workbook", args=[report.pk]), {"file": file})


def confirm(page: Client, report: Report, looked: Any, *parts: str) -> Any:
    chosen = parts or [code for code, _ in looked.context["put_in"].fields["parts"].choices]
    given = looked.context["put_in"]["given"].value()
    return page.post(reverse("reports:from-workbook", args=[report.pk]), {"parts": chosen, "given": given})


def faults(looked: Any) -> dict[str, str]:
    assert looked.status_code == 422, words_of(looked)
    return {f"{fault.sheet}!{fault.cell}": fault.sentence for fault in looked.context["faults"]}


def test_workbook_tells_what_is_known_and_asks_the_rest(page: Client, draft: Report, who: Cast) -> None:
    services.save_answer(draft.pk, draft.asked_sections()[0], by=who.editor, text=HOSTILE)
    book = download(page, draft)
    assert book.sheetnames == ["About", "Texts", "Figures", "Spend"]
    assert cell(book, "Figures", "Learners reached", "Target to the end").value == 400
    text = cell(book, "Texts", "What you planned and did", "Your text")
    assert (text.value, text.data_type, text.protection.locked) == (HOSTILE, "s", False)
    status = cell(book, "Figures", "Learners reached", "Status")
    assert any(status.coordinate in rule.sqref for rule in book["Figures"].data_validations.dataValidation)


def test_what_is_filled_in_goes_into_the_draft(page: Client, draft: Report) -> None:
    book = download(page, draft)
    in_a_month = local_today() + timedelta(days=30)
    for sheet, row, column, value in (
        ("Texts", "What you planned and did", "Your text", "Ten workshops.\n\nAll were full."),
        ("Texts", "Is the project on course?", "Your judgement", "at RISK"),
        ("Texts", "Is the project on course?", "Your text", "A school has left."),
        ("Figures", "Learners reached", "This period", 312),
        ("Figures", "Learners reached", "Source", "registers"),
        ("Figures", "More likely to study a STEM subject", "This period", 30),
        ("Figures", "More likely to study a STEM subject", "Of how many", 40),
        ("Figures", "Schools taking part", "Status", "Awaited"),
        ("Figures", "Schools taking part", "Awaited from", "the schools office"),
        ("Figures", "Schools taking part", "Awaited by", in_a_month),
        ("Spend", "Staff", "This period, £", 1250.5),
    ):
        cell(book, sheet, row, column).value = value
    looked = put_in(page, draft, book)
    assert looked.status_code == 200, words_of(looked)
    assert not draft.answers.exists()
    said = words_of(looked)
    assert "Learners reached, this period: <del>nothing</del> <ins>312</ins>" in said
    assert "All were full." in said
    assert confirm(page, draft, looked).status_code == 302
    assert draft.answers.get(section__code="done").text == "Ten workshops.\n\nAll were full."
    assert draft.answers.get(section__code="judgement").choice == "at_risk"
    learners, schools, likely = draft.results.order_by("indicator__position")
    assert (learners.value, learners.status, learners.source) == (312, "final", "registers")
    assert (schools.status, schools.awaited_by) == ("awaited", in_a_month)
    assert (likely.value, likely.numerator, likely.denominator) == (75, 30, 40)
    assert [f"{spend.budget_line}: {spend.amount}" for spend in draft.spend.all()] == ["Staff: 1250.50"]


def test_workbook_as_it_was_downloaded_changes_nothing(page: Client, draft: Report, who: Cast) -> None:
    factories.report_in("draft", who, draft.award, draft.milestone.number)
    looked = put_in(page, draft, download(page, draft))
    assert "changes nothing" in words_of(looked)


def test_every_fault_is_said_by_its_cell_and_nothing_is_stored(page: Client, draft: Report) -> None:
    book = download(page, draft)
    wrong = {
        ("Figures", "Learners reached", "This period"): "many",
        ("Figures", "Schools taking part", "Status"): "Perhaps",
        ("Figures", "More likely to study a STEM subject", "This period"): 50,
        ("Spend", "Staff", "This period, £"): -5,
        ("Texts", "What you planned and did", "Your text"): "x" * 32_000,
    }
    expected = set()
    for (sheet, row, column), value in wrong.items():
        one = cell(book, sheet, row, column)
        one.value = value
        expected.add(f"{sheet}!{one.coordinate}")
    lacking = cell(book, "Figures", "More likely to study a STEM subject", "Of how many")
    expected = expected - {
        f"Figures!{cell(book, 'Figures', 'More likely to study a STEM subject', 'This period').coordinate}",
        f"Texts!{cell(book, 'Texts', 'What you planned and did', 'Your text').coordinate}",
    } | {f"Figures!{lacking.coordinate}"}
    found = faults(put_in(page, draft, book))
    assert set(found) == expected
    assert (
        "“many” is not a number"
        in found[f"Figures!{cell(book, 'Figures', 'Learners reached', 'This period').coordinate}"]
    )
    assert not draft.results.exists()


def test_broken_cells_are_faults(page: Client, draft: Report) -> None:
    book = download(page, draft)
    formula = cell(book, "Figures", "Learners reached", "This period")
    formula.value = "=1+1"
    strange, twice = book["Figures"], book["Spend"]
    strange["A9"], strange["F9"], strange["F10"] = "figure0", 3, 7
    twice["A9"] = twice["A2"].value
    found = faults(put_in(page, draft, book))
    assert set(found) == {f"Figures!{formula.coordinate}", "Figures!A9", "Figures!A10", "Spend!A9"}


def test_missing_column_is_a_fault_and_missing_rows_stay_as_they_are(page: Client, draft: Report, who: Cast) -> None:
    factories.report_in("draft", who, draft.award, draft.milestone.number)
    book = download(page, draft)
    book["Figures"].delete_rows(2)
    del book["Spend"]
    assert "changes nothing" in words_of(put_in(page, draft, book))
    titles = book["Figures"]
    titles.cell(1, [one.value for one in titles[1]].index("Status") + 1).value = "State"
    assert "The column “Status” is missing" in faults(put_in(page, draft, book))["Figures!A1"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("report.pdf", b"PK", "Choose an XLSX file"),
        ("report.xlsx", b"", "This file is empty"),
        ("report.xlsx", b"Identifier,Title", "This is not an Excel workbook"),
        ("report.xlsx", b"PK\x03\x04nothing", "This workbook is damaged"),
    ],
)
def test_what_is_no_workbook_is_refused(page: Client, draft: Report, name: str, content: bytes, says: str) -> None:
    answer = put_in(page, draft, content, name)
    assert answer.status_code == 422
    assert says in words_of(answer)


def test_workbook_of_another_report_and_one_with_another_key_are_refused(page: Client, draft: Report) -> None:
    other = Report.objects.get(milestone__award=draft.award, milestone__number=2)
    assert "the workbook of another report" in words_of(put_in(page, draft, download(page, other)))
    book = download(page, draft)
    book["About"]["B5"] = "abc"
    assert "The key on the sheet “About” was changed" in words_of(put_in(page, draft, book))
    del book["About"]
    assert "This is not the workbook of a report" in words_of(put_in(page, draft, book))


def test_part_that_somebody_stored_meanwhile_is_marked_and_not_chosen(page: Client, draft: Report, who: Cast) -> None:
    book = download(page, draft)
    cell(book, "Texts", "What you planned and did", "Your text").value = "From the workbook."
    cell(book, "Spend", "Staff", "This period, £").value = 100
    services.save_answer(draft.pk, draft.asked_sections()[0], by=who.signatory, text="From the page.")
    looked = put_in(page, draft, book)
    assert f"This part was stored by {who.signatory}" in words_of(looked)
    assert looked.context["put_in"].initial["parts"] == ["spend"]
    confirm(page, draft, looked, "spend")
    assert draft.answers.get(section__code="done").text == "From the page."
    assert draft.spend.get().amount == 100


def test_what_moved_between_the_look_and_the_click_is_not_replaced(page: Client, draft: Report, who: Cast) -> None:
    book = download(page, draft)
    cell(book, "Texts", "What you planned and did", "Your text").value = "From the workbook."
    cell(book, "Spend", "Staff", "This period, £").value = 100
    looked = put_in(page, draft, book)
    services.save_answer(draft.pk, draft.asked_sections()[0], by=who.signatory, text="From the page.")
    answer = confirm(page, draft, looked)
    assert answer.status_code == 409
    assert "saved this part while you were writing" in words_of(answer)
    assert not draft.spend.exists(), "all parts or none"


@pytest.mark.parametrize("given", ["", "nonsense", "of another"])
def test_what_was_not_looked_through_is_not_stored(page: Client, draft: Report, given: str) -> None:
    book = download(page, draft)
    cell(book, "Spend", "Staff", "This period, £").value = 100
    looked = put_in(page, draft, book)
    report = draft
    if given == "of another":
        given = looked.context["put_in"]["given"].value()
        report = Report.objects.get(milestone__award=draft.award, milestone__number=2)
    answer = page.post(reverse("reports:from-workbook", args=[report.pk]), {"parts": ["spend"], "given": given})
    assert answer.status_code == 422
    assert not report.spend.exists()


def test_report_that_is_with_somebody_else_has_no_workbook(page: Client, draft: Report, who: Cast) -> None:
    book = download(page, draft)
    cell(book, "Spend", "Staff", "This period, £").value = 100
    looked = put_in(page, draft, book)
    factories.report_in("awaiting_sign_off", who, draft.award, draft.milestone.number)
    for name in ("workbook", "from-workbook"):
        answer = page.get(reverse(f"reports:{name}", args=[draft.pk]))
        assert answer["Location"] == draft.get_absolute_url()
    for answer in (put_in(page, draft, book), confirm(page, draft, looked)):
        assert answer.status_code == 409
        assert "The report is awaiting sign-off: what is written in it cannot change now." in words_of(answer)
        assert 'type="file"' not in words_of(answer)
    assert draft.spend.get(budget_line__title="Staff").amount != 100


def test_what_the_report_does_not_take_any_more_is_refused_and_nothing_is_put_in(
    page: Client, draft: Report, learners: Indicator
) -> None:
    book = download(page, draft)
    cell(book, "Figures", "Learners reached", "This period").value = 312.5
    cell(book, "Spend", "Staff", "This period, £").value = 100
    Indicator.objects.filter(pk=learners.pk).update(measure="count")
    looked = put_in(page, draft, book)
    Indicator.objects.filter(pk=learners.pk).update(measure="people")  # it was put right between the look and the click
    answer = confirm(page, draft, looked)
    assert answer.status_code == 409
    assert "Nothing was stored." in words_of(answer)
    assert "Figures: Learners reached, this period: " in words_of(answer)
    draft.award.targets.filter(indicator=learners).delete()
    answer = confirm(page, draft, looked)
    assert answer.status_code == 409
    assert "what is asked has changed since the workbook was looked through" in words_of(answer)
    assert not draft.results.exists()
    assert not draft.spend.exists()


def test_locked_part_is_told_in_the_workbook_and_not_put_in(page: Client, who: Cast, award: Award) -> None:
    report = factories.report_in("in_review", who, award)
    factories.send_back(report, who.reviewer, "done")
    book = download(page, report)
    done, copy = (cell(book, "Texts", title, "Your text") for title in PARTS)
    number = cell(book, "Figures", "Learners reached", "This period")
    assert (number.value, copy.value) == (342, factories.TEXT)
    assert [one.protection.locked for one in (done, copy, number)] == [False, True, True]
    copy.value, number.value = "Better words.", "=1+1"
    looked = put_in(page, report, book)
    assert looked.status_code == 200, words_of(looked)
    assert words_of(looked).count("This part is locked.") == 2
    assert "changes nothing in the other parts" in words_of(looked)
    done.value = "Nine schools came."
    looked = put_in(page, report, book)
    assert [code for code, _ in looked.context["put_in"].fields["parts"].choices] == ["done"]
    assert "Better words." not in words_of(looked)
    assert confirm(page, report, looked).status_code == 302
    assert report.answers.get(section__code="done").text == "Nine schools came."
    assert report.answers.get(section__code="copy").text == factories.TEXT
    assert report.results.get(indicator__code="learners").value == 342


def test_workbook_of_many_rows_asks_the_database_no_more(page: Client, who: Cast) -> None:
    counts = []
    for number in (3, 30):
        award = factories.award_in("active", who)
        widen(award, number)
        report = factories.report_in("draft", who, award)
        with CaptureQueriesContext(connection) as making:
            book = download(page, report)
        cell(book, "Spend", "Staff", "This period, £").value = 100
        with CaptureQueriesContext(connection) as looking:
            looked = put_in(page, report, book)
        assert looked.status_code == 200
        counts.append((len(making), len(looking)))
    assert counts[0] == counts[1]
    assert max(counts[0]) < 50
