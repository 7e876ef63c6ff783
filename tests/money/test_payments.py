"""The pages of payments: the list, and each step with what refuses it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from grants.awards import services as awards
from grants.awards.models import Award, Tranche
from grants.formats import date_words, local_today
from grants.money import services as money
from grants.money.views import STEPS, steps_of
from grants.people.models import User
from tests import factories
from tests.factories import REASON, Cast

AsUser = Callable[[User], Client]


def take(client: Client, tranche: Tranche, verb: str, **asked: str) -> Any:
    tranche = Tranche.objects.get(pk=tranche.pk)
    return client.post(f"/payments/{tranche.pk}/{verb}/", {"seen": str(tranche.revision), **asked})


def shown(page: Any) -> list[Tranche]:
    """The payments on a page of the list."""
    return [row.record for row in page.context["table"].paginated_rows]


def state_of(tranche: Tranche) -> str:
    return str(Tranche.objects.get(pk=tranche.pk).state)


def test_payments_of_a_plan_that_was_not_offered_are_none(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("in_review", who)
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    for user in (who.editor, who.approver):
        client = as_user(user)
        assert shown(client.get("/payments/")) == []
        assert client.get(f"/payments/{award.tranches.all()[0].pk}/cancel/").status_code == 404


def test_payments_of_others_are_not_shown(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    for user in (who.stranger, who.outsider, who.viewer):
        client = as_user(user)
        assert shown(client.get("/payments/")) == []
        for verb in STEPS:
            assert client.get(f"/payments/{tranche.pk}/{verb}/").status_code == 404


def test_payments_ask_for_sign_in(who: Cast, client: Client) -> None:
    tranche = factories.tranche_in("released", who)
    for url in ("/payments/", f"/payments/{tranche.pk}/pay/"):
        assert client.get(url).status_code == 302


@pytest.mark.parametrize(
    ("state", "role", "verbs"),
    [
        ("scheduled", "approver", {"hold", "cancel"}),
        ("scheduled", "finance", set()),
        ("held", "approver", {"unhold", "cancel"}),
        ("released", "approver", {"cancel"}),
        ("released", "finance", {"pay"}),
        ("released", "signatory", set()),
        ("paid", "finance", set()),
        ("cancelled", "approver", set()),
    ],
)
def test_steps_of_a_payment_offered_to_a_role(who: Cast, state: str, role: str, verbs: set[str]) -> None:
    tranche = factories.tranche_in(state, who)
    assert {step.verb for step in steps_of(tranche, getattr(who, role))} == verbs


def test_steps_of_a_payment_offer_its_release_once_it_is_earned(who: Cast) -> None:
    award = factories.award_in("active", who)
    factories.report_in("waived", who, award)
    assert "release" in {step.verb for step in steps_of(award.tranches.get(milestone__number=1), who.approver)}


def test_steps_are_not_offered_to_a_member_of_a_party(who: Cast) -> None:
    tranche = factories.tranche_in("released", who)
    factories.member(who.finance, "editor", who.recipient)
    assert steps_of(tranche, User.objects.get(pk=who.finance.pk)) == []


def test_pay_records_the_day_and_the_reference_and_leads_back_to_the_award(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    client = as_user(who.finance)
    assert date_words(local_today()) in client.get(f"/payments/{tranche.pk}/pay/").content.decode()
    answer = take(client, tranche, "pay", paid_on=date_words(local_today()), payment_reference="BACS 12")
    assert answer.headers["Location"] == tranche.award.get_absolute_url()
    paid = Tranche.objects.get(pk=tranche.pk)
    assert (paid.state, paid.paid_on, paid.payment_reference) == ("paid", local_today(), "BACS 12")


def test_pay_on_a_day_to_come_is_refused_and_keeps_what_was_typed(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    tomorrow = date_words(local_today() + timedelta(days=1))
    answer = take(as_user(who.finance), tranche, "pay", paid_on=tomorrow, payment_reference="BACS 12")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "lies in the future" in text
    assert tomorrow in text
    assert "BACS 12" in text
    assert state_of(tranche) == "released"


def test_pay_without_a_readable_day_says_so(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    answer = take(as_user(who.finance), tranche, "pay", paid_on="soon", payment_reference="x" * 81)
    assert answer.status_code == 422
    assert "“soon” is not a date" in answer.content.decode()
    assert state_of(tranche) == "released"


def test_pay_from_an_old_page_is_refused(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    money.record_payment(tranche.pk, by=who.finance, seen=None, paid_on=local_today())
    answer = as_user(who.finance).post(
        f"/payments/{tranche.pk}/pay/", {"seen": str(tranche.revision), "paid_on": date_words(local_today())}
    )
    assert answer.status_code == 409
    assert "changed since you opened the page" in answer.content.decode()


def test_pay_by_somebody_without_the_role_is_refused(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    answer = take(as_user(who.approver), tranche, "pay", paid_on=date_words(local_today()))
    assert answer.status_code == 403
    assert "finance role" in answer.content.decode()
    assert state_of(tranche) == "released"


def test_hold_unhold_and_cancel_move_a_payment(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("scheduled", who)
    client = as_user(who.approver)
    assert take(client, tranche, "hold", reason="  ").status_code == 422
    for verb, asked, state in (
        ("hold", {"reason": REASON}, "held"),
        ("unhold", {}, "scheduled"),
        ("cancel", {"reason": REASON}, "cancelled"),
    ):
        assert take(client, tranche, verb, **asked).status_code == 302
        assert state_of(tranche) == state


def test_release_before_it_is_earned_is_refused(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("scheduled", who)
    client = as_user(who.approver)
    assert "must be accepted" in client.get(f"/payments/{tranche.pk}/release/").content.decode()
    assert take(client, tranche, "release").status_code == 409
    assert state_of(tranche) == "scheduled"


def test_release_of_a_waived_reports_payment_leads_back_to_the_award(who: Cast, as_user: AsUser) -> None:
    award: Award = factories.award_in("active", who)
    factories.report_in("waived", who, award)
    tranche = award.tranches.get(milestone__number=1)
    assert take(as_user(who.approver), tranche, "release").headers["Location"] == award.get_absolute_url()
    assert state_of(tranche) == "released"


def test_step_that_there_is_not_is_not_found(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    client = as_user(who.finance)
    assert client.get(f"/payments/{tranche.pk}/steal/").status_code == 404
    assert client.get("/payments/999999999/pay/").status_code == 404
    assert client.get(f"/payments/{10**25}/pay/").status_code == 404


def test_step_shows_to_whom_and_how_much(who: Cast, as_user: AsUser) -> None:
    tranche = factories.tranche_in("released", who)
    text = as_user(who.finance).get(f"/payments/{tranche.pk}/pay/").content.decode()
    assert f"£3,125 to {who.recipient}: {tranche.award.reference}, on acceptance." in text
