"""The activities of a report, as its content has them: contact hours worked out, and what they amount to together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from grants.reports.figures import Amount

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """One activity. What is not known is None, and is not added."""

    key: str
    type: str
    title: str
    day: date
    place: str
    partners: str
    organisers: list[str]
    hours: Amount | None
    learners: Amount | None
    attendances: Amount | None

    @classmethod
    def read(cls, row: Content) -> "Held":
        """From a row of a report's content."""
        said: dict[str, Any] = dict(row, day=date.fromisoformat(row["day"]))
        for name in ("hours", "learners", "attendances"):
            said[name] = None if row[name] is None else Amount(Decimal(row[name]))
        return cls(**said)

    @property
    def contact_hours(self) -> Amount | None:
        """Its hours for each of its learners."""
        if self.hours is None or self.learners is None:
            return None
        return Amount(self.hours.value * self.learners.value)

    @property
    def under(self) -> str:
        """Its type, and in what company and where, for the line under its title."""
        together = f"held by {' and '.join(self.organisers)}" if len(self.organisers) > 1 else ""
        return ", ".join(dict.fromkeys(filter(None, [self.type, self.place, self.partners, together])))


@dataclass(frozen=True)
class Together:
    """All activities of a report. Learners are not added: somebody may have come to several."""

    number: int
    contact_hours: Amount | None
    attendances: Amount | None


def held_in(content: Content) -> list[Held]:
    """The activities of a report. Versions of before they were asked have none."""
    return [Held.read(row) for row in content.get("activities", [])]


def together(activities: Iterable[Held]) -> Together:
    """What they amount to; None where no activity says it."""
    activities = list(activities)
    return Together(
        len(activities),
        _added(activity.contact_hours for activity in activities),
        _added(activity.attendances for activity in activities),
    )


def _added(amounts: Iterable[Amount | None]) -> Amount | None:
    known = [amount.value for amount in amounts if amount is not None]
    return Amount(sum(known, Decimal(0))) if known else None
