"""The gate: what text becomes before it is printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import getFont

from reporting.pdf.dates import counted, day, span
from reporting.pdf.lines import Run, broken, fitted, folded, measured, words_of
from reporting.pdf.text import one_line, paragraphs, printable, readable, shortened, well_set
from reporting.pdf.theme import FACES, INK, REGULAR


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Dŵr, Łódź, Київ", "Dŵr, Łódź, Київ"),
        ("w\u0302", "ŵ"),
        ("😀", "[U+1F600]"),
        ("a\u200db\ufeffc\u00add\ufe0f", "abcd"),
        ("\x00", "[U+0000]"),
        ("a\tb", "a b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("30\u202fApril", "30\u00a0April"),
        ("a\u2003b", "a b"),
        ("\ud800", "[U+D800]"),
        ("\u202egnp", "gnp"),
    ],
)
def test_what_has_no_glyph_is_shown_as_its_number(typed: str, printed: str) -> None:
    assert printable(typed) == printed


@given(st.text())
def test_printable_text_has_a_glyph_for_every_character(text: str) -> None:
    for face in FACES:
        glyphs = getFont(face).face.charToGlyph
        assert all(character == "\n" or ord(character) in glyphs for character in printable(text))


@given(st.text())
def test_printing_twice_changes_nothing_more(text: str) -> None:
    assert printable(printable(text)) == printable(text)


def test_only_answers_keep_their_lines() -> None:
    data = {"title": "a\nb", "text": " a \n\nb ", "rows": [{"name": "\tc  d"}], "part": 0.5, "none": None}
    assert readable(data) == {"title": "a b", "text": "a\n\nb", "rows": [{"name": "c d"}], "part": 0.5, "none": None}


def test_one_line_keeps_spaces_that_bind() -> None:
    assert one_line("  30\u00a0April \n  2013 ") == "30\u00a0April 2013"


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("short", 10, "short"),
        ("Science days in rural schools", 20, "Science days in…"),
        ("Science days, in rural schools", 14, "Science days…"),
        ("W" * 30, 10, "W" * 9 + "…"),
    ],
)
def test_shortened_text_ends_with_a_whole_word(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short
    assert len(short) <= most


def test_paragraphs_lose_nothing_but_white() -> None:
    text = "One. Two.\n\n\nThree " + "word " * 2000 + "x" * 10_000
    found = paragraphs(text)
    assert found[0] == "One. Two."
    assert max(map(len, found)) <= 3000
    assert "".join(found).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_text_is_set_as_a_typesetter_would() -> None:
    assert (
        well_set("The grantee's report of 30 April is a success")
        == "The grantee’s report of 30\u00a0April is a\u00a0success"
    )
    assert well_set("5' and 'quoted'") == "5' and 'quoted'"
    assert well_set("Markup & <b> stay as they were typed", close=True).endswith("were\u00a0typed")


@pytest.mark.parametrize("width", [40, 100, 300])
def test_lines_are_never_wider_than_their_room(width: float) -> None:
    text = "Unbroken" * 40 + " and a few words, then £147,000\u00a0F1 and 30\u00a0April\u00a02013 bound together "
    lines = broken(words_of([Run(text, REGULAR, 10, INK), Run("F12", REGULAR, 6.5, INK, "figure-1")]), width)
    assert all(sum(run.width for run in line) <= width + 0.1 for line in lines)
    printed = "".join(run.text for line in lines for run in line)
    assert printed.replace(" ", "").replace("\u00a0", "") == (text + "F12").replace(" ", "").replace("\u00a0", "")


def test_folded_text_says_that_something_was_left_out() -> None:
    lines = folded("A very long name of an organisation that will not fit " * 5, REGULAR, 9, 80, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(measured(line, REGULAR, 9) <= 80 for line in lines)


def test_fitted_text_is_one_line() -> None:
    assert fitted("Short", REGULAR, 9, 100) == "Short"
    assert measured(fitted("Long " * 100, REGULAR, 9, 100), REGULAR, 9) <= 100


def test_dates_are_written_as_people_read_them() -> None:
    assert day("2013-06-04") == "4 June 2013"
    assert day("soon") == "soon"
    assert day(None) == "–"
    assert span("2012-08-01", "2013-04-30") == "1 August 2012 to 30 April 2013"
    assert counted(1, "award", "awards") == "One award"
    assert counted(300, "award", "awards") == "300 awards"
