"""Messages owed to people."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import Truncator

from grants.lifecycle.machine import Machine, key_of
from grants.lifecycle.models import Notice

LONGEST = 400  # characters, as the column has it


def notify(people: Iterable[Any], record: Machine, what: str, text: str, link: str) -> None:
    """Owe each person one notice about this move of the record. The same move twice owes it once."""
    top, top_pk = record.root_of(record.pk)
    event = f"{record.key}/{what}/{record.revision}"
    text = Truncator(text).chars(LONGEST)
    Notice.objects.bulk_create(
        [
            Notice(person_id=person.pk, event=event, root=key_of(top, top_pk), text=text, link=link)
            for person in {person.pk: person for person in people}.values()
        ],
        ignore_conflicts=True,
    )
