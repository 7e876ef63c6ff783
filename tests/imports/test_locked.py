"""An award for which money was given, or a report was sent, is not changed by an import."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from grants.awards import services as awards
from grants.awards.models import Award, Milestone, Tranche
from grants.formats import local_today
from grants.imports.models import Import
from grants.money import services as money
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast
from tests.imports.conftest import Bring
from tests.imports.workbooks import grant, tranche, whole


def submit_a_report(who: Cast) -> None:
    factories.move_report(Report.objects.named().get(milestone__number=1), "submitted", who)


def release(who: Cast) -> None:
    money.release_payment(Tranche.objects.get(number=1).pk, by=who.approver, seen=None)


def pay(who: Cast) -> None:
    release(who)
    paid = Tranche.objects.get(state="released")
    money.record_payment(paid.pk, by=who.finance, seen=None, paid_on=local_today(), payment_reference="R1")


def hold(who: Cast) -> None:
    money.hold_payment(Tranche.objects.get(number=1).pk, by=who.approver, seen=None, reason="Not yet")


LOCKS: dict[str, tuple[str, Callable[[Cast], None]]] = {
    "submitted": ("a report that was submitted", submit_a_report),
    "released": ("a payment that is released or paid", release),
    "paid": ("a payment that is released or paid", pay),
    "held": ("a payment that was held or cancelled here", hold),
}


@pytest.mark.parametrize("why", LOCKS, ids=str)
def test_an_award_on_which_people_have_worked_is_not_changed(who: Cast, bring: Bring, why: str) -> None:
    file = whole(who)
    bring(**file)
    sentence, work = LOCKS[why]
    work(who)
    assert bring(**file).counts["unchanged"] == 1
    before = list(Award.objects.values()), list(Tranche.objects.values()), list(Milestone.objects.values())
    file["grants"][0].update(Title="New")
    file["targets"][0].update(Value=99)
    record = bring(**file)
    assert record.state == Import.State.FAULTY
    assert [(fault["sheet"], fault["cell"]) for fault in record.faults] == [("grants", "B2"), ("targets", "A2")]
    assert sentence in record.faults[0]["fault"]
    assert "“Science clubs”" in record.faults[0]["fault"]
    assert before == (list(Award.objects.values()), list(Tranche.objects.values()), list(Milestone.objects.values()))


@pytest.mark.parametrize(
    ("state", "paid_on", "outcome"),
    [
        ("scheduled", None, "applied"),
        ("cancelled", None, "applied"),
        ("released", None, "faulty"),
        ("paid", "01/09/2012", "faulty"),
    ],
)
def test_an_award_born_with_money_given_is_not_changed(
    who: Cast, bring: Bring, state: str, paid_on: str | None, outcome: str
) -> None:
    payments = [tranche(1, 12500, State=state, **{"Paid On": paid_on})]
    bring(grants=[grant(who.programme)], tranches=payments)
    assert bring(grants=[grant(who.programme)], tranches=payments).counts["unchanged"] == 1
    record = bring(grants=[grant(who.programme, Title="New")], tranches=payments)
    assert (record.state, Award.objects.get().title == "New") == (outcome, outcome == "applied")
    assert ["released or paid" in fault["fault"] for fault in record.faults] == [True] * (outcome == "faulty")


def test_a_later_due_date_that_was_granted_is_ahead_of_the_file(who: Cast, bring: Bring) -> None:
    file = whole(who)
    bring(**file)
    report = Report.objects.named().get(milestone__number=1)
    until = report.milestone.due_on + timedelta(days=30)
    asked = reports.ask_for_extension(report.pk, by=who.editor, until=until, reason="The schools answer late.")
    awards.decide_extension(asked.pk, by=who.approver, granted=True)
    assert bring(**file).counts["unchanged"] == 1
    file["milestones"][0].update(Promise="Another promise")
    assert bring(**file).counts["changed"] == 1
    milestone = Milestone.objects.get(number=1)
    assert (milestone.promise, milestone.due_on) == ("Another promise", until)
