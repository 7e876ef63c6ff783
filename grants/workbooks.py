"""From the bytes of a workbook to plain sheets: rows of cells, each of which knows its address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from grants.unpacking import Broken, Package, Unreadable, letters

MOST_BYTES: Final = 20 * 1024 * 1024  # of a file
OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")  # what old and encrypted Office files begin with
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass
class Sheet:
    """A sheet: its title, and its rows from the first one on. An empty cell is the empty text."""

    title: str
    rows: list[list[Any]]

    @staticmethod
    def address(row: int, column: int) -> str:
        """The place of a cell as a spreadsheet names it: (1, 5) is F2."""
        return f"{letters(column)}{row + 1}"


def check_file(name: str, content: bytes, send: str) -> None:
    """Refuse what is no file to be read, with a sentence; `send` says what to send in its place. Raises Unreadable."""
    if not content:
        raise Unreadable(f"This file is empty. {send}")
    if len(content) > MOST_BYTES:
        raise Unreadable(f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it into smaller files.")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Unreadable("This workbook is encrypted. Save it again without a password.")
        raise Unreadable("This is a workbook of the old kind (XLS). Save it again as XLSX.")
    if name.lower().endswith(".xlsm"):
        raise Unreadable("This is a workbook for macros. Save it again as XLSX, which has none.")


def read_workbook(content: bytes, wanted: Callable[[list[str]], list[str]]) -> list[Sheet]:
    """The sheets of a workbook that are `wanted` of all titles; the others are not looked at. Raises Unreadable, quickly,
    where nothing is to be had from it.
    """
    package = Package(content)
    known = wanted(list(package.sheets))
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
