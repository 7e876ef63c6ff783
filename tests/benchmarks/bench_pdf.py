"""How many pages a second the funder report draws, beside reportlab's own paragraphs and long tables with the same words.

Run by `make bench`. The rival lays out the same texts and the same annex without contents, keys, marks or structure: what a
plain reportlab program would take.
"""

import io
import time
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest
from pypdf import PdfReader
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import LongTable, PageBreak, Paragraph, SimpleDocTemplate

from reporting.pdf import render
from tests.reporting.pdf import examples

ROUNDS = 3


def plain(snapshot: dict[str, Any]) -> bytes:
    """The same words with reportlab's own flowables."""
    style, story = getSampleStyleSheet()["Normal"], []
    for award in snapshot["awards"]:
        story += [Paragraph(escape(award["recipient"]), style), Paragraph(escape(award["description"]), style)]
        story += [Paragraph(escape(line), style) for line in [*award["promised"], *award["done"]]]
        story += [Paragraph(escape(answer["text"]), style) for answer in award["answers"]]
        rows = [[row["name"], row["unit"], row["status_label"]] for row in award["results"]]
        story += [LongTable(rows), PageBreak()] if rows else [PageBreak()]
    story.append(LongTable([[*row.values()] for row in snapshot["annex"]], repeatRows=0))
    out = io.BytesIO()
    SimpleDocTemplate(out, invariant=1).build(story)
    return out.getvalue()


def fastest(draw: Callable[[], bytes]) -> tuple[float, int]:
    """The shortest of a few rounds in seconds, and the pages drawn."""
    times, document = [], b""
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        document = draw()
        times.append(time.perf_counter() - begun)
    return min(times), len(PdfReader(io.BytesIO(document)).pages)


@pytest.mark.parametrize("awards", [10, 100])
def test_pages_a_second(awards: int) -> None:
    snapshot = examples.programme(awards)
    ours, pages = fastest(lambda: render(snapshot, "0" * 64))
    theirs, plain_pages = fastest(lambda: plain(snapshot))
    print(
        f"\nPDF, {awards} awards: {pages} tagged pages in {ours:.2f} s, {pages / ours:.0f} pages/s;"
        f" reportlab's own flowables, untagged: {plain_pages} pages in {theirs:.2f} s, {plain_pages / theirs:.0f} pages/s;"
        f" a page costs {(ours / pages) / (theirs / plain_pages):.1f} times as much"
    )
    assert pages > awards
