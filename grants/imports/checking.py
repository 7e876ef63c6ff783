"""A file against the rules and the database: every fault at once, or the plan of what applying it would write."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grants import clock
from grants.formats import money
from grants.imports.comparing import compare, locked
from grants.imports.faults import Fault, Faults
from grants.imports.grant_rows import GrantRows
from grants.imports.known import Known, Stored
from grants.imports.layout import GRANTS, IDENTIFIER, LINKED, plain
from grants.imports.linked_rows import LinkedRows
from grants.imports.plans import ENDED, Plan, PlannedAward, PlannedTranche
from grants.imports.reading import Sheet, has_identifiers
from grants.imports.tables import Row, Table
from grants.programmes.models import Programme

LOOKED_AT = 20  # rows in which titles are looked for, to say where they stand


@dataclass
class Checked:
    """What came of checking a file: faults, or the plan; and how many awards would be made, changed and left."""

    faults: list[Fault]
    counts: dict[str, int]
    plan: Plan = field(default_factory=Plan)

    def rows(self) -> list[dict[str, str]]:
        """The faults as they are stored and printed."""
        return [fault.as_dict() for fault in self.faults]


def check(programme: Programme, sheets: list[Sheet], *, lock: bool = False) -> Checked:
    """Check a file for a programme. With `lock`, inside a transaction, stored awards that it names are locked."""
    faults = Faults()
    known = Known(programme)
    grants = _grants(sheets)
    if grants is None:
        _no_titles(sheets, faults)
        return Checked(faults.listed(), {"rows": 0} | _no_counts() | {"left": 0})
    table = Table(grants, GRANTS, faults)
    rows = GrantRows(table, known, clock.today())
    awards = [award for award in map(rows.read, table) if award is not None] if table.is_usable else []
    if table.is_usable and not rows.seen and not faults:
        table.fault(1, 0, "There is no award under the titles.", "Give each award a row.", value="")
    _read_linked(sheets, awards, rows if table.is_usable else None, known, faults)
    stored = known.awards([award.key for award in awards], lock=lock)
    plan = Plan(awards, rows.recipients | known.organisations(rows.recipients))
    left = 0
    for award in awards:
        award.stored = stored.get(award.key)
        _check_whole(award)
        if award.stored is not None:
            compare(award, award.stored, known)
            left += bool(award.changes and locked(award.stored))
    counts = _no_counts() if faults else plan.counts()
    return Checked(faults.listed(), {"rows": len(awards)} | counts | {"left": left}, plan)


def _grants(sheets: list[Sheet]) -> Sheet | None:
    """The sheet named grants, or the first one whose titles name identifiers."""
    named = next((sheet for sheet in sheets if plain(sheet.title) == GRANTS.name), None)
    if named is not None:
        known = {plain(title) for title in GRANTS.titles}
        return named if named.rows and any(plain(cell) in known for cell in named.rows[0]) else None
    return next((sheet for sheet in sheets if has_identifiers(sheet)), None)


def _no_titles(sheets: list[Sheet], faults: Faults) -> None:
    """Say where the titles stand, if they do, and what the first row has instead."""
    sheet = next((sheet for sheet in sheets if plain(sheet.title) == GRANTS.name), sheets[0])
    for number, row in enumerate(sheet.rows[:LOOKED_AT]):
        for column, cell in enumerate(row):
            if plain(cell) == plain(IDENTIFIER):
                fault = Fault(
                    sheet.title,
                    Sheet.address(number, column),
                    str(cell),
                    f"The titles stand in row {number + 1}, not in the first row.",
                    "Delete the rows above them.",
                )
                return faults.add((0, number, column), fault)
    first = str(sheet.rows[0][0])[:100] if sheet.rows and sheet.rows[0] else ""
    fault = Fault(
        sheet.title,
        "A1",
        first,
        "No sheet has the column “Identifier” in its first row.",
        "Put the titles of the 360Giving standard into the first row.",
    )
    return faults.add((0, 0, 0), fault)


def _read_linked(
    sheets: list[Sheet], awards: list[PlannedAward], rows: GrantRows | None, known: Known, faults: Faults
) -> None:
    by_text = {award.key: award for award in awards} | {award.identifier.upper(): award for award in awards}
    linked = LinkedRows(by_text, rows.written if rows else None, known, clock.today())
    for position, layout in enumerate(LINKED, start=1):
        sheet = next((sheet for sheet in sheets if plain(sheet.title) == layout.name), None)
        if sheet is not None and any(sheet.rows):
            linked.read(Table(sheet, layout, faults, position))


# --- What an award's rows say together --------------------------------------------------------------------------------


def _check_whole(award: PlannedAward) -> None:
    stored = award.stored
    state = stored.award.state if stored is not None else award.state
    if "milestones" not in award.spoiled:
        _check_milestones(award, state)
    if "tranches" not in award.spoiled:
        _check_tranches(award, state, stored)
    amount = award.values["amount"]
    if award.fundings and "fundings" not in award.spoiled and amount is not None:
        _check_sum("parts of the funders", "Funder", [(row, part) for row, _, part in award.fundings], amount)
    if stored is None and award.tranches is None and "tranches" not in award.spoiled and amount is not None:
        award.tranches = [_whole_payment(award, amount)]


def _check_milestones(award: PlannedAward, state: str) -> None:
    for milestone in award.milestones or []:
        if state == "closed" and milestone.settled_on is None and award.stored is None:
            place = "Settled On" if "Settled On" in milestone.row.table.columns else "Number"
            milestone.row.fault(
                place,
                "The award is closed, and this milestone is not settled.",
                "Say under “Settled On” when its report was approved or waived.",
            )


def _check_tranches(award: PlannedAward, state: str, stored: Stored | None) -> None:
    rows = [(tranche.row, tranche) for tranche in award.tranches or [] if tranche.row is not None]
    if award.milestones is not None or stored is None:
        numbers = {milestone.number for milestone in award.milestones or []}
    else:
        numbers = set(stored.milestones)
    moved = {number for number, (tranche, _) in stored.tranches.items() if tranche.revision} if stored else set()
    for row, tranche in rows:
        if tranche.milestone is not None and tranche.milestone not in numbers and "milestones" not in award.spoiled:
            row.fault(
                "Milestone",
                f"The award has no milestone {tranche.milestone}.",
                "Give the number of one that it has, or nothing for a payment on acceptance.",
            )
        if state in ENDED and tranche.state in ("scheduled", "released") and tranche.number not in moved:
            place = "State" if "State" in row.table.columns else "Number"
            row.fault(place, f"The award is {state}, and this payment is {tranche.state}.", "Write paid or cancelled.")
    if rows and award.values["amount"] is not None:
        _check_sum("payments", "Amount", [(row, tranche.amount) for row, tranche in rows], award.values["amount"])


def _check_sum(what: str, place: str, parts: list[tuple[Row, Decimal]], amount: Decimal) -> None:
    total = sum((part for _, part in parts), Decimal(0))
    if total != amount:
        row = parts[-1][0]
        sums = f"sum to {money(total, pence=False)}, and its amount is {money(amount, pence=False)}"
        fault = f"The {what} of this award {sums}."
        row.fault(
            "Amount" if place == "Funder" else place, fault, "Correct the amounts, or add the row that is missing."
        )


def _whole_payment(award: PlannedAward, amount: Decimal) -> PlannedTranche:
    """The payment that stands for a missing sheet: all of it on acceptance."""
    state = {"closed": "paid", "terminated": "cancelled"}.get(award.state, "released")
    paid_on = award.values["award_date"] if state == "paid" else None
    return PlannedTranche(None, 1, None, amount, state, paid_on, "")


def _no_counts() -> dict[str, int]:
    """Of a file with faults, since applying it makes nothing."""
    return {"made": 0, "changed": 0, "unchanged": 0, "organisations": 0}


def first_awards(sheets: list[Sheet], most: int) -> list[Sheet]:
    """The file cut to its first awards and their rows in the other sheets: enough for a preview."""
    grants = _grants(sheets)
    if grants is None:
        return sheets
    column = next((i for i, cell in enumerate(grants.rows[0]) if plain(cell) == plain(IDENTIFIER)), 0)
    rows = [row for row in grants.rows[1:] if any(cell != "" for cell in row)][:most]
    kept = {plain(row[column]) for row in rows}
    cut = [Sheet(grants.title, [grants.rows[0], *rows])]
    for sheet in sheets:
        if sheet is not grants and has_identifiers(sheet):
            at = next(i for i, cell in enumerate(sheet.rows[0]) if plain(cell) == plain(IDENTIFIER))
            matching: list[list[Any]] = [row for row in sheet.rows[1:] if plain(row[at]) in kept]
            cut.append(Sheet(sheet.title, [sheet.rows[0], *matching]))
    return cut
