"""What makes the document readable aloud (PDF/UA): while pages are drawn, the structure of what is drawn is gathered.

An element has an identity: whoever draws a second piece of it (the rest of a paragraph on the next page) adds to the
same element. What nobody need hear (rules, washes, running heads) is an artifact. `structure.py` writes the tree.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reportlab.lib.colors import Color
from reportlab.pdfbase.pdfdoc import PDFString
from reportlab.pdfgen.canvas import Canvas

from reporting.pdf.lines import Run, measured
from reporting.pdf.theme import INK, MUTED, REGULAR


class Mark(NamedTuple):
    """A marked stretch of a page's content."""

    page: int
    number: int


class Annotation(NamedTuple):
    """A link of a page, by its place among the page's annotations."""

    page: int
    position: int


@dataclass(slots=True)
class Element:
    """An element of the structure tree: its role (P, H2, Table …), what is in it, what a reader is told of it."""

    role: str
    alternate: str = ""
    box: tuple[float, float, float, float] | None = None
    scope: str = ""
    span: int = 1
    content: list["Element | Mark | Annotation"] = field(default_factory=list)


class Tree:
    """The structure tree of a document, as it is gathered page by page."""

    def __init__(self, canvas: "TaggedCanvas") -> None:
        self.canvas = canvas
        self.root = Element("Document")
        self._open = [self.root]
        self._known: dict[object, Element] = {}
        self._marks: dict[int, int] = {}

    @contextmanager
    def inside(self, role: str, identity: object = None, **about: Any) -> Iterator[None]:
        """Open an element that holds others; the one with this identity, if it was drawn before."""
        element = self._known.get(identity) if identity is not None else None
        if element is None:
            element = Element(role, **about)
            self._open[-1].content.append(element)
            if identity is not None:
                self._known[identity] = element
        self._open.append(element)
        yield
        self._open.pop()

    @contextmanager
    def marked(self) -> Iterator[None]:
        """What is drawn here is content of the open element."""
        self._begin()
        yield
        self._end()

    @contextmanager
    def drawn(self, role: str, identity: object = None, **about: Any) -> Iterator[None]:
        """Open an element whose content is drawn here."""
        with self.inside(role, identity, **about), self.marked():
            yield

    @contextmanager
    def within(self, role: str) -> Iterator[None]:
        """Open an element in the midst of one that is being drawn: a link in a line of text."""
        self._end()
        with self.drawn(role):
            yield
        self._begin()

    @contextmanager
    def artifact(self, kind: str = "") -> Iterator[None]:
        """What is drawn here is furniture; of a `kind`, the page's Header or Footer."""
        properties = f"<</Type /Pagination /Subtype /{kind}>> BDC" if kind else "BMC"
        self.canvas.put(f"/Artifact {properties}")
        yield
        self._end()

    def owns(self, annotation: Annotation) -> None:
        """The element that is open is the one that leads there."""
        self._open[-1].content.append(annotation)

    def _begin(self) -> None:
        page, element = self.canvas.page_index, self._open[-1]
        number = self._marks[page] = self._marks.get(page, -1) + 1
        element.content.append(Mark(page, number))
        self.canvas.put(f"/{element.role} <</MCID {number}>> BDC")

    def _end(self) -> None:
        self.canvas.put("EMC")


class TaggedCanvas(Canvas):
    """A canvas with a structure tree, and the few strokes that our documents are made of."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tree = Tree(self)
        self.pages: dict[str, int] = {}  # where each place of the document is
        self._awaited: set[tuple[str, float]] = set()

    @property
    def page_index(self) -> int:
        return int(self.getPageNumber()) - 1

    def put(self, operators: str) -> None:
        """Write operators into the page's content as they are."""
        self._code.append(operators)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        font: str,
        size: float,
        colour: Color = INK,
        *,
        right: bool = False,
        end: str = " ",
    ) -> float:
        """Draw one line of text and return its width. A space ends it, or a screen reader joins two lines' words."""
        width = measured(text, font, size)
        if (self._fontname, self._fontsize) != (font, size):
            self.setFont(font, size)
        if self._fillColorObj != colour:
            self.setFillColor(colour)
        self.drawString(x - width if right else x, y, text + end)
        return width

    def write_runs(self, x: float, y: float, runs: tuple[Run, ...]) -> None:
        """Draw the runs of one line after each other; those with a link become links."""
        for run in runs:
            end = " " if run is runs[-1] else ""
            if run.link:
                with self.tree.within("Link"):
                    width = self.write(x, y, run.text, run.font, run.size, run.colour, end=end)
                    self.link(run.link, (x, y - run.size / 4, x + width, y + run.size), run.text)
            else:
                width = self.write(x, y, run.text, run.font, run.size, run.colour, end=end)
            x += width

    def rule(self, x: float, y: float, end: float, colour: Color, width: float) -> None:
        """A horizontal line."""
        self.setStrokeColor(colour)
        self.setLineWidth(width)
        self.line(x, y, end, y)

    def link(self, place: str, box: tuple[float, float, float, float], words: str) -> None:
        """Make an area lead to a place of the document, or to an address on the web; the open element owns the link."""
        self.tree.owns(Annotation(self.page_index, len(self._annotationrefs)))
        if place.startswith(("https://", "http://")):
            self.linkURL(place, box, relative=1, Contents=PDFString(f"Open {words}"))
        else:
            self.linkRect(f"Go to {words}", place, box)

    def mark_place(self, name: str, x: float, y: float) -> None:
        """Name this place, so that links and the contents lead here."""
        self.bookmarkHorizontal(name, x, y)
        self.pages[name] = self.page_index + 1

    def write_page_of(self, place: str, x: float, y: float, size: float) -> None:
        """Draw, right-aligned, the number of a page that is not known yet: a form, drawn when the document is saved."""
        self.saveState()
        self.translate(x - 40, y)
        self.doForm(f"page-of-{place}")
        self.restoreState()
        self._awaited.add((place, size))

    def save(self) -> None:
        """Close the last page, draw the page numbers that were awaited, and write the file."""
        if self._code:
            self.showPage()
        for place, size in sorted(self._awaited):
            self.beginForm(f"page-of-{place}", 0, -size, 40, size)
            self.write(40, 0, str(self.pages[place]), REGULAR, size, MUTED, right=True)
            self.endForm()
        super().save()
