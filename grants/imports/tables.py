"""A sheet with its titles understood: rows that give their cells by title and keep what is wrong with them."""

import difflib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from grants.imports import cells
from grants.imports.faults import Fault, Faults, Wrong, shown
from grants.imports.layout import IDENTIFIER, Layout, plain
from grants.imports.reading import Sheet

Taken = TypeVar("Taken")


class Table:
    """A sheet under its layout. Its titles are checked when it is made: a missing column is one fault, not many."""

    def __init__(self, sheet: Sheet, layout: Layout, faults: Faults, position: int = 0) -> None:
        self.sheet = sheet
        self.layout = layout
        self.faults = faults
        self.position = position
        self.columns: dict[str, int] = {}
        self._read_titles()

    def _read_titles(self) -> None:
        header = self.sheet.rows[0] if self.sheet.rows else []
        known = {plain(title): title for title in self.layout.titles}
        for column, cell in enumerate(header):
            title = known.get(plain(cell))
            if title is None:
                continue
            if title in self.columns:
                first = Sheet.address(0, self.columns[title])
                self.fault(
                    0, column, f"The column “{title}” stands here a second time.", f"Keep it here or at {first}."
                )
            else:
                self.columns[title] = column
        width = max((column + 1 for column, cell in enumerate(header) if not cells.is_empty(cell)), default=0)
        for title in self.layout.required:
            if title not in self.columns:
                self._missing(title, header, width)
                width += 1
        self._drop_empty_columns()

    def _drop_empty_columns(self) -> None:
        """A required column without a single value is one fault too, not one for each row."""
        rows = [row for number, row in enumerate(self.sheet.rows) if number and any(value != "" for value in row)]
        if len(rows) < 2:
            return
        for title in self.layout.required:
            column = self.columns.get(title)
            if column is not None and all(cells.is_empty(row[column]) for row in rows):
                self.fault(0, column, f"The column “{title}” is empty.", "Give it a value in every row.")
                del self.columns[title]

    def _missing(self, title: str, header: list[Any], free: int) -> None:
        others = {plain(cell): column for column, cell in enumerate(header) if column not in self.columns.values()}
        close = difflib.get_close_matches(plain(title), others, n=1, cutoff=0.85)
        if close:
            column = others[close[0]]
            self.fault(
                0, column, f"There is no column “{title}”, and this one is nearly called so.", f"Call it “{title}”."
            )
        else:
            self.fault(0, free, f"The column “{title}” is missing.", "Add it, with a value in every row.", value="")

    def __iter__(self) -> Iterator["Row"]:
        """The rows under the titles, without the empty ones."""
        for number, row in enumerate(self.sheet.rows):
            if number and any(value != "" and not cells.is_empty(value) for value in row):
                yield Row(self, number, row)

    def fault(self, row: int, column: int, fault: str, mend: str, value: Any = None) -> None:
        """Keep a fault of a cell; its value is read from the sheet unless it is given."""
        if value is None:
            line = self.sheet.rows[row] if row < len(self.sheet.rows) else []
            value = line[column] if column < len(line) else ""
        place = (self.position, row, column)
        self.faults.add(place, Fault(self.sheet.title, Sheet.address(row, column), shown(value), fault, mend))

    @property
    def is_usable(self) -> bool:
        """Whether rows can be told apart at all."""
        return IDENTIFIER in self.columns


class Row:
    """One row: cells by title. What is wrong is kept as a fault and comes back as None; `sound` says if all is well."""

    __slots__ = ("cells", "number", "sound", "table")

    def __init__(self, table: Table, number: int, values: list[Any]) -> None:
        self.table = table
        self.number = number
        self.cells = values
        self.sound = True

    def value(self, title: str) -> Any:
        """What stands there; None where it is empty, or where there is no such column."""
        column = self.table.columns.get(title)
        if column is None:
            return None
        value = self.cells[column]
        return None if cells.is_empty(value) else value

    def fault(self, title: str, fault: str, mend: str) -> None:
        """Say what is wrong with a cell of this row. A column that is missing has its own fault already."""
        self.sound = False
        column = self.table.columns.get(title)
        if column is not None:
            self.table.fault(self.number, column, fault, mend)

    def take(
        self, title: str, read: Callable[..., Taken], *, lacking: str = "", mend: str = "", **more: Any
    ) -> Taken | None:
        """A cell, read by a reader. Where it is empty: None, and a fault if `lacking` says what is missing."""
        value = self.value(title)
        if value is None:
            if lacking:
                self.fault(title, lacking, mend)
            return None
        try:
            return read(value, **more)
        except Wrong as wrong:
            self.fault(title, wrong.fault, wrong.mend)
            return None

    def text(self, title: str, most: int, *, lacking: str = "", mend: str = "") -> str | None:
        """A line of text of at most so many characters."""
        text = self.take(title, cells.line, lacking=lacking, mend=mend)
        if text is not None and len(text) > most:
            self.fault(title, f"This text has {len(text)} characters.", f"Shorten it to {most}.")
            return None
        return text

    def amount(self, title: str, *, lacking: str = "", mend: str = "", thing: str = "amount") -> Decimal | None:
        """An amount in pounds."""
        return self.take(title, cells.amount, lacking=lacking, mend=mend, thing=thing)

    def day(self, title: str, *, lacking: str = "", mend: str = "") -> date | None:
        """A day."""
        return self.take(title, cells.day, lacking=lacking, mend=mend)

    def cell(self, title: str) -> str:
        """The address of a cell of this row; of the row's first cell where there is no such column."""
        return Sheet.address(self.number, self.table.columns.get(title, 0))
