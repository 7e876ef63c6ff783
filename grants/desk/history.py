"""What happened to an award, in sentences.

Some lines are one side's own business: the grantee's signing among themselves, and what the managing body weighs before
it decides. They are shown to that side only.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet, Value

from grants.awards.models import Award, Tranche
from grants.formats import money
from grants.lifecycle.models import HistoryEntry
from grants.people.models import GRANTEE_ROLES, User
from grants.reports.models import Report

AMONG_GRANTEES = ("write", "ask_for_sign_off", "recall", "decline_sign_off")
AMONG_MANAGERS = ("plan", "recommend", "conflict")
FOR_PARTIES = (
    "submit", "start_review", "offer", "accept", "suspend", "resume", "begin_evaluation", "go_back", "close", "terminate",
    "approve", "release", "pay",
)  # fmt: skip
"""What a member of a community that does not lead it may read: the moves, without their reasons. Questions, returns, actions and
whatever else is said between the recipient and the managing body is theirs.
"""
# The same of messages, by a part of their event: a report that was not signed, a judgement of the managing body
UNSIGNED = "/draft/"
JUDGED = "/judge-"
ABOUT = [
    (Award._meta.label_lower, "The award"),
    (Report._meta.label_lower, "Reports"),
    (Tranche._meta.label_lower, "Payments"),
]


def of_award(award: Award, user: User, *, manages: bool) -> QuerySet[Any]:
    """The history of an award that was fetched with `visible_to`, newest first, as far as it concerns the person. Each entry has
    as `why` the reason that the person may read.
    """
    entries = HistoryEntry.objects.filter(root=award.key)
    leads = user.holds(award.organisation_id, *GRANTEE_ROLES)
    if not (leads or manages):
        return entries.filter(what__in=FOR_PARTIES).annotate(why=Value(""))
    entries = entries.annotate(why=F("reason"))
    if leads:
        return entries if manages else entries.exclude(what__in=AMONG_MANAGERS)
    return entries.exclude(what__in=AMONG_GRANTEES)


def is_move_to_state_of(award: Award, entry: HistoryEntry) -> bool:
    """Whether an entry tells how the award came to the state that it is in."""
    return entry.record == award.key and entry.target == award.state != entry.source


def came(award: Award, entries: QuerySet[Any]) -> Any:
    """How the award last came to its state, among entries of `of_award`; None of one that was born in it."""
    return entries.filter(record=award.key, target=award.state).exclude(source=award.state).first()


def in_sentences(entries: Iterable[Any], names: dict[str, str]) -> list[dict[str, Any]]:
    """Entries with `why` as the history list draws them; `names` says what reports and payments are called, by their keys."""
    return [
        {
            "at": entry.at,
            "who": entry.actor,
            "sentence": f"{entry.sentence}: {names[entry.record]}." if entry.record in names else f"{entry.sentence}.",
            "reason": entry.why,
            "state": entry.target,
        }
        for entry in entries
    ]


def names_of(reports: Iterable[Report], tranches: Iterable[Tranche]) -> dict[str, str]:
    """What the records below an award are called, by their keys in the history."""
    return {report.key: report.name for report in reports} | {
        tranche.key: f"{tranche.name}, {money(tranche.amount, pence=False)}" for tranche in tranches
    }
