"""What is read, and what is refused before it can do harm."""

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from grants.imports.reading import MOST_BYTES, Unreadable, read
from grants.unpacking import MOST_ROWS, Broken, letters


def book(**cells: Any) -> bytes:
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = "grants"
    for place, value in cells.items():
        sheet[place] = value
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def changed(content: bytes, part: str, change: object = None, **more: bytes) -> bytes:
    """The workbook with one part rewritten and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name == part and callable(change) else body)
        for name, body in more.items():
            new.writestr(name, body)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
GOOD = book(A1="Identifier", B1="Title", A2="360G-x-1", B2="Clubs")


def far(place: str) -> bytes:
    cells = f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{place}"><v>1</v></c></row></sheetData>'
    return changed(GOOD, SHEET, lambda body: body.replace(b"</sheetData>", cells.encode()))


def bomb() -> bytes:
    """A sheet that unpacks to 60 MB."""
    return changed(GOOD, SHEET, lambda body: body.replace(b"</sheetData>", b" " * 60_000_000 + b"</sheetData>"))


def shared_bomb() -> bytes:
    """One long text, shared by a great many cells."""
    text = b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>"
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(3, 300))
    sheet = changed(GOOD, SHEET, lambda body: body.replace(b"</sheetData>", rows + b"</sheetData>"))
    return changed(sheet, "", **{"xl/sharedStrings.xml": text})


REFUSED = {
    "empty": ("a.xlsx", lambda: b"", "empty"),
    "too large": ("a.csv", lambda: b"x" * (MOST_BYTES + 1), "larger than 20 MB"),
    "of an unknown kind": ("a.ods", lambda: GOOD, "cannot be read"),
    "no kind": ("awards", lambda: b"Identifier", "cannot be read"),
    "old": ("a.xls", lambda: bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 600, "old kind"),
    "encrypted": (
        "a.xlsx",
        lambda: bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "without a password",
    ),
    "with macros": ("a.xlsx", lambda: changed(GOOD, "", **{"xl/vbaProject.bin": b"x"}), "macros"),
    "called for macros": ("a.xlsm", lambda: GOOD, "macros"),
    "binary": ("a.xlsx", lambda: changed(GOOD, "", **{"xl/workbook.bin": b"x"}), "binary"),
    "not a zip": ("a.xlsx", lambda: b"Identifier,Title", "not a workbook"),
    "half a zip": ("a.xlsx", lambda: GOOD[:600], "damaged"),
    "another zip": ("a.xlsx", lambda: changed(b"PK\5\6" + b"\0" * 18, "", a=b"x"), "not an Excel workbook"),
    "a workbook called csv": ("a.csv", lambda: GOOD, "it is a workbook"),
    "a bomb": ("a.xlsx", bomb, "larger than 50 MB"),
    "a bomb of shared texts": ("a.xlsx", shared_bomb, "too long"),
    "one cell at the last row": ("a.xlsx", lambda: far("A1048576"), "row 1,048,576"),
    "one cell at the last column": ("a.xlsx", lambda: far("XFD2"), "column XFD"),
    "a document type": (
        "a.xlsx",
        lambda: changed(GOOD, SHEET, lambda body: b'<!DOCTYPE a [<!ENTITY b "c">]>' + body),
        "not written as spreadsheets write it",
    ),
    "broken XML": ("a.xlsx", lambda: changed(GOOD, "xl/workbook.xml", lambda body: body[:80]), "damaged"),
    "binary csv": ("a.csv", lambda: b"Identifier\0", "not text"),
    "an open quotation mark": ("a.csv", lambda: b'Identifier,Title\n1,"Clubs\n2,x\n', "quotation mark"),
    "too many rows": ("a.csv", lambda: b"Identifier\n" + b"1\n" * (MOST_ROWS + 1), "more than 20,000 rows"),
    "too many columns": ("a.csv", lambda: b"Identifier" + b",x" * 300, "more than 256 columns"),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_hostile_or_hopeless_files_are_refused_with_a_sentence(case: str) -> None:
    name, content, words = REFUSED[case]
    with pytest.raises(Unreadable, match=re.escape(words)) as refusal:
        read(name, content())
    assert str(refusal.value).endswith(".")


def test_the_far_cell_is_small_so_that_only_its_place_gives_it_away() -> None:
    assert len(far("A1048576")) < 6_000


def test_a_directory_that_lies_about_sizes_is_not_believed() -> None:
    content = bytearray(bomb())
    at = content.rfind(b"PK\1\2")
    while at > 0 and SHEET.encode() not in content[at : at + 100]:
        at = content.rfind(b"PK\1\2", 0, at)
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")  # the unpacked size that it claims
    with pytest.raises(Unreadable):
        read("a.xlsx", bytes(content))


def test_rows_keep_their_addresses_where_the_table_does_not_begin_at_a1() -> None:
    (sheet,) = read("a.xlsx", book(C1="Identifier", C3="360G-x-1"))
    assert sheet.rows[0] == ["", "", "Identifier"]
    assert sheet.address(2, 2) == "C3"
    assert sheet.rows[2][2] == "360G-x-1"


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (255, "IV"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_spreadsheets_name_them(column: int, name: str) -> None:
    assert letters(column) == name


def test_a_formula_counts_by_the_value_saved_with_it() -> None:
    formula = changed(
        book(A1="Identifier", B2="=1+1"), SHEET, lambda body: re.sub(rb"<v ?/>|<v></v>", b"<v>12.5</v>", body)
    )
    (sheet,) = read("a.xlsx", formula)
    assert sheet.rows[1][1] == 12.5


def test_a_formula_without_its_value_is_broken() -> None:
    (sheet,) = read("a.xlsx", book(A1="Identifier", C3="=SUM(A1:A2)"))
    assert isinstance(sheet.rows[2][2], Broken)
    assert sheet.rows[2][2].text == "=SUM(A1:A2)"


def test_a_formula_that_gives_an_empty_text_is_empty() -> None:
    empty = changed(
        book(A1="Identifier", B2="=T(A9)", A3="x"),
        SHEET,
        lambda body: body.replace(b'<c r="B2">', b'<c r="B2" t="str">'),
    )
    (sheet,) = read("a.xlsx", empty)
    assert sheet.rows[1][1] == ""


def test_a_cell_in_error_is_broken() -> None:
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet["A1"] = "Identifier"
    sheet["B2"].value = "#N/A"
    sheet["B2"].data_type = "e"
    out = io.BytesIO()
    workbook.save(out)
    broken = read("a.xlsx", out.getvalue())[0].rows[1][1]
    assert isinstance(broken, Broken)
    assert "#N/A" in broken.fault


def test_dates_come_as_dates() -> None:
    (sheet,) = read("a.xlsx", book(A1="Identifier", A2=date(2012, 7, 3)))
    assert sheet.rows[1][0] == date(2012, 7, 3)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_csv_is_read_as_spreadsheets_write_it(encoding: str, delimiter: str) -> None:
    text = f"Identifier{delimiter}Title\r\n1{delimiter}Café – “£5”\r\n"
    (sheet,) = read("a.CSV", text.encode(encoding))
    assert sheet.rows == [["Identifier", "Title"], ["1", "Café – “£5”"]]


def test_other_sheets_are_not_read_where_there_is_one_named_grants() -> None:
    workbook = Workbook()
    workbook.active.title = "lookup"  # type: ignore[union-attr]
    workbook.create_sheet("Grants").append(["Identifier"])
    workbook.create_sheet("milestones").append(["Identifier"])
    out = io.BytesIO()
    workbook.save(out)
    assert [sheet.title for sheet in read("a.xlsx", out.getvalue())] == ["Grants", "milestones"]
