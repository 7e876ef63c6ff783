"""Awards in every state, reached through the services."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from grants.awards import services as awards
from grants.awards.models import Award
from grants.formats import local_today
from grants.money import services as money
from grants.people.models import Community
from grants.programmes.models import Programme
from grants.reports.models import Report
from tests.factories.memory import remembered
from tests.factories.people import Cast, cast
from tests.factories.reports import REASON, move_report

AMOUNT = Decimal(12500)
LIGHT = Decimal(5000)


def application(amount: Decimal = AMOUNT, **more: Any) -> dict[str, Any]:
    """What a complete application says."""
    today = local_today()
    return {
        "title": "Robots in the library",
        "description": "Ten schools build robots with engineers from the university.",
        "plan": "Monthly workshops, a summer school, and a survey before and after.",
        "place": "Bristol",
        "starts": today - timedelta(days=60),
        "ends": today + timedelta(days=300),
        "amount_applied_for": amount,
        **more,
    }


def plan(programme: Programme, amount: Decimal = AMOUNT, *, reports: int = 2, evaluation: bool = True) -> awards.Plan:
    """An offer: a milestone a report (the first is due in nine days), then perhaps the final evaluation. A payment on
    acceptance and one on each milestone, which sum to the amount; a target for each indicator; two budget lines.
    """
    today = local_today()
    kinds = ["report"] * reports + ["evaluation"] * evaluation
    part = (amount / (len(kinds) + 1)).quantize(Decimal("0.01"))
    milestones = [
        {
            "number": number,
            "kind": kind,
            "period_start": today + timedelta(days=90 * (number - 1) - 60),
            "period_end": today + timedelta(days=90 * (number - 1) - 6),
            "opens_on": today + timedelta(days=90 * (number - 1) - 5),
            "due_on": today + timedelta(days=90 * (number - 1) + 9),
            "promise": "Ten workshops held",
        }
        for number, kind in enumerate(kinds, 1)
    ]
    on_milestones = [{"milestone": row["number"], "amount": part} for row in milestones]
    worth = {"learners": 400, "schools": 10, "likely": 60}
    return awards.Plan(
        amount=amount,
        starts=today - timedelta(days=60),
        ends=today + timedelta(days=300),
        milestones=milestones,
        tranches=[{"milestone": None, "amount": amount - part * len(kinds)}, *on_milestones],
        targets=[(row, Decimal(worth.get(row.code, 1))) for row in programme.indicators.all()],
        budget=[("Staff", amount * 3 / 5), ("Travel and materials", amount * 2 / 5)],
    )


@remembered
def draft_award(
    who: Cast | None = None, *, amount: Decimal = AMOUNT, complete: bool = True, community: Community | None = None
) -> Award:
    """An application as its editor writes it, ready to be signed; with `complete=False` as it is on the first day."""
    who = who or cast()
    call = (who.communities if community else who.exemplars).calls.get()
    award = awards.start_application(call, by=who.editor, organisation=who.recipient, community=community)
    if complete:
        awards.save_application(award.pk, by=who.editor, seen=award.revision, values=application(amount))
    return award_again(award)


@remembered
def award_in(
    state: str,
    who: Cast | None = None,
    *,
    amount: Decimal = AMOUNT,
    reports: int = 2,
    evaluation: bool = True,
    community: Community | None = None,
) -> Award:
    """An award in a state, with its history. From "active" on it has reports; "closed" has all approved and paid."""
    who = who or cast()
    award = draft_award(who, amount=amount, community=community)
    promise = plan(who.programme, amount, reports=reports, evaluation=evaluation)
    for step in _WAY_TO[state]:
        _AWARD_STEPS[step](award, who, promise)
    return award_again(award)


def _plan_and_offer(award: Award, who: Cast, promise: awards.Plan) -> None:
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=promise)
    awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today() + timedelta(days=14))


def _settle_reports(award: Award, who: Cast, promise: Any) -> None:
    for milestone in award.milestones.filter(kind="report"):
        move_report(Report.objects.get(milestone=milestone), "approved", who)


def settle_all_and_pay(award: Award, who: Cast, promise: Any = None) -> None:
    """Have every report of an active award approved and every payment paid; it can be closed then."""
    for milestone in award.milestones.all():
        move_report(Report.objects.get(milestone=milestone), "approved", who)
    for tranche in award.tranches.filter(state="released"):
        money.record_payment(tranche.pk, by=who.finance, seen=None, paid_on=local_today())


_AWARD_STEPS: dict[str, Callable[[Award, Cast, awards.Plan], Any]] = {
    "submit": lambda award, who, _: awards.submit_application(award.pk, by=who.signatory, seen=None),
    "review": lambda award, who, _: awards.start_application_review(award.pk, by=who.reviewer, seen=None),
    "return": lambda award, who, _: awards.return_application(award.pk, by=who.reviewer, seen=None, reason=REASON),
    "decline": lambda award, who, _: awards.decline_application(award.pk, by=who.approver, seen=None, reason=REASON),
    "withdraw": lambda award, who, _: awards.withdraw_application(award.pk, by=who.signatory, seen=None),
    "offer": _plan_and_offer,
    "accept": lambda award, who, _: awards.accept_offer(award.pk, by=who.signatory, seen=None),
    "settle reports": _settle_reports,
    "settle all": settle_all_and_pay,
    "suspend": lambda award, who, _: awards.suspend_award(award.pk, by=who.approver, seen=None, reason=REASON),
    "close": lambda award, who, _: awards.close_award(award.pk, by=who.approver, seen=None),
    "terminate": lambda award, who, _: awards.terminate_award(award.pk, by=who.approver, seen=None, reason=REASON),
}
_OFFERED = ["submit", "review", "offer"]
_ACTIVE = [*_OFFERED, "accept"]
_WAY_TO: dict[str, list[str]] = {
    "draft": [],
    "submitted": ["submit"],
    "in_review": ["submit", "review"],
    "returned": ["submit", "review", "return"],
    "declined": ["submit", "review", "decline"],
    "offered": _OFFERED,
    "withdrawn": [*_OFFERED, "withdraw"],
    "active": _ACTIVE,
    "evaluating": [*_ACTIVE, "settle reports"],
    "suspended": [*_ACTIVE, "suspend"],
    "closed": [*_ACTIVE, "settle all", "close"],
    "terminated": [*_ACTIVE, "terminate"],
}


def award_again(award: Award) -> Award:
    """The award as the database has it now."""
    return Award.objects.named().get(pk=award.pk)
