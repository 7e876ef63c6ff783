"""Figures as they are printed: what may be shown, and the key that leads to the annex."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from string import ascii_letters

from reportlab.lib.colors import Color

from reporting.pdf.contract import Figure, FigureKey, Source
from reporting.pdf.flowables import Text
from reporting.pdf.lines import NBSP, Run
from reporting.pdf.theme import ACCENT, INK, KEY, REGULAR, Style

NOT_KNOWN = "–"  # blank is never zero
_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)")


class UntracedFigureError(ValueError):
    """A snapshot prints a figure that it does not hold, or whose source its annex does not name."""


class Figures:
    """The figures of one snapshot. One that is printed without a row in the annex is refused. Keys are links to that row, but
    in a document that is without its annex.
    """

    def __init__(self, figures: Mapping[FigureKey, Figure], annex: Iterable[Source], *, linked: bool = True) -> None:
        self.linked = linked
        self._figures = figures
        self._places: dict[FigureKey, str] = {}
        for source in annex:
            self._places.setdefault(source["figure"], f"figure-{len(self._places)}")

    def place(self, key: FigureKey) -> str:
        """The name of the place in the annex where the figure's source stands."""
        try:
            return self._places[key]
        except KeyError:
            raise UntracedFigureError(
                f"figure {key} is printed, but the annex does not say where it comes from"
            ) from None

    def shown(self, key: FigureKey | None) -> str:
        """The figure as it may be seen."""
        if key is None:
            return NOT_KNOWN
        try:
            return self._figures[key]["shown"] or NOT_KNOWN
        except KeyError:
            raise UntracedFigureError(f"figure {key} is printed, but the snapshot does not hold it") from None

    def bare(self, key: FigureKey | None) -> str:
        """The figure for a column whose heading names its unit: 24,000 rather than £24,000."""
        shown = self.shown(key)
        return shown.removeprefix(self._figures[key]["unit"]) if key is not None else shown

    def cited(self, key: FigureKey | None, style: Style, colour: Color = INK) -> list[Run]:
        """The figure and its key, bound to each other, for a place within text."""
        shown = Run(self.shown(key).replace(" ", NBSP), style.font, style.size, colour)
        if key is None:
            return [shown]
        return [shown, Run(2 * NBSP, REGULAR, KEY.size, ACCENT), self._link([key])]

    def keys(self, *keys: FigureKey | None, style: Style = KEY) -> Text:
        """The keys of the figures beside it, as links; neighbours as a range (F3–5)."""
        runs: list[str | Run] = []
        for group in _ranges([key for key in keys if key is not None]):
            if runs:
                runs.append(Run(", ", REGULAR, KEY.size, ACCENT))
            runs.append(self._link(group))
        return Text(runs, style)

    def _link(self, keys: Sequence[FigureKey]) -> Run:
        place, *_ = [self.place(key) for key in keys]
        last = keys[-1].lstrip(ascii_letters)
        text = keys[0] if len(keys) == 1 else f"{keys[0]}–{last}"
        return Run(text, REGULAR, KEY.size, ACCENT, place if self.linked else "")


def _ranges(keys: Sequence[FigureKey]) -> list[list[FigureKey]]:
    """Keys in order, each once; those that follow each other together."""
    named = sorted((match[1], int(match[2]), key) for key in set(keys) if (match := _NUMBERED.fullmatch(key)))
    runs = groupby(enumerate(named), key=lambda pair: (pair[1][0], pair[1][1] - pair[0]))
    others = [[key] for key in keys if not _NUMBERED.fullmatch(key)]
    return [[key for _, (_, _, key) in run] for _, run in runs] + others
