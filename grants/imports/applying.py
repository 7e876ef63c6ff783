"""Writing a checked plan, all of it, with a fixed number of statements for every thousand rows.

Awards are born in the state in which `reconsider` would leave them, and their reports opened as `open_reports` would.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import connection, models

from grants.awards.models import Award, BudgetLine, Funding, Milestone, Target, Tranche
from grants.awards.services import ask_breakdowns, reconsider
from grants.formats import LONDON
from grants.imports.checking import Checked
from grants.imports.comparing import SHEETS, funded
from grants.imports.known import Known
from grants.imports.plans import ENDED, PlannedAward, PlannedMilestone
from grants.lifecycle.actors import Actor
from grants.lifecycle.machine import key_of
from grants.lifecycle.models import HistoryEntry
from grants.people.models import Organisation
from grants.programmes.models import Programme
from grants.reports.models import Report

BATCH = 500
ALL_COSTS = "All costs"  # as open_reports names the line of an award without a budget
COPIED = (
    "title",
    "description",
    "place",
    "strand_id",
    "manager_id",
    "community_id",
    "managed",
    "starts",
    "ends",
    "amount",
    "amount_applied_for",
    "award_date",
)


def apply_plan(programme: Programme, checked: Checked, *, name: str, by: Actor) -> None:
    """Write what was checked, inside the caller's transaction and under its locks.

    Deferred constraints answer after each batch: each costs the more, the more of them wait.
    """
    known, plan = Known(programme), checked.plan
    create(Organisation, [organisation for organisation in plan.organisations.values() if organisation.pk is None])
    for start in range(0, len(plan.awards), BATCH):
        batch = plan.awards[start : start + BATCH]
        writer = Writer(known, plan.organisations, name, by)
        writer.make([planned for planned in batch if planned.outcome == "made"])
        writer.change([planned for planned in batch if planned.outcome == "changed"])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Writer:
    """Gathers the rows of some awards, kind by kind, then writes each kind at once."""

    def __init__(self, known: Known, organisations: dict[str, Organisation], name: str, by: Actor) -> None:
        self.known = known
        self.organisations = organisations
        self.name = name
        self.by = by
        self.milestones: list[Milestone] = []
        self.tranches: list[tuple[Tranche, int | None]] = []
        self.targets: list[Target] = []
        self.fundings: list[Funding] = []
        self.lines: list[BudgetLine] = []
        self.history: list[HistoryEntry] = []

    # --- New awards ---------------------------------------------------------------------------------------------------

    def make(self, new: list[PlannedAward]) -> None:
        """Awards that are not stored yet."""
        awards = create(Award, [self._award(planned) for planned in new])
        for planned, award in zip(new, awards, strict=True):
            self._promises(planned, award)
            self._money(planned, award)
            self._note(planned, award, f"Imported from {self.name[:255]}, row {planned.row.number + 1}")
        self._write()

    def _award(self, planned: PlannedAward) -> Award:
        ended = planned.state in ENDED
        return Award(
            reference=planned.reference,
            identifier=planned.identifier,
            organisation=self.organisations[planned.organisation],
            state=planned.state if ended else live_state(planned.milestones or ()),
            ended_on=planned.ended_on if ended else None,
            accepted_at=moment(planned.values["award_date"]),
            **planned.values,
        )

    def _promises(self, planned: PlannedAward, award: Award) -> None:
        for row in planned.milestones or ():
            self.milestones.append(Milestone(award=award, settled_at=moment(row.settled_on), **row.fields()))
        for _, indicator, value in planned.targets or ():
            self.targets.append(Target(award=award, indicator=indicator, value=value))

    def _money(self, planned: PlannedAward, award: Award) -> None:
        self._payments(planned, award)
        for funder, amount in funded(planned, self.known).items():
            self.fundings.append(Funding(award=award, funder_id=funder, amount=amount))
        self._budget(planned, award)
        if not planned.budget and award.state not in ENDED:
            self.lines.append(BudgetLine(award=award, title=ALL_COSTS, amount=planned.values["amount"]))

    def _payments(self, planned: PlannedAward, award: Award) -> None:
        settled = {row.number: row.settled_on for row in planned.milestones or ()}
        for row in planned.tranches or ():
            released = settled.get(row.milestone) if row.milestone else award.award_date
            tranche = Tranche(
                award=award,
                number=row.number,
                amount=row.amount,
                state=row.state,
                paid_on=row.paid_on,
                payment_reference=row.reference,
                released_at=moment(released or award.award_date) if row.state == "released" else None,
            )
            self.tranches.append((tranche, row.milestone))

    def _budget(self, planned: PlannedAward, award: Award) -> None:
        for position, (_, heading, amount) in enumerate(planned.budget or ()):
            self.lines.append(BudgetLine(award=award, title=heading, amount=amount, position=position))

    # --- Stored awards ------------------------------------------------------------------------------------------------

    def change(self, changed: list[PlannedAward]) -> None:
        """Awards that are stored and differ. The rows of a sheet that differs are put in place of those stored."""
        if not changed:
            return
        for planned in changed:
            self._copy(planned)
            self._note(planned, self._stored(planned), self._changed_sentence(planned))
        stored = [self._stored(planned) for planned in changed]
        fields = [name.removesuffix("_id") for name in COPIED]
        Award.objects.bulk_update(stored, [*fields, "organisation", "identifier", "ended_on", "revision"])
        self._drop(Tranche, [planned for planned in changed if "tranches" in planned.changes])
        self._drop(Target, [planned for planned in changed if "targets" in planned.changes])
        self._drop(Funding, [planned for planned in changed if self._funding_changes(planned)])
        self._drop(BudgetLine, [planned for planned in changed if "budget" in planned.changes])
        for planned in changed:
            self._replace(planned, self._stored(planned))
        self._write()
        for planned in changed:
            if "milestones" in planned.changes:
                self._open_again(self._stored(planned))

    @staticmethod
    def _stored(planned: PlannedAward) -> Award:
        if planned.stored is None:
            raise ValueError(f"{planned.reference} is not stored")
        return planned.stored.award

    def _copy(self, planned: PlannedAward) -> None:
        award = self._stored(planned)
        for name in COPIED:
            if planned.values.get(name) is not None:
                setattr(award, name, planned.values[name])
        award.organisation = self.organisations[planned.organisation]
        award.identifier = award.identifier or planned.identifier
        if "Ended On" in planned.changes:
            award.ended_on = planned.ended_on
        award.revision += 1

    def _changed_sentence(self, planned: PlannedAward) -> str:
        return f"Changed by an import of {self.name[:255]}, row {planned.row.number + 1}"

    @staticmethod
    def _funding_changes(planned: PlannedAward) -> bool:
        return bool({"fundings", "Funding Org:Identifier", "Amount Awarded"} & set(planned.changes))

    @staticmethod
    def _drop(model: type[models.Model], changed: list[PlannedAward]) -> None:
        if changed:
            model._default_manager.filter(
                award__in=[planned.stored.award for planned in changed if planned.stored]
            ).delete()

    def _replace(self, planned: PlannedAward, award: Award) -> None:
        if "milestones" in planned.changes:
            self._replace_milestones(planned, award)
        if "tranches" in planned.changes:
            self._payments(planned, award)
        elif "Amount Awarded" in planned.changes:
            award.tranches.update(amount=award.amount)  # there is one, or the check would have refused
        if "targets" in planned.changes:
            self.targets += [Target(award=award, indicator=i, value=value) for _, i, value in planned.targets or ()]
        if self._funding_changes(planned):
            parts = funded(planned, self.known)
            self.fundings += [Funding(award=award, funder_id=funder, amount=part) for funder, part in parts.items()]
        if "budget" in planned.changes:
            self._budget(planned, award)
        elif "Amount Awarded" in planned.changes and award.budget_lines.count() == 1:
            award.budget_lines.filter(title=ALL_COSTS).update(amount=award.amount)

    def _replace_milestones(self, planned: PlannedAward, award: Award) -> None:
        """Milestones keep their reports: those that go, or are settled by the file, have none that was begun."""
        rows = {row.number: row for row in planned.milestones or ()}
        kept = {milestone.number: milestone for milestone in award.milestones.all()}
        closed = [m.pk for number, m in kept.items() if number not in rows or rows[number].settled_on]
        Report.objects.filter(milestone__in=closed, state=Report.State.DRAFT, begun_at=None).delete()
        award.milestones.filter(number__in=kept.keys() - rows.keys()).delete()
        for number, row in rows.items():
            milestone = kept.get(number)
            if milestone is None:
                self.milestones.append(Milestone(award=award, settled_at=moment(row.settled_on), **row.fields()))
                continue
            for name, value in row.fields().items():
                setattr(milestone, name, value)
            milestone.settled_at = moment(row.settled_on)
            milestone.save()

    # --- What hangs on awards -----------------------------------------------------------------------------------------

    def _write(self) -> None:
        """Everything that was gathered."""
        create(Milestone, self.milestones)
        self._hang_tranches()
        create(Tranche, [tranche for tranche, _ in self.tranches])
        create(Target, self.targets)
        ask_breakdowns(self.targets)
        create(Funding, self.fundings)
        create(BudgetLine, self.lines)
        owed = [row for row in self.milestones if row.settled_at is None and row.award.state not in ENDED]
        create(Report, [Report(milestone=milestone) for milestone in owed])
        create(HistoryEntry, self.history)
        for rows in (self.milestones, self.tranches, self.targets, self.fundings, self.lines, self.history):
            rows.clear()

    def _hang_tranches(self) -> None:
        """Find each payment's milestone, among the new ones and among those that are stored."""
        ids = {(milestone.award_id, milestone.number): milestone.pk for milestone in self.milestones}
        hanging = [(tranche, number) for tranche, number in self.tranches if number is not None]
        asked = {tranche.award_id for tranche, number in hanging if (tranche.award_id, number) not in ids}
        if asked:
            stored = Milestone.objects.filter(award__in=asked).values_list("award", "number", "pk")
            ids |= {(award, number): pk for award, number, pk in stored}
        for tranche, number in hanging:
            tranche.milestone_id = ids[tranche.award_id, number]

    @staticmethod
    def _open_again(award: Award) -> None:
        """Milestones that were settled by an earlier file and are not any more get a report."""
        if award.state not in ENDED:
            waiting = award.milestones.filter(settled_at=None).exclude(reports__state__in=Report.OPEN)
            create(Report, [Report(milestone=milestone) for milestone in waiting])
            reconsider(award)

    def _note(self, planned: PlannedAward, award: Award, sentence: str) -> None:
        what = [f"the {change}" if change in SHEETS else change for change in planned.changes]
        self.history.append(
            HistoryEntry(
                root=key_of(Award, award.pk),
                record=key_of(Award, award.pk),
                what="import",
                source=award.state if planned.stored is not None else "",
                target=award.state,
                sentence=sentence[:300],
                reason=f"Changed: {', '.join(what)}." if what else "",
                person_id=self.by.pk,
                actor=str(self.by),
            )
        )


def live_state(milestones: Sequence[PlannedMilestone]) -> str:
    """Active while a report is owed, evaluating when every one is settled: what `reconsider` decides."""
    owed = any(row.kind == Milestone.Kind.REPORT and row.settled_on is None for row in milestones)
    return str(Award.State.ACTIVE if owed else Award.State.EVALUATING)


def moment(day: date | None) -> datetime | None:
    """The beginning of a day in London."""
    return datetime.combine(day, time(), LONDON) if day else None


def create(model: type[models.Model], rows: Iterable[Any]) -> list[Any]:
    """Insert rows; they come back with their keys."""
    return model._default_manager.bulk_create(rows, batch_size=4 * BATCH)
