"""What people do with a payment."""

from datetime import date
from typing import Any

from grants.awards.models import Tranche
from grants.awards.services import release_if_earned
from grants.formats import date_words, local_day, local_today
from grants.lifecycle.door import NotNow, advance, after


def release_payment(pk: int, *, by: Any, seen: int | None) -> Tranche:
    """Release by hand a payment that no approval releases: after a waived report, for example."""
    return advance(Tranche, pk, "release", by=by, seen=seen)


def hold_payment(pk: int, *, by: Any, seen: int | None, reason: str) -> Tranche:
    """Keep a scheduled payment back, whatever is approved."""
    return advance(Tranche, pk, "hold", by=by, seen=seen, reason=reason)


def unhold_payment(pk: int, *, by: Any, seen: int | None) -> Tranche:
    """Stop holding a payment; what was earned meanwhile is released."""
    return advance(Tranche, pk, "unhold", by=by, seen=seen)


def cancel_payment(pk: int, *, by: Any, seen: int | None, reason: str) -> Tranche:
    """Give up a payment that was not paid."""
    return advance(Tranche, pk, "cancel", by=by, seen=seen, reason=reason)


def record_payment(pk: int, *, by: Any, seen: int | None, paid_on: date, payment_reference: str = "") -> Tranche:
    """Record that the money was sent, on a day that has come."""
    if paid_on > local_today():
        raise NotNow("The payment's date lies in the future: give the day on which it was sent.")
    released_at = Tranche.objects.values_list("released_at", flat=True).get(pk=pk)
    if released_at is not None and paid_on < local_day(released_at):
        raise NotNow(f"The payment was released on {date_words(released_at)}: give that day or a later one.")
    return advance(Tranche, pk, "pay", by=by, seen=seen, paid_on=paid_on, payment_reference=payment_reference)


@after(Tranche, "unhold")
def release_what_was_earned(tranche: Tranche, **facts: Any) -> None:
    """It is released where its milestone was settled, or the award accepted, meanwhile."""
    settled = tranche.milestone.settled_at if tranche.milestone else tranche.award.accepted_at
    if settled is not None:
        release_if_earned([tranche])
