"""From a workbook to what the forms of a report's parts take, and from their faults back to its cells."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.forms import BoundField, CheckboxInput, ChoiceField

from grants.reports.models import Report
from grants.reports.workbook.layout import ABOUT, KEY, SHEETS, Line, Sheet
from grants.reports.workbook.making import SALT
from grants.unpacking import Broken, Unreadable
from grants.workbooks import Sheet as Page
from grants.workbooks import check_file, read_workbook

SEND = "Send the workbook that you downloaded from the report's page, as XLSX."
SHOWN = 60  # characters of a cell that are repeated


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell, in a sentence."""

    sheet: str
    cell: str
    value: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """A row of a sheet as it was sent: its number from 0, and its cells by the titles of their columns."""

    number: int
    cells: Mapping[str, Any]
    columns: Mapping[str, int]

    def address(self, title: str) -> str:
        """The place of a cell as a spreadsheet names it; of one that is missing, its row's first."""
        return Page.address(self.number, self.columns.get(title, 0))


class Book:
    """A workbook that was sent: for each key the row that has it, and what is wrong with the table itself."""

    def __init__(self, name: str, content: bytes, report: Report) -> None:
        """Raises Unreadable where this is no workbook of this report."""
        check_file(name, content, SEND)
        if not content.startswith(b"PK"):
            raise Unreadable(f"This is not an Excel workbook. {SEND}")
        known = {ABOUT, *(sheet.title for sheet in SHEETS)}
        pages = {page.title: page for page in read_workbook(content, lambda titles: [t for t in titles if t in known])}
        self.marks = _marks(pages.get(ABOUT), report)
        self.rows: dict[tuple[str, str], Row] = {}
        self.faults: list[Fault] = []
        for sheet in SHEETS:
            if sheet.title in pages:
                self._read(sheet, pages[sheet.title])

    def _read(self, sheet: Sheet, page: Page) -> None:
        titles = [str(cell).strip() for cell in page.rows[0]] if page.rows else []
        columns = {title: titles.index(title) for title in (KEY, *sheet.asks) if title in titles}
        for title in (KEY, *sheet.asks):
            if title not in columns:
                self._fault(
                    sheet, "A1", "", f"The column “{title}” is missing. Put it back, or download the workbook anew"
                )
        if KEY not in columns:
            return
        for number, cells in enumerate(page.rows[1:], 1):
            key = str(cells[columns[KEY]]).strip()
            asked = {title: cells[columns[title]] for title in sheet.asks if title in columns}
            row = Row(number, asked, columns)
            if not key:
                if any(not _is_empty(cell) for cell in asked.values()):
                    self._fault(
                        sheet, row.address(KEY), "", "This row has no key, so nobody knows what it is about. Remove it"
                    )
            elif (sheet.title, key) in self.rows:
                self._fault(
                    sheet, row.address(KEY), key, "This key stands here a second time. Remove one of the two rows"
                )
            else:
                self.rows[sheet.title, key] = row

    def _fault(self, sheet: Sheet, cell: str, value: str, sentence: str) -> None:
        self.faults.append(Fault(sheet.title, cell, value, sentence))

    def check_keys(self, lines: Iterable[Line]) -> None:
        """A row that the report does not ask is a fault: what stands in it would be lost without a word."""
        asked = {(line.sheet.title, line.key) for line in lines}
        for (title, key), row in self.rows.items():
            if (title, key) not in asked:
                sentence = "This report asks nothing with this key. Remove the row, or download the workbook anew"
                self.faults.append(Fault(title, row.address(KEY), key, sentence))

    def data_for(self, forms: Iterable[Any], lines: Iterable[Line]) -> dict[str, str]:
        """What a part's form gets as if it had been sent: what is stored, and in its place what the workbook's rows say."""
        data = {field.html_name: sent for form in forms for field in form if (sent := _as_sent(field)) is not None}
        for line in lines:
            if row := self.rows.get((line.sheet.title, line.key)):
                for title, field in line.asks.items():
                    value = row.cells.get(title, "")
                    if isinstance(value, Broken) and line.locked:
                        data[field.html_name] = value.text  # it is not put in, whatever it says
                    elif isinstance(value, Broken):
                        self.faults.append(
                            Fault(
                                line.sheet.title, row.address(title), value.text[:SHOWN], f"{value.fault} {value.mend}"
                            )
                        )
                    else:
                        data[field.html_name] = _typed(value, field)
        return data

    def faults_of(self, lines: Iterable[Line]) -> Iterator[Fault]:
        """The faults of bound forms, each at the cell from which its field was filled in."""
        for line in lines:
            row = self.rows.get((line.sheet.title, line.key))
            for title, field in line.asks.items():
                for sentence in field.errors:
                    cell = row.address(title) if row else f"row of {line.tells[0]}"
                    value = str(field.value() or "")
                    yield Fault(line.sheet.title, cell, value[:SHOWN], str(sentence))


def _marks(about: Page | None, report: Report) -> dict[str, str]:
    """For each part the mark of what was stored when the workbook was made."""
    keys = [row[1] for row in about.rows if len(row) > 1 and str(row[0]).strip() == KEY] if about else []
    if not keys:
        raise Unreadable(f"This is not the workbook of a report: its sheet “{ABOUT}” has no key. {SEND}")
    try:
        known = signing.loads(str(keys[0]).strip(), salt=SALT)
    except signing.BadSignature:
        raise Unreadable(f"The key on the sheet “{ABOUT}” was changed. Download the workbook anew.") from None
    if known["report"] != report.pk:
        raise Unreadable("This is the workbook of another report. Put it in there, or download the one of this report.")
    return dict(known["marks"])


def _is_empty(value: Any) -> bool:
    return not isinstance(value, Broken) and not str(value).strip()


def _as_sent(field: BoundField) -> str | None:
    """What a browser would send of a field that nobody touched; None for an empty box."""
    value = field.value()
    if isinstance(field.field.widget, CheckboxInput):
        return "on" if value else None
    return "" if value is None else str(value)


def _typed(value: Any, field: BoundField) -> str:
    """A cell as somebody would have typed it into the field: a word of a list becomes its choice."""
    if isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif isinstance(value, int | float):
        text = f"{Decimal(f'{value:.15g}'):f}"
    elif isinstance(value, dt.date):
        text = f"{value:%d/%m/%Y}"
    else:
        text = str(value)
    if isinstance(field.field, ChoiceField):
        choices: Any = field.field.choices
        words = {str(label).lower(): str(known) for known, label in choices if known}
        return words.get(" ".join(text.lower().split()), text.strip())
    return text


__all__ = ["Book", "Fault", "Unreadable"]
