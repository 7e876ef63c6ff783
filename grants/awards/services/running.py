"""The running award: suspended, resumed, evaluated, ended."""

from collections.abc import Iterable

from grants.awards.models import Award, Milestone, Tranche
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import advance
from grants.people.models import User


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


def release_if_earned(tranches: Iterable[Tranche]) -> None:
    """Release the scheduled ones among these payments; held ones stay held."""
    for tranche in tranches:
        if tranche.state == Tranche.State.SCHEDULED:
            advance(Tranche, tranche.pk, "release", by=SYSTEM, seen=None)
