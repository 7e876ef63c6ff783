"""The steps of an award, as their pages show and take them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards import services
from grants.awards.models import Award
from grants.awards.tasks import lapse
from grants.awards.views import STEPS, step_url
from grants.formats import date_words, local_today
from grants.lifecycle.steps import steps_for
from tests import factories

pytestmark = pytest.mark.django_db

OFFERED_STEPS = [
    ("draft", "signatory", {"submit", "withdraw"}),
    ("draft", "editor", set()),
    ("submitted", "reviewer", {"start-review"}),
    ("submitted", "signatory", {"withdraw"}),
    ("in_review", "reviewer", {"return", "recommend"}),
    ("in_review", "approver", {"return", "recommend", "offer", "decline"}),
    ("in_review", "finance", set()),
    ("offered", "signatory", {"accept", "withdraw"}),
    ("offered", "approver", set()),
    ("active", "approver", {"suspend", "terminate"}),
    ("suspended", "approver", {"resume", "terminate"}),
    ("evaluating", "approver", {"suspend", "terminate", "close"}),
    ("closed", "approver", set()),
]


def page_of(award: Award, verb: str) -> str:
    return reverse("awards:step", args=[award.reference, verb])


def take(client: Client, award: Award, verb: str, **asked: str) -> Any:
    return client.post(page_of(award, verb), {"seen": str(award.revision), **asked})


@pytest.mark.parametrize(("state", "part", "verbs"), OFFERED_STEPS)
def test_steps_offered_in_a_state_to_a_role(state: str, part: str, verbs: set[str]) -> None:
    who = factories.cast()
    award = factories.award_in(state, who)
    assert {step.verb for step in steps_for(award, getattr(who, part), STEPS, step_url(award))} == verbs


def test_steps_cover_every_transition_that_a_person_makes() -> None:
    by_hand = {"submit", "start_review", "send_back", "decline", "offer", "accept", "withdraw", "suspend", "resume"}
    assert {step.transition for step in STEPS.values()} == {"", "close", "terminate", *by_hand}


def test_steps_take_an_application_to_an_active_award(client: Client) -> None:
    who = factories.cast()
    award = factories.draft_award(who)
    due = date_words(local_today() + timedelta(days=14))
    services_plan = factories.plan(who.programme)
    for person, verb, asked, state in (
        (who.signatory, "submit", {}, "submitted"),
        (who.reviewer, "start-review", {}, "in_review"),
        (who.reviewer, "recommend", {"note": "Strong partners"}, "in_review"),
        (who.approver, "offer", {"acceptance_due": due}, "offered"),
        (who.signatory, "accept", {}, "active"),
    ):
        if verb == "recommend":
            award = services.save_plan(award.pk, by=who.reviewer, seen=None, plan=services_plan)
        client.force_login(person)
        assert client.get(page_of(award, verb)).status_code == 200
        assert take(client, award, verb, **asked).status_code == 302, verb
        award = factories.award_again(award)
        assert award.state == state
    assert award.tranches.get(milestone=None).state == "released"


def test_submit_lists_what_is_missing_with_links(client: Client) -> None:
    who = factories.cast()
    award = factories.draft_award(who, complete=False)
    client.force_login(who.signatory)
    page = client.get(page_of(award, "submit")).content.decode()
    assert "Say what you will do" in page
    assert reverse("awards:application", args=[award.reference]) in page
    answer = take(client, award, "submit")
    assert answer.status_code == 409
    assert "must be given" in answer.content.decode()


def test_submit_by_an_editor_is_not_for_them(client: Client) -> None:
    who = factories.cast()
    award = factories.draft_award(who)
    client.force_login(who.editor)
    assert "A signatory of the recipient does this." in client.get(page_of(award, "submit")).content.decode()
    assert take(client, award, "submit").status_code == 403


def test_offer_lists_what_is_missing_with_links(client: Client) -> None:
    who = factories.cast()
    who.programme.strands.update(recommended_from=Decimal(10000))
    award = factories.award_in("in_review", who)
    client.force_login(who.approver)
    page = client.get(page_of(award, "offer")).content.decode()
    assert "Add at least one milestone" in page
    assert "Somebody else must recommend it first, as for every award from £10,000" in page
    assert reverse("awards:plan", args=[award.reference]) in page
    assert page_of(award, "recommend") in page


def test_offer_by_whoever_recommended_is_refused(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    award = services.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    client.force_login(who.approver)
    assert take(client, award, "recommend").status_code == 302
    award = factories.award_again(award)
    sentence = "You recommended this yourself, so another person must do this step."
    assert sentence in client.get(page_of(award, "offer")).content.decode()
    answer = take(client, award, "offer", acceptance_due=date_words(local_today()))
    assert answer.status_code == 403
    assert factories.award_again(award).state == "in_review"


def test_offer_to_be_accepted_in_the_past_keeps_what_was_typed(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    client.force_login(who.approver)
    answer = take(client, award, "offer", acceptance_due="3 July 2012")
    assert answer.status_code == 422
    assert "This day has passed" in answer.content.decode()
    assert "3 July 2012" in answer.content.decode()


def test_accept_says_what_follows(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("offered", who)
    client.force_login(who.signatory)
    page = client.get(page_of(award, "accept")).content.decode()
    assert "A payment of £3,125 is released." in page
    assert "3 reports are opened; the first, Milestone 1, is due on" in page


def test_terminate_says_what_follows_and_asks_a_reason(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("active", who)
    client.force_login(who.approver)
    page = client.get(page_of(award, "terminate")).content.decode()
    assert "4 open payments of £12,500 in all are cancelled; £0 was paid." in page
    assert "3 open reports are abandoned." in page
    assert take(client, award, "terminate").status_code == 422
    assert take(client, award, "terminate", reason=factories.REASON).status_code == 302
    assert factories.award_again(award).state == "terminated"


def test_close_lists_what_is_open(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("evaluating", who)
    client.force_login(who.approver)
    page = client.get(page_of(award, "close")).content.decode()
    assert "Final evaluation, due" in page
    assert "The payment “On acceptance”, £3,125, is released: pay or cancel it" in page
    assert take(client, award, "close").status_code == 409


@pytest.mark.parametrize("seen", ["", "x", "-1", "²", "9" * 5000, "999"])
def test_step_from_an_old_page_or_a_forged_one_is_refused(client: Client, seen: str) -> None:
    who = factories.cast()
    award = factories.draft_award(who)
    client.force_login(who.signatory)
    answer = client.post(page_of(award, "submit"), {"seen": seen})
    assert answer.status_code == 409
    assert "This has changed since you opened the page" in answer.content.decode()


@pytest.mark.parametrize("verb", sorted(STEPS))
@pytest.mark.parametrize("part", ["stranger", "outsider", "viewer"])
def test_steps_of_others_are_not_found(client: Client, part: str, verb: str) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    client.force_login(getattr(who, part))
    assert client.get(page_of(award, verb)).status_code == 404
    assert take(client, award, verb, reason="x").status_code == 404


def test_steps_that_there_are_not_are_not_found(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    client.force_login(who.approver)
    assert client.get(page_of(award, "lapse")).status_code == 404
    assert client.get("/awards/%00/offer/").status_code == 404
    assert client.get(page_of(award, "offer").replace(award.reference, award.reference.lower())).status_code == 200


def test_lapse_withdraws_offers_that_nobody_accepted() -> None:
    who = factories.cast()
    late, open_still = factories.award_in("offered", who), factories.award_in("offered", who)
    Award.objects.filter(pk=late.pk).update(acceptance_due=local_today() - timedelta(days=1))
    assert lapse() == 1
    assert lapse() == 0
    assert factories.award_again(late).state == "withdrawn"
    assert factories.award_again(open_still).state == "offered"
