"""What kind of file somebody brought: its content decides, and its name must not say otherwise.

Only what is needed is read: the first bytes, the head of a picture, the list of a package's parts. Nothing is unpacked.
"""

import io
import re
import zipfile
from pathlib import PurePath

from grants.formats import visible
from grants.reports.models import Evidence

Kind = Evidence.Kind

READ = ("pdf", "png", "jpg", "jpeg", "docx", "xlsx", "csv", "txt")
"""The endings of a name that is taken."""
TAKEN = "Choose a PDF, a PNG or JPEG image, a Word or Excel file (DOCX or XLSX), a CSV or a TXT file"
MOST_PIXELS = 50_000_000
MOST_PARTS = 5_000  # of a package; a real one has dozens
MOST_SEGMENTS = 1_000  # of a JPEG before its size; a real one has dozens
FILL = re.compile(rb"\xff+")
"""What a segment of a JPEG begins with: one such byte, and any number more that only fill up."""
PARTS = {Kind.DOCX: "word/document.xml", Kind.XLSX: "xl/workbook.xml"}
UNSEEN_IN_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
SIZE_OF_PICTURE = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""The segments of a JPEG that say how large it is."""


class Unfit(ValueError):
    """A file that is not taken; its text is a sentence for whoever brought it."""


def kind_of(name: str, content: bytes) -> Evidence.Kind:
    """The kind of a file. Raises Unfit where it is none of those taken, or its name says otherwise."""
    if not content:
        raise Unfit("This file is empty. Choose another")
    if len(content) > Evidence.MOST_BYTES:
        raise Unfit(f"This file is larger than {Evidence.MOST_BYTES // 1024 // 1024} MB. Make it smaller, or split it")
    ending = PurePath(name).suffix.lower().removeprefix(".")
    ending = "jpeg" if ending == "jpg" else ending
    kind = _by_content(content, ending)
    if kind is None:
        raise Unfit(f"This is none of the kinds of file that are taken. {TAKEN}")
    if ending and ending != kind:
        raise Unfit(
            f"By its name this is a “.{ending[:20]}” file, but by its content: {kind.label}. Choose the right file"
        )
    if kind in (Kind.PNG, Kind.JPEG):
        _check_picture(kind, content)
    return kind


def tidy_name(name: str, kind: str) -> str:
    """What a file is called: without folders, without what cannot be seen, short enough, with an ending that fits."""
    bare = " ".join(visible(re.split(r"[\\/]", name)[-1]).split())
    path = PurePath(bare)
    endings = (".jpg", ".jpeg") if kind == Kind.JPEG else (f".{kind}",)
    ending = path.suffix if path.suffix.lower() in endings else endings[-1]
    stem = bare.removesuffix(path.suffix) if ending == path.suffix else bare
    return f"{(stem or 'file')[: 200 - len(ending)]}{ending}"


def _by_content(content: bytes, ending: str) -> Evidence.Kind | None:
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"PK"):
        return _package(content)
    if not UNSEEN_IN_TEXT.search(content):  # words, whatever their encoding; nothing in them tells a table from a text
        return Kind.CSV if ending == Kind.CSV else Kind.TXT
    return None


def _package(content: bytes) -> Evidence.Kind | None:
    """A Word or an Excel file, by the list of its parts; one with macros is not taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = set(package.namelist()[: MOST_PARTS + 1])
    # RuntimeError: a ZIP of a kind that zipfile does not know
    except (zipfile.BadZipFile, ValueError, RuntimeError, OverflowError):
        return None
    if len(parts) > MOST_PARTS or "[Content_Types].xml" not in parts:
        return None
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise Unfit("This file has macros in it. Save it without them, and choose it again")
    return next((kind for kind, part in PARTS.items() if part in parts), None)


def _check_picture(kind: str, content: bytes) -> None:
    """Refuse a picture whose head says that it is huge, or says nothing that can be read. Its pixels are not looked at."""
    size = _size_of_png(content) if kind == Kind.PNG else _size_of_jpeg(content)
    if size is None or 0 in size:
        raise Unfit("This picture is damaged. Open it, save it again, and choose it once more")
    if size[0] * size[1] > MOST_PIXELS:
        raise Unfit(f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels. Make it smaller")


def _size_of_png(content: bytes) -> tuple[int, int] | None:
    if len(content) < 24 or content[12:16] != b"IHDR":
        return None
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _size_of_jpeg(content: bytes) -> tuple[int, int] | None:
    """Go from segment to segment to the one that says the size."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        fill = FILL.match(content, at)
        if fill is None or fill.end() + 8 > len(content):
            return None
        at = fill.end()
        marker, length = content[at], int.from_bytes(content[at + 1 : at + 3])
        if marker in SIZE_OF_PICTURE:
            return int.from_bytes(content[at + 6 : at + 8]), int.from_bytes(content[at + 4 : at + 6])
        if length < 2:
            return None
        at += 1 + length
    return None
