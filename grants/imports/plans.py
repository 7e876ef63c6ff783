"""What a file says of each award, once its cells are understood and before anything is written."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from grants.imports.known import Stored
from grants.imports.tables import Row
from grants.people.models import Organisation
from grants.programmes.models import Indicator

LIVE = ("active", "evaluating", "suspended")
ENDED = ("closed", "terminated")


@dataclass(slots=True)
class PlannedMilestone:
    """A row of the sheet milestones."""

    row: Row
    number: int
    kind: str
    title: str
    period_start: date
    period_end: date
    opens_on: date
    due_on: date
    promise: str
    settled_on: date | None

    def fields(self) -> dict[str, Any]:
        """What the milestone stores, but for when it was settled."""
        names = ("number", "kind", "title", "period_start", "period_end", "opens_on", "due_on", "promise")
        return {name: getattr(self, name) for name in names}


@dataclass(slots=True)
class PlannedTranche:
    """A row of the sheet tranches, or the one payment that stands for a missing sheet."""

    row: Row | None
    number: int
    milestone: int | None
    amount: Decimal
    state: str
    paid_on: date | None
    reference: str


@dataclass(slots=True)
class PlannedAward:
    """A row of the sheet grants with what the other sheets say of it. None: the file does not say."""

    row: Row
    identifier: str
    reference: str
    organisation: str
    """The recipient's identifier in capitals: the key by which it is found or made."""
    values: dict[str, Any]
    """The award's own fields, by their names, as far as the file gives them."""
    state: str
    state_said: bool
    funder: Organisation | None
    """Who pays it all; None: the programme's funders by their shares."""
    ended_on: date | None = None
    milestones: list[PlannedMilestone] | None = None
    tranches: list[PlannedTranche] | None = None
    targets: list[tuple[Row, Indicator, Decimal]] | None = None
    fundings: list[tuple[Row, Organisation, Decimal]] | None = None
    budget: list[tuple[Row, str, Decimal]] | None = None
    spoiled: set[str] = field(default_factory=set)
    """The sheets in which a row of this award has a fault: what follows from them is not judged."""
    stored: Stored | None = None
    changes: list[str] = field(default_factory=list)
    """The columns and sheets in which the stored award differs."""

    @property
    def key(self) -> str:
        """Its reference without regard to case."""
        return self.reference.upper()

    @property
    def outcome(self) -> str:
        """made, changed or unchanged."""
        return "made" if self.stored is None else "changed" if self.changes else "unchanged"


@dataclass
class Plan:
    """Everything that applying a file would write."""

    awards: list[PlannedAward] = field(default_factory=list)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    """Recipients by identifier in capitals; those without a key are made."""

    def counts(self) -> dict[str, int]:
        """How many awards are made, changed and left as they are, and how many recipients are new."""
        outcomes = [award.outcome for award in self.awards]
        return {outcome: outcomes.count(outcome) for outcome in ("made", "changed", "unchanged")} | {
            "organisations": sum(1 for organisation in self.organisations.values() if organisation.pk is None)
        }
