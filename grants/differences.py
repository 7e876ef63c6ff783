"""Where two texts differ: words taken out and put in, paragraph by paragraph. Plain text: templates escape it."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "ins", "del"]
Piece = tuple[Kind, str]
PARAGRAPH = "\n\n"


def compare(before: str, after: str) -> list[list[Piece]]:
    """The paragraphs of a text, as pieces that stayed, came in or went out."""
    old, new = _tokens(before), _tokens(after)
    paragraphs: list[list[Piece]] = [[]]
    for kind, tokens in _runs(old, new):
        words: list[str] = []
        for token in tokens:
            if token != PARAGRAPH:
                words.append(token)
            elif kind != "del":
                _add(paragraphs[-1], kind, words)
                words = []
                paragraphs.append([])
        _add(paragraphs[-1], kind, words)
    return [pieces for pieces in paragraphs if pieces]


def _tokens(text: str) -> list[str]:
    """Words, and where paragraphs part."""
    return [PARAGRAPH if "\n" in token else token for token in re.findall(r"\s*\n\s*|[^\s]+", text.strip())]


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[Kind, list[str]]]:
    for what, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            yield "same", new[k:m]
            continue
        if j > i:
            yield "del", old[i:j]
        if m > k:
            yield "ins", new[k:m]


def _add(pieces: list[Piece], kind: Kind, words: list[str]) -> None:
    if words:
        pieces.append((kind, " ".join(words)))
