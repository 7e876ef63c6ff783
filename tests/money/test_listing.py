"""The list of payments: what narrows it, what its figures say, what finance takes away."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

from django.db.models import F
from django.test import Client

from grants.awards.models import Tranche
from grants.formats import date_words, local_today
from grants.money import services as money
from grants.people.models import User
from tests import factories
from tests.factories import REASON, Cast

AsUser = Callable[[User], Client]


def shown(page: Any) -> list[Tranche]:
    return [row.record for row in page.context["table"].paginated_rows]


def test_payments_come_in_the_order_in_which_they_are_to_be_made(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    money.hold_payment(award.tranches.get(milestone__number=2).pk, by=who.approver, seen=None, reason=REASON)
    factories.tranche_in("paid", who)
    page = as_user(who.finance).get("/payments/")
    assert [tranche.state for tranche in shown(page)] == ["released", *["scheduled"] * 5, "held", "paid"]
    figures = {figure["label"]: (figure["value"], figure["url"]) for figure in page.context["figures"]}
    assert figures == {
        "Released": ("£3,125", "?state=released"),
        "Scheduled": ("£15,625", "?state=scheduled"),
        "Held": ("£3,125", "?state=held"),
        "Paid": ("£3,125", "?state=paid"),
    }


def test_payments_are_filtered_by_states(who: Cast, as_user: AsUser) -> None:
    released = factories.tranche_in("released", who)
    held = factories.tranche_in("held", who, released.award)
    client = as_user(who.editor)
    assert shown(client.get("/payments/", {"state": "released"})) == [released]
    assert shown(client.get("/payments/", {"state": ["released", "held"]})) == [released, held]
    assert "None of the payments fits" in client.get("/payments/", {"state": "cancelled"}).content.decode()


def test_payments_are_found_by_award_recipient_and_payment_reference(who: Cast, as_user: AsUser) -> None:
    paid = money.record_payment(
        factories.tranche_in("released", who).pk,
        by=who.finance, seen=None, paid_on=local_today(), payment_reference="BACS 4711",
    )  # fmt: skip
    community = factories.a_community(who.recipient, name="Western community")
    factories.award_in("active", who, community=community)
    client = as_user(who.approver)
    assert shown(client.get("/payments/", {"words": "bacs"})) == [paid]
    assert {row.award for row in shown(client.get("/payments/", {"words": paid.award.reference}))} == {paid.award}
    assert {row.award.community for row in shown(client.get("/payments/", {"words": "western"}))} == {community}
    assert len(shown(client.get("/payments/", {"words": who.recipient.name}))) == 8


def test_payments_are_narrowed_to_days_by_the_date_that_matters_in_their_state(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    first, second = award.tranches.exclude(milestone=None).order_by("number")[:2]
    today = local_today()
    client = as_user(who.finance)

    def found(since: Any = "", until: Any = "") -> list[Tranche]:
        return shown(client.get("/payments/", {"since": str(since), "until": date_words(until) if until else ""}))

    on_acceptance = award.tranches.get(milestone=None)
    assert found(today, today) == [on_acceptance]  # released today
    due = first.milestone.due_on
    assert found(due, due) == [first]
    assert found(due + timedelta(days=1), second.milestone.due_on) == [second]
    Tranche.objects.filter(pk=on_acceptance.pk).update(released_at=F("released_at") - timedelta(days=9))
    money.record_payment(on_acceptance.pk, by=who.finance, seen=None, paid_on=today - timedelta(days=3))
    assert found(today - timedelta(days=3), today - timedelta(days=1)) == [on_acceptance]
    assert found(today, today) == []


def test_payments_are_sorted_by_amount_and_recipient(who: Cast, as_user: AsUser) -> None:
    small = factories.award_in("active", who, amount=factories.LIGHT)
    large = factories.award_in("active", factories.cast(who.programme))
    client = as_user(who.approver)
    amounts = [row.amount for row in shown(client.get("/payments/", {"sort": "-amount"}))]
    assert amounts == sorted(amounts, reverse=True)
    awards = [row.award for row in shown(client.get("/payments/", {"sort": "recipient"}))]
    names = sorted([small, large], key=lambda award: award.recipient)
    assert list(dict.fromkeys(awards)) == names


def test_payments_are_divided_into_pages(who: Cast, as_user: AsUser) -> None:
    for _ in range(7):
        factories.award_in("offered", who)
    client = as_user(who.approver)
    assert len(shown(client.get("/payments/"))) == 20
    assert len(shown(client.get("/payments/", {"page": "2"}))) == 8


def test_file_for_finance_has_what_is_needed_to_pay(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    money.record_payment(tranche.pk, by=who.finance, seen=None, paid_on=local_today(), payment_reference="BACS 4711")
    answer = as_user(who.finance).get("/payments/", {"state": "paid", "_export": "csv"})
    head, line = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    today = local_today().isoformat()
    assert dict(zip(head, line, strict=True)) == {
        "Award": who.recipient.name,
        "Reference": tranche.award.reference,
        "Title": tranche.award.title,
        "Paid to": who.recipient.name,
        "Organisation identifier": who.recipient.identifier,
        "Programme": who.programme.title,
        "Strand": tranche.award.strand.title,
        "Payment": "On acceptance",
        "State": "Paid",
        "Report due on": "",
        "Released on": today,
        "Paid on": today,
        "Payment reference": "BACS 4711",
        "Amount, £": "3125.00",
    }


def test_list_offers_each_payment_the_steps_that_the_person_can_take(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    step = f'href="/payments/{tranche.pk}/pay/"'
    assert step in as_user(who.finance).get("/payments/").content.decode()
    assert step not in as_user(who.editor).get("/payments/").content.decode()


def test_column_of_steps_is_for_those_who_take_them(who: Cast, as_user: AsUser) -> None:
    factories.tranche_in("released", who)
    heads = {
        person: ">Steps<" in as_user(person).get("/payments/").content.decode() for person in (who.finance, who.editor)
    }
    assert heads == {who.finance: True, who.editor: False}
