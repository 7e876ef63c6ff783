"""The one door: every move of every machine goes through `advance`.

Lock the root, then the row; check that the page was fresh, that the move exists from here, its permission and its guards;
record the person's part where four eyes are asked for; move, write history, run what follows. Only services import this.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction

from grants.lifecycle.actors import SYSTEM, Actor
from grants.lifecycle.machine import AnyMachine, Machine, key_of, transitions_of
from grants.lifecycle.models import Act, HistoryEntry

Consequence = Callable[..., None]
OWN_PART = {
    Act.Part.ASKED: "You asked for the signature",
    Act.Part.SIGNED: "You signed this",
    Act.Part.RECOMMENDED: "You recommended this",
    Act.Part.APPROVED: "You approved this",
    Act.Part.REQUESTED: "You asked for this document",
    Act.Part.RELEASED: "You released this",
}
_consequences: dict[tuple[type[Machine], str], list[Consequence]] = defaultdict(list)


class Refused(Exception):
    """A move that was not made. `sentences` say why, in words for the person who asked."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


class NotNow(Refused):
    """The record's state, or a guard, does not allow the move now."""


class NotYou(Refused):
    """The move is possible, but not for this person."""


class Stale(Refused):
    """The record has moved since the page was shown."""


def after(model: type[Machine], name: str) -> Callable[[Consequence], Consequence]:
    """Register what follows a transition, in the same transaction. The consequence gets the record, `by` and the facts.

    Raises ImproperlyConfigured at start where the model has no such transition.
    """
    if name not in {row.name for row in transitions_of(model)}:
        raise ImproperlyConfigured(f"{model.__name__} has no transition {name!r}")

    def register(consequence: Consequence) -> Consequence:
        _consequences[model, name].append(consequence)
        return consequence

    return register


def consequences_of(model: type[Machine], name: str) -> list[Consequence]:
    """What follows a transition, in the order of registration: lower rooms first."""
    return _consequences[model, name]


def lock(model: type[AnyMachine], pk: int) -> AnyMachine:
    """Lock the root and then the row, in this order everywhere, so that there is no deadlock. Call inside a transaction."""
    top, top_pk = model.root_of(pk)
    root: Any = _locked(top, top_pk)
    if (top, top_pk) == (model, pk):
        return root
    record = _locked(model, pk)
    record.stands_under(root)
    return record


def _locked(model: type[AnyMachine], pk: int) -> AnyMachine:
    rows = model._default_manager.select_for_update(of=("self",), no_key=True)
    return rows.select_related(*model.ALONG).get(pk=pk) if model.ALONG else rows.get(pk=pk)


def fresh(by: Actor) -> Actor:
    """The person as the database knows them now: a role that ended, or an account that was closed, no longer counts."""
    return by if isinstance(by, type(SYSTEM)) else by.__class__._default_manager.get(pk=by.pk)  # type: ignore[attr-defined]


def check_fresh(record: Machine, seen: int | None) -> None:
    """Raise Stale where the page showed another revision than this one. `None` is for steps that no page asked for."""
    if seen is not None and seen != record.revision:
        last = HistoryEntry.objects.filter(record=record.key).first()
        raise Stale(
            "This has changed since you opened the page, so nothing was done.",
            f"Last: {last.sentence} ({last.actor})." if last else "Look at it again.",
        )


@transaction.atomic
def advance(
    model: type[AnyMachine], pk: int, name: str, *, by: Actor, seen: int | None, reason: str = "", **facts: Any
) -> AnyMachine:
    """Make one move and everything that follows from it, or nothing.

    Raises Stale, NotNow or NotYou, and the model's DoesNotExist.
    """
    record = lock(model, pk)
    by = fresh(by)
    check_fresh(record, seen)
    move, source = getattr(record, name), record.state
    if not move._django_fsm.has_transition(source):
        raise NotNow(
            f"This cannot be done now: the {model._meta.verbose_name} is {record.get_state_display().lower()}."
        )
    step = move._django_fsm.get_transition(source)
    if not step.has_perm(record, by):
        raise NotYou(step.permission.__doc__.strip())
    unmet = [condition.__doc__.strip() for condition in step.conditions if not condition(record)]
    if step.custom.get("reason") and not reason.strip():
        unmet.append("Give a reason: the people concerned read it.")
    if unmet:
        raise NotNow(*unmet)
    if part := step.custom.get("part"):
        facts["act"] = add_act(record.subject, by, part)  # type: ignore[attr-defined]
    before = dict(vars(record))
    move(by=by, **facts)
    record.revision += 1
    record.save(update_fields=_changed_since(before, record))
    write_history(record, name, by=by, source=source, reason=reason, sentence=step.custom["done"])
    for consequence in consequences_of(model, name):
        consequence(record, by=by, reason=reason, **facts)
    _answer_deferred_constraints()
    return record


def _changed_since(before: dict[str, Any], record: Machine) -> list[str]:
    """The fields that a move set: only these are written, so that frozen columns and large ones stay untouched."""
    now = vars(record)
    return [field.name for field in record._meta.concrete_fields if now[field.attname] != before[field.attname]]


def write_history(
    record: Machine, what: str, *, by: Actor, sentence: str, source: str = "", reason: str = ""
) -> HistoryEntry:
    """Add one line to the history of the record's root."""
    top, top_pk = record.root_of(record.pk)
    return HistoryEntry.objects.create(
        root=key_of(top, top_pk),
        record=record.key,
        what=what,
        source=source,
        target=record.state,
        sentence=sentence,
        reason=reason,
        person_id=by.pk,
        actor=str(by),
    )


def write_history_once(record: Machine, what: str, *, by: Actor, sentence: str) -> None:
    """Add the line unless the record's last one says the same of the same person: one line for a spell of writing."""
    last = HistoryEntry.objects.filter(record=record.key).first()
    if last is None or (last.what, last.person_id) != (what, by.pk):
        write_history(record, what, by=by, sentence=sentence)


def note(key: str, what: str, *, by: Actor, sentence: str, reason: str = "") -> HistoryEntry:
    """Add one line to the history of a record that is no machine, such as a person: its own root."""
    return HistoryEntry.objects.create(
        root=key, record=key, what=what, sentence=sentence, reason=reason, person_id=by.pk, actor=str(by)
    )


def own_part(subject: str, person: Actor) -> str:
    """Which part the person has in a subject already, as a sentence that says why another must go on; empty for none."""
    earlier = Act.objects.filter(subject=subject, person_id=person.pk).first()
    return why_another(earlier) if earlier else ""


def why_another(act: Act) -> str:
    """For whoever has that part: why somebody else must go on."""
    return f"{OWN_PART[Act.Part(act.part)]} yourself, so another person must do this step."


def add_act(subject: str, person: Actor, part: Act.Part, note: str = "") -> Act:
    """Record a person's part in a subject. Raises NotYou where the person already has one: four eyes."""
    if sentence := own_part(subject, person):
        raise NotYou(sentence)
    return Act.objects.create(subject=subject, person_id=person.pk, part=part, note=note)


def acts_on(subject: str) -> models.QuerySet[Act]:
    """The parts that people have in a subject, oldest first."""
    return Act.objects.filter(subject=subject).select_related("person").order_by("at", "pk")


def _answer_deferred_constraints() -> None:
    """Let deferred constraints answer here and not at commit, where nobody could tell what caused them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
