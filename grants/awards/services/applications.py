"""The application: begun, written, submitted, reviewed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Upper

from grants.awards import permissions
from grants.awards.models import Award
from grants.awards.services.common import writable
from grants.formats import local_today
from grants.lifecycle.door import NotNow, NotYou, add_act, advance, write_history, write_history_once
from grants.lifecycle.models import Act
from grants.people.models import GRANTEE_ROLES, Community, Organisation, User
from grants.programmes.models import Call, Strand

APPLICATION = ("title", "description", "plan", "place", "starts", "ends", "amount_applied_for")


def next_reference(strand: Strand, year: int) -> str:
    """The next free reference of a strand, such as EX-2012-06. Call it inside a transaction: it locks the strand."""
    Strand.objects.select_for_update(no_key=True).get(pk=strand.pk)
    stem = f"{strand.code}-{year}-"
    taken = set(
        Award.objects.annotate(upper=Upper("reference"))
        .filter(upper__startswith=stem.upper())
        .values_list("upper", flat=True)
    )
    number = 1
    while f"{stem}{number:02d}".upper() in taken:
        number += 1
    return f"{stem}{number:02d}"


@transaction.atomic
def start_application(call: Call, *, by: User, organisation: Organisation, community: Community | None = None) -> Award:
    """Begin a draft for a call. Raises NotNow where the call is closed, NotYou where the person may not apply for that body."""
    if not call.is_open:
        raise NotNow("This call is closed.")
    if not by.holds(organisation.pk, *GRANTEE_ROLES):
        raise NotYou("An editor or a signatory of the applicant does this.")
    if community is not None and community.lead_id != organisation.pk:
        raise NotNow("A community applies through its lead.")
    if (call.strand.kind == Strand.Kind.COMMUNITIES) != (community is not None):
        raise NotNow("Communities answer the calls of a regional strand, organisations all others.")
    managed = call.strand.kind == Strand.Kind.MANAGED
    if managed and call.strand.managing_body_id != organisation.pk:
        raise NotNow("The managing body itself answers this call.")
    award = Award.objects.create(
        reference=next_reference(call.strand, local_today().year),
        strand=call.strand,
        call=call,
        organisation=organisation,
        community=community,
        managed=managed,
    )
    write_history(award, "start", by=by, sentence="Began the application")
    return award


@transaction.atomic
def save_application(pk: int, *, by: User, seen: int | None, values: Mapping[str, Any]) -> Award:
    """Store what is written so far; it may be incomplete. Raises Stale, NotNow or NotYou.

    It counts as a revision: nobody signs, or writes over, what was not on their page.
    """
    award = writable(pk, by, seen, ("draft", "returned"), permissions.editor_or_signatory)
    if all(getattr(award, name) == values[name] for name in APPLICATION):
        return award  # to read and go on to sign is not to write
    for name in APPLICATION:
        setattr(award, name, values[name])
    award.revision += 1
    award.save(update_fields=[*APPLICATION, "revision"])
    write_history_once(award, "write", by=by, sentence="Wrote in the application")
    return award


def submit_application(pk: int, *, by: User, seen: int | None) -> Award:
    """Sign and submit."""
    return advance(Award, pk, "submit", by=by, seen=seen)


def withdraw_application(pk: int, *, by: User, seen: int | None, reason: str = "") -> Award:
    """Take the application, or the offer, off the table."""
    return advance(Award, pk, "withdraw", by=by, seen=seen, reason=reason)


def start_application_review(pk: int, *, by: User, seen: int | None) -> Award:
    """Take an application into review."""
    return advance(Award, pk, "start_review", by=by, seen=seen)


def return_application(pk: int, *, by: User, seen: int | None, reason: str) -> Award:
    """Ask the applicant for changes."""
    return advance(Award, pk, "send_back", by=by, seen=seen, reason=reason)


def decline_application(pk: int, *, by: User, seen: int | None, reason: str) -> Award:
    """Refuse an application, with the reason that the applicant reads."""
    return advance(Award, pk, "decline", by=by, seen=seen, reason=reason)


@transaction.atomic
def recommend_application(pk: int, *, by: User, seen: int | None, note: str = "") -> Award:
    """Recommend an application to whoever approves it; that must be another person."""
    award = writable(pk, by, seen, ("in_review",), permissions.reviewer_or_approver)
    if missing := award.missing_from_offer():
        raise NotNow("Set the plan first: it is what you recommend.", *(f"{sentence}." for sentence in missing))
    add_act(award.subject, by, Act.Part.RECOMMENDED, note)
    write_history(award, "recommend", by=by, sentence="Recommended the application", reason=note)
    return award
