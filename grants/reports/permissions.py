"""Who may move a report. The docstring of a rule is the sentence that a person reads when it refuses."""

from typing import Any

from grants.awards import permissions as of_award
from grants.lifecycle.actors import SYSTEM, Actor
from grants.people.models import GRANTEE_ROLES


def editor_or_signatory(report: Any, by: Actor) -> bool:
    """An editor or a signatory of the recipient does this."""
    return of_award.editor_or_signatory(report.award, by)


def of_the_community(report: Any, by: Actor) -> bool:
    """An editor or a signatory of the recipient, or of a member of its community, does this."""
    return any(by.holds(organisation, *GRANTEE_ROLES) for organisation in report.award.party_ids())


def whoever_asked(report: Any, by: Actor) -> bool:
    """Whoever asked for the signature takes it back; a signatory can decline it."""
    return by.pk is not None and report.asked_by_id == by.pk and of_award.editor_or_signatory(report.award, by)


def signatory(report: Any, by: Actor) -> bool:
    """A signatory of the recipient does this."""
    return of_award.signatory(report.award, by)


def second_signatory(report: Any, by: Actor) -> bool:
    """A signatory of the recipient does this, another person than the one who asked (light awards need one signature)."""
    return of_award.signatory(report.award, by) and (report.needs_one_signature or report.asked_by_id != by.pk)


def reviewer_or_approver(report: Any, by: Actor) -> bool:
    """A reviewer or an approver of the managing body does this, who belongs to no party and declared no conflict."""
    return of_award.reviewer_or_approver(report.award, by)


def approver(report: Any, by: Actor) -> bool:
    """An approver of the managing body does this, who belongs to no party and declared no conflict."""
    return of_award.approver(report.award, by)


def approver_of_a_report(report: Any, by: Actor) -> bool:
    """An approver of the managing body does this, who belongs to no party and declared no conflict; a correction is not waived."""
    return report.corrects_id is None and of_award.approver(report.award, by)


def whoever_corrects_or_system(report: Any, by: Actor) -> bool:
    """Exemplar does this itself when the award ends; of a correction an editor or a signatory of the recipient does it."""
    return by is SYSTEM or (report.corrects_id is not None and of_award.editor_or_signatory(report.award, by))
