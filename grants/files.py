"""Rows as a file: CSV and XLSX, in which dates are dates, money is a number, and no text becomes a formula."""

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain, islice
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from grants.formats import LONDON, visible

FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHOWN_AS = {dt.datetime: "d mmmm yyyy hh:mm", dt.date: "d mmmm yyyy", Decimal: "#,##0.00"}
SAMPLE = 100  # rows that say how wide a column is
WIDEST = 60
NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
Row = list[Any]


def safe_cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, made a text again (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def as_csv(rows: Iterable[Row], title: str = "") -> bytes:
    """Comma separated, with the mark by which Excel knows UTF-8; texts stand in quotes, so that no comma splits them."""
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC).writerows([safe_cell(_plain(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Row], title: str = "") -> bytes:
    """A workbook of one sheet; see `as_workbook`."""
    return as_workbook([(title, rows)])


def as_workbook(sheets: Iterable[tuple[str, Iterable[Row]]]) -> bytes:
    """A workbook of sheets, each a title and its rows, written row by row. Here a text is a cell of text, whatever it begins
    with.
    """
    book = Workbook(write_only=True)
    for title, rows in sheets:
        _write_sheet(book.create_sheet(title.translate(NOT_IN_A_TITLE).strip()[:31] or None), rows)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_sheet(sheet: Any, rows: Iterable[Row]) -> None:
    rest = iter(rows)
    sample = [[_plain(cell) for cell in row] for row in islice(rest, SAMPLE)]
    for number, column in enumerate(zip(*sample, strict=True), 1):
        width = max(len(line) for cell in column for line in f"{cell}".split("\n"))
        sheet.column_dimensions[get_column_letter(number)].width = min(width + 3, WIDEST)
    sheet.freeze_panes = "A2"
    bold: Font | None = Font(bold=True)
    for row in chain(sample, ([_plain(cell) for cell in row] for row in rest)):
        sheet.append([_cell(sheet, value, bold) for value in row])
        bold = None


def _plain(value: Any) -> Any:
    """What a spreadsheet can hold: no control characters, and no time zone: moments as the clock in London shows them."""
    if isinstance(value, str):
        return value if value.isprintable() else visible(value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(LONDON).replace(tzinfo=None, second=0, microsecond=0)
    return "" if value is None else value


def _cell(sheet: Any, value: Any, font: Font | None) -> Any:
    """The value, or where a bare value would be taken for something else, or looks like it, a cell that says what it is."""
    shown = SHOWN_AS.get(type(value))
    taken = isinstance(value, str) and value.startswith(("=", "#"))
    if not (shown or taken or font):
        return value
    cell = WriteOnlyCell(sheet, value)
    if taken:
        cell.data_type = "s"
    if shown:
        cell.number_format = shown
    if font:
        cell.font = font
    return cell


WRITERS: dict[str, tuple[Callable[[Iterable[Row], str], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def answer_with(rows: Iterator[Row], kind: str, name: str, title: str) -> HttpResponse:
    """The rows as a download of a kind in WRITERS; the first row holds the headings."""
    write, content_type = WRITERS[kind]
    response = HttpResponse(write(rows, title), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
