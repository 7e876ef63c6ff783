"""The sheet grants: one award a row. A cell with a fault gives None, and the row says that it is not sound."""

from datetime import date
from decimal import Decimal
from typing import Any

from grants.formats import date_words
from grants.imports import cells, identifiers
from grants.imports.known import Known
from grants.imports.layout import IDENTIFIER, plain
from grants.imports.plans import ENDED, PlannedAward
from grants.imports.tables import Row, Table
from grants.people.models import Organisation
from grants.programmes.models import Strand

STATES = {"active": "active", "evaluating": "evaluating", "closed": "closed", "terminated": "terminated"}
START, END = "Planned Dates:Start Date", "Planned Dates:End Date"
ORG_ID, ORG_NAME = "Recipient Org:Identifier", "Recipient Org:Name"
IND_ID, IND_NAME = "Recipient Ind:Identifier", "Recipient Ind:Name"
FUNDER_ID, FUNDER_NAME = "Funding Org:Identifier", "Funding Org:Name"


class GrantRows:
    """Reads the rows of the sheet grants, one after another."""

    def __init__(self, table: Table, known: Known, today: date) -> None:
        self.table = table
        self.known = known
        self.today = today
        self.seen: dict[str, Row] = {}
        self.written: set[str] = set()
        """Every identifier as it is written, of faulty rows too: rows of other sheets that use it are not blamed."""
        self.recipients: dict[str, Organisation] = {}
        """What the file says of each recipient, by identifier in capitals."""
        if table.is_usable:
            self._check_strands()

    def _check_strands(self) -> None:
        strands = self.known.strands
        if not strands:
            self.table.fault(
                0, 0, "The programme has no strand yet.", "Add one to the programme, and check the file again."
            )
        elif len(strands) > 1 and "Strand" not in self.table.columns:
            free = len(self.table.sheet.rows[0])
            codes = ", ".join(strand.code for strand in strands[:6])
            fault = f"The column “Strand” is missing, and the programme has {len(strands)} strands."
            self.table.fault(0, free, fault, f"Add it, with a strand in every row: {codes}.", value="")

    def read(self, row: Row) -> PlannedAward | None:
        """The award of a row; None where it cannot be told which award it is."""
        named = self._identifier(row)
        strand = self._strand(row)
        values = {**self._texts(row), **self._amounts(row), **self._dates(row)}
        recipient = self._recipient(row)
        funder = self._funder(row)
        state, state_said, ended_on = self._state(row, values.get("ends"))
        row.take("From An Open Call?", cells.yes_or_no)
        if strand is not None:
            values["strand_id"] = strand.pk
        self._people(row, strand, recipient, values)
        if named is None:
            return None
        return PlannedAward(row, *named, recipient or "", values, state, state_said, funder, ended_on)

    def _identifier(self, row: Row) -> tuple[str, str] | None:
        written = row.value(IDENTIFIER)
        if isinstance(written, str):
            self.written.add(cells.line(written).upper())
        named = row.take(
            IDENTIFIER,
            identifiers.grant,
            lacking="The award has no identifier.",
            mend="Give it one of its own, for example 360G-accesshe-EX-2012-01.",
        )
        if named is None:
            return None
        first = self.seen.setdefault(named[1].upper(), row)
        if first is not row:
            row.fault(
                IDENTIFIER,
                f"The reference “{named[1]}” stands at {first.cell(IDENTIFIER)} already.",
                "Give each award one row and a reference of its own; payments go to the sheet tranches.",
            )
            return None
        return named

    def _strand(self, row: Row) -> Strand | None:
        strands = self.known.strands
        text = row.take("Strand", cells.line)
        if text is None:
            if len(strands) == 1:
                return strands[0]
            if strands:
                row.fault("Strand", "The award has no strand.", f"Give one: {self._codes()}.")
            row.sound = False
            return None
        strand = self.known.strand(text)
        if strand is None:
            row.fault(
                "Strand",
                "The programme has no strand of this code or title.",
                f"Give one that it has: {self._codes()}.",
            )
        return strand

    def _codes(self) -> str:
        return ", ".join(strand.code for strand in self.known.strands[:6]) or "add one to the programme first"

    def _texts(self, row: Row) -> dict[str, Any]:
        title = row.text("Title", 200, lacking="The award has no title.", mend="Say in a few words what it is called.")
        description = row.take(
            "Description",
            cells.prose,
            lacking="The award has no description.",
            mend="Say in a sentence what it is for: the 360Giving standard requires it.",
        )
        currency = row.text("Currency", 20, lacking="The currency is missing.", mend="Write GBP.")
        if currency is not None and currency.upper() != "GBP":
            row.fault("Currency", "Amounts are kept in pounds only.", "Give the amount in pounds, and GBP here.")
        values: dict[str, Any] = {"title": title, "description": description}
        place = row.text("Beneficiary Location:Name", 200) or row.text("Recipient Org:City", 200)
        return values | ({"place": place} if place else {})

    def _amounts(self, row: Row) -> dict[str, Decimal | None]:
        amount = row.amount(
            "Amount Awarded", lacking="The amount is missing.", mend="Give the amount awarded, for example 12500."
        )
        if amount == 0:
            row.fault(
                "Amount Awarded",
                "An award of £0 promises nothing.",
                "Give the amount awarded, or leave the row out if its money is counted in another award.",
            )
            amount = None
        applied_for = row.amount("Amount Applied For")
        return {"amount": amount} | ({} if applied_for is None else {"amount_applied_for": applied_for})

    def _dates(self, row: Row) -> dict[str, date | None]:
        award_date = row.day(
            "Award Date", lacking="The award date is missing.", mend="Give the day on which it was awarded."
        )
        if award_date and award_date > self.today:
            fault = f"The award date, {date_words(award_date)}, lies in the future."
            row.fault("Award Date", fault, "Give the day on which it was awarded; the day stands before the month.")
        starts = row.take(
            START, cells.planned_day, last=False, lacking="The start is missing.", mend="Give the planned first day."
        )
        ends = row.take(
            END, cells.planned_day, last=True, lacking="The end is missing.", mend="Give the planned last day."
        )
        if starts and ends and starts > ends:
            fault = f"It ends before it starts, which is on {date_words(starts)}."
            row.fault(END, fault, "Check both dates; the day stands before the month.")
        return {"award_date": award_date, "starts": starts, "ends": ends}

    def _recipient(self, row: Row) -> str | None:
        person = next((title for title in (IND_ID, IND_NAME) if row.value(title) is not None), "")
        body = row.value(ORG_ID) is not None or row.value(ORG_NAME) is not None
        if person:
            fault = (
                "An organisation and a person are both given as recipient." if body else "The recipient is a person."
            )
            mend = "Clear the person." if body else "Awards here go to organisations: leave the row out."
            row.fault(person, fault, mend)
            return None
        if not body:
            missing = ORG_ID if ORG_ID in self.table.columns else ORG_NAME
            row.fault(missing, "The recipient is missing.", "Give the identifier and the name of the organisation.")
            return None
        name = row.text(
            ORG_NAME, 300, lacking="The recipient's name is missing.", mend="Give the name of the organisation."
        )
        identifier = row.take(
            ORG_ID,
            identifiers.organisation,
            lacking="The recipient's identifier is missing.",
            mend="Give one, such as GB-CHC-1156077, or a local identifier where there is none.",
        )
        row.take("Recipient Org:Company Number", identifiers.company_number)
        row.take("Recipient Org:Charity Number", identifiers.charity_number)
        if identifier is None or name is None:
            return None
        key = identifier.upper()
        if key not in self.recipients:
            self.recipients[key] = self._organisation(row, identifier, name)
        return key

    def _organisation(self, row: Row, identifier: str, name: str) -> Organisation:
        """The recipient as it would be made, from the first row that names it."""
        website = str(row.value("Recipient Org:Web Address") or "").strip()
        return Organisation(
            identifier=identifier,
            name=name,
            kind=identifiers.kind_of(identifier),
            city=(row.text("Recipient Org:City", 200) or "")[:120],
            description=row.take("Recipient Org:Description", cells.prose) or "",
            website=website if website.startswith(("http://", "https://")) and len(website) <= 200 else "",
        )

    def _funder(self, row: Row) -> Organisation | None:
        row.text(
            FUNDER_NAME, 300, lacking="The funder's name is missing.", mend="Give its name: the standard requires it."
        )
        identifier = row.take(
            FUNDER_ID,
            identifiers.organisation,
            lacking="The funder's identifier is missing.",
            mend=f"Give it: {self._funders()}.",
        )
        if identifier is None or identifier.upper() in self.known.bodies:
            return None
        funder = self.known.funders.get(identifier.upper())
        if funder is None:
            row.fault(
                FUNDER_ID, "This is not a funder of the programme.", f"Use one of its funders: {self._funders()}."
            )
        return funder

    def _funders(self) -> str:
        known = [f"{funder.identifier} ({funder.name})" for funder in self.known.funders.values()][:4]
        return ", ".join(known) or f"{self.known.programme.managing_body.identifier}, which manages the programme"

    def _state(self, row: Row, ends: date | None) -> tuple[str, bool, date | None]:
        said = row.take("State", cells.choice, choices=STATES)
        state = said or "active"
        is_known = said is not None or row.value("State") is None
        ended_on = row.day("Ended On")
        if ended_on and ended_on > self.today:
            row.fault("Ended On", "This day lies in the future.", "Give the day on which the award ended.")
        if ended_on and state not in ENDED and is_known:
            row.fault(
                "Ended On",
                f"The award is {state}, so it has not ended.",
                "Clear the day, or write closed or terminated.",
            )
        if state in ENDED and ended_on is None and ends is not None:
            if ends > self.today:
                place = "Ended On" if "Ended On" in self.table.columns else "State"
                row.fault(
                    place,
                    f"The award is {state}, and its planned end has not come.",
                    "Say under “Ended On” when it ended.",
                )
            ended_on = ends
        return state, said is not None, ended_on

    def _people(self, row: Row, strand: Strand | None, recipient: str | None, values: dict[str, Any]) -> None:
        managed = row.take("Managed", cells.yes_or_no)
        if managed is not None:
            values["managed"] = managed
        email = row.take("Manager", cells.line)
        if email and strand is not None:
            values["manager_id"] = self.known.managers.get((email.lower(), strand.managing_body_id))
            if values["manager_id"] is None:
                fault = f"Nobody with this e-mail address has a role at {strand.managing_body}."
                row.fault("Manager", fault, "Check the address, or give the person a role first.")
        name = row.take("Community", cells.line)
        if name:
            community = self.known.communities.get(plain(name))
            if community is None:
                row.fault(
                    "Community", "There is no community of this name.", "Check the name, or add the community first."
                )
            elif recipient and community.lead.identifier.upper() != recipient:
                fault = f"The recipient is not the lead of this community, {community.lead}."
                row.fault(
                    "Community", fault, f"Give {community.lead.identifier} as the recipient, or clear the community."
                )
            else:
                values["community_id"] = community.pk
