"""Every state × move × part of the cast, against the tables written by hand."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from grants.awards.models import Award
from grants.formats import local_today
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, NotYou, Refused, advance
from grants.lifecycle.machine import Machine, machines, transitions_of
from grants.lifecycle.models import Act, HistoryEntry
from tests import factories
from tests.machines.records import CASES, IDS, MACHINES, Kind, facts, ready
from tests.machines.tables import EVERYBODY

pytestmark = pytest.mark.django_db


def everything(model: type[Machine], pk: int) -> tuple[Any, ...]:
    """All that a refused move must leave as it is."""
    return model.objects.filter(pk=pk).values().get(), Act.objects.count(), HistoryEntry.objects.count()  # type: ignore[attr-defined]


def attempt(record: Any, verb: str, by: Any) -> str:
    """Try a move: the state that it leads to, or the name of its refusal."""
    try:
        moved = advance(type(record), record.pk, verb, by=by, seen=record.revision, **facts(record, verb))
    except Refused as refusal:
        return type(refusal).__name__ if all(refusal.sentences) else "a refusal without a sentence"
    entry = HistoryEntry.objects.filter(record=record.key, what=verb)[0]
    if (entry.source, entry.target, entry.person_id) != (record.state, moved.state, by.pk) or not entry.sentence:
        return f"{moved.state}, with a wrong history: {vars(entry)}"
    return str(moved.state)


def outcome(record: Any, verb: str, by: Any) -> str:
    """Try a move, and take it back."""
    savepoint = transaction.savepoint()
    try:
        return attempt(record, verb, by)
    finally:
        transaction.savepoint_rollback(savepoint)


OTHERWISE_GUARDED = {("evaluating", "go_back", "system"), ("offered", "lapse", "system")}
"""Moves whose guard excludes that of another: what is closed cannot go back, what can be accepted does not lapse."""


@pytest.mark.parametrize(("kind", "state"), CASES, ids=IDS)
def test_moves_from_state_are_for_those_in_the_table(kind: Kind, state: str) -> None:
    who = factories.cast()
    record = ready(kind.model, state, who)
    assert record.state == state
    parts = who.everybody() | {"system": SYSTEM}
    assert set(parts) == set(EVERYBODY)
    before, wrong = everything(kind.model, record.pk), []
    for verb in kind.verbs:
        target, allowed = kind.moves[state].get(verb, ("", ()))
        for part in EVERYBODY:
            expected = target if part in allowed else "NotYou" if target else "NotNow"
            if (state, verb, part) in OTHERWISE_GUARDED:
                expected = "NotNow"
            trying = attempt if expected in ("NotNow", "NotYou") else outcome  # what is refused needs no taking back
            if (seen := trying(record, verb, parts[part])) != expected:
                wrong.append(f"{part} tries {verb} from {state}: {seen}, expected {expected}")
        assert everything(kind.model, record.pk) == before, "\n".join([f"{verb} from {state} left a trace", *wrong])
    assert not wrong, "\n".join(wrong)


def test_award_goes_back_to_active_when_a_report_is_open_again() -> None:
    who = factories.cast()
    award = factories.award_in("evaluating", who)
    assert outcome(award, "go_back", SYSTEM) == "NotNow"
    award.milestones.filter(number=1).update(settled_at=None)
    assert outcome(award, "go_back", SYSTEM) == "active"
    assert outcome(award, "close", who.approver) == "NotNow"


@pytest.mark.parametrize("kind", MACHINES, ids=str)
def test_table_knows_every_state_and_verb_of_the_machine(kind: Kind) -> None:
    assert set(kind.moves) == set(kind.model.State.values)  # type: ignore[attr-defined]
    assert set(kind.verbs) == {row.name for row in transitions_of(kind.model)}


def test_every_machine_has_a_table() -> None:
    assert {kind.model for kind in MACHINES} == set(machines())


def test_offer_lapses_and_is_no_longer_accepted_when_its_last_day_has_passed() -> None:
    who = factories.cast()
    award = factories.award_in("offered", who)
    Award.objects.filter(pk=award.pk).update(acceptance_due=local_today() - timedelta(days=1))
    assert outcome(award, "accept", who.signatory) == "NotNow"
    assert outcome(award, "lapse", who.signatory) == "NotYou"
    assert outcome(award, "lapse", SYSTEM) == "withdrawn"
    assert outcome(award, "withdraw", who.signatory) == "withdrawn"


GUARDED = [
    ("draft", "submit", "signatory", {"plan": ""}, "Title, description, plan"),
    ("draft", "submit", "signatory", {"amount_applied_for": 0}, "Title, description, plan"),
    ("draft", "submit", "signatory", {"call": None}, "The call must be open"),
    ("returned", "submit", "signatory", {"title": ""}, "Title, description, plan"),
    ("in_review", "offer", "approver", {"amount": 99}, "payments that sum"),
    ("in_review", "offer", "approver", {"starts": None}, "dates"),
    ("offered", "lapse", None, {}, "The last day for acceptance must have passed"),
]


@pytest.mark.parametrize(("state", "verb", "part", "change", "sentence"), GUARDED)
def test_award_guard_unmet_is_not_now(state: str, verb: str, part: str | None, change: Any, sentence: str) -> None:
    who = factories.cast()
    award = ready(Award, state, who)
    if change:
        Award.objects.filter(pk=award.pk).update(**change)
    with pytest.raises(NotNow, match=sentence):
        advance(Award, award.pk, verb, by=getattr(who, part) if part else SYSTEM, seen=None, **facts(award, verb))


def test_guard_unmet_does_not_tell_a_person_who_may_not_do_it() -> None:
    who = factories.cast()
    award = factories.draft_award(who, complete=False)
    with pytest.raises(NotYou):
        advance(Award, award.pk, "submit", by=who.stranger, seen=None)


def test_returned_application_can_be_submitted_again_after_the_call_has_closed() -> None:
    who = factories.cast()
    award = factories.award_in("returned", who)
    who.exemplars.calls.update(closes_at=timezone.now())
    assert outcome(award, "submit", who.signatory) == "submitted"
