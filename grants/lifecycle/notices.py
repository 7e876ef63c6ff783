"""Messages owed to people: written in the transaction of what caused them, shown on pages, and sent by mail (mail.py)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.text import Truncator

from grants.lifecycle import mail
from grants.lifecycle.actors import Addressee
from grants.lifecycle.machine import Machine, key_of
from grants.lifecycle.models import Notice

SUBJECT, TEXT = 160, 400  # characters, as the columns have it
_not_mailed: ContextVar[str] = ContextVar("not_mailed", default="")


def notify(
    people: Iterable[Any],
    record: Machine,
    what: str,
    text: str,
    link: str,
    *,
    subject: str,
    due: date | None = None,
    reply_to: str = "",
) -> None:
    """Owe each person one message about this move of the record. The same move twice owes it once.

    The subject says what it is and, where something is due, by when: "Sign by 14 May 2012: EX-2012-01 Milestone 2".
    """
    top, top_pk = record.root_of(record.pk)
    event = f"{record.key}/{what}/{record.revision}"
    owe(people, key_of(top, top_pk), event, subject, text, link, due=due, reply_to=reply_to)


def owe(
    people: Iterable[Addressee],
    root: str,
    event: str,
    subject: str,
    text: str,
    link: str,
    *,
    due: date | None = None,
    reply_to: str = "",
) -> None:
    """Owe each person one message about an event that no move is, such as a day that comes near: once per event."""
    owed = (
        Notice(
            person_id=person.pk,
            event=event,
            root=root,
            subject=Truncator(" ".join(subject.split())).chars(SUBJECT),
            text=Truncator(text.strip()).chars(TEXT),
            link=link,
            due=due,
            reply_to=reply_to,
            **_plan(person),
        )
        for person in {person.pk: person for person in people}.values()
    )
    Notice.objects.bulk_create(owed, ignore_conflicts=True)


def _plan(person: Addressee) -> dict[str, Any]:
    """From when on mail is sent, or why none is."""
    if why := _not_mailed.get() or person.no_mail_because():
        return {"state": Notice.State.NOT_SENT, "why": why}
    return {"send_at": mail.planned_for(person)}


@contextmanager
def not_mailed(why: str) -> Iterator[None]:
    """Within this block messages are owed and shown, and no mail is sent of them: for what is told of the past."""
    token = _not_mailed.set(why)
    try:
        yield
    finally:
        _not_mailed.reset(token)


def why_not_mailed() -> str:
    """Why no mail is sent now of anything; empty where it is."""
    return _not_mailed.get()


def about(root: Machine) -> QuerySet[Notice]:
    """Every message about a record, newest first, with its person and what became of the mail (`Notice.word`).

    Whoever calls this has fetched the root with `visible_to`.
    """
    waits = Q(state=Notice.State.WAITING, tries=0, send_at__gt=mail.digest_from())
    return (
        Notice.objects.filter(root=root.key)
        .select_related("person")
        .annotate(in_digest=Case(When(waits, then=Value(True)), default=Value(False)))
    )
