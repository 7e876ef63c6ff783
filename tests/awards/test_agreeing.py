"""Actions and conflicts of interest: what is agreed with an approval, who does it; and who keeps out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from grants.awards import services
from grants.awards.models import Action, Award, Conflict
from grants.awards.services import Agreed
from grants.formats import date_words, local_today
from grants.formats import money as pounds
from grants.lifecycle.door import NotNow, NotYou
from grants.lifecycle.models import Notice
from grants.money import services as money
from grants.people.models import User
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

TODAY = local_today()
TEXT = "Send the agreement between the partners"


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def report(who: Cast) -> Report:
    return factories.report_in("in_review", who)


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def action(who: Cast, report: Report) -> Action:
    agreed = [Agreed(TEXT, who.signatory, local_today() + timedelta(days=14))]
    reports.approve_report(report.pk, by=who.approver, seen=None, version=1, actions=agreed)
    return Action.objects.get()


def decision(report: Report, verb: str, rows: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    sent = {"seen": report.revision, "version": 1, "verb": verb, "words": "", "actions-INITIAL_FORMS": 0}
    given = rows or []
    for number, row in enumerate(given):
        sent |= {f"actions-{number}-{name}": value for name, value in row.items()}
    return sent | {"actions-TOTAL_FORMS": max(3, len(given))} | more


def review(report: Report) -> str:
    return reverse("reports:review", args=[report.pk])


# --- Actions ----------------------------------------------------------------------------------------------------------


def test_approval_with_actions_tells_their_owners(as_user: Any, who: Cast, report: Report) -> None:
    day = local_today() + timedelta(days=14)
    rows = [
        {"text": TEXT, "owner": who.signatory.pk, "due_on": date_words(day)},
        {"text": "Introduce them to the next region", "owner": who.reviewer.pk, "due_on": date_words(day)},
    ]
    page = as_user(who.approver)
    assert page.post(review(report), decision(report, "agree", rows)).status_code == 302
    assert Report.objects.get(pk=report.pk).state == "approved"
    assert list(Action.objects.values_list("owner", "side", "due_on", "raised_in")) == [
        (who.signatory.pk, "recipient", day, "Milestone 1, version 1"),
        (who.reviewer.pk, "managing_body", day, "Milestone 1, version 1"),
    ]
    for person in (who.signatory, who.reviewer):
        own = Action.objects.get(owner=person)
        assert Notice.objects.get(person=person, link=own.get_absolute_url()).due == day
        assert own.text in as_user(person).get("/").content.decode()
    assert TEXT in Notice.objects.filter(person=who.editor, subject__startswith="Approved").get().text
    assert TEXT in as_user(who.editor).get(report.award.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("verb", "row", "sentence"),
    [
        ("agree", {}, "Write down at least one action"),
        ("approve", {"text": TEXT}, "Choose to approve with actions"),
        ("agree", {"text": TEXT, "due_on": "3 July 2031"}, "Choose the owner"),
        ("agree", {"text": TEXT, "due_on": "1 May 2012", "owner": "own"}, "This day has passed"),
        ("agree", {"text": "", "due_on": "3 July 2031", "owner": "own"}, "Say what is to be done"),
        ("agree", {"text": TEXT, "due_on": "3 July 2031", "owner": "stranger"}, "Choose one of those offered"),
    ],
)
def test_faulty_actions_are_refused_and_kept(
    as_user: Any, who: Cast, report: Report, verb: str, row: dict[str, str], sentence: str
) -> None:
    people = {"own": who.editor.pk, "stranger": who.stranger.pk}
    row = {name: people.get(value, value) for name, value in row.items()}
    response = as_user(who.approver).post(review(report), decision(report, verb, [row] if row else []))
    assert response.status_code == 422
    shown = response.content.decode()
    assert sentence in shown
    assert str(row.get("text", "")) in shown
    assert not Action.objects.exists()
    assert Report.objects.get(pk=report.pk).state == "in_review"


def test_action_for_somebody_of_neither_side_undoes_the_approval(who: Cast, report: Report) -> None:
    wrong = [
        Agreed(TEXT, who.stranger, TODAY),
        Agreed(" ", who.editor, TODAY),
        Agreed(TEXT, who.editor, TODAY - timedelta(days=1)),
    ]
    for agreed in wrong:
        with pytest.raises(NotNow):
            reports.approve_report(report.pk, by=who.approver, seen=None, version=1, actions=[agreed])
    assert Report.objects.get(pk=report.pk).state == "in_review"


def test_owner_or_watcher_marks_it_done_once_with_a_word(as_user: Any, who: Cast, action: Action) -> None:
    for person in (who.editor, who.finance):
        with pytest.raises(NotYou):
            services.mark_action_done(action.pk, by=person, word="Sent")
    page = as_user(who.signatory)
    assert page.post(action.get_absolute_url(), {"word": " "}).status_code == 422
    assert page.post(action.get_absolute_url(), {"word": "Sent <i>today</i>"}).status_code == 302
    assert "Sent &lt;i&gt;today&lt;/i&gt;" in page.get(action.get_absolute_url()).content.decode()
    with pytest.raises(NotNow):
        services.mark_action_done(action.pk, by=who.reviewer, word="Again")


def test_watcher_marks_it_done(who: Cast, action: Action) -> None:
    assert services.mark_action_done(action.pk, by=who.reviewer, word="They sent it").done_by == who.reviewer


def test_database_keeps_what_was_agreed(who: Cast, action: Action) -> None:
    rows = Action.objects.filter(pk=action.pk)
    for change in ({"text": "Less"}, {"due_on": TODAY}, {"owner": who.editor}, {"done_at": action.raised_at}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    services.mark_action_done(action.pk, by=who.signatory, word="Sent")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(word="Not sent")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_action_is_seen_by_both_sides_only(as_user: Any, who: Cast, action: Action) -> None:
    address = action.get_absolute_url()
    found = {name: as_user(person).get(address).status_code for name, person in who.everybody().items()}
    outside = ("viewer", "stranger", "outsider")
    assert found == {name: 404 if name in outside else 200 for name in found}
    other = factories.award_in("active", who)
    assert as_user(who.editor).get(reverse("awards:action", args=[other.reference, action.pk])).status_code == 404


# --- The payment is held, the approval is not -----------------------------------------------------------------------------


def test_payment_is_held_with_the_approval(as_user: Any, who: Cast, report: Report) -> None:
    page = as_user(who.approver)
    (amount,) = [pounds(one.amount, pence=False) for one in report.milestone.tranches.all()]
    assert f"Hold the payment of {amount}" in " ".join(page.get(review(report)).content.decode().split())
    for sent, sentence in (
        ({"hold": "on"}, "Say why the payment is held"),
        ({"hold_reason": "x"}, "Tick this to hold the payment"),
    ):
        response = page.post(review(report), decision(report, "approve", **sent))
        assert response.status_code == 422
        assert sentence in response.content.decode()
    sent = {"hold": "on", "hold_reason": "The bank details are not confirmed."}
    recommends = page.post(review(report), decision(report, "recommend", **sent))
    assert "The payment is held with an approval" in recommends.content.decode()
    assert page.post(review(report), decision(report, "approve", **sent)).status_code == 302
    assert Report.objects.get(pk=report.pk).state == "approved"
    tranche = report.milestone.tranches.get()
    assert tranche.state == "held"
    told = Notice.objects.filter(person=who.signatory, subject__startswith="Approved").get()
    assert f"{amount} is held: The bank details are not confirmed." in told.text
    money.unhold_payment(tranche.pk, by=who.approver, seen=None)
    assert report.milestone.tranches.get().state == "released"


def test_nothing_is_approved_where_there_is_no_payment_to_hold(who: Cast, report: Report) -> None:
    tranche = report.milestone.tranches.get()
    money.hold_payment(tranche.pk, by=who.approver, seen=None, reason="x")
    with pytest.raises(NotNow, match="there is none to hold"):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1, hold="Again")
    assert Report.objects.get(pk=report.pk).state == "in_review"


# --- Conflicts of interest ------------------------------------------------------------------------------------------------


def test_declared_conflict_keeps_a_person_out(as_user: Any, who: Cast, report: Report) -> None:
    address = reverse("awards:conflict", args=[report.award.reference])
    page = as_user(who.approver)
    assert address in page.get(review(report)).content.decode()
    assert page.post(address, {"sentence": ""}).status_code == 422
    assert page.post(address, {"sentence": "My sister works there."}).status_code == 302
    assert "My sister works there." in page.get(address).content.decode()
    assert page.get(review(report)).status_code == 403
    tranche = report.milestone.tranches.get()
    refused: list[Callable[[], Any]] = [
        lambda: reports.approve_report(report.pk, by=who.approver, seen=None, version=1),
        lambda: reports.recommend_report(report.pk, by=who.approver, seen=None),
        lambda: factories.send_back(report, who.approver),
        lambda: reports.mark_section(report.pk, by=who.approver, version=1, code="done", verdict="fine"),
        lambda: reports.waive_report(report.pk, by=who.approver, seen=None, reason="x"),
        lambda: money.hold_payment(tranche.pk, by=who.approver, seen=None, reason="x"),
        lambda: services.suspend_award(report.award.pk, by=who.approver, seen=None, reason="x"),
    ]
    for attempt in refused:
        with pytest.raises(NotYou, match="declared no conflict"):
            attempt()
    assert reports.approve_report(report.pk, by=who.second_approver, seen=None, version=1).state == "approved"


def test_application_is_decided_by_others(who: Cast) -> None:
    award = factories.award_in("in_review", who)
    services.declare_conflict(award.pk, by=who.approver, sentence="I wrote it.")
    with pytest.raises(NotYou, match="declared no conflict"):
        services.decline_application(award.pk, by=who.approver, seen=None, reason="x")
    other = factories.award_in("in_review", who)
    assert services.decline_application(other.pk, by=who.approver, seen=None, reason="x").state == "declined"


def test_finance_with_a_conflict_records_no_payment(who: Cast) -> None:
    tranche = factories.tranche_in("released", who)
    services.declare_conflict(tranche.award.pk, by=who.finance, sentence="My firm.")
    with pytest.raises(NotYou, match="declared no conflict"):
        money.record_payment(tranche.pk, by=who.finance, seen=None, paid_on=local_today())


def test_conflict_is_withdrawn_by_another_row(as_user: Any, who: Cast, report: Report) -> None:
    award = report.award
    with pytest.raises(NotNow, match="no conflict"):
        services.withdraw_conflict(award.pk, by=who.approver, sentence="Gone")
    services.declare_conflict(award.pk, by=who.approver, sentence="My sister")
    with pytest.raises(NotNow, match="already"):
        services.declare_conflict(award.pk, by=who.approver, sentence="Again")
    address = reverse("awards:conflict", args=[award.reference])
    page = as_user(who.approver)
    assert page.post(address, {"sentence": "She has left.", "then": "withdraw"}).status_code == 302
    assert page.get(review(report)).status_code == 200
    assert list(Conflict.objects.order_by("pk").values_list("withdrawn", flat=True)) == [False, True]
    with pytest.raises(DatabaseError), transaction.atomic():
        Conflict.objects.update(sentence="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Conflict.objects.all().delete()


def test_conflicts_are_the_managing_body_s_own(as_user: Any, who: Cast, report: Report) -> None:
    award: Award = report.award
    for person in (who.editor, who.stranger):
        with pytest.raises(NotYou):
            services.declare_conflict(award.pk, by=person, sentence="x")
    services.declare_conflict(award.pk, by=who.approver, sentence="My sister")
    assert "conflict of interest" not in as_user(who.editor).get(award.get_absolute_url()).content.decode()
    assert "Declared a conflict of interest" in as_user(who.reviewer).get(award.get_absolute_url()).content.decode()


def test_recommendation_of_somebody_who_declares_a_conflict_later_does_not_count(who: Cast) -> None:
    report = factories.report_in("in_review", who)
    who.programme.strands.update(recommended_from=1)
    reports.recommend_report(report.pk, by=who.reviewer, seen=None)
    services.declare_conflict(report.award.pk, by=who.reviewer, sentence="My sister works there.")
    with pytest.raises(NotNow, match="Another person, who declared no conflict, must recommend"):
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
    reports.recommend_report(report.pk, by=who.second_approver, seen=None)
    assert reports.approve_report(report.pk, by=who.approver, seen=None, version=1).state == "approved"


def test_what_somebody_with_a_conflict_keeps_out_of_does_not_wait_for_them(as_user: Any, who: Cast) -> None:
    report = factories.report_in("in_review", who)
    listed = reverse("reports:reports")
    assert report.get_absolute_url() in as_user(who.reviewer).get(listed, {"waits": "me"}).content.decode()
    services.declare_conflict(report.award.pk, by=who.reviewer, sentence="My sister works there.")
    page = as_user(who.reviewer)
    assert report.get_absolute_url() not in page.get(listed, {"waits": "me"}).content.decode()
    assert "You declared a conflict of interest; another person reviews it" in page.get("/").content.decode()
