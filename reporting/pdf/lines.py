"""Words into lines: measuring and breaking, nothing drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportlab.lib.colors import Color
from reportlab.pdfbase.pdfmetrics import stringWidth

from reporting.pdf.text import shortened
from reporting.pdf.theme import INK

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one face; with a `link`, one that leads to a place of that name in the document or to an address."""

    text: str
    font: str
    size: float
    colour: Color
    link: str = ""

    def but(self, text: str) -> "Run":
        return Run(text, self.font, self.size, self.colour, self.link)

    @property
    def width(self) -> float:
        return measured(self.text, self.font, self.size)


Word = tuple[Run, ...]  # mostly one run; a figure and its key, bound to each other, are two
Line = tuple[Run, ...]


@lru_cache(maxsize=50_000)
def _width(text: str, font: str) -> float:
    return float(stringWidth(text, font, 1))


def measured(text: str, font: str, size: float) -> float:
    """The width of a text in points."""
    return _width(text, font) * size if len(text) < 60 else float(stringWidth(text, font, size))


def words_of(runs: Iterable[Run]) -> list[Word]:
    """The words of runs that follow each other: a word ends at a space, not where a run ends."""
    words: list[Word] = []
    open_word = False
    for run in runs:
        first, *others = run.text.split(" ")
        if first and open_word:
            words[-1] += (run.but(first),)
        elif first:
            words.append((run.but(first),))
        words.extend((run.but(text),) for text in others if text)
        open_word = bool(run.text) and not run.text.endswith(" ")
    return words


def broken(words: Iterable[Word], width: float) -> list[Line]:
    """The words in lines of at most this width; a word that is wider than a line is cut."""
    lines: list[Line] = []
    line: list[Word] = []
    used = 0.0
    for word in words:
        wide = sum(run.width for run in word)
        space = measured(" ", word[0].font, word[0].size)
        if line and used + space + wide > width + 0.01:
            lines.append(_joined(line))
            line, used = [], 0.0
        if line or wide <= width + 0.01:
            used += wide + (space if line else 0)
            line.append(word)
        else:
            *full, last = _cut(word, width)
            lines.extend(full)
            used = sum(run.width for run in last)
            line.append(last)
    if line:
        lines.append(_joined(line))
    return lines


def _joined(words: Sequence[Word]) -> Line:
    """One line of words: neighbours in the same face become one run; the space between two faces is never a link's."""
    runs: list[Run] = []
    texts: list[str] = []
    for n, word in enumerate(words):
        for m, run in enumerate(word):
            space = " " if n and not m else ""
            if runs and runs[-1].but("") == run.but(""):
                texts.append(space + run.text)
                continue
            if space and not runs[-1].link:
                texts.append(space)
                space = ""
            _close(runs, texts)
            runs.append(run)
            texts = [space + run.text]
    _close(runs, texts)
    return tuple(runs)


def _close(runs: list[Run], texts: list[str]) -> None:
    if runs:
        runs[-1] = runs[-1].but("".join(texts))


def _cut(word: Word, width: float) -> list[Word]:
    """A word that is wider than the line, in pieces that fit: at a bound space where there is one, else anywhere."""
    pieces: list[Word] = []
    piece: list[tuple[str, Run]] = []
    used = 0.0
    for run in word:
        for character in run.text:
            wide = measured(character, run.font, run.size)
            if piece and used + wide > width:
                at = max((n for n, (text, _) in enumerate(piece) if text == NBSP), default=0)
                pieces.append(_regrouped(piece[:at] if at else piece))
                piece = piece[at + 1 :] if at else []
                used = sum(measured(text, owner.font, owner.size) for text, owner in piece)
            piece.append((character, run))
            used += wide
    pieces.append(_regrouped(piece))
    return pieces


def _regrouped(characters: Iterable[tuple[str, Run]]) -> Word:
    runs: list[Run] = []
    texts: list[str] = []
    owner = None
    for character, run in characters:
        if run is not owner:
            _close(runs, texts)
            runs.append(run)
            owner, texts = run, []
        texts.append(character)
    _close(runs, texts)
    return tuple(runs)


@lru_cache(maxsize=20_000)
def folded(text: str, font: str, size: float, width: float, most: int = 4) -> tuple[str, ...]:
    """A text of one face in at most so many lines; what does not fit is left out, and an ellipsis says so."""
    text = shortened(text, 100 * most)
    if measured(text, font, size) <= width:
        return (text,)
    lines = ["".join(run.text for run in line) for line in broken(words_of([Run(text, font, size, INK)]), width)]
    if len(lines) > most:
        last = lines[most - 1].rstrip(" ,;:.")
        while last and measured(last + "…", font, size) > width:
            last = last[:-1]
        lines[most - 1 :] = [last + "…"]
    return tuple(lines)


def fitted(text: str, font: str, size: float, width: float) -> str:
    """The text on one line of this width, shortened where it must be."""
    return folded(text, font, size, width, 1)[0]
