"""What people do with an award: typed verbs around the door, and what follows from its moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models.functions import Upper

from grants.awards import permissions
from grants.awards.models import Award, BudgetLine, Funding, Milestone, Target, Tranche
from grants.formats import local_today, split_by_shares
from grants.lifecycle.actors import SYSTEM, Actor
from grants.lifecycle.door import (
    NotNow,
    NotYou,
    add_act,
    advance,
    after,
    check_fresh,
    fresh,
    lock,
    write_history,
    write_history_once,
)
from grants.lifecycle.models import Act
from grants.lifecycle.notices import notify
from grants.people.models import GRANTEE_ROLES, Community, Organisation, Role, User
from grants.programmes.models import Call, Indicator, Strand

APPLICATION = ("title", "description", "plan", "place", "starts", "ends", "amount_applied_for")


# --- The application ------------------------------------------------------------------------------------------------------


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
    award = _writable(pk, by, seen, ("draft", "returned"), permissions.editor_or_signatory)
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
    award = _writable(pk, by, seen, ("in_review",), permissions.reviewer_or_approver)
    if missing := award.missing_from_offer():
        raise NotNow("Set the plan first: it is what you recommend.", *(f"{sentence}." for sentence in missing))
    add_act(award.subject, by, Act.Part.RECOMMENDED, note)
    write_history(award, "recommend", by=by, sentence="Recommended the application", reason=note)
    return award


# --- The offer ------------------------------------------------------------------------------------------------------------


@dataclass
class Plan:
    """What an offer promises: amount and dates, and the rows that hang on the award."""

    amount: Decimal
    starts: date
    ends: date
    manager: User | None = None
    milestones: Sequence[Mapping[str, Any]] = field(default_factory=list)
    """Rows of number, title, kind, period_start, period_end, opens_on, due_on, promise."""
    tranches: Sequence[Mapping[str, Any]] = field(default_factory=list)
    """Rows of milestone (its number, or None for acceptance) and amount."""
    targets: Sequence[tuple[Indicator, Decimal]] = field(default_factory=list)
    budget: Sequence[tuple[str, Decimal]] = field(default_factory=list)


@transaction.atomic
def save_plan(pk: int, *, by: User, seen: int | None, plan: Plan) -> Award:
    """Set amount, dates, milestones, payments, targets and budget of an application in review, in place of what was set."""
    award = _writable(pk, by, seen, ("in_review",), permissions.reviewer_or_approver)
    if award.has_recommendation:
        raise NotNow("The plan was recommended as it stands. Return the application to change it.")
    award.amount, award.starts, award.ends, award.manager = plan.amount, plan.starts, plan.ends, plan.manager
    award.revision += 1
    award.save(update_fields=["amount", "starts", "ends", "manager", "revision"])
    write_plan(award, plan)
    write_history(award, "plan", by=by, sentence="Set the amount, dates, milestones and payments")
    return award


def write_plan(award: Award, plan: Plan) -> None:
    """Put the plan's rows in place of those that the award has. For an award whose reports are not opened yet."""
    for rows in (award.tranches, award.milestones, award.targets, award.budget_lines):
        rows.all().delete()
    milestones = {row["number"]: Milestone.objects.create(award=award, **row) for row in plan.milestones}
    Tranche.objects.bulk_create(
        Tranche(award=award, number=number, amount=row["amount"], milestone=milestones.get(row["milestone"]))
        for number, row in enumerate(plan.tranches, 1)
    )
    Target.objects.bulk_create(
        Target(award=award, indicator=indicator, value=value) for indicator, value in plan.targets
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(award=award, title=title, amount=amount, position=position)
        for position, (title, amount) in enumerate(plan.budget)
    )


def offer_award(pk: int, *, by: User, seen: int | None, acceptance_due: date) -> Award:
    """Offer the award as planned, to be accepted by a day."""
    if acceptance_due < local_today():
        raise NotNow("The last day for acceptance has passed: give a later one.")
    return advance(Award, pk, "offer", by=by, seen=seen, acceptance_due=acceptance_due)


def accept_offer(pk: int, *, by: User, seen: int | None) -> Award:
    """Accept the offer: reports are opened and the payment on acceptance is released."""
    return advance(Award, pk, "accept", by=by, seen=seen)


def lapse_offers(today: date) -> int:
    """Withdraw every offer whose last day for acceptance has passed; returns how many."""
    late = Award.objects.filter(state="offered", acceptance_due__lt=today).values_list("pk", flat=True)
    count = 0
    for pk in late:
        try:
            advance(Award, pk, "lapse", by=SYSTEM, seen=None)
            count += 1
        except NotNow:
            continue  # accepted or withdrawn in the meantime
    return count


# --- The live award -------------------------------------------------------------------------------------------------------


def suspend_award(pk: int, *, by: User, seen: int | None, reason: str) -> Award:
    """Stop submitting and approving for a while; grantees may write on."""
    return advance(Award, pk, "suspend", by=by, seen=seen, reason=reason)


def resume_award(pk: int, *, by: User, seen: int | None) -> Award:
    """Let a suspended award go on."""
    return advance(Award, pk, "resume", by=by, seen=seen)


def close_award(pk: int, *, by: User, seen: int | None) -> Award:
    """Close an award whose reports are settled and whose payments are paid or cancelled."""
    return advance(Award, pk, "close", by=by, seen=seen)


def terminate_award(pk: int, *, by: User, seen: int | None, reason: str) -> Award:
    """End an award early: open payments are cancelled, open reports abandoned."""
    return advance(Award, pk, "terminate", by=by, seen=seen, reason=reason)


def reconsider(award: Award) -> Award:
    """Move the award between active and evaluating as its milestones stand. Call it inside the transaction that changed them."""
    award = Award.objects.get(pk=award.pk)
    unsettled = award.milestones.filter(kind=Milestone.Kind.REPORT, settled_at=None).exists()
    if award.state == Award.State.ACTIVE and not unsettled:
        return advance(Award, award.pk, "begin_evaluation", by=SYSTEM, seen=None)
    if award.state == Award.State.EVALUATING and unsettled:
        return advance(Award, award.pk, "go_back", by=SYSTEM, seen=None)
    return award


def fund_by_shares(award: Award) -> None:
    """Split the award's amount among the programme's funders by their shares, to the penny, in place of earlier fundings."""
    shares = list(award.strand.programme.shares.all())
    award.fundings.all().delete()
    if award.amount is not None and shares:
        parts = split_by_shares(award.amount, [share.per_cent for share in shares])
        Funding.objects.bulk_create(
            Funding(award=award, funder_id=share.funder_id, amount=part)
            for share, part in zip(shares, parts, strict=True)
        )


# --- What follows ---------------------------------------------------------------------------------------------------------


@after(Award, "submit")
def sign_the_application(award: Award, *, by: User, **facts: Any) -> None:
    """Whoever signed has a part in it, so that nobody offers what they signed themselves."""
    add_act(award.subject, by, Act.Part.SIGNED)


@after(Award, "submit")
def tell_the_managing_body(award: Award, **facts: Any) -> None:
    """Reviewers and approvers get a notice."""
    notify(_managers(award), award, "submit", f"{award.recipient} submitted an application.", award.get_absolute_url())


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
    word = award.get_state_display().lower()
    text = f"{award.title}: the award is now {word}."
    notify(_grantees(award), award, word, f"{text} {reason}".strip(), award.get_absolute_url())


@after(Award, "accept")
def release_on_acceptance(award: Award, **facts: Any) -> None:
    """The payment on acceptance is released."""
    for tranche in award.tranches.filter(milestone=None, state=Tranche.State.SCHEDULED):
        advance(Tranche, tranche.pk, "release", by=SYSTEM, seen=None)


@after(Award, "accept")
def tell_that_it_was_accepted(award: Award, **facts: Any) -> None:
    """Reviewers and approvers get a notice."""
    notify(_managers(award), award, "accept", f"{award.recipient} accepted the offer.", award.get_absolute_url())


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


def release_if_earned(tranches: Iterable[Tranche]) -> None:
    """Release the scheduled ones among these payments; held ones stay held."""
    for tranche in tranches:
        if tranche.state == Tranche.State.SCHEDULED:
            advance(Tranche, tranche.pk, "release", by=SYSTEM, seen=None)


def _managers(award: Award) -> Iterable[User]:
    return User.objects.holding(award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER)


def _grantees(award: Award) -> Iterable[User]:
    return User.objects.holding(award.organisation_id, *GRANTEE_ROLES)


def _writable(pk: int, by: Actor, seen: int | None, states: tuple[str, ...], rule: Any) -> Award:
    """The award under its lock, where it is in one of the states and the rule lets the person; else Stale, NotNow, NotYou."""
    award = lock(Award, pk)
    check_fresh(award, seen)
    if award.state not in states:
        raise NotNow(f"This cannot be done now: the award is {award.get_state_display().lower()}.")
    if not rule(award, fresh(by)):
        raise NotYou(rule.__doc__)
    return award
