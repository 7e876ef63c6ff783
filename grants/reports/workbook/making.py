"""The workbook that somebody downloads to write a report in: what is known stands in it, and lists offer the choices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core import signing
from django.forms import BoundField, ChoiceField
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from grants.formats import date_range, date_words, visible
from grants.reports.models import Report
from grants.reports.workbook.layout import ABOUT, KEY, SHEETS, Line, Sheet

SALT = "grants.reports.workbook"
TITLES = Font(bold=True)
ASKED = PatternFill("solid", fgColor="E8F2F4")
HOW = (
    "Write in the coloured cells. The others say what is known; they are not read back. A part that is locked has none.",
    "Leave a figure empty where you do not know it. Empty is never zero.",
    "Do not change the column Key, nor the key on this sheet: they say what belongs where.",
    "Then put the workbook in on the report's page. You see what it changes before anything is stored.",
)


def key_of(report: Report, marks: Mapping[str, str]) -> str:
    """What a workbook is known by: its report, and for each part the mark of what was stored when it was made."""
    return signing.dumps({"report": report.pk, "marks": dict(marks)}, salt=SALT, compress=True)


def make(report: Report, lines: Sequence[Line], marks: Mapping[str, str]) -> bytes:
    """The workbook of a report, as XLSX."""
    book = Workbook()
    about: Any = book.active
    about.title = ABOUT
    milestone = report.milestone
    period = date_range(milestone.period_start, milestone.period_end)
    facts = (
        ("Award", f"{report.award.reference}, {report.award.title}"),
        ("Recipient", report.award.recipient),
        ("Report", f"{milestone.name}, {period}"),
        ("Due", date_words(milestone.due_on)),
        (KEY, key_of(report, marks)),
    )
    for number, (title, fact) in enumerate(facts, 1):
        _put(about.cell(number, 1), title).font = TITLES
        _put(about.cell(number, 2), fact)
    for number, sentence in enumerate(HOW, len(facts) + 2):
        _put(about.cell(number, 2), sentence).alignment = Alignment(wrap_text=True, vertical="top")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 14, 90
    for sheet in SHEETS:
        if own := [line for line in lines if line.sheet is sheet]:
            _fill(book.create_sheet(sheet.title), sheet, own)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(page: Any, sheet: Sheet, lines: Iterable[Line]) -> None:
    widths = {KEY: 12, **sheet.tells, **sheet.asks}
    for number, (title, width) in enumerate(widths.items(), 1):
        _put(page.cell(1, number), title).font = TITLES
        page.column_dimensions[get_column_letter(number)].width = width
    page.freeze_panes = page.cell(2, 3)
    lists: dict[str, DataValidation] = {}
    for row, line in enumerate(lines, 2):
        for number, told in enumerate((line.key, *line.tells), 1):
            _put(page.cell(row, number), told)
        for number, title in enumerate(sheet.asks, 2 + len(sheet.tells)):
            if title in line.asks:
                cell, field = page.cell(row, number), line.asks[title]
                _put(cell, _stored(field))
                if line.locked:
                    continue
                cell.fill, cell.protection = ASKED, Protection(locked=False)
                if isinstance(field.field, ChoiceField):
                    _offer(page, lists, title, field.field).add(cell)
    page.protection.sheet = True  # without a password: a warning for whoever types in the wrong cell
    page.protection.formatColumns = page.protection.formatRows = False


def _offer(page: Any, lists: dict[str, DataValidation], title: str, field: ChoiceField) -> DataValidation:
    """The list from which a cell is filled in."""
    if title not in lists:
        choices: Any = field.choices
        words = ",".join(str(label) for value, label in choices if value)
        lists[title] = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
        page.add_data_validation(lists[title])
    return lists[title]


def _stored(field: BoundField) -> Any:
    """What a field holds before anything is typed; of a choice its word."""
    value = field.initial
    if isinstance(field.field, ChoiceField):
        choices: Any = field.field.choices
        return next((str(label) for known, label in choices if known and known == value), None)
    return value


def _put(cell: Cell, value: Any) -> Cell:
    """Write a value; a text stays a text, whatever it begins with."""
    if isinstance(value, str):
        cell.value, cell.data_type = visible(value), "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif value is not None:
        cell.value = value
        cell.alignment = Alignment(vertical="top")
        if isinstance(value, Decimal):
            cell.number_format = "#,##0.##" if value == value.to_integral_value() else "#,##0.00"
        elif isinstance(value, date):
            cell.number_format = "d mmmm yyyy"
    return cell
