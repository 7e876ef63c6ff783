"""A programme at a glance: its money, its reports, its indicators, and what needs attention. All sums are the database's."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Sum, When, Window
from django.db.models.functions import TruncMonth

from grants.awards.models import Award, Milestone, Tranche
from grants.awards.models.finding import AwardQuerySet
from grants.desk.milestones import LIVE
from grants.desk.overview import ACCEPTED, REVIEWED, next_of, why, with_overview
from grants.formats import money, plural
from grants.people.models import User
from grants.programmes.models import Programme
from grants.reports.models import Report
from grants.reports.totals import Total, totals_of

APPLIED = ("submitted", "in_review", "returned")
TROUBLE = ("off_course", "at_risk")
MOST_MONTHS, MOST_QUARTERS = 15, 20
ENOUGH = 5


@dataclass
class StrandMoney:
    """The accepted awards of one strand, in pounds."""

    title: str
    awards: int = 0
    awarded: Decimal = Decimal(0)
    released: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)


@dataclass
class Period:
    """What was or is due in a month, a quarter or a year: how many milestones, by where they stand."""

    name: str
    short: str
    settled: int = 0
    sent: int = 0
    late: int = 0
    to_come: int = 0

    @property
    def all(self) -> int:
        """Those four together; what ended with its award is not in them."""
        return self.settled + self.sent + self.late + self.to_come


@dataclass
class Portfolio:
    """What a person sees of a programme."""

    programme: Programme
    states: Counter[str] = field(default_factory=Counter)
    """How many awards there are in each state"""
    offered: Decimal = Decimal(0)
    strands: list[StrandMoney] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    due: int = 0
    """Milestones that were due so far"""
    settled: int = 0
    indicators: list[Total] = field(default_factory=list)

    @property
    def awards(self) -> int:
        """Those that were accepted."""
        return sum(self.states[state] for state in ACCEPTED)

    def money(self, name: str) -> Decimal:
        """A sum over every strand: awarded, released or paid."""
        return sum((getattr(strand, name) for strand in self.strands), Decimal(0))

    def reports(self, name: str) -> int:
        """How many in all are settled, sent, late or to come."""
        return sum(getattr(period, name) for period in self.periods)


def portfolio(programme: Programme, user: User, today: date) -> Portfolio:
    """The programme as far as the person sees its awards. Five queries, whatever their number."""
    awards = Award.objects.visible_to(user).filter(strand__programme=programme).order_by()
    accepted = awards.filter(state__in=ACCEPTED)
    found = Portfolio(programme, indicators=totals_of(programme, accepted))
    _add_money(found, awards, accepted)
    _add_periods(found, accepted, user, today)
    return found


def _add_money(found: Portfolio, awards: AwardQuerySet, accepted: AwardQuerySet) -> None:
    strands: dict[int, StrandMoney] = {}
    counted = awards.values("strand", "strand__title", "state")
    for row in counted.annotate(count=Count("pk"), amount=Sum("amount")).order_by("strand"):
        found.states[row["state"]] += row["count"]
        if row["state"] == Award.State.OFFERED:
            found.offered += row["amount"]
        if row["state"] in ACCEPTED:
            strand = strands.setdefault(row["strand"], StrandMoney(row["strand__title"]))
            strand.awards += row["count"]
            strand.awarded += row["amount"]
    payments = Tranche.objects.order_by().filter(award__in=accepted.values("pk"), state__in=["released", "paid"])
    for key, state, amount in payments.values_list("award__strand", "state").annotate(amount=Sum("amount")):
        setattr(strands[key], state, amount)
    found.strands = list(strands.values())


def _add_periods(found: Portfolio, accepted: AwardQuerySet, user: User, today: date) -> None:
    sent = Report.objects.visible_to(user).filter(
        state__in=REVIEWED, milestone__award__strand__programme=found.programme
    )
    settled, waits = Q(settled_at__isnull=False), Q(pk__in=sent.order_by().values("milestone"))
    open_now = Q(settled_at=None, award__state__in=LIVE) & ~waits
    months = (
        Milestone.objects.order_by()
        .filter(award__in=accepted.values("pk"))
        .values(month=TruncMonth("due_on"))
        .annotate(
            settled=Count("pk", filter=settled),
            sent=Count("pk", filter=Q(settled_at=None) & waits),
            late=Count("pk", filter=open_now & Q(due_on__lt=today)),
            to_come=Count("pk", filter=open_now & Q(due_on__gte=today)),
            due=Count("pk", filter=settled | Q(due_on__lte=today)),
        )
        .order_by("month")
    )
    rows: list[Any] = list(months)
    found.due, found.settled = sum(row["due"] for row in rows), sum(row["settled"] for row in rows)
    found.periods = _periods(rows)


def _periods(rows: list[dict[str, Any]]) -> list[Period]:
    """The months from the first to the last, also those without anything; where they are many, as quarters or years."""
    if not rows:
        return []
    first, last = (day.year * 12 + day.month - 1 for day in (rows[0]["month"], rows[-1]["month"]))
    months = last - first + 1
    step = 1 if months <= MOST_MONTHS else 3 if months <= 3 * MOST_QUARTERS else 12
    periods = {n: Period(*_named(n * step, step)) for n in range(first // step, last // step + 1)}
    for row in rows:
        period = periods[(row["month"].year * 12 + row["month"].month - 1) // step]
        for name in ("settled", "sent", "late", "to_come"):
            setattr(period, name, getattr(period, name) + row[name])
    return list(periods.values())


def _named(month: int, step: int) -> tuple[str, str]:
    """November 2012 and Nov 12; October to December 2012 and Oct 12; 2012: by the number of the first month since year nought."""
    first = date(month // 12, month % 12 + 1, 1)
    if step == 12:
        return f"{first:%Y}", f"{first:%Y}"
    until = f" to {date(first.year, first.month + 2, 1):%B}" if step == 3 else ""
    return f"{first:%B}{until} {first:%Y}", f"{first:%b %y}"


def key_figures(found: Portfolio) -> list[dict[str, Any]]:
    """The programme in six figures, whatever the list's filter shows."""
    awarded, paid = found.money("awarded"), found.money("paid")
    accepted = {state: found.states[state] for state in ACCEPTED if found.states[state]}
    applied = sum(found.states[state] for state in APPLIED)
    return [
        {
            "label": "Awards",
            "value": found.awards,
            "note": ", ".join(f"{count:,} {Award.State(state).label.lower()}" for state, count in accepted.items()),
        },
        {
            "label": "Awarded",
            "value": money(awarded, pence=False),
            "note": f"and {money(found.offered, pence=False)} on offer" if found.offered else "",
        },
        {"label": "Released", "value": money(found.money("released"), pence=False), "note": "to be paid"},
        {
            "label": "Paid",
            "value": money(paid, pence=False),
            "note": f"{100 * paid / awarded:.0f}% of what is awarded" if awarded else "",
        },
        {
            "label": "Reports approved",
            "value": f"{found.settled:,} of {found.due:,}",
            "note": "of those due so far",
        },
        {
            "label": "Waiting for review",
            "value": found.reports("sent"),
            "note": f"and {plural(applied, 'application')}" if applied else "reports",
        },
    ]


@dataclass(frozen=True)
class Attention:
    """The awards that need somebody to look: the most pressing first, and how many there are in all."""

    items: list[dict[str, str]]
    late: int = 0
    troubled: int = 0


def attention(programme: Programme, user: User, today: date) -> Attention:
    """Awards that are late with something, or off course or at risk as the person sees it."""
    seen = with_overview(Award.objects.visible_to(user).filter(strand__programme=programme).named(), user)
    troubled, late = Q(state__in=LIVE, course__in=TROUBLE), Q(next_on__lt=today)
    awards: list[Any] = list(
        seen.annotate(why=why())
        .filter(troubled | late)
        .annotate(
            late=Window(Count("pk", filter=late)),
            troubled=Window(Count("pk", filter=troubled)),
            pressing=Case(
                When(troubled & Q(course="off_course"), then=0),
                When(late, then=1),
                default=2,
                output_field=IntegerField(),
            ),
        )
        .order_by("pressing", "next_on", "reference")[:ENOUGH]
    )
    if not awards:
        return Attention([])
    return Attention([_pressing(award, today) for award in awards], awards[0].late, awards[0].troubled)


def _pressing(award: Any, today: date) -> dict[str, str]:
    """A line of the list: what is wrong, in one word, and why."""
    ahead = next_of(award, today)
    late = f"{ahead.what}, {ahead.word}" if ahead.state else ""
    off = award.course if award.course in TROUBLE and award.state in LIVE else ""
    reasons = [f"{award.recipient}, {award.reference}", *([late, award.why] if off else [])]
    return {
        "title": award.title or award.reference,
        "url": award.get_absolute_url(),
        "hint": ". ".join(reason.strip().rstrip(".") for reason in reasons if reason) + ("." if off else ""),
        "state": off or ahead.state,
        "word": "" if off else f"{late[:1].upper()}{late[1:]}",
    }
