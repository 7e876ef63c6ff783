"""What follows from the moves of an award, in the same transaction."""

from typing import Any

from grants.awards.models import Award, Tranche
from grants.awards.services.common import grantees_of, managers_of
from grants.awards.services.offers import fund_by_shares
from grants.awards.services.running import reconsider
from grants.formats import date_words
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import add_act, advance, after
from grants.lifecycle.models import Act
from grants.lifecycle.notices import notify
from grants.people.models import User

TOLD_AS = {
    Award.State.OFFERED: "An offer, to be accepted",
    Award.State.RETURNED: "Application returned, to be mended",
    Award.State.DECLINED: "Application declined",
    Award.State.SUSPENDED: "Award suspended",
    Award.State.ACTIVE: "Award goes on",
    Award.State.EVALUATING: "Award goes on",
    Award.State.CLOSED: "Award closed",
    Award.State.TERMINATED: "Award terminated",
}
"""What the recipient is told of an award that is now in a state."""


@after(Award, "submit")
def sign_the_application(award: Award, *, by: User, **facts: Any) -> None:
    """Whoever signed has a part in it, so that nobody offers what they signed themselves."""
    add_act(award.subject, by, Act.Part.SIGNED)


@after(Award, "submit")
def tell_the_managing_body(award: Award, **facts: Any) -> None:
    """Reviewers and approvers get a notice."""
    notify(
        managers_of(award),
        award,
        "submit",
        f"{award.recipient} submitted it. Its review can begin.",
        award.get_absolute_url(),
        subject=f"An application to review: {award}",
    )


@after(Award, "offer")
def share_among_funders(award: Award, **facts: Any) -> None:
    """The amount is split among the programme's funders"""
    fund_by_shares(award)


@after(Award, "offer")
@after(Award, "send_back")
@after(Award, "decline")
@after(Award, "suspend")
@after(Award, "resume")
@after(Award, "close")
@after(Award, "terminate")
def tell_the_recipient(award: Award, *, reason: str = "", **facts: Any) -> None:
    """The recipient's editors and signatories get a notice."""
    due = award.acceptance_due if award.state == Award.State.OFFERED else None
    notify(
        grantees_of(award),
        award,
        award.get_state_display().lower(),
        reason,
        award.get_absolute_url(),
        subject=f"{TOLD_AS[award.state]}{f' by {date_words(due)}' if due else ''}: {award}",
        due=due,
        reply_to=award.answers_to,
    )


@after(Award, "accept")
def release_on_acceptance(award: Award, **facts: Any) -> None:
    """The payment on acceptance is released."""
    for tranche in award.tranches.filter(milestone=None, state=Tranche.State.SCHEDULED):
        advance(Tranche, tranche.pk, "release", by=SYSTEM, seen=None)


@after(Award, "accept")
def tell_that_it_was_accepted(award: Award, **facts: Any) -> None:
    """Reviewers and approvers get a notice."""
    notify(
        managers_of(award),
        award,
        "accept",
        f"{award.recipient} accepted it. Its reports are open, and the payment on acceptance is released.",
        award.get_absolute_url(),
        subject=f"Offer accepted: {award}",
    )


@after(Award, "accept")
@after(Award, "resume")
def reconsider_after(award: Award, **facts: Any) -> None:
    """Active or evaluating is decided anew."""
    reconsider(award)


@after(Award, "terminate")
def cancel_open_payments(award: Award, *, reason: str = "", **facts: Any) -> None:
    """Open payments are cancelled."""
    for tranche in award.tranches.exclude(state__in=[Tranche.State.PAID, Tranche.State.CANCELLED]):
        advance(Tranche, tranche.pk, "cancel", by=SYSTEM, seen=None, reason=f"The award was terminated. {reason}")
