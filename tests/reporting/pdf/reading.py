"""Reads a rendered document back: its words page by page, its structure, and what each page draws."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf
from pypdf import PdfReader

from reporting.pdf import render
from tests.reporting.pdf.examples import SHA256

PAINTS = frozenset("Tj TJ ' \" S s f F f* B B* b b* Do sh BI".split())  # noqa: SIM905


@dataclass(frozen=True)
class Node:
    """An element of the structure tree, and its page where it draws something itself."""

    role: str
    raw: Any
    depth: int


class Rendered:
    """A snapshot and the document that was made of it."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.snapshot = snapshot
        self.content = render(snapshot, SHA256)

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(io.BytesIO(self.content))

    @cached_property
    def file(self) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.content))

    def page(self, number: int) -> str:
        """The words of a page, counted from 1, with single spaces."""
        return plain(self.reader.pages[number - 1].extract_text())

    @cached_property
    def words(self) -> str:
        """The words of all pages."""
        return " ".join(self.page(number + 1) for number in range(len(self.reader.pages)))

    @cached_property
    def squeezed(self) -> str:
        """The same without any space: where lines break does not matter."""
        return self.words.replace(" ", "")

    def page_of(self, heading: str) -> int:
        """The number of the page that the outline gives for a heading."""
        found = {item["/Title"]: item for item in flat(self.reader.outline)}
        number = self.reader.get_destination_page_number(found[heading])
        assert number is not None
        return number + 1

    def links(self, page: int) -> list[tuple[str, int]]:
        """The links of a page: what they say, and the number of the page to which they lead."""
        numbers = {one.obj.objgen: number for number, one in enumerate(self.file.pages, 1)}
        annotations: Any = self.file.pages[page - 1].obj.get("/Annots", [])
        return [(str(link.Contents), numbers[link.Dest[0].objgen]) for link in annotations]

    def nodes(self) -> Iterator[Node]:
        """The structure tree, in reading order."""
        yield from walked(self.file.Root.StructTreeRoot.K, 0)

    def roles(self) -> list[str]:
        return [node.role for node in self.nodes()]


def plain(text: str) -> str:
    """Text with every run of white space, bound or not, made one space; pypdf puts one between any two faces."""
    return re.sub(r"\s+([.,;])", r"\1", re.sub(r"\s+", " ", text))


def flat(outline: list[Any]) -> Iterator[Any]:
    """The entries of an outline of several levels."""
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield entry


def walked(element: Any, depth: int) -> Iterator[Node]:
    """An element and all below it; marks and links are no elements."""
    yield Node(str(element.S)[1:], element, depth)
    for part in element.get("/K", []):
        if isinstance(part, pikepdf.Dictionary) and "/S" in part:
            yield from walked(part, depth + 1)


def unmarked(page: pikepdf.Page) -> list[str]:
    """What a page paints outside any marked content: nothing, in a tagged document."""
    depth, found = 0, []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            depth += 1
        elif operator == "EMC":
            depth -= 1
        elif operator in PAINTS and depth != 1:
            found.append(operator)
    return found if depth == 0 else [*found, "unbalanced"]
