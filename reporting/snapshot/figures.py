"""The figures of a funder report: each a node that is shown and hashed, with where it comes from kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.awards.models import Award
from grants.formats import money
from grants.reports.models import Version

RULES = {
    "As reported": "The value in the approved version named, unchanged.",
    "As awarded": "The award's own record: what was offered, accepted, released or paid.",
    "Added over periods": "The values of one award's approved reports, added.",
    "Latest": "The last count in one award's approved reports; not added over time.",
    "Sum over awards": "The awards' figures, added; a person may be counted by more than one award.",
    "Ratio of sums": "Numerators and denominators added, then divided.",
    "Share": "This funder's part of each award, to the penny.",
}


@dataclass(frozen=True)
class Contribution:
    """One row behind a figure: the award, the version and the place in it, and the value as it stands there."""

    award: Award
    path: str
    raw_value: str
    version: Version | None = None
    approved: str = ""
    """The day of the approval, ISO; empty for what needs none."""


class Figures:
    """Gathers figures while a snapshot is taken. A figure that is asked for again keeps its key."""

    def __init__(self) -> None:
        self.nodes: dict[str, dict[str, str]] = {}
        self.annex: list[dict[str, str]] = []
        self.sources: list[tuple[str, Contribution]] = []
        self._known: dict[tuple[str, str, tuple[str, ...]], str] = {}

    def money(
        self, what: str, amount: Decimal, behind: Sequence[Contribution], rule: str = "As awarded", **more: Any
    ) -> str:
        """A figure in pounds, exact; pence are shown where there are any."""
        return self._add(what, "money", money(amount, pence=False), "£", behind, rule, **more)

    def count(
        self,
        what: str,
        value: Decimal,
        unit: str,
        behind: Sequence[Contribution],
        rule: str,
        *,
        people: bool = False,
        **more: Any,
    ) -> str:
        """A count of people or things."""
        shown = f"{value:,.0f}" if value == value.to_integral_value() else f"{value.normalize():,f}"
        return self._add(what, "people" if people else "plain", shown, unit, behind, rule, **more)

    def per_cent(
        self, what: str, value: Decimal, unit: str, behind: Sequence[Contribution], rule: str, **more: Any
    ) -> str:
        """A ratio in per cent, to one decimal."""
        return self._add(what, "plain", f"{value:.1f}%", unit, behind, rule, rounding="To 0.1%", **more)

    def _add(
        self,
        what: str,
        kind: str,
        shown: str,
        unit: str,
        behind: Sequence[Contribution],
        rule: str,
        *,
        rounding: str = "None",
        of: Award | None = None,
    ) -> str:
        reference = of.reference if of else "All awards"
        identity = (what, reference, tuple(row.path for row in behind))
        if key := self._known.get(identity):
            return key
        key = self._known[identity] = f"F{len(self.nodes) + 1}"
        self.nodes[key] = {"id": key, "kind": kind, "shown": shown, "unit": unit}
        versions = {row.version.number for row in behind if row.version}
        self.annex.append(
            {
                "figure": key,
                "what": what,
                "reference": reference,
                "version": f"v{max(versions)}" if of and versions else "Latest" if versions else "–",
                "approved_by": _approver(behind) if versions else "–",
                "date": max((row.approved for row in behind), default=""),
                "rule": rule,
                "rounding": rounding,
            }
        )
        self.sources += [(key, row) for row in behind]
        return key


def _approver(behind: Sequence[Contribution]) -> str:
    bodies = sorted({str(row.award.strand.managing_body) for row in behind})
    if not bodies:
        return "–"
    return f"Approver, {bodies[0]}" if len(bodies) == 1 else f"Approvers, {len(bodies)} bodies"
