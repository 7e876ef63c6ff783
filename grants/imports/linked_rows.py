"""The sheets beside grants: milestones, tranches, targets, fundings and budget, linked to awards by identifier."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from grants.formats import date_words
from grants.imports import cells, identifiers
from grants.imports.known import Known
from grants.imports.layout import IDENTIFIER, plain
from grants.imports.plans import PlannedAward, PlannedMilestone, PlannedTranche
from grants.imports.tables import Row, Table

KINDS = {
    "report": "report",
    "evaluation": "evaluation",
    "milestone report": "report",
    "final evaluation": "evaluation",
}
TRANCHE_STATES = {"scheduled": "scheduled", "released": "released", "paid": "paid", "cancelled": "cancelled"}


class LinkedRows:
    """Reads the rows of the linked sheets into the awards that they belong to."""

    def __init__(self, awards: dict[str, PlannedAward], written: set[str] | None, known: Known, today: date) -> None:
        self.awards = awards
        self.written = written
        """The identifiers that stand in grants, of faulty rows too; None where that sheet could not be read."""
        self.known = known
        self.today = today
        self.ghosts: dict[str, PlannedAward] = {}
        """Awards that could not be read, so that the cells of their other rows are checked all the same."""
        self.seen: dict[tuple[str, int], dict[Any, Row]] = defaultdict(dict)
        self.readers: dict[str, Callable[[Row, PlannedAward], bool]] = {
            "milestones": self._milestone,
            "tranches": self._tranche,
            "targets": self._target,
            "fundings": self._funding,
            "budget": self._budget,
        }

    def read(self, table: Table) -> None:
        """Every row of one sheet."""
        name = table.layout.name
        if not table.is_usable or set(table.layout.required) - table.columns.keys():
            for award in self.awards.values():
                award.spoiled.add(name)
            return
        for row in table:
            award = self._award(row)
            if not self.readers[name](row, award):
                award.spoiled.add(name)

    def _award(self, row: Row) -> PlannedAward:
        text = row.take(
            IDENTIFIER,
            cells.line,
            lacking="The row names no award.",
            mend="Give the identifier that the award has in grants.",
        )
        key = (text or "").upper()
        if award := self.awards.get(key):
            return award
        if text is not None and self.written is not None and key not in self.written:
            row.fault(
                IDENTIFIER,
                "The sheet grants has no award of this identifier.",
                "Give it as it stands there, or add the award.",
            )
        return self.ghosts.setdefault(key, PlannedAward(row, key, key, "", {}, "active", False, None))

    def _earlier(self, award: PlannedAward, row: Row, key: Any) -> Row | None:
        """The row of the same sheet and award that has this key already."""
        first = self.seen[row.table.layout.name, id(award)].setdefault(key, row)
        return first if first is not row else None

    def _number(self, award: PlannedAward, row: Row, thing: str) -> int | None:
        number = row.take(
            "Number", cells.whole, lacking=f"The {thing} has no number.", mend="Count from 1 in each award."
        )
        if number is not None and (first := self._earlier(award, row, number)):
            fault = f"The award has a {thing} {number} already, at {first.cell('Number')}."
            row.fault("Number", fault, "Number them 1, 2, 3 in each award.")
        return number

    def _milestone(self, row: Row, award: PlannedAward) -> bool:
        award.milestones = award.milestones if award.milestones is not None else []
        number = self._number(award, row, "milestone")
        kind = row.take("Kind", cells.choice, choices=KINDS) or "report"
        if kind == "evaluation" and self._earlier(award, row, kind):
            row.fault(
                "Kind", "The award has a final evaluation already.", "An award has one at most: write report here."
            )
        title = row.text("Title", 120) or ""
        promise = row.take("Promise", cells.prose) or ""
        first = row.day("Period From", lacking="The period has no first day.", mend="Give it, for example 01/08/2012.")
        last = row.day("Period To", lacking="The period has no last day.", mend="Give it, for example 31/10/2012.")
        due = row.day(
            "Due On", lacking="The day when the report is due is missing.", mend="Give it, for example 14/11/2012."
        )
        opens = row.day("Opens On")
        settled = row.day("Settled On")
        if first and last and first > last:
            row.fault("Period To", f"The period ends before it begins, on {date_words(first)}.", "Check both dates.")
        if opens and due and opens > due:
            row.fault("Opens On", f"The report opens after it is due, on {date_words(due)}.", "Check both dates.")
        if settled and settled > self.today:
            row.fault(
                "Settled On", "This day lies in the future.", "Give the day on which the report was approved or waived."
            )
        if not row.sound or number is None or not (first and last and due):
            return False
        opens = opens or min(last, due)
        award.milestones.append(PlannedMilestone(row, number, kind, title, first, last, opens, due, promise, settled))
        return True

    def _tranche(self, row: Row, award: PlannedAward) -> bool:
        award.tranches = award.tranches if award.tranches is not None else []
        number = self._number(award, row, "payment")
        milestone = row.take("Milestone", cells.whole)
        amount = row.amount("Amount", lacking="The payment has no amount.", mend="Give it in pounds, for example 4000.")
        if amount == 0:
            row.fault("Amount", "A payment of £0 is none.", "Give its amount, or leave the row out.")
        said = row.take("State", cells.choice, choices=TRANCHE_STATES)
        state = said or "scheduled"
        is_known = said is not None or row.value("State") is None
        paid_on = row.day("Paid On")
        reference = row.text("Reference", 80) or ""
        if paid_on and paid_on > self.today:
            row.fault("Paid On", "This day lies in the future.", "Give the day on which the money was sent.")
        if state == "paid" and row.value("Paid On") is None:
            place = "Paid On" if "Paid On" in row.table.columns else "State"
            row.fault(
                place, "The payment is paid, and its day is missing.", "Say under “Paid On” when the money was sent."
            )
        if paid_on and state != "paid" and is_known:
            row.fault(
                "Paid On",
                f"The payment is {state}, so it has no such day.",
                "Clear the day, or write paid as its state.",
            )
        if not row.sound or number is None or amount is None:
            return False
        award.tranches.append(PlannedTranche(row, number, milestone, amount, state, paid_on, reference))
        return True

    def _target(self, row: Row, award: PlannedAward) -> bool:
        award.targets = award.targets if award.targets is not None else []
        code = row.take(
            "Indicator", cells.line, lacking="The row names no indicator.", mend=f"Give its code: {self._codes()}."
        )
        indicator = self.known.indicators.get(plain(code)) if code else None
        if code and indicator is None:
            row.fault(
                "Indicator", "The programme has no indicator of this code.", f"Give one that it has: {self._codes()}."
            )
        if indicator and self._earlier(award, row, indicator.pk):
            row.fault("Indicator", "The award has a target for this indicator already.", "Keep one of the two rows.")
        value = row.amount(
            "Value", lacking="The target has no value.", mend="Give a number, for example 250.", thing="number"
        )
        if not row.sound or indicator is None or value is None:
            return False
        award.targets.append((row, indicator, value))
        return True

    def _codes(self) -> str:
        return ", ".join(indicator.code for indicator in list(self.known.indicators.values())[:6]) or "it has none yet"

    def _funding(self, row: Row, award: PlannedAward) -> bool:
        award.fundings = award.fundings if award.fundings is not None else []
        identifier = row.take(
            "Funder",
            identifiers.organisation,
            lacking="The row names no funder.",
            mend="Give the identifier of the funder.",
        )
        funder = self.known.funders.get(identifier.upper()) if identifier else None
        if identifier and funder is None:
            known = ", ".join(f"{body.identifier} ({body.name})" for body in list(self.known.funders.values())[:4])
            row.fault(
                "Funder",
                "This is not a funder of the programme.",
                f"Use one of its funders: {known or 'it has none yet'}.",
            )
        if funder and self._earlier(award, row, funder.pk):
            row.fault("Funder", "The award has this funder already.", "Give each funder one row in an award.")
        amount = row.amount(
            "Amount", lacking="The funder's part is missing.", mend="Give it in pounds, for example 4000."
        )
        if amount == 0:
            row.fault("Amount", "A part of £0 is none.", "Give the amount, or leave the row out.")
        if not row.sound or funder is None or amount is None:
            return False
        award.fundings.append((row, funder, amount))
        return True

    def _budget(self, row: Row, award: PlannedAward) -> bool:
        award.budget = award.budget if award.budget is not None else []
        heading = row.text("Heading", 120, lacking="The row has no heading.", mend="Say what the money is for.")
        if heading and self._earlier(award, row, plain(heading)):
            row.fault("Heading", "The award has this heading already.", "Give each heading one row in an award.")
        amount = row.amount("Amount", lacking="The heading has no amount.", mend="Give it in pounds, for example 4000.")
        if not row.sound or heading is None or amount is None:
            return False
        award.budget.append((row, heading, amount))
        return True
