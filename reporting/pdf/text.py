"""The one place where words from outside enter the document.

`readable` is applied once, to the whole snapshot, before anything is drawn: what it returns holds only characters that
the typeface has. Nothing here or later reads text as markup (paragraphs are our own, see `flowables.py`), so there is
nothing to escape.
"""

import re
import unicodedata
from typing import Any

from reportlab.pdfbase.pdfmetrics import getFont

from reporting.pdf.dates import MONTHS
from reporting.pdf.theme import FACES

KEEPS_LINES = frozenset({"text"})  # fields of several paragraphs; everything else is one line
_GLYPHS = frozenset.intersection(*(frozenset(getFont(face).face.charToGlyph) for face in FACES))
_BOUND_SPACES = frozenset("\u00a0\u2007\u202f")
_DATE = re.compile(rf"\b(\d{{1,2}}) (?=(?:{'|'.join(MONTHS)})\b)")
_SHORT_WORD = re.compile(r"(?<![\w’])([AaI]|Years?|Member|page) (?=\w)")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_SPACES, _LINES = re.compile(r"[ \n]+"), re.compile(r" *\n")


class _Printed(dict[int, str]):
    """A table for `str.translate`, filled as characters are met: what each looks like in print."""

    def __missing__(self, code: int) -> str:
        self[code] = shown = _printed(chr(code))
        return shown


def _printed(character: str) -> str:
    kind = unicodedata.category(character)
    if character in "\n\r\v\f\x85" or kind in ("Zl", "Zp"):
        return "\n"
    if character in _BOUND_SPACES:
        return "\u00a0"
    if character == "\t" or kind == "Zs":
        return " "
    if kind == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, ""):
        return ""  # invisible by definition: joiners, direction marks, soft hyphens
    if kind not in ("Cc", "Cs") and ord(character) in _GLYPHS:
        return character
    return f"[U+{ord(character):04X}]"


_PRINTED = _Printed()


def printable(text: str) -> str:
    """The text in characters that can be printed; one without a glyph becomes "[U+1F600]" rather than a silent box."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(_PRINTED)


def readable(value: Any, *, lines: bool = False) -> Any:
    """The same data with every text made printable, and put on one line unless the field keeps its lines."""
    if isinstance(value, str):
        text = printable(value)
        return _LINES.sub("\n", text).strip(" \n") if lines else one_line(text)
    if isinstance(value, dict):
        return {readable(key): readable(item, lines=key in KEEPS_LINES) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [readable(item) for item in value]
    return value


def one_line(text: str) -> str:
    """The text with each run of spaces and line ends made one space; spaces that bind stay."""
    return _SPACES.sub(" ", text).strip(" ")


def shortened(text: str, most: int) -> str:
    """The text, or as many whole words of it as `most` characters take, and an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut).rstrip(" ,;:.") + "…"


def paragraphs(text: str, most: int = 3000) -> list[str]:
    """The paragraphs of a text of any length; one of more than `most` characters is cut after a sentence or a word."""
    found = []
    for line in text.split("\n"):
        rest = line.strip(" ")
        while len(rest) > most:
            cut = max(rest.rfind(". ", 0, most) + 1, 0) or max(rest.rfind(" ", 0, most), 0) or most
            found.append(rest[:cut])
            rest = rest[cut:].strip(" ")
        if rest:
            found.append(rest)
    return found


def well_set(text: str, *, close: bool = False) -> str:
    """The text as a typesetter would: dates and short words bound to what follows; to `close`, no short last line."""
    text = _APOSTROPHE.sub("’", text)
    text = _SHORT_WORD.sub("\\1\u00a0", _DATE.sub("\\1\u00a0", text))
    return text[:-12] + text[-12:].replace(" ", "\u00a0") if close and len(text) > 21 else text
