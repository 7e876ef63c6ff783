"""A planned award beside the stored one: what differs, and whether an import may still change it."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from grants.awards.models import Award
from grants.formats import LONDON, date_words, money, split_by_shares
from grants.imports.known import Known, Stored
from grants.imports.layout import IDENTIFIER
from grants.imports.plans import ENDED, LIVE, PlannedAward
from grants.people.models import Organisation
from grants.reports.models import Report

COLUMNS = {
    "title": "Title",
    "description": "Description",
    "amount": "Amount Awarded",
    "amount_applied_for": "Amount Applied For",
    "award_date": "Award Date",
    "starts": "Planned Dates:Start Date",
    "ends": "Planned Dates:End Date",
    "place": "Beneficiary Location:Name",
    "strand_id": "Strand",
    "manager_id": "Manager",
    "community_id": "Community",
    "managed": "Managed",
}
SHEETS = ("milestones", "tranches", "targets", "fundings", "budget")


def compare(planned: PlannedAward, stored: Stored, known: Known) -> None:
    """Note what differs; where the award may not be changed, or not by an import, that is a fault of the cell."""
    row, award = planned.row, stored.award
    if award.strand_id not in {strand.pk for strand in known.strands}:
        row.fault(IDENTIFIER, "An award of another programme has this reference.", "Give the award another reference.")
        return
    if award.state not in (*LIVE, *ENDED):
        state = award.get_state_display().lower()
        row.fault(
            IDENTIFIER, f"An application that is {state} has this reference.", "Give the award another reference."
        )
        return
    if award.identifier and award.identifier.upper() != planned.identifier.upper():
        row.fault(IDENTIFIER, f"Its reference belongs to {award.identifier}.", "Give the award another reference.")
        return
    _compare_state(planned, award)
    _keep_later_dates(planned, stored)
    differences = [*_column_differences(planned, stored.award), *_sheet_differences(planned, stored, known)]
    planned.changes = [title for title, _ in differences]
    if why := locked(stored):
        for title, value in differences:
            _refuse(planned, title, value, why)
    else:
        for title, fault, mend in _obstacles(planned, stored):
            _fault(planned, title, fault, mend)


def locked(stored: Stored) -> str:
    """Why an import does not change a stored award; empty where it may."""
    for report in chain.from_iterable(stored.reports.values()):
        if report.submitted_at is not None or report.state not in (*Report.UNSENT, "abandoned"):
            return "has a report that was submitted"
    if any(tranche.state in ("released", "paid") for tranche, _ in stored.tranches.values()):
        return "has a payment that is released or paid"
    if any(tranche.revision for tranche, _ in stored.tranches.values()):
        return "has a payment that was held or cancelled here"
    return ""


def _refuse(planned: PlannedAward, title: str, value: str, why: str) -> None:
    if title in SHEETS:
        fault = f"This award {why}, so an import does not change its {title}, which differ."
    else:
        fault = f"This award {why}, so an import does not change it; stored is {value}."
    _fault(planned, title, fault, "Make the file say what is stored, or ask for a change on the award's page.")


def _fault(planned: PlannedAward, title: str, fault: str, mend: str) -> None:
    """At the column of the award's row; for another sheet at the award's first row there."""
    if title not in SHEETS:
        row, place = planned.row, title
        if place == "Beneficiary Location:Name" and row.value(place) is None:
            place = "Recipient Org:City"
    else:
        first = next(iter(getattr(planned, title) or ()), None)
        row = first[0] if isinstance(first, tuple) else getattr(first, "row", None) or planned.row
        place = IDENTIFIER
    row.fault(place if place in row.table.columns else IDENTIFIER, fault, mend)


def _compare_state(planned: PlannedAward, award: Award) -> None:
    said = "live" if planned.state in LIVE else planned.state
    if planned.state_said and said != ("live" if award.state in LIVE else award.state):
        state = award.get_state_display().lower()
        planned.row.fault(
            "State",
            f"The award is {state} here, and an import does not move it.",
            "Clear the state, and move it on its page.",
        )


def _keep_later_dates(planned: PlannedAward, stored: Stored) -> None:
    """A due date for which a later one was granted here is ahead of the file, which may say either."""
    for row in planned.milestones or ():
        if row.due_on in stored.earlier.get(row.number, ()):
            row.due_on = stored.milestones[row.number].due_on


def _column_differences(planned: PlannedAward, award: Award) -> Iterator[tuple[str, str]]:
    """Each column in which the file says something else than is stored, with what is stored."""
    for name, value in planned.values.items():
        if value is not None and getattr(award, name) != value:
            yield COLUMNS[name], _words(award, name)
    if planned.organisation and award.organisation.identifier.upper() != planned.organisation:
        yield "Recipient Org:Identifier", award.organisation.identifier
    if award.state in ENDED and planned.row.value("Ended On") is not None and award.ended_on != planned.ended_on:
        yield "Ended On", date_words(award.ended_on) if award.ended_on else "nothing"
    if not award.identifier:
        yield IDENTIFIER, "none"


def _sheet_differences(planned: PlannedAward, stored: Stored, known: Known) -> Iterator[tuple[str, str]]:
    """The same for the other sheets, as far as the file has them."""
    if planned.milestones is not None and _milestones_differ(planned, stored):
        yield "milestones", ""
    if planned.tranches is not None and _tranches_differ(planned, stored):
        yield "tranches", ""
    if planned.targets is not None and {i.pk: value for _, i, value in planned.targets} != stored.targets:
        yield "targets", ""
    if planned.fundings is not None and funded(planned, known) != stored.fundings:
        yield "fundings", ""
    if planned.fundings is None and planned.funder is not None and funded(planned, known) != stored.fundings:
        yield "Funding Org:Identifier", "another division among funders"
    if planned.budget is not None and [(heading, part) for _, heading, part in planned.budget] != stored.budget:
        yield "budget", ""


def funded(planned: PlannedAward, known: Known) -> dict[int, Decimal]:
    """Who pays how much: as the sheet fundings says, or the row's funder, or the programme's funders by share."""
    if planned.fundings is not None:
        return {funder.pk: amount for _, funder, amount in planned.fundings}
    amount = planned.values["amount"]
    if amount is None:
        return {}
    if planned.funder is not None:
        return {planned.funder.pk: amount}
    if not known.shares:
        return {}
    parts = split_by_shares(amount, [share.per_cent for share in known.shares])
    return {share.funder_id: part for share, part in zip(known.shares, parts, strict=True)}


def _words(award: Award, name: str) -> str:
    """A stored value as a sentence names it."""
    value: Any = getattr(award, name.removesuffix("_id"))
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return money(value, pence=False)
    if name in ("award_date", "starts", "ends"):
        return date_words(value)
    text = value.name if isinstance(value, Organisation) else str(value)
    return f"“{text[:80]}…”" if len(text) > 80 else f"“{text}”"


def _milestones_differ(planned: PlannedAward, stored: Stored) -> bool:
    rows = planned.milestones or []
    if {row.number for row in rows} != stored.milestones.keys():
        return True
    for row in rows:
        milestone = stored.milestones[row.number]
        if any(getattr(milestone, name) != value for name, value in row.fields().items()):
            return True
        settled = milestone.settled_at.astimezone(LONDON).date() if milestone.settled_at else None
        if settled != row.settled_on and not (row.settled_on is None and _has_answer(stored, row.number)):
            return True
    return False


def _has_answer(stored: Stored, number: int) -> bool:
    """Whether a milestone was settled by a report here, of which the file need not know."""
    return any(report.state in ("approved", "waived", "superseded") for report in stored.reports.get(number, ()))


def _tranches_differ(planned: PlannedAward, stored: Stored) -> bool:
    """A payment that has moved here is ahead of the file: then only its number, milestone and amount are compared."""
    rows = planned.tranches or []
    if {row.number for row in rows} != stored.tranches.keys():
        return True
    for row in rows:
        tranche, milestone = stored.tranches[row.number]
        if (row.milestone, row.amount) != (milestone, tranche.amount):
            return True
        born = (tranche.state, tranche.paid_on, tranche.payment_reference)
        if not tranche.revision and (row.state, row.paid_on, row.reference) != born:
            return True
    return False


def _obstacles(planned: PlannedAward, stored: Stored) -> Iterator[tuple[str, str, str]]:
    """What stands in the way of changing an award that is not locked: column or sheet, fault, mend."""
    payments = list(stored.tranches.values())
    in_one_payment = len(payments) == 1 and payments[0][1] is None
    if "Amount Awarded" in planned.changes and planned.tranches is None and not in_one_payment:
        amount = money(stored.award.amount or 0, pence=False)
        fault = f"Stored is {amount}, in several payments, which would no longer sum to the amount."
        yield "Amount Awarded", fault, "Give the award's payments in the sheet tranches."
    if "milestones" in planned.changes:
        rows = {row.number: row for row in planned.milestones or []}
        for number in stored.milestones:
            row = rows.get(number)
            begun = any(report.begun_at for report in stored.reports.get(number, ()))
            if begun and (row is None or row.settled_on):
                fault = f"The report on milestone {number} has been begun, so the milestone stays open."
                yield "milestones", fault, "Keep its row, without a day under “Settled On”."
            hangs = any(milestone == number for _, milestone in payments)
            if row is None and hangs and planned.tranches is None:
                fault = f"A payment depends on milestone {number}, which has no row here."
                yield "milestones", fault, "Keep its row, or give the award's payments in the sheet tranches."
    if "budget" in planned.changes and stored.has_spend:
        yield "budget", "A report on this award has spend against its budget.", "Ask for a change on the award's page."
