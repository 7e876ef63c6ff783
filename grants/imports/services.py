"""What people do with an import: typed verbs around the door. A file is written whole or not at all."""

import hashlib

from django.db import DatabaseError, IntegrityError, transaction

from grants.imports import permissions
from grants.imports.applying import apply_plan
from grants.imports.checking import Checked, check, first_awards
from grants.imports.models import Import
from grants.imports.reading import MOST_BYTES, Unreadable, read
from grants.lifecycle.actors import SYSTEM, Actor
from grants.lifecycle.door import NotNow, NotYou, advance, fresh
from grants.programmes.models import Programme

__all__ = [
    "MOST_BYTES",
    "Unreadable",
    "apply_import",
    "check_file",
    "discard_import",
    "preview",
    "retry_import",
    "upload",
]


def check_file(programme: Programme, name: str, content: bytes) -> Checked:
    """Read and check a file; nothing is written. Raises Unreadable."""
    return check(programme, read(name, content))


@transaction.atomic
def upload(programme: Programme, name: str, content: bytes, by: Actor) -> Import:
    """Keep a file and what checking it found. Raises Unreadable, and NotYou for anyone but an administrator."""
    name = " ".join(name.split())[-255:]
    record = Import(programme=programme, name=name, content=content, sha256=hashlib.sha256(content).hexdigest())
    if not permissions.administrator(record, fresh(by)):
        raise NotYou((permissions.administrator.__doc__ or "").strip())
    sheets = read(name, content)
    record.uploaded_by_id = by.pk
    record.save()
    advance(Import, record.pk, "check_file", by=SYSTEM, seen=None)
    checked = check(programme, sheets)
    if checked.faults:
        return advance(Import, record.pk, "find_faults", by=SYSTEM, seen=None, faults=checked.rows())
    return advance(Import, record.pk, "find_good", by=SYSTEM, seen=None, counts=checked.counts)


class _Changed(Exception):
    """The database has changed since the file was found good."""

    def __init__(self, checked: Checked) -> None:
        first = checked.faults[0]
        super().__init__(f"{first.sheet} {first.cell}: {first.fault} {first.mend}")


def apply_import(pk: int, *, by: Actor, seen: int | None) -> Import:
    """Check the file again under the lock, then write everything or nothing.

    Raises Stale, NotYou, and NotNow where it cannot be written: then the import has failed, and says why.
    """
    try:
        return _apply(pk, by=by, seen=seen)
    except _Changed as changed:
        reason = f"What is stored has changed since the file was checked. {changed}"
    except Unreadable as fault:
        reason = str(fault)
    except IntegrityError:
        reason = (
            "Somebody stored the same awards or organisations at the same moment. Make it ready, and apply it again."
        )
    except DatabaseError:
        reason = "The database did not take it just now. Make it ready, and apply it again."
    with transaction.atomic():
        advance(Import, pk, "apply", by=by, seen=seen)
        advance(Import, pk, "fail", by=SYSTEM, seen=None, reason=reason)
    raise NotNow(reason)


@transaction.atomic
def _apply(pk: int, *, by: Actor, seen: int | None) -> Import:
    record = advance(Import, pk, "apply", by=by, seen=seen)
    programme = Programme.objects.select_for_update(no_key=True).get(pk=record.programme_id)
    checked = check(programme, read(record.name, bytes(record.content)), lock=True)
    if checked.faults:
        raise _Changed(checked)
    apply_plan(programme, checked, name=record.name, by=by)
    return advance(Import, pk, "finish", by=SYSTEM, seen=None, counts=checked.counts)


def discard_import(pk: int, *, by: Actor, seen: int | None) -> Import:
    """Put a file away unapplied."""
    return advance(Import, pk, "discard", by=by, seen=seen)


def retry_import(pk: int, *, by: Actor, seen: int | None) -> Import:
    """Make a file that failed ready again."""
    return advance(Import, pk, "retry", by=by, seen=seen)


def preview(record: Import, most: int) -> Checked:
    """What the first awards of a kept file would become, as things stand now. Writes nothing."""
    sheets = read(record.name, bytes(record.content))
    return check(record.programme, first_awards(sheets, most))
