"""A record of each machine in each state, with the guards of its moves met as far as they can be met at once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from grants.awards.models import Award, Tranche
from grants.awards.services import save_plan
from grants.formats import local_today
from grants.imports.models import Import
from grants.lifecycle.machine import Machine
from grants.reports.models import Report
from reporting.models import FunderReport
from tests import factories
from tests.machines import tables


@dataclass(frozen=True)
class Kind:
    """A machine with its table."""

    model: type[Machine]
    moves: tables.Moves

    def __str__(self) -> str:
        return self.model.__name__

    @property
    def verbs(self) -> list[str]:
        """Every verb of the table, in its order."""
        return list(dict.fromkeys(verb for moves in self.moves.values() for verb in moves))

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Every legal (from, to)."""
        return {(source, target) for source, moves in self.moves.items() for target, _ in moves.values()}


MACHINES = (
    Kind(Award, tables.AWARD),
    Kind(Report, tables.REPORT),
    Kind(Tranche, tables.TRANCHE),
    Kind(Import, tables.IMPORT),
    Kind(FunderReport, tables.FUNDER_REPORT),
)
CASES = [(kind, state) for kind in MACHINES for state in kind.moves]
IDS = [f"{kind}-{state}" for kind, state in CASES]


def ready(model: type[Machine], state: str, who: factories.Cast) -> Any:
    """A record in the state, whose moves no guard forbids, as far as they do not exclude each other."""
    if model is Award and state == "evaluating":  # close asks that all is approved and paid
        award = factories.award_in("active", who)
        factories.settle_all_and_pay(award, who)
        return factories.award_again(award)
    record = factories.STATES[model](state, who)
    if isinstance(record, Award):
        if state == "in_review":
            record = save_plan(record.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
        if state == "active":
            record.milestones.update(settled_at=timezone.now())
    if isinstance(record, Report) and state == "in_review":  # a return names a part
        record.returned_sections.create(version=1, section=record.asked_sections()[0], reason=factories.REASON)
    if isinstance(record, Tranche) and record.milestone:
        record.award.milestones.update(settled_at=timezone.now())
    return record


def facts(record: Any, verb: str) -> dict[str, Any]:
    """What the move asks for beside the person."""
    wanted: dict[tuple[type[Any], str], Any] = {
        (Award, "offer"): lambda: {"acceptance_due": local_today() + timedelta(days=14)},
        (Report, "approve"): lambda: {"version": record.latest_version},
        (Tranche, "pay"): lambda: {"paid_on": local_today()},
        (Import, "find_faults"): lambda: {"faults": [{"cell": "F12"}]},
        (Import, "find_good"): lambda: {"counts": {}},
        (Import, "finish"): lambda: {"counts": {}},
        (FunderReport, "finish"): lambda: factories.BUILT,
        (FunderReport, "fail"): lambda: {"failure": "The worker stopped."},
    }
    return wanted.get((type(record), verb), dict)() | {"reason": factories.REASON}
