"""Who may move an award or a payment. The docstring of a rule is the sentence that a person reads when it refuses."""

from typing import Any

from grants.lifecycle.actors import SYSTEM, Actor
from grants.people.models import MANAGING_ROLES, Role


def of_a_party(award: Any, by: Actor) -> bool:
    """Whether the person belongs to the recipient, the lead or a member organisation. Managed awards have no outside party."""
    return not award.managed and any(by.holds(organisation) for organisation in award.party_ids())


def has_conflict(award: Any, by: Actor) -> bool:
    """Whether the person has declared a conflict of interest in the award. All of theirs are read once, when first asked."""
    if by.pk is None:
        return False
    held: set[int] | None = getattr(by, "conflicts_held", None)
    if held is None:
        held = award.conflicts.held_by(by)
        by.conflicts_held = held  # type: ignore[attr-defined]
    return award.pk in held


def impartial(award: Any, by: Actor) -> bool:
    """Whether the person belongs to no party of the award and has declared no conflict of interest in it."""
    return not of_a_party(award, by) and not has_conflict(award, by)


def editor_or_signatory(award: Any, by: Actor) -> bool:
    """An editor or a signatory of the recipient does this."""
    return by.holds(award.organisation_id, Role.EDITOR, Role.SIGNATORY)


def signatory(award: Any, by: Actor) -> bool:
    """A signatory of the recipient does this."""
    return by.holds(award.organisation_id, Role.SIGNATORY)


def reviewer_or_approver(award: Any, by: Actor) -> bool:
    """A reviewer or an approver of the managing body does this, who belongs to no party and declared no conflict."""
    return by.holds(award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER) and impartial(award, by)


def approver(award: Any, by: Actor) -> bool:
    """An approver of the managing body does this, who belongs to no party and declared no conflict."""
    return by.holds(award.strand.managing_body_id, Role.APPROVER) and impartial(award, by)


def of_the_managing_body(award: Any, by: Actor) -> bool:
    """Somebody of the managing body reads this, who belongs to no party of the award."""
    return by.holds(award.strand.managing_body_id, *MANAGING_ROLES) and not of_a_party(award, by)


def watcher(award: Any, by: Actor) -> bool:
    """A reviewer or an approver of the managing body does this, or the award's manager or cover there."""
    named = by.pk is not None and by.pk in (award.manager_id, award.cover_id)
    return reviewer_or_approver(award, by) or (named and of_the_managing_body(award, by))


def payment_approver(tranche: Any, by: Actor) -> bool:
    """An approver of the managing body does this, who belongs to no party and declared no conflict."""
    return approver(tranche.award, by)


def payment_approver_or_system(tranche: Any, by: Actor) -> bool:
    """Exemplar does this itself, or an approver of the managing body who belongs to no party and declared no conflict."""
    return by is SYSTEM or approver(tranche.award, by)


def finance(tranche: Any, by: Actor) -> bool:
    """Somebody with the finance role at the managing body does this, who belongs to no party and declared no conflict."""
    award = tranche.award
    return by.holds(award.strand.managing_body_id, Role.FINANCE) and impartial(award, by)
