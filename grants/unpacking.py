"""The parts of an XLSX file, taken out only where that is safe: a small file can unpack to more than the machine holds.

What was looked at is packed anew, so that the reader gets exactly that, whatever else the file's directory says.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

MOST_UNPACKED: Final = 50 * 1024 * 1024  # bytes of the parts that are read
MOST_PARTS: Final = 2_000
MOST_ROWS: Final = 20_000  # under the titles
MOST_COLUMNS: Final = 256
MOST_TEXT: Final = 100 * 1024 * 1024  # characters, once every cell has its shared text

PASSED_OVER: Final = re.compile(
    r"(docProps|customXml|xl/(media|drawings|charts|pivot\w*|externalLinks|theme|embeddings))/", re.IGNORECASE
)
NAMESPACED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# No pattern looks past the next "<" or ">": each part is read once, however it was made.
TOKEN: Final = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^<>]*)>")
PLACE: Final = re.compile(rb"""(?:^|\s)r\s*=\s*["']([^"']*)["']""")
INSIDE: Final = rb"<(?:\w+:)?f\b[^<>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)"
FORMULA: Final = re.compile(rb"<(?:\w+:)?c\s([^<>]*[^<>/])>\s*" + INSIDE + rb"\s*(?:<(?:\w+:)?v(?:/>|>([^<]*)</))?")
ERROR: Final = re.compile(
    rb"""<(?:\w+:)?c\s([^<>]*\bt=["']e["'][^<>]*)>\s*(?:""" + INSIDE + rb""")?\s*<(?:\w+:)?v>([^<]*)<"""
)
SHARED: Final = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\bt=["']s["'][^<>]*>\s*<(?:\w+:)?v>\s*(\d+)""")


class Unreadable(Exception):
    """A file that cannot be read at all; the text is a sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What stands in a cell that has no value: a formula that was never calculated, or one that ended in an error."""

    text: str
    fault: str
    mend: str


class Package:
    """The parts of a workbook: its texts and styles, and where each sheet stands."""

    def __init__(self, content: bytes) -> None:
        self.parts = _parts(content)
        self.sheets = dict(self._sheets())
        """Titles and the names of their parts, in the order of the workbook."""

    def _sheets(self) -> Iterator[tuple[str, str]]:
        targets = {
            str(node.get("Id")): posixpath.normpath(posixpath.join("/xl", node.get("Target", ""))).lstrip("/")
            for node in self._xml("xl/_rels/workbook.xml.rels")
        }
        for node in self._xml("xl/workbook.xml").iter():
            if node.tag.rpartition("}")[2] == "sheet":
                part = targets.get(node.get(NAMESPACED, ""), "")
                if part in self.parts and "chartsheet" not in part:
                    yield node.get("name", ""), part

    def _xml(self, part: str) -> ET.Element:
        if part not in self.parts:
            raise Unreadable("This is not an Excel workbook: a part of it is missing. Save it again as XLSX or CSV.")
        try:
            return ET.fromstring(self.parts[part])  # noqa: S314  _parts refused every document type, so there are no entities
        except ET.ParseError:
            raise Unreadable("This workbook is damaged. Open it and save it again as XLSX.") from None

    def check(self, title: str) -> None:
        """Refuse a sheet that would grow when it is read: one far cell makes every cell before it."""
        row = column = wide = deep = 0
        for found in TOKEN.finditer(self.parts[self.sheets[title]]):
            kind, attributes = found.groups()
            place = PLACE.search(attributes)
            if kind == b"row":
                named = place is not None and place[1].isdigit() and len(place[1]) < 9
                row, column = int(place[1]) if place and named else row + 1, 0
                continue
            if place:
                row, column = _numbers(place[1])
            else:
                column += 1
            if not attributes.endswith(b"/"):
                wide, deep = max(wide, column), max(deep, row)
        if deep > MOST_ROWS + 1:
            raise Unreadable(
                f"The sheet “{title}” has something in row {deep:,}, and at most {MOST_ROWS:,} rows are read at once. "
                "Delete what stands under the table, or split the file."
            )
        if wide > MOST_COLUMNS:
            raise Unreadable(
                f"The sheet “{title}” has something in column {letters(wide - 1)}, and at most {MOST_COLUMNS} columns "
                "are read. Delete what stands beside the table."
            )

    def check_text(self, titles: list[str]) -> None:
        """Refuse texts that a great many cells share: each cell would get its own copy."""
        shared = next((body for part, body in self.parts.items() if part.lower() == "xl/sharedstrings.xml"), b"")
        if not shared:
            return
        sizes = [len(item) for item in re.split(rb"<(?:\w+:)?si(?=[\s/>])", shared)[1:]]
        total = 0
        for title in titles:
            for index in SHARED.findall(self.parts[self.sheets[title]]):
                total += sizes[int(index)] if len(index) < 9 and int(index) < len(sizes) else 0
        if total > MOST_TEXT:
            raise Unreadable("The texts of this workbook are too long to be read. Shorten them, or split the file.")

    def broken(self, title: str) -> dict[tuple[int, int], Broken]:
        """The cells without a value to take, by row and column from 0: formulas never calculated, and errors."""
        sheet = self.parts[self.sheets[title]]
        cells: dict[tuple[int, int], Broken] = {}
        if re.search(rb"<(?:\w+:)?f\b", sheet):
            for attributes, formula, value in FORMULA.findall(sheet):
                if not value and not re.search(rb"""\bt=["']str["']""", attributes):
                    text = f"={formula.decode(errors='replace')}"
                    cells[_place(attributes)] = Broken(
                        text, "This formula was saved without its value.", "Put the value in its place."
                    )
        if re.search(rb"""\bt=["']e["']""", sheet):
            for attributes, _formula, value in ERROR.findall(sheet):
                text = value.decode(errors="replace")
                cells[_place(attributes)] = Broken(
                    text, f"This formula ends in the error {text}.", "Mend the formula, or put the value in its place."
                )
        return cells

    def packed(self) -> io.BytesIO:
        """The parts as a file again."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name, body in self.parts.items():
                archive.writestr(name, body)
        out.seek(0)
        return out


def letters(column: int) -> str:
    """A, B … Z, AA, from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _numbers(place: bytes) -> tuple[int, int]:
    """Row and column from 1 of a place such as AB12."""
    name = place.rstrip(b"0123456789")
    if not name.isalpha() or len(name) > 3 or name == place or len(place) > 12:
        raise Unreadable("This workbook is damaged: a cell has no place. Open it and save it again as XLSX.")
    column = 0
    for letter in name.upper():
        column = column * 26 + letter - 64
    return int(place[len(name) :]), column


def _place(attributes: bytes) -> tuple[int, int]:
    place = PLACE.search(attributes)
    row, column = _numbers(place[1] if place else b"")
    return row - 1, column - 1


def _parts(content: bytes) -> dict[str, bytes]:
    """The parts that are read, each unpacked once, together no more than the limit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_kind(members)
            wanted = {
                member.filename: member
                for member in members
                if member.filename.lower().endswith((".xml", ".rels")) and not PASSED_OVER.match(member.filename)
            }
            if len(members) > MOST_PARTS or sum(member.file_size for member in wanted.values()) > MOST_UNPACKED:
                most = MOST_UNPACKED // 1024 // 1024
                raise Unreadable(f"Unpacked, this workbook is larger than {most} MB. Split it into smaller files.")
            parts = {name: archive.read(member) for name, member in wanted.items()}
    # RuntimeError: packed or encrypted in a way that zipfile does not know, or a password is needed
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        raise Unreadable("This workbook is damaged. Open it and save it again as XLSX.") from None
    if any(b"\0" in body or re.search(rb"<!(DOCTYPE|ENTITY)", body) for body in parts.values()):
        raise Unreadable("This workbook is not written as spreadsheets write it. Open it and save it again as XLSX.")
    return parts


def _check_kind(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename.lower() for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("This file is encrypted. Save it again without a password.")
    if "xl/vbaproject.bin" in names:
        raise Unreadable("This workbook has macros. Save it again as XLSX, which has none.")
    if "xl/workbook.bin" in names:
        raise Unreadable("This is a binary workbook (XLSB). Save it again as XLSX.")
    if "xl/workbook.xml" not in names:
        raise Unreadable("This is not an Excel workbook. Send an XLSX or a CSV file.")
