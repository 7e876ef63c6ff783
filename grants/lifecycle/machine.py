"""What every state machine has in common, and how the database is made to know its table.

A machine is one readable block of `@transition` methods on its model. Everything that follows from the block is derived
here: the triggers that refuse an illegal move or birth, and the list of transitions that diagrams, pages and tests read.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import pgtrigger
from django.apps import apps
from django.db import models
from django_fsm import Transition


class Machine(models.Model):
    """A record that moves through states, only ever through the door (`door.advance`).

    Subclasses add `state`, a protected `FSMField`. `revision` counts its moves: a page sends back the revision that it
    showed, so that an old page cannot act on a record that has moved since.
    """

    BORN: ClassVar[tuple[str, ...]] = ()
    """The states that a row may be inserted in."""

    ALONG: ClassVar[tuple[str, ...]] = ()
    """Relations that are fetched with a row that is locked, since rules and consequences read them."""

    revision = models.PositiveIntegerField(default=0, editable=False)

    if TYPE_CHECKING:
        state: Any

        def get_state_display(self) -> str: ...

    class Meta:
        abstract = True

    @classmethod
    def root_of(cls, pk: int) -> "tuple[type[Machine], int]":
        """The record that is locked first, and to whose history this record's moves belong: itself, unless overridden."""
        return cls, pk

    def stands_under(self, root: "Machine") -> None:
        """Take the root that was locked with this record, in place of fetching it again."""

    @property
    def key(self) -> str:
        """How history, acts and notices name this record, without a foreign key to it."""
        return key_of(type(self), self.pk)

    def clean_fields(self, exclude: Any = None) -> None:
        """Validate all but the state, which is protected from the assignment that Django's cleaning makes."""
        super().clean_fields({*(exclude or ()), "state"})


AnyMachine = TypeVar("AnyMachine", bound=Machine)


def key_of(model: type[models.Model], pk: int) -> str:
    """The text key of a record, such as "awards.award:12"."""
    return f"{model._meta.label_lower}:{pk}"


def transitions_of(model: type[Machine]) -> list[Transition]:
    """Every transition, a row for each source state, in the order in which the block is written."""
    fields: Any = model._meta  # the field stands on subclasses
    field = fields.get_field("state")
    return sorted(field.get_all_transitions(model), key=lambda row: row.method.__code__.co_firstlineno)


def machines() -> Iterator[type[Machine]]:
    """Every machine of the project, lower rooms first."""
    return (model for model in apps.get_models() if issubclass(model, Machine))


def roots() -> Iterator[type[Machine]]:
    """Every machine under whose lock and in whose history other records move, or only its own do."""
    own = Machine.root_of.__func__  # type: ignore[attr-defined]
    return (model for model in machines() if model.root_of.__func__ is own)  # type: ignore[attr-defined]


def enforced(model: type[AnyMachine]) -> type[AnyMachine]:
    """Class decorator: give the model's table the triggers that its block implies."""
    unborn = pgtrigger.Q()
    for state in model.BORN:
        unborn &= ~pgtrigger.Q(new__state=str(state))
    pgtrigger.register(
        pgtrigger.FSM(
            name="moves",
            field="state",
            transitions=sorted({(str(row.source), str(row.target)) for row in transitions_of(model)}),
        ),
        pgtrigger.Protect(name="birth", operation=pgtrigger.Insert, condition=unborn),
    )(model)
    return model
