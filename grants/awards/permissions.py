"""Who may move an award or a payment. The docstring of a rule is the sentence that a person reads when it refuses."""

from typing import Any

from grants.lifecycle.actors import SYSTEM, Actor
from grants.people.models import MANAGING_ROLES, Role


def of_a_party(award: Any, by: Actor) -> bool:
    """Whether the person belongs to the recipient, the lead or a member organisation. Managed awards have no outside party."""
    return not award.managed and any(by.holds(organisation) for organisation in award.party_ids())


def editor_or_signatory(award: Any, by: Actor) -> bool:
    """An editor or a signatory of the recipient does this."""
    return by.holds(award.organisation_id, Role.EDITOR, Role.SIGNATORY)


def signatory(award: Any, by: Actor) -> bool:
    """A signatory of the recipient does this."""
    return by.holds(award.organisation_id, Role.SIGNATORY)


def reviewer_or_approver(award: Any, by: Actor) -> bool:
    """A reviewer or an approver of the managing body does this, who belongs to no party of the award."""
    return by.holds(award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER) and not of_a_party(award, by)


def approver(award: Any, by: Actor) -> bool:
    """An approver of the managing body does this, who belongs to no party of the award."""
    return by.holds(award.strand.managing_body_id, Role.APPROVER) and not of_a_party(award, by)


def of_the_managing_body(award: Any, by: Actor) -> bool:
    """Somebody of the managing body reads this, who belongs to no party of the award."""
    return by.holds(award.strand.managing_body_id, *MANAGING_ROLES) and not of_a_party(award, by)


def watcher(award: Any, by: Actor) -> bool:
    """A reviewer or an approver of the managing body does this, or the award's manager or cover there."""
    named = by.pk is not None and by.pk in (award.manager_id, award.cover_id)
    return reviewer_or_approver(award, by) or (named and of_the_managing_body(award, by))


def payment_approver(tranche: Any, by: Actor) -> bool:
    """An approver of the managing body does this, who belongs to no party of the award."""
    return approver(tranche.award, by)


def payment_approver_or_system(tranche: Any, by: Actor) -> bool:
    """Exemplar does this itself, or an approver of the managing body who belongs to no party of the award."""
    return by is SYSTEM or approver(tranche.award, by)


def finance(tranche: Any, by: Actor) -> bool:
    """Somebody with the finance role at the managing body does this, who belongs to no party of the award."""
    award = tranche.award
    return by.holds(award.strand.managing_body_id, Role.FINANCE) and not of_a_party(award, by)
