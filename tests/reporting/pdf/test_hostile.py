"""Text that means harm comes out as text: it embeds no file, breaks no page, and nothing of it vanishes unseen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reporting.pdf import examples
from tests.reporting.pdf.examples import LONG_TEXT, LONG_WORD, SHA256
from tests.reporting.pdf.reading import Rendered


@pytest.mark.parametrize(
    "shown",
    [
        '<img src="/etc/passwd">',
        "<b>bold",
        "</para><para>",
        "Fish & chips &amp; <onDraw name='x'/>",
        "Nul [U+0000] bell [U+0007] escape [U+001B]",
        "Emoji [U+1F600] family [U+1F468][U+1F469][U+1F467]",
        "Dŵr yn Llanfair, Łódź, ﬁn, Ελλάδα, Київ",
        "[U+05E2][U+05D1][U+05E8][U+05D9][U+05EA] and [U+65E5][U+672C][U+8A9E]",
        "lone [U+D800] surrogate",
        "(parenthesis) \\ backslash %PDF-1.7 endstream",
        LONG_WORD,
    ],
)
def test_hostile_text_is_printed_as_text(hostile: Rendered, shown: str) -> None:
    assert shown.replace(" ", "") in hostile.squeezed


def test_fifty_thousand_characters_are_printed_in_full(hostile: Rendered) -> None:
    sentences = hostile.squeezed.count("Asentencewith<b>,&amp;andŵinit.")
    assert sentences >= 4 * (len(LONG_TEXT) // 40)


def test_nothing_is_embedded_but_type(hostile: Rendered) -> None:
    pages = hostile.file.pages
    assert not any(page.get_images() for page in pages)
    assert "/EmbeddedFiles" not in hostile.file.Root.get("/Names", {})
    links = [annotation.get("/A", {}) for page in pages for annotation in page.obj.get("/Annots", [])]
    addresses = {str(link.URI) for link in links if "/URI" in link}
    verify = hostile.snapshot["document"]["verify"]
    assert addresses == {f"{verify}{SHA256[:16]}/"}, "the one address is where the document is verified"
    assert b"root:x:0:0" not in hostile.content


def test_nothing_is_drawn_beyond_the_page(hostile: Rendered) -> None:
    for page in hostile.file.pages:
        for annotation in page.obj.get("/Annots", []):
            left, bottom, right, top = (float(number) for number in annotation.Rect)
            assert 50 < left < right < 545
            assert 30 < bottom < top < 800


@pytest.mark.parametrize("seed", range(4))
def test_any_mixture_of_hostile_texts_is_rendered(seed: int) -> None:
    assert Rendered(examples.hostile(seed)).content.startswith(b"%PDF")


@settings(max_examples=25)
@given(text=st.text(max_size=200))
def test_any_text_is_rendered(text: str) -> None:
    snapshot = examples.programme(1)
    award, summary = snapshot["awards"][0], snapshot["summary"]
    award |= {"title": text, "recipient": text, "strand": text, "place": text, "description": text, "promised": [text]}
    award["results"][0] |= {"name": text, "unit": text, "note": text, "status_label": text}
    award["milestones"][0] |= {"name": text, "state_label": text, "due": text, "state": text}
    award["answers"] = [{"title": text, "text": text}]
    summary |= {"headline": text, "complete": text}
    snapshot["programme"]["title"] = snapshot["funder"]["name"] = text
    assert Rendered(snapshot).content.startswith(b"%PDF")
