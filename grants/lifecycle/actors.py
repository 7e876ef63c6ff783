"""Who acts: a person, or Exemplar itself; and whom messages go to."""

from datetime import datetime
from typing import Any, Protocol


class Actor(Protocol):
    """Whoever moves a record. Every user is one; so is `SYSTEM`."""

    @property
    def pk(self) -> Any: ...

    def __str__(self) -> str: ...

    def holds(self, organisation_id: int | None, *roles: str) -> bool:
        """Whether the actor has one of the roles in that organisation today."""
        ...


class Addressee(Protocol):
    """Whom a message is owed to, and how they want it. Every user is one."""

    pk: Any
    email: str

    def mail_after(self, moment: datetime) -> datetime:
        """The first moment, from the given one on, at which mail goes to the person."""
        ...

    def no_mail_because(self) -> str:
        """Why none goes to them now, as a sentence; empty where it does."""
        ...


class SystemActor:
    """Exemplar itself, when a step follows from another or from the clock."""

    pk = None

    def __str__(self) -> str:
        return "Exemplar"

    def holds(self, organisation_id: int | None, *roles: str) -> bool:
        """The system has no role in any organisation."""
        return False


SYSTEM = SystemActor()


def system_only(record: object, by: Actor) -> bool:
    """Exemplar does this itself; nobody can do it by hand."""
    return by is SYSTEM
