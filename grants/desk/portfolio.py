"""A programme's awards as one table, by strand: what each has reported and been paid, and what comes next."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from grants.awards.models import Award
from grants.desk.courses import courses
from grants.desk.milestones import LIVE, SETTLED, Standing, review_promised_by, standings, with_milestones
from grants.formats import date_words, days_left, money, plural
from grants.people.models import User
from grants.programmes.models import Programme, Strand
from grants.reports.models import Answer

ACCEPTED = ("active", "evaluating", "suspended", "closed", "terminated")
APPLIED = ("submitted", "in_review", "returned")


@dataclass
class Row:
    """One award of the table."""

    award: Award
    standings: list[Standing]
    course: Answer | None
    paid: Decimal
    released: Decimal
    today: date

    @property
    def settled(self) -> int:
        """How many of its milestones are approved or waived."""
        return sum(standing.state in SETTLED for standing in self.standings)

    @property
    def next(self) -> dict[str, str]:
        """What comes next, in words, with a state where it is late."""
        award = self.award
        if award.state == "offered" and award.acceptance_due:
            return {"word": f"Accept by {date_words(award.acceptance_due)}", "state": ""}
        if award.state not in LIVE:
            return {"word": "", "state": ""}
        ahead = next((standing for standing in self.standings if standing.state not in (*SETTLED, "abandoned")), None)
        if ahead is None:
            return {"word": "Close it", "state": ""}
        due, report = ahead.milestone.due_on, ahead.report
        if ahead.state in ("submitted", "in_review") and report and report.submitted_at:
            promised = review_promised_by(report.submitted_at, award.strand.review_days)
            return {"word": f"Review by {date_words(promised)}", "state": "overdue" if promised < self.today else ""}
        if due < self.today:
            word = f"{days_left(due, self.today).capitalize()}, {date_words(due)}"
            return {"word": word, "state": ahead.milestone.due_word(self.today)}
        return {"word": f"{ahead.title}, {date_words(due)}", "state": ""}


@dataclass
class Group:
    """The awards of one strand, with their sums."""

    strand: Strand
    rows: list[Row] = field(default_factory=list)

    @property
    def awarded(self) -> Decimal:
        """What its accepted awards were given."""
        return sum((row.award.amount or Decimal(0) for row in self.rows if row.award.state in ACCEPTED), Decimal(0))

    @property
    def paid(self) -> Decimal:
        """What was paid of it."""
        return sum((row.paid for row in self.rows), Decimal(0))


def portfolio(programme: Programme, user: User, today: date) -> list[Row]:
    """Every award of a programme that the person sees."""
    awards = list(
        Award.objects.visible_to(user)
        .filter(strand__programme=programme)
        .named()
        .prefetch_related("milestones", *with_milestones(user))
        .order_by("strand", "reference")
    )
    said = courses(award.pk for award in awards)
    return [
        Row(award, standings(award, today), said.get(award.pk), _sum(award, "paid"), _sum(award, "released"), today)
        for award in awards
    ]


def narrowed(rows: list[Row], *, strand: Strand | None, state: str, words: str) -> list[Row]:
    """The rows that a filter leaves: without a state, whatever is on offer or was accepted."""
    asked = words.strip().casefold()
    states: tuple[str, ...] = (state,) if state else Award.FROM_OFFER_ON
    return [
        row
        for row in rows
        if row.award.state in states
        and (strand is None or row.award.strand_id == strand.pk)
        and (not asked or any(asked in text.casefold() for text in _searched(row.award)))
    ]


def grouped(rows: list[Row]) -> list[Group]:
    """The rows by strand, in their order."""
    groups: dict[int, Group] = {}
    for row in rows:
        groups.setdefault(row.award.strand_id, Group(row.award.strand)).rows.append(row)
    return list(groups.values())


def key_figures(rows: list[Row], today: date) -> list[dict[str, Any]]:
    """The programme in six figures, whatever the filter shows."""
    accepted = [row for row in rows if row.award.state in ACCEPTED]
    awarded = sum((row.award.amount or Decimal(0) for row in accepted), Decimal(0))
    paid = sum((row.paid for row in accepted), Decimal(0))
    released = sum((row.released for row in accepted), Decimal(0))
    due = [s for row in accepted for s in row.standings if s.milestone.due_on <= today or s.state in SETTLED]
    waiting = [s for row in accepted for s in row.standings if s.state in ("submitted", "in_review")]
    applied = sum(row.award.state in APPLIED for row in rows)
    return [
        {"label": "Awards", "value": len(accepted), "note": _states(accepted)},
        {"label": "Awarded", "value": money(awarded, pence=False), "note": _offered(rows)},
        {"label": "Released", "value": money(released, pence=False), "note": "to be paid"},
        {
            "label": "Paid",
            "value": money(paid, pence=False),
            "note": f"{100 * paid / awarded:.0f}% of what is awarded" if awarded else "",
        },
        {
            "label": "Reports approved",
            "value": f"{sum(s.state in SETTLED for s in due)} of {len(due)}",
            "note": "of those due so far",
        },
        {
            "label": "Waiting for review",
            "value": len(waiting),
            "note": f"and {plural(applied, 'application')}" if applied else "reports",
        },
    ]


def counted(shown: list[Row], rows: list[Row]) -> str:
    """9 of 10 awards, for the filter's foot."""
    things = "awards and applications" if any(row.award.state not in Award.FROM_OFFER_ON for row in rows) else "awards"
    return f"{len(shown)} of {len(rows)} {things}"


def in_total(rows: list[Row]) -> dict[str, Any]:
    """The foot of the table."""
    whole = Group(strand=Strand(), rows=rows)
    return {"count": len(rows), "awarded": whole.awarded, "paid": whole.paid}


def _states(rows: list[Row]) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        word = row.award.get_state_display().lower()
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def _offered(rows: list[Row]) -> str:
    offered = [row.award.amount or Decimal(0) for row in rows if row.award.state == "offered"]
    return f"and {money(sum(offered, Decimal(0)), pence=False)} on offer" if offered else ""


def _searched(award: Award) -> list[str]:
    return [award.title, award.reference, award.recipient, award.organisation.name]


def _sum(award: Award, state: str) -> Decimal:
    return sum((tranche.amount for tranche in award.tranches.all() if tranche.state == state), Decimal(0))
