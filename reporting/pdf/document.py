"""The document: pages in order, running heads, and one pass from the snapshot to the bytes of a tagged PDF."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, cast

from reportlab.lib.pagesizes import A4
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageBreak, PageTemplate

from reporting.pdf.contract import Snapshot
from reporting.pdf.dates import moment, span
from reporting.pdf.figures import Figures
from reporting.pdf.flowables import Heading
from reporting.pdf.lines import fitted
from reporting.pdf.pages.annex import annex
from reporting.pdf.pages.award import award_page
from reporting.pdf.pages.contents import contents
from reporting.pdf.pages.cover import cover
from reporting.pdf.pages.outcomes import outcomes
from reporting.pdf.pages.portfolio import portfolio
from reporting.pdf.pages.shared import by_strand
from reporting.pdf.pages.trustees import trustees, trustees_alone
from reporting.pdf.structure import Facts, with_structure
from reporting.pdf.tagging import TaggedCanvas
from reporting.pdf.text import readable, shortened
from reporting.pdf.theme import HEIGHT, MARGIN, MUTED, PAGE_HEIGHT, PAGE_WIDTH, REGULAR, WIDTH

LANGUAGE = "en-GB"
DIGITS = 16  # of the snapshot's hash in the address for verifying: nobody guesses 64 bits


def render(snapshot: Mapping[str, Any], sha256: str) -> bytes:
    """The funder report of a snapshot, as a tagged PDF (PDF/UA-1). The same snapshot gives the same bytes."""
    report = cast("Snapshot", readable(dict(snapshot)))
    if begins := report["document"].get("verify"):
        report["document"]["verify"] = f"{begins}{sha256[:DIGITS]}/"
    alone = report["document"].get("kind") == "trustees"
    figures = Figures(report["figures"], report["annex"], linked=not alone)
    sections = [trustees_alone(report, figures)] if alone else _whole(report, figures, sha256)
    buffer = io.BytesIO()
    document = _Document(buffer, report, sha256, covered=not alone)
    document.build(_joined(sections), canvasmaker=TaggedCanvas)
    return with_structure(buffer.getvalue(), document.canv.tree.root, _facts(report, sha256))


def _facts(report: Snapshot, sha256: str) -> Facts:
    document, programme = report["document"], report["programme"]
    period = span(report["period"]["from"], report["period"]["to"])
    return Facts(
        title=f"{shortened(programme['title'], 200)}: funder report, {period}",
        author=shortened(programme["managing_body"], 200),
        subject=f"{document['reference']}, version {document['version']}",
        keywords=f"snapshot SHA-256 {sha256}",
        language=LANGUAGE,
        created=moment(document["date"]),
    )


def _whole(report: Snapshot, figures: Figures, sha256: str) -> list[list[Flowable]]:
    """Cover, contents, and what follows; each begins on a new page, and an empty one is left out."""
    body = _sections(report, figures)
    entries = [f.entry for section in body for f in section if isinstance(f, Heading) and f.entry]
    return [cover(report, sha256), contents(report, entries), *body]


def _sections(report: Snapshot, figures: Figures) -> list[list[Flowable]]:
    """What follows the contents. A report on one award has its page alone, and what the annex says of it."""
    awards = [
        award_page(number, award, report, figures)
        for members in by_strand(report["awards"]).values()
        for number, award in members
    ]
    over_all = [trustees(report, figures), outcomes(report), portfolio(report, figures)]
    sections = [*([] if report["document"].get("kind") == "award" else over_all), *awards, annex(report, figures)]
    return [section for section in sections if section]


def _joined(sections: Sequence[list[Flowable]]) -> list[Flowable]:
    story: list[Flowable] = [NextPageTemplate("ordinary")]
    for n, section in enumerate(sections):
        story += [PageBreak(), *section] if n else section
    return story


class _Document(BaseDocTemplate):
    """A4 pages: the cover, where there is one, without, all others with a running head and foot."""

    def __init__(self, buffer: io.BytesIO, report: Snapshot, sha256: str, *, covered: bool) -> None:
        templates = [
            PageTemplate(name, [Frame(MARGIN, MARGIN, WIDTH, HEIGHT, 0, 0, 0, 0)], onPage=furnish)
            for name, furnish in (("cover", _nothing), ("ordinary", self.furnish))
            if covered or name == "ordinary"
        ]
        super().__init__(
            buffer,
            pagesize=A4,
            pageTemplates=templates,
            lang=LANGUAGE,
            invariant=1,
            pageCompression=0,  # pikepdf compresses, and faster
            initialFontName=REGULAR,
        )
        document = report["document"]
        facts = [document["reference"], f"version {document['version']}", sha256[:8]]
        if document["illustrative"]:
            facts.append("all amounts, results and judgements are illustrative")
        self.head = report["programme"]["title"], span(report["period"]["from"], report["period"]["to"])
        self.foot = " · ".join(fact for fact in facts if fact)

    def furnish(self, canvas: TaggedCanvas, document: BaseDocTemplate) -> None:
        """The running head and foot: an artifact, which no reader hears on every page."""
        for kind, y, (left, right) in (
            ("Header", PAGE_HEIGHT - 35, self.head),
            ("Footer", 35, (self.foot, str(canvas.getPageNumber()))),
        ):
            with canvas.tree.artifact(kind):
                canvas.write(MARGIN, y, fitted(left, REGULAR, 8, WIDTH - 140), REGULAR, 8, MUTED)
                canvas.write(PAGE_WIDTH - MARGIN, y, fitted(right, REGULAR, 8, 133), REGULAR, 8, MUTED, right=True)


def _nothing(canvas: TaggedCanvas, document: BaseDocTemplate) -> None:
    """The cover carries no running head."""
