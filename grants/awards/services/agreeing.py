"""What is agreed about an award: actions with an owner and a day; and conflicts of interest that people declare."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from grants import clock
from grants.awards import permissions
from grants.awards.models import Action, Award, Conflict
from grants.formats import date_words, local_today
from grants.lifecycle.door import NotNow, NotYou, fresh, lock, write_history
from grants.lifecycle.notices import notify
from grants.people.models import GRANTEE_ROLES, Role, User

BODY_ROLES = (Role.REVIEWER, Role.APPROVER, Role.FINANCE)
"""Whose home shows the actions that they own at the managing body."""


@dataclass(frozen=True)
class Agreed:
    """An action before it is raised."""

    text: str
    owner: User
    due_on: date


def who_can_own_actions(award: Award) -> QuerySet[User]:
    """The people of the recipient who write and sign, and those of the managing body who review, approve and pay."""
    grantees = User.objects.holding(award.organisation_id, *GRANTEE_ROLES)
    managers = User.objects.holding(award.strand.managing_body_id, *BODY_ROLES)
    return User.objects.filter(Q(pk__in=grantees.values("pk")) | Q(pk__in=managers.values("pk"))).order_by("name", "pk")


def raise_actions(award: Award, *, by: User, agreed: Iterable[Agreed], raised_in: str) -> list[Action]:
    """Write down what was agreed; each owner is told. Call it inside the transaction of what it was agreed with.

    Raises NotNow where an action says nothing, is due before today, or has an owner who is of neither side.
    """
    agreed = list(agreed)
    people = {person.pk for person in who_can_own_actions(award)} if agreed else set()
    grantees = (
        {person.pk for person in User.objects.holding(award.organisation_id, *GRANTEE_ROLES)} if agreed else set()
    )
    raised = []
    for one in agreed:
        if not one.text.strip():
            raise NotNow("Say what is to be done.")
        if one.due_on < local_today():
            raise NotNow(f"{date_words(one.due_on)} has passed: give today or a later day for an action.")
        if one.owner.pk not in people:
            raise NotNow(f"{one.owner} is neither of the recipient nor of the managing body: choose another owner.")
        side = Action.Side.RECIPIENT if one.owner.pk in grantees and not award.managed else Action.Side.MANAGING_BODY
        action = award.actions.create(
            text=one.text.strip(), owner=one.owner, side=side, due_on=one.due_on, raised_in=raised_in, raised_by=by
        )
        told = f"{action.text} {action.owner}, by {date_words(action.due_on)}."
        write_history(award, "agree", by=by, sentence="Agreed an action", reason=told)
        notify(
            [action.owner],
            award,
            f"action-{action.pk}",
            f"{raised_in}. {action.text}" if raised_in else action.text,
            action.get_absolute_url(),
            subject=f"Do by {date_words(action.due_on)}: {action.text}",
            due=action.due_on,
            reply_to=award.answers_to,
        )
        raised.append(action)
    return raised


def can_do(action: Action, by: User) -> bool:
    """Its owner does this, or somebody who looks after the award at the managing body."""
    return action.owner_id == by.pk or permissions.watcher(action.award, by)


@transaction.atomic
def mark_action_done(pk: int, *, by: User, word: str) -> Action:
    """Say that an action is done, with a word about it. Raises NotNow and NotYou."""
    award = lock(Award, Action.objects.values_list("award", flat=True).get(pk=pk))
    action = Action.objects.select_related("owner", "done_by", "award__strand").get(pk=pk)
    if not can_do(action, fresh(by)):  # type: ignore[arg-type]
        raise NotYou(can_do.__doc__ or "")
    if action.done_at is not None:
        raise NotNow(f"{action.done_by} said so already, on {date_words(action.done_at)}: {action.word}")
    if not word.strip():
        raise NotNow("Say in a word what was done.")
    return _close(award, action, by, word)


def close_actions(award: Award, *, by: User, done: Iterable[tuple[Action, str]]) -> None:
    """Mark those among some actions as done that are still open, each with its word. Call it inside a transaction."""
    for action, word in done:
        if action.done_at is None:
            _close(award, action, by, word)


def _close(award: Award, action: Action, by: User, word: str) -> Action:
    action.done_at, action.done_by, action.word = clock.now(), by, word.strip()
    action.save(update_fields=["done_at", "done_by", "word"])
    write_history(award, "act", by=by, sentence="Marked an action as done", reason=f"{action.text} {action.word}")
    return action


# --- Conflicts of interest --------------------------------------------------------------------------------------------


@transaction.atomic
def declare_conflict(pk: int, *, by: User, sentence: str) -> Conflict:
    """Keep out of an award's reviews and decisions from now on. Raises NotNow and NotYou."""
    return _declare(pk, by, sentence, withdrawn=False)


@transaction.atomic
def withdraw_conflict(pk: int, *, by: User, sentence: str) -> Conflict:
    """Say that a declared conflict is over, and why. Raises NotNow and NotYou."""
    return _declare(pk, by, sentence, withdrawn=True)


def _declare(pk: int, by: User, sentence: str, *, withdrawn: bool) -> Conflict:
    award, person = lock(Award, pk), fresh(by)
    if not permissions.of_the_managing_body(award, person):
        raise NotYou(permissions.of_the_managing_body.__doc__ or "")
    if permissions.has_conflict(award, person) != withdrawn:
        raise NotNow(
            "You have declared no conflict here." if withdrawn else "You have declared a conflict here already."
        )
    if not sentence.strip():
        raise NotNow("Say in a sentence why.")
    conflict = award.conflicts.create(person=by, withdrawn=withdrawn, sentence=sentence.strip())
    said = "Withdrew a conflict of interest" if withdrawn else "Declared a conflict of interest"
    write_history(award, "conflict", by=by, sentence=said, reason=conflict.sentence)
    return conflict
