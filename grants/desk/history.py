"""What happened, in sentences: of one award, and lately of all that somebody manages.

Some lines are one side's own business: the grantee's signing among themselves, and what the managing body weighs before
it decides. They are shown to that side only.
"""

from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from grants.awards.models import Award, Tranche
from grants.formats import money
from grants.lifecycle.machine import Machine, key_of
from grants.lifecycle.models import HistoryEntry
from grants.people.models import GRANTEE_ROLES, User
from grants.reports.models import Report

AMONG_GRANTEES = ("write", "ask_for_sign_off", "recall", "decline_sign_off")
AMONG_MANAGERS = ("plan", "recommend")


def of_award(award: Award, user: User, *, manages: bool) -> QuerySet[HistoryEntry]:
    """The history of an award that was fetched with `visible_to`, newest first, as far as it concerns the person."""
    entries = HistoryEntry.objects.filter(root=award.key)
    if not user.holds(award.organisation_id, *GRANTEE_ROLES):
        entries = entries.exclude(what__in=AMONG_GRANTEES)
    return entries if manages else entries.exclude(what__in=AMONG_MANAGERS)


def in_sentences(entries: list[HistoryEntry], names: dict[str, str]) -> list[dict[str, Any]]:
    """Entries as the history list draws them; `names` says what reports and payments are called, by their keys."""
    return [
        {
            "at": entry.at,
            "who": entry.actor,
            "sentence": f"{entry.sentence}: {names[entry.record]}." if entry.record in names else f"{entry.sentence}.",
            "reason": entry.reason,
            "state": entry.target,
        }
        for entry in entries
    ]


def names_of(reports: list[Report], tranches: list[Tranche]) -> dict[str, str]:
    """What the records below an award are called, by their keys in the history."""
    return {report.key: report.milestone.name for report in reports} | {
        tranche.key: f"{tranche.name}, {money(tranche.amount, pence=False)}" for tranche in tranches
    }


def recent(awards: QuerySet[Award], most: int = 12) -> list[dict[str, Any]]:
    """What moved lately among some awards, newest first, each with its award."""
    prefix = _prefix(Award)
    keys = awards.order_by().annotate(history_key=Concat(Value(prefix), Cast("pk", CharField()))).values("history_key")
    entries = list(HistoryEntry.objects.filter(root__in=keys).exclude(what__in=(*AMONG_GRANTEES, "start"))[:most])
    found = Award.objects.named().in_bulk({int(entry.root.removeprefix(prefix)) for entry in entries})
    by_key = {award.key: award for award in found.values()}
    lines = zip(entries, in_sentences(entries, _names_of_all(entries)), strict=True)
    return [{**line, "award": by_key[entry.root]} for entry, line in lines]


def _names_of_all(entries: list[HistoryEntry]) -> dict[str, str]:
    """What the reports and payments of many awards are called."""
    reports = Report.objects.select_related("milestone").filter(pk__in=_numbers(entries, Report))
    tranches = Tranche.objects.select_related("milestone").filter(pk__in=_numbers(entries, Tranche))
    return names_of(list(reports), list(tranches))


def _numbers(entries: list[HistoryEntry], model: type[Machine]) -> set[int]:
    """The primary keys of the records of one model among the entries."""
    prefix = _prefix(model)
    return {int(entry.record.removeprefix(prefix)) for entry in entries if entry.record.startswith(prefix)}


def _prefix(model: type[Machine]) -> str:
    return key_of(model, 0).removesuffix("0")
