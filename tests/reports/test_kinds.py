"""Kinds of files: what is taken by its content, what is refused with a sentence, and what a file is called."""

import io
import zipfile
from unittest.mock import Mock

import pytest

from grants.reports import kinds
from grants.reports.kinds import Unfit, kind_of, tidy_name
from grants.reports.models import Evidence

PDF = b"%PDF-1.4\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4) + b"\x08\x02\x00\x00\x00"


def jpeg(wide: int = 640, high: int = 480) -> bytes:
    """The head of a picture: a segment of the application's, one that only fills up, the one with the size."""
    size = b"\xff\xc0\x00\x11\x08" + high.to_bytes(2) + wide.to_bytes(2) + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff" + size + b"\xff\xd9"


def png(wide: int, high: int) -> bytes:
    return PNG[:16] + wide.to_bytes(4) + high.to_bytes(4) + PNG[24:]


def package(*parts: str) -> bytes:
    """A ZIP file with parts of these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for part in parts:
            made.writestr(zipfile.ZipInfo(part), "<x/>")  # on a day that stands still: workers name tests alike
    return file.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
XLSX = package("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "pdf"),
        ("a", PDF, "pdf"),
        ("A.PDF", PDF, "pdf"),
        ("a.png", PNG, "png"),
        ("a.jpg", jpeg(), "jpeg"),
        ("a.jpeg", jpeg(), "jpeg"),
        ("a.docx", DOCX, "docx"),
        ("a.xlsx", XLSX, "xlsx"),
        ("a.csv", "Gŵyl,12\r\n".encode(), "csv"),
        ("a.csv", "Caf\xe9,12\r\n".encode("cp1252"), "csv"),
        ("a.txt", "\ufeffWords.\n".encode(), "txt"),
        ("a.txt", b"<script>alert(1)</script>", "txt"),
    ],
)
def test_content_decides_the_kind(name: str, content: bytes, kind: str) -> None:
    assert kind_of(name, content) == kind


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", PDF + b" " * Evidence.MOST_BYTES, "larger than 10 MB"),
        ("a.pdf", PNG, "by its content: PNG image"),
        ("a.csv", PDF, "by its content: PDF"),
        ("a.docx", XLSX, "by its content: Excel workbook"),
        ("a.pdf", b"Words", "by its content: text file"),
        ("a.html", b"<html></html>", "“.html” file"),
        ("a.exe", b"MZ\x00\x01", "none of the kinds"),
        ("a.gif", b"GIF89a\x00\x01", "none of the kinds"),
        ("a.doc", b"\xd0\xcf\x11\xe0\x00", "none of the kinds"),
        ("a.docx", package("mimetype", "content.xml"), "none of the kinds"),
        ("a.docx", DOCX[:40], "none of the kinds"),
        ("a.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "has macros"),
        ("a.png", PNG[:20], "damaged"),
        ("a.png", png(0, 480), "damaged"),
        ("a.png", png(50_001, 1000), "50 million pixels"),
        ("a.jpg", jpeg(60_000, 1000), "50 million pixels"),
        ("a.jpg", jpeg()[:29], "damaged"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x00", "damaged"),
        ("a.txt", "Words".encode("utf-16"), "none of the kinds"),
    ],
)
def test_what_is_not_taken_gets_a_sentence(name: str, content: bytes, says: str) -> None:
    with pytest.raises(Unfit, match=says):
        kind_of(name, content)


@pytest.mark.parametrize(("filling", "looks"), [(b"\xff", 1), (b"\xff\xe0\x00\x02", kinds.MOST_SEGMENTS)])
def test_picture_that_only_fills_up_is_looked_through_in_few_steps(
    monkeypatch: pytest.MonkeyPatch, filling: bytes, looks: int
) -> None:
    looked = Mock(wraps=kinds.FILL)
    monkeypatch.setattr(kinds, "FILL", looked)
    content = (b"\xff\xd8\xff" + filling * Evidence.MOST_BYTES)[: Evidence.MOST_BYTES]
    with pytest.raises(Unfit, match="damaged"):
        kind_of("a.jpg", content)
    assert looked.match.call_count == looks


def test_picture_of_fifty_million_pixels_is_taken() -> None:
    assert kind_of("a.png", png(50_000, 1000)) == "png"


@pytest.mark.parametrize(
    ("name", "kind", "tidy"),
    [
        ("report.pdf", "pdf", "report.pdf"),
        ("C:\\Files\\..\\report.pdf", "pdf", "report.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("re\u202eport\x00\n .pdf", "pdf", "report .pdf"),
        ("Photo.JPG", "jpeg", "Photo.JPG"),
        ("report", "pdf", "report.pdf"),
        (".pdf", "pdf", ".pdf.pdf"),
        ("\u200b", "txt", "file.txt"),
        ("a\ud800b.pdf", "pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "pdf", "x" * 196 + ".pdf"),
    ],
)
def test_name_is_tidied_and_ends_as_its_kind_does(name: str, kind: str, tidy: str) -> None:
    assert tidy_name(name, kind) == tidy
