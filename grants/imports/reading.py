"""From the bytes of a file to plain sheets: rows of cells, each of which knows its address."""

import csv
import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from grants.imports.faults import Broken
from grants.imports.layout import GRANTS, IDENTIFIER, SHEETS, plain
from grants.imports.unpacking import MOST_COLUMNS, MOST_ROWS, Package, Unreadable, letters

__all__ = ["MOST_BYTES", "Sheet", "Unreadable", "read"]

MOST_BYTES: Final = 20 * 1024 * 1024  # of a file
OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")  # what old and encrypted Office files begin with
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
SEND: Final = "Send an XLSX or a CSV file."


@dataclass
class Sheet:
    """A sheet: its title, and its rows from the first one on. An empty cell is the empty text."""

    title: str
    rows: list[list[Any]]

    @staticmethod
    def address(row: int, column: int) -> str:
        """The place of a cell as a spreadsheet names it: (1, 5) is F2."""
        return f"{letters(column)}{row + 1}"


def read(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file that an import knows. Raises Unreadable, quickly, where nothing is to be had from it."""
    if not content:
        raise Unreadable(f"This file is empty. {SEND}")
    if len(content) > MOST_BYTES:
        raise Unreadable(f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it into smaller files.")
    kind = PurePath(name).suffix.lower()
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Unreadable("This workbook is encrypted. Save it again without a password.")
        raise Unreadable("This is a workbook of the old kind (XLS). Save it again as XLSX.")
    if kind == ".xlsm":
        raise Unreadable("This is a workbook for macros. Save it again as XLSX, which has none.")
    if content.startswith(b"PK") and kind in (".xlsx", ".csv"):
        if kind == ".csv":
            raise Unreadable("This file is called CSV, but it is a workbook. Call it XLSX, or save it again as CSV.")
        return _read_workbook(content)
    if kind == ".csv":
        return [_read_csv(content)]
    if kind == ".xlsx":
        raise Unreadable("This file is called XLSX, but it is not a workbook. Save it again as XLSX, or as CSV.")
    raise Unreadable(f"Files of the kind “{kind or 'none'}” cannot be read. {SEND}")


def _read_workbook(content: bytes) -> list[Sheet]:
    package = Package(content)
    known = [title for title in package.sheets if plain(title) in SHEETS]
    if not any(plain(title) == GRANTS.name for title in known):
        known = list(package.sheets)  # the first one with identifiers will do
    if not known:
        raise Unreadable("This workbook has no sheet. Put the awards into a sheet named “grants”.")
    for title in known:
        package.check(title)
    package.check_text(known)
    try:
        with CalamineWorkbook.from_filelike(package.packed()) as workbook:
            return [_sheet(workbook, package, title) for title in known]
    except BaseException as fault:
        # Where calamine panics, it raises a BaseException that has no name to catch it by.
        if isinstance(fault, CalamineError | ValueError | OSError) or type(fault).__name__ == "PanicException":
            raise Unreadable("This workbook is damaged. Open it and save it again as XLSX.") from None
        raise


def _sheet(workbook: CalamineWorkbook, package: Package, title: str) -> Sheet:
    rows: list[list[Any]] = workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
    for (row, column), broken in package.broken(title).items():
        _put(rows, row, column, broken)
    return Sheet(title.strip(), rows)


def _put(rows: list[list[Any]], row: int, column: int, broken: Broken) -> None:
    """Set a cell, beyond the edge too: the reader knows nothing of cells without a value."""
    width = max(column + 1, len(rows[0]) if rows else 0)
    while len(rows) <= row:
        rows.append([""] * width)
    if len(rows[row]) < width:
        for cells in rows:
            cells.extend([""] * (width - len(cells)))
    rows[row][column] = broken


def _read_csv(content: bytes) -> Sheet:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[list[Any]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                raise Unreadable(f"This file has more than {MOST_ROWS:,} rows. Split it into smaller files.")
            if len(row) > MOST_COLUMNS:
                raise Unreadable(
                    f"Row {len(rows):,} has more than {MOST_COLUMNS} columns. Delete what stands beside the table."
                )
    except csv.Error:
        raise Unreadable(
            f"Line {reader.line_num:,} cannot be read: a quotation mark is open or stands within a text. "
            "Save the file again as CSV from your spreadsheet."
        ) from None
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    return Sheet(GRANTS.name, rows)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise Unreadable(f"This file is called CSV, but it is not text. {SEND}")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The letters of this file cannot be read. Save it again as “CSV UTF-8”.")


def has_identifiers(sheet: Sheet) -> bool:
    """Whether the first row has the title by which awards are known."""
    return bool(sheet.rows) and any(plain(cell) == plain(IDENTIFIER) for cell in sheet.rows[0])
