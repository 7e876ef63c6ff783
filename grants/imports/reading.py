"""From the bytes of a file to the sheets that an import knows."""

import csv
import io
from pathlib import PurePath
from typing import Any, Final

from grants.imports.layout import GRANTS, IDENTIFIER, SHEETS, plain
from grants.unpacking import MOST_COLUMNS, MOST_ROWS, Unreadable
from grants.workbooks import MOST_BYTES, Sheet, check_file, read_workbook

__all__ = ["MOST_BYTES", "Sheet", "Unreadable", "read"]

SEND: Final = "Send an XLSX or a CSV file."


def read(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file that an import knows. Raises Unreadable, quickly, where nothing is to be had from it."""
    check_file(name, content, SEND)
    kind = PurePath(name).suffix.lower()
    if content.startswith(b"PK") and kind in (".xlsx", ".csv"):
        if kind == ".csv":
            raise Unreadable("This file is called CSV, but it is a workbook. Call it XLSX, or save it again as CSV.")
        return read_workbook(content, _known)
    if kind == ".csv":
        return [_read_csv(content)]
    if kind == ".xlsx":
        raise Unreadable("This file is called XLSX, but it is not a workbook. Save it again as XLSX, or as CSV.")
    raise Unreadable(f"Files of the kind “{kind or 'none'}” cannot be read. {SEND}")


def _known(titles: list[str]) -> list[str]:
    """The sheets that have a name of ours; without one for awards, all of them: the first one with identifiers will do."""
    known = [title for title in titles if plain(title) in SHEETS]
    if not any(plain(title) == GRANTS.name for title in known):
        known = titles
    if not known:
        raise Unreadable("This workbook has no sheet. Put the awards into a sheet named “grants”.")
    return known


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
