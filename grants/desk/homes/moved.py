"""What moved among somebody's awards, and what of it since they were here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, Substr

from grants import clock
from grants.awards.models import Award, Milestone, Tranche
from grants.desk.history import in_sentences
from grants.desk.homes.visit import Visit
from grants.formats import money
from grants.lifecycle.machine import Machine, key_of
from grants.lifecycle.models import HistoryEntry
from grants.reports.models import Report

NEW, BEFORE = 10, 4
FEW = 100
LATELY = timedelta(days=60)
NO_NEWS = ("start", "write", "plan")
"""What says little to anybody but its author"""


@dataclass(frozen=True)
class Moved:
    """Lines of history, newest first."""

    new: list[dict[str, Any]]
    """Since the person's last visit"""
    before: list[dict[str, Any]]
    """A few of those before, for the thread"""


def moved(visit: Visit, awards: QuerySet[Award], number: int, hidden: Q) -> Moved:
    """What others did among awards that the person sees, but for what is `hidden` from them (it can ask for `award_number`).

    `number` is how many awards those are, as far as that was counted. Of few awards the lines are found by their keys. Among
    many something moves every day: the newest lines of all are read backwards until enough of them are theirs.
    """
    entries = (
        HistoryEntry.objects.alias(award_number=_number("root", Award))
        .alias(report=_number("record", Report), tranche=_number("record", Tranche))
        .exclude(Q(what__in=NO_NEWS) | hidden)
        .exclude(person=visit.user)
    )
    if number <= FEW:
        keys = Concat(Value(_prefix(Award)), Cast("pk", CharField()))
        entries = entries.filter(root__in=awards.order_by().annotate(history=keys).values("history"))
    else:
        lately = entries.filter(at__gt=clock.now() - LATELY)
        entries = lately.filter(award_number__in=awards.order_by().values("pk"))
    found = list(entries.annotate(award=_AWARD, written=_REPORT, payment=_PAYMENT, why=Value(""))[:NEW])
    lines = [
        {**line, **entry.award, "url": Award(reference=entry.award["reference"]).get_absolute_url()}
        for entry, line in zip(found, in_sentences(found, _names(found)), strict=True)
    ]
    new = [line for line in lines if visit.since and line["at"] > visit.since]
    return Moved(new, lines[len(new) :][:BEFORE])


# ---- What a line is about, told by the database with the line itself -----------------------------------------------


def _prefix(model: type[Machine]) -> str:
    return key_of(model, 0).removesuffix("0")


def _number(field: str, model: type[Machine]) -> Case:
    """The primary key in the text key of a record of one model; nothing where the record is another's."""
    prefix = _prefix(model)
    number = Cast(Substr(field, len(prefix) + 1), BigIntegerField())
    return Case(When(**{f"{field}__startswith": prefix}, then=number), default=None)


_PROMISE = {"number": "number", "title": "title", "kind": "kind"}
_AWARD = Subquery(
    Award.objects.order_by()
    .filter(pk=OuterRef("award_number"))
    .values(
        said=JSONObject(
            reference="reference", title="title", recipient=Coalesce("community__name", "organisation__name")
        )
    )
)
_REPORT = Subquery(
    Report.objects.order_by()
    .filter(pk=OuterRef("report"))
    .values(said=JSONObject(purpose="purpose", **{key: f"milestone__{name}" for key, name in _PROMISE.items()}))
)
_PAYMENT = Subquery(
    Tranche.objects.order_by()
    .filter(pk=OuterRef("tranche"))
    .values(
        said=JSONObject(
            amount=Cast("amount", CharField()), **{key: f"milestone__{name}" for key, name in _PROMISE.items()}
        )
    )
)


def _names(entries: Iterable[Any]) -> dict[str, str]:
    """What the reports and payments are called, by their keys."""
    names = {}
    for entry in entries:
        if entry.written:
            promise = {name: entry.written[name] for name in _PROMISE}
            names[entry.record] = Report(purpose=entry.written["purpose"], milestone=Milestone(**promise)).name
        elif entry.payment:
            promise = {name: entry.payment[name] for name in _PROMISE}
            tranche = Tranche(milestone=Milestone(**promise) if promise["number"] else None)
            names[entry.record] = f"{tranche.name}, {money(Decimal(entry.payment['amount']), pence=False)}"
    return names
