"""Writes the structure tree into a PDF that reportlab wrote without one, with what PDF/UA-1 asks for beside it."""

import io
from datetime import date
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from reporting.pdf.tagging import Annotation, Element, Mark


class Facts(NamedTuple):
    """What a document says of itself."""

    title: str
    author: str
    subject: str
    keywords: str
    language: str
    created: date | None


class _Writer:
    """One PDF while its tree is written."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.pages = [page.obj for page in pdf.pages]
        self.marked: list[dict[int, Any]] = [{} for _ in self.pages]
        self.link_owners: list[Any] = []

    def write(self, root: Element) -> None:
        """Hang the tree into the document, and let each page and each link know its elements."""
        top = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        top.K = self.element(root, top)
        numbers: list[Any] = []
        for index, page in enumerate(self.pages):
            page.StructParents, page.Tabs = index, Name.S
            known = self.marked[index]
            numbers += [index, self.pdf.make_indirect(Array([known[number] for number in range(len(known))]))]
        for index, owner in enumerate(self.link_owners, len(self.pages)):
            numbers += [index, owner]
        top.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(numbers)))
        top.ParentTreeNextKey = len(self.pages) + len(self.link_owners)
        self.pdf.Root.StructTreeRoot = top

    def element(self, element: Element, parent: Any) -> Any:
        """An element and everything in it; marks on its first page may be plain numbers."""
        home = next((part.page for part in element.content if isinstance(part, Mark)), None)
        made = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{element.role}"), P=parent, **_attributes(element))
        )
        if home is not None:
            made.Pg = self.pages[home]
        made.K = Array([self.part(part, made, home) for part in element.content])
        return made

    def part(self, part: Element | Mark | Annotation, owner: Any, home: int | None) -> Any:
        if isinstance(part, Element):
            return self.element(part, owner)
        page = self.pages[part.page]
        if isinstance(part, Mark):
            self.marked[part.page][part.number] = owner
            return part.number if part.page == home else Dictionary(Type=Name.MCR, Pg=page, MCID=part.number)
        annotation = page.Annots[part.position]
        annotation.StructParent, annotation.F = len(self.pages) + len(self.link_owners), 4
        self.link_owners.append(owner)
        return Dictionary(Type=Name.OBJR, Obj=annotation, Pg=page)


def _attributes(element: Element) -> dict[str, Any]:
    """What a reader is told of an element: alternate text, its place, the cells that a heading stands over."""
    found: dict[str, Any] = {"Alt": String(element.alternate)} if element.alternate else {}
    if element.box:
        box = Array([round(number, 2) for number in element.box])
        found["A"] = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=box)
    if element.scope:
        span: dict[str, Any] = {"ColSpan": element.span} if element.span > 1 else {}
        found["A"] = Dictionary(O=Name.Table, Scope=Name(f"/{element.scope}"), **span)
    return found


def with_structure(raw: bytes, root: Element, facts: Facts) -> bytes:
    """The same PDF with its tree and what it says of itself; equal input gives equal bytes."""
    pdf = pikepdf.open(io.BytesIO(raw))
    _Writer(pdf).write(root)
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = Name.UseOutlines
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["pdfuaid:part"] = "1"
        metadata["dc:title"] = facts.title
        metadata["dc:creator"] = [facts.author]
        metadata["dc:description"] = facts.subject
        metadata["pdf:Keywords"] = facts.keywords
        metadata["dc:language"] = [facts.language]
        metadata["pdf:Producer"] = "Exemplar, with reportlab and pikepdf"
        if facts.created:
            metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = f"{facts.created.isoformat()}T00:00:00Z"
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
