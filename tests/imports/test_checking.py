"""Every fault at its place, all at once, and none that follows from another."""

from datetime import timedelta
from typing import Any

import pytest

from grants.awards.models import Award
from grants.formats import local_today
from grants.imports.checking import Checked, check
from grants.imports.models import Import
from grants.imports.reading import read
from grants.people.models import Organisation
from grants.programmes.models import Strand
from tests import factories
from tests.factories import Cast
from tests.imports.conftest import Bring
from tests.imports.workbooks import cell, comma_separated, grant, milestone, tranche, xlsx

TOMORROW = f"{local_today() + timedelta(days=1):%d/%m/%Y}"


def checked(who: Cast, content: Any = None, name: Any = "a.xlsx", **sheets: Any) -> Checked:
    return check(who.programme, read(name, content or xlsx(**sheets)))


def found(outcome: Checked) -> list[tuple[str, str]]:
    return [(fault.sheet, fault.cell) for fault in outcome.faults]


GRANTS = {
    "no identifier": ("Identifier", None, "no identifier"),
    "an identifier that is a number": ("Identifier", 19747, "zeros before it may be lost"),
    "an identifier of another kind": ("Identifier", "EX-2012-01", "not the identifier of a grant"),
    "an identifier with a space": ("Identifier", "360G-accesshe-A 1", "neither spaces nor slashes"),
    "an identifier with a slash": ("Identifier", "360G-accesshe-A/1", "neither spaces nor slashes"),
    "no title": ("Title", " \n", "no title"),
    "a long title": ("Title", "x" * 201, "201 characters"),
    "no description": ("Description", None, "no description"),
    "no currency": ("Currency", None, "currency is missing"),
    "another currency": ("Currency", "EUR", "in pounds only"),
    "no amount": ("Amount Awarded", None, "amount is missing"),
    "nothing awarded": ("Amount Awarded", 0, "An award of £0"),
    "nothing awarded, as text": ("Amount Awarded", "£0.00", "An award of £0"),
    "a negative amount": ("Amount Awarded", -5, "negative"),
    "three decimals": ("Amount Awarded", 1.005, "3 decimals"),
    "words for an amount": ("Amount Awarded", "ten", "not an amount"),
    "a formula without value": ("Amount Awarded", "=SUM(A1:A2)", "without its value"),
    "a negative amount applied for": ("Amount Applied For", "-1", "negative"),
    "no award date": ("Award Date", None, "award date is missing"),
    "no such day": ("Award Date", "31/02/2012", "no 31 February"),
    "the month first": ("Award Date", "07/13/2012", "no month 13"),
    "a number for a date": ("Award Date", 41093, "a number, not a date"),
    "a date to come": ("Award Date", TOMORROW, "in the future"),
    "no start": ("Planned Dates:Start Date", None, "start is missing"),
    "no end": ("Planned Dates:End Date", None, "end is missing"),
    "an end before the start": ("Planned Dates:End Date", "2011", "ends before it starts"),
    "no recipient's identifier": ("Recipient Org:Identifier", None, "identifier is missing"),
    "no recipient's name": ("Recipient Org:Name", None, "name is missing"),
    "lost zeros": ("Recipient Org:Identifier", "GB-COH-1234567", "eight characters"),
    "a bare number": ("Recipient Org:Identifier", 1156000, "its register is not named"),
    "lost zeros in a company number": ("Recipient Org:Company Number", 1234567, "zeros before it were lost"),
    "a short charity number": ("Recipient Org:Charity Number", 12345, "six or seven digits"),
    "a person too": ("Recipient Ind:Identifier", "360G-p-1", "both given"),
    "a person's name too": ("Recipient Ind:Name", "Somebody", "both given"),
    "no funder": ("Funding Org:Identifier", None, "funder's identifier is missing"),
    "no funder's name": ("Funding Org:Name", None, "funder's name is missing"),
    "an unknown funder": ("Funding Org:Identifier", "GB-CHC-999999", "not a funder of the programme"),
    "no strand": ("Strand", None, "no strand"),
    "an unknown strand": ("Strand", "Choirs", "no strand of this code"),
    "a state that there is not": ("State", "open", "not one of the words"),
    "an end of an award that goes on": ("Ended On", "01/08/2013", "has not ended"),
    "an end to come": ("Ended On", TOMORROW, "in the future"),
    "an unknown manager": ("Manager", "nobody@example.org", "Nobody with this e-mail address"),
    "an unknown community": ("Community", "Atlantis", "no community of this name"),
    "neither yes nor no": ("Managed", "perhaps", "neither Yes nor No"),
    "neither yes nor no, of the call": ("From An Open Call?", "perhaps", "neither Yes nor No"),
}


@pytest.mark.parametrize("case", GRANTS, ids=str)
def test_a_fault_of_a_grant_names_its_cell_and_hides_nothing_else(who: Cast, case: str) -> None:
    title, value, words = GRANTS[case]
    rows = [grant(who.programme), grant(who.programme, "A2", **{title: value}), grant(who.programme, "A3")]
    outcome = checked(who, grants=rows)
    assert found(outcome) == [("grants", cell(title, 3, grants=rows))]
    assert words in outcome.faults[0].fault
    assert outcome.faults[0].mend.endswith(".")
    assert outcome.counts["made"] == 0


LINKED: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a number twice": ("milestones", milestone(1), "Number", "already"),
    "no number": ("milestones", milestone(2) | {"Number": None}, "Number", "no number"),
    "a number of no kind": ("milestones", milestone(2) | {"Number": "two"}, "Number", "not a number from 1"),
    "a kind that there is not": ("milestones", milestone(2, Kind="chat"), "Kind", "not one of the words"),
    "a period that ends before it begins": (
        "milestones",
        milestone(2, **{"Period To": "2012-01-01"}),
        "Period To",
        "before",
    ),
    "a report that opens after it is due": (
        "milestones",
        milestone(2, **{"Opens On": "2013-01-01"}),
        "Opens On",
        "after it is due",
    ),
    "a settlement to come": ("milestones", milestone(2, **{"Settled On": TOMORROW}), "Settled On", "in the future"),
    "no due date": ("milestones", milestone(2, **{"Due On": None}), "Due On", "missing"),
    "no such award": ("milestones", milestone(1, "ZZ"), "Identifier", "no award of this identifier"),
    "no award named": ("milestones", milestone(2) | {"Identifier": None}, "Identifier", "names no award"),
    "a payment of nothing": ("tranches", tranche(2, 0), "Amount", "none"),
    "a payment of less": ("tranches", tranche(2, -3), "Amount", "negative"),
    "a payment without amount": ("tranches", tranche(2, None), "Amount", "no amount"),
    "payments that do not sum": ("tranches", tranche(2, 1), "Amount", "sum to £12,496"),
    "paid, on no day": ("tranches", tranche(2, 5, State="paid"), "State", "its day is missing"),
    "a state of no payment": ("tranches", tranche(2, 5, State="lost"), "State", "not one of the words"),
    "no such milestone": ("tranches", tranche(2, 5, Milestone=7), "Milestone", "no milestone 7"),
    "no such indicator": (
        "targets",
        {"Identifier": "A1", "Indicator": "songs", "Value": 4},
        "Indicator",
        "no indicator",
    ),
    "a target twice": ("targets", {"Identifier": "A1", "Indicator": "LEARNERS", "Value": 4}, "Indicator", "already"),
    "a target without value": ("targets", {"Identifier": "A1", "Indicator": "schools"}, "Value", "no value"),
    "a funder from elsewhere": (
        "fundings",
        {"Identifier": "A1", "Funder": "GB-CHC-999999", "Amount": 5},
        "Funder",
        "not a funder",
    ),
    "a heading twice": ("budget", {"Identifier": "A1", "Heading": "staff ", "Amount": 5}, "Heading", "already"),
    "a heading without a name": ("budget", {"Identifier": "A1", "Heading": None, "Amount": 5}, "Heading", "no heading"),
}


@pytest.mark.parametrize("case", LINKED, ids=str)
def test_a_fault_of_another_sheet_names_its_cell(who: Cast, case: str) -> None:
    name, row, title, words = LINKED[case]
    sound: dict[str, list[dict[str, Any]]] = {
        "milestones": [milestone(1)],
        "tranches": [tranche(1, 12495)],
        "targets": [{"Identifier": "A1", "Indicator": "learners", "Value": 250}],
        "fundings": [{"Identifier": "A1", "Funder": who.funder.identifier, "Amount": 12500}],
        "budget": [{"Identifier": "A1", "Heading": "Staff", "Amount": 9000}],
    }
    rows = [*sound[name], row]
    outcome = checked(who, grants=[grant(who.programme)], **{name: rows})
    assert found(outcome) == [(name, cell(title, 3, **{name: rows}))]
    assert words in outcome.faults[0].fault


def test_all_faults_come_at_once_in_the_order_of_the_file(who: Cast) -> None:
    rows = [grant(who.programme, Title=None, Currency="EUR"), grant(who.programme, "A2", **{"Amount Awarded": 0})]
    outcome = checked(who, tranches=[tranche(1, -1)], grants=rows)
    assert found(outcome) == [
        ("grants", cell("Title", 2, grants=rows)),
        ("grants", cell("Currency", 2, grants=rows)),
        ("grants", cell("Amount Awarded", 3, grants=rows)),
        ("tranches", "C2"),
    ]


@pytest.mark.parametrize("title", ["Title", "Planned Dates:Start Date", "Identifier", "Funding Org:Identifier"])
def test_a_missing_column_is_one_fault_at_the_next_free_title(who: Cast, title: str) -> None:
    rows = [{key: value for key, value in grant(who.programme, f"A{n}").items() if key != title} for n in range(9)]
    outcome = checked(who, grants=rows, tranches=[tranche(1, 12500)])
    assert [(fault.cell, fault.value) for fault in outcome.faults] == [("M1", "")]
    assert title in outcome.faults[0].fault


def test_a_column_nearly_called_right_is_named(who: Cast) -> None:
    row = grant(who.programme)
    row["Ammount Awarded"] = row.pop("Amount Awarded")
    (fault,) = checked(who, grants=[row]).faults
    assert fault.value == "Ammount Awarded"
    assert fault.mend == "Call it “Amount Awarded”."


def test_an_empty_column_is_one_fault(who: Cast) -> None:
    rows = [grant(who.programme, f"A{n}", **{"Award Date": None}) for n in range(9)]
    assert found(checked(who, grants=rows)) == [("grants", cell("Award Date", 1, grants=rows))]


def test_titles_may_differ_in_case_and_spaces_and_order(who: Cast) -> None:
    row = {f" {title.upper()}  ": value for title, value in reversed(grant(who.programme).items())}
    assert checked(who, grants=[row | {"Our own column": "x"}]).counts["made"] == 1


def test_titles_below_the_first_row_are_pointed_out(who: Cast) -> None:
    (fault,) = checked(who, b"Our grants\n\nTitle,Identifier\nClubs,360G-x-1\n", "a.csv").faults
    assert fault.cell == "B3"
    assert "row 3" in fault.fault


def test_a_file_without_titles_says_so(who: Cast) -> None:
    (fault,) = checked(who, b"hello,world\n1,2\n", "a.csv").faults
    assert (fault.cell, fault.value) == ("A1", "hello")


def test_a_file_without_awards_says_so(who: Cast) -> None:
    header = comma_separated([grant(who.programme)]).split(b"\r\n")[0]
    assert [fault.cell for fault in checked(who, header, "a.csv").faults] == ["A2"]


def test_references_are_one_whatever_their_case_and_spaces(who: Cast) -> None:
    outcome = checked(who, grants=[grant(who.programme, "A1"), grant(who.programme, "a1 ")])
    assert found(outcome) == [("grants", "A3")]
    assert "A2" in outcome.faults[0].fault


def test_rows_of_an_award_with_a_fault_are_not_blamed_for_it(who: Cast) -> None:
    rows = [grant(who.programme) | {"Identifier": "A 1"}, grant(who.programme, "A2", **{"Amount Awarded": 0})]
    outcome = checked(who, grants=rows, tranches=[tranche(1, 5) | {"Identifier": "a 1"}, tranche(1, 7, "A2")])
    assert found(outcome) == [("grants", "A2"), ("grants", cell("Amount Awarded", 3, grants=rows))]


def test_a_person_as_recipient_is_one_fault(who: Cast) -> None:
    more = {"Recipient Org:Identifier": None, "Recipient Org:Name": None, "Recipient Ind:Name": "Somebody"}
    rows = [grant(who.programme), grant(who.programme, "A2", **more)]
    (fault,) = checked(who, grants=rows).faults
    assert fault.fault == "The recipient is a person."


def test_neither_person_nor_organisation_is_one_fault(who: Cast) -> None:
    rows = [
        grant(who.programme),
        grant(who.programme, "A2", **{"Recipient Org:Identifier": None, "Recipient Org:Name": None}),
    ]
    assert found(checked(who, grants=rows)) == [("grants", cell("Recipient Org:Identifier", 3, grants=rows))]


def test_the_strand_need_not_be_said_where_there_is_one(who: Cast) -> None:
    row = grant(who.programme)
    del row["Strand"]
    (fault,) = checked(who, grants=[row, row | {"Identifier": "360G-accesshe-A2"}]).faults
    assert (fault.cell, "2 strands" in fault.fault) == ("M1", True)
    who.programme.strands.filter(kind=Strand.Kind.COMMUNITIES).delete()
    assert checked(who, grants=[row]).counts["made"] == 1


def test_a_programme_without_a_strand_takes_nothing(who: Cast) -> None:
    who.programme.strands.all().delete()
    row = grant(factories.a_programme(), Strand=None)
    assert "no strand yet" in checked(who, grants=[row]).faults[0].fault


@pytest.mark.parametrize(
    ("state", "row", "words"),
    [
        ("closed", tranche(1, 12500, State="scheduled"), "this payment is scheduled"),
        ("terminated", tranche(1, 12500, State="released"), "this payment is released"),
    ],
)
def test_an_award_that_has_ended_owes_nothing(who: Cast, state: str, row: dict[str, Any], words: str) -> None:
    outcome = checked(who, grants=[grant(who.programme, State=state)], tranches=[row])
    assert [words in fault.fault for fault in outcome.faults] == [True]


def test_a_closed_award_has_settled_its_milestones(who: Cast) -> None:
    outcome = checked(
        who, grants=[grant(who.programme, State="closed")], milestones=[milestone(**{"Settled On": None})]
    )
    assert [fault.cell for fault in outcome.faults] == [
        cell("Settled On", 2, milestones=[milestone(**{"Settled On": None})])
    ]


def test_a_community_is_imported_under_its_lead(who: Cast) -> None:
    community = factories.a_community(who.recipient, name="South West")
    lead = {"Recipient Org:Identifier": who.recipient.identifier, "Recipient Org:Name": who.recipient.name}
    assert checked(who, grants=[grant(who.programme, Community="south west", **lead)]).counts["made"] == 1
    (fault,) = checked(who, grants=[grant(who.programme, Community=community.name)]).faults
    assert "not the lead" in fault.fault


def test_the_parts_of_the_funders_sum_to_the_amount(who: Cast) -> None:
    first, second = (share.funder.identifier for share in who.programme.shares.all())
    rows = [
        {"Identifier": "A1", "Funder": first, "Amount": 5000},
        {"Identifier": "A1", "Funder": second, "Amount": 5000},
    ]
    (fault,) = checked(who, grants=[grant(who.programme)], fundings=rows).faults
    assert (fault.sheet, fault.cell) == ("fundings", "C3")
    assert "£10,000" in fault.fault


def test_the_reference_of_another_programme_is_refused_without_a_word_about_it(who: Cast) -> None:
    other = factories.award_in("active")
    (fault,) = checked(who, grants=[grant(who.programme, other.reference.lower())]).faults
    assert fault.cell == "A2"
    assert other.title not in fault.fault


def test_the_reference_of_an_application_is_refused(who: Cast) -> None:
    draft = factories.draft_award(who)
    (fault,) = checked(who, grants=[grant(who.programme, draft.reference)]).faults
    assert "draft" in fault.fault


def test_nothing_is_written_where_something_is_wrong(who: Cast, bring: Bring) -> None:
    bodies = Organisation.objects.count()
    record = bring(grants=[grant(who.programme), grant(who.programme, "A2", Title=None)])
    assert record.state == Import.State.FAULTY
    assert record.faults[0].keys() == {"sheet", "cell", "value", "fault", "mend"}
    assert not Award.objects.exists()
    assert Organisation.objects.count() == bodies
