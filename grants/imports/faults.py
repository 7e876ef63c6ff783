"""What is wrong with a file: a row for each fault, with its cell, what stands there, what is wrong, how to mend it."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from grants.unpacking import Broken

MOST_FAULTS = 50_000  # more are counted, not listed
SHOWN = 100  # characters of a cell that are repeated


class Wrong(Exception):
    """A cell that cannot be taken as it stands: what is wrong, and how to mend it."""

    def __init__(self, fault: str, mend: str) -> None:
        super().__init__(f"{fault} {mend}")
        self.fault = fault
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and its place."""

    sheet: str
    cell: str
    value: str
    fault: str
    mend: str

    def as_dict(self) -> dict[str, str]:
        """The fault as it is stored and printed."""
        return asdict(self)


@dataclass
class Faults:
    """The faults of a file, one for a cell: whatever else is said of the same cell follows from the first."""

    found: dict[tuple[int, int, int], Fault] = field(default_factory=dict)
    unlisted: int = 0

    def add(self, place: tuple[int, int, int], fault: Fault) -> None:
        """Keep a fault. `place` is where its sheet stands in the file, its row and its column, each from 0."""
        if place in self.found:
            return
        if len(self.found) < MOST_FAULTS:
            self.found[place] = fault
        else:
            self.unlisted += 1

    def __bool__(self) -> bool:
        return bool(self.found)

    def listed(self) -> list[Fault]:
        """All of them, in the order of the file."""
        faults = [self.found[place] for place in sorted(self.found)]
        if self.unlisted:
            last = faults[-1]
            more = f"{self.unlisted:,} more faults are not listed."
            faults.append(Fault(last.sheet, last.cell, "", more, "Mend those above and check the file again."))
        return faults


def shown(value: Any) -> str:
    """A cell's value as its reader knows it, cut where it is long."""
    if isinstance(value, Broken):
        text = value.text
    elif isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif isinstance(value, dt.datetime):
        text = f"{value:%d/%m/%Y %H:%M}" if value.time() != dt.time() else f"{value:%d/%m/%Y}"
    elif isinstance(value, dt.date):
        text = f"{value:%d/%m/%Y}"
    elif isinstance(value, float):
        text = f"{Decimal(f'{value:.15g}'):f}"
    else:
        text = str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
