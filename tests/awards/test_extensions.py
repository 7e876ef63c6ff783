"""A later due date: who asks and who decides, what it moves, and what the database holds of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.awards import services
from grants.awards.models import Award, Extension, Milestone
from grants.formats import date_words
from grants.lifecycle.door import NotNow, NotYou
from grants.lifecycle.models import HistoryEntry, Notice
from grants.people.models import User
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

WHY = "The survey of the schools comes back a week later."


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def award(who: Cast) -> Award:
    return factories.award_in("active", who)


@pytest.fixture
def milestone(award: Award) -> Milestone:
    return award.milestones.get(number=1)


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


def report_of(milestone: Milestone) -> Report:
    return Report.objects.named().get(milestone=milestone)


def ask(milestone: Milestone, by: User, days: int = 14, reason: str = WHY) -> Extension:
    until = milestone.due_on + timedelta(days=days)
    return reports.ask_for_extension(report_of(milestone).pk, by=by, until=until, reason=reason)


def notices(person: User) -> list[str]:
    return list(Notice.objects.filter(person=person).values_list("subject", flat=True))


def due(milestone: Milestone) -> Any:
    return Milestone.objects.get(pk=milestone.pk).due_on


def test_granting_moves_the_due_date_and_keeps_what_it_was(who: Cast, award: Award, milestone: Milestone) -> None:
    extension = ask(milestone, who.editor)
    assert any("A later due date is asked for" in subject for subject in notices(who.approver))
    granted = services.decide_extension(extension.pk, by=who.reviewer, granted=True)
    assert due(milestone) == extension.until
    assert granted.instead_of == milestone.due_on
    assert any(subject.startswith("Due by") for subject in notices(who.signatory))
    said = set(HistoryEntry.objects.filter(root=award.key).values_list("what", flat=True))
    assert {"ask_extension", "extend"} <= said


def test_refusing_leaves_the_due_date_and_wants_a_reason(who: Cast, milestone: Milestone) -> None:
    extension = ask(milestone, who.signatory)
    with pytest.raises(NotNow, match="Say why you refuse it"):
        services.decide_extension(extension.pk, by=who.approver, granted=False, answer=" ")
    services.decide_extension(extension.pk, by=who.approver, granted=False, answer="The board meets before.")
    assert due(milestone) == milestone.due_on
    assert any(subject.startswith("No later due date") for subject in notices(who.editor))
    again = ask(milestone, who.editor, days=7)
    assert again.is_open


@pytest.mark.parametrize("part", ["reviewer", "approver", "finance", "administrator", "viewer", "stranger"])
def test_only_the_grantee_asks(part: str, who: Cast, milestone: Milestone) -> None:
    with pytest.raises(NotYou):
        ask(milestone, getattr(who, part))


@pytest.mark.parametrize("part", ["editor", "signatory", "finance", "administrator", "viewer", "stranger", "outsider"])
def test_only_reviewers_and_approvers_decide(part: str, who: Cast, milestone: Milestone) -> None:
    extension = ask(milestone, who.editor)
    with pytest.raises(NotYou):
        services.decide_extension(extension.pk, by=getattr(who, part), granted=True)


def test_whoever_asked_does_not_decide(who: Cast, award: Award, milestone: Milestone) -> None:
    """In an award that the managing body runs itself, an editor can be an approver too."""
    Award.objects.filter(pk=award.pk).update(organisation=who.managing_body, managed=True)
    factories.member(who.approver, "editor", who.managing_body)
    extension = ask(milestone, User.objects.get(pk=who.approver.pk))
    with pytest.raises(NotYou, match="another person decides"):
        services.decide_extension(extension.pk, by=who.approver, granted=True)
    services.decide_extension(extension.pk, by=who.second_approver, granted=True)


@pytest.mark.parametrize("days", [0, -3])
def test_a_day_that_is_not_later_is_refused(days: int, who: Cast, milestone: Milestone) -> None:
    with pytest.raises(NotNow, match="already"):
        ask(milestone, who.editor, days=days)


def test_a_day_long_after_the_award_is_refused(who: Cast, award: Award, milestone: Milestone) -> None:
    assert award.ends is not None
    last = (award.ends - milestone.due_on).days + 90
    with pytest.raises(NotNow, match="The award ends on"):
        ask(milestone, who.editor, days=last + 1)
    assert ask(milestone, who.editor, days=last).is_open


def test_one_is_open_at_a_time_and_the_same_sent_twice_is_one(who: Cast, milestone: Milestone) -> None:
    assert ask(milestone, who.editor) == ask(milestone, who.editor)
    with pytest.raises(NotNow, match="has asked for"):
        ask(milestone, who.signatory, days=20)
    assert Extension.objects.count() == 1


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved", "waived"])
def test_a_report_that_was_sent_needs_none(state: str, who: Cast, award: Award, milestone: Milestone) -> None:
    factories.report_in(state, who, award)
    with pytest.raises(NotNow, match="needs no later due date"):
        ask(milestone, who.editor)


@pytest.mark.parametrize("state", ["draft", "awaiting_sign_off", "returned"])
def test_a_report_that_is_to_be_sent_may_be_later(state: str, who: Cast, award: Award, milestone: Milestone) -> None:
    factories.report_in(state, who, award)
    assert ask(milestone, who.editor).is_open


def test_nothing_is_decided_of_a_settled_milestone_or_a_suspended_award(who: Cast, award: Award) -> None:
    first, second = award.milestones.filter(number__lte=2)
    of_first, of_second = ask(first, who.editor), ask(second, who.editor)
    factories.report_in("approved", who, award)
    with pytest.raises(NotNow, match="settled"):
        services.decide_extension(of_first.pk, by=who.approver, granted=True)
    services.suspend_award(award.pk, by=who.approver, seen=None, reason="No insurance.")
    with pytest.raises(NotNow, match="suspended"):
        services.decide_extension(of_second.pk, by=who.approver, granted=True)
    assert not Extension.objects.waiting().exists()


def test_the_database_keeps_what_was_asked_and_decided(who: Cast, milestone: Milestone) -> None:
    extension = ask(milestone, who.editor)
    rows = Extension.objects.filter(pk=extension.pk)
    for change in ({"until": extension.until + timedelta(days=1)}, {"reason": "Another"}, {"asked_by": who.signatory}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    whole = {"granted": True, "instead_of": milestone.due_on, "decided_at": extension.asked_at}
    for change in ({"granted": True}, {**whole, "decided_by": who.editor}, {**whole, "granted": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    services.decide_extension(extension.pk, by=who.approver, granted=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(answer="No")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


# --- Pages ------------------------------------------------------------------------------------------------------------


def text_of(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_it_is_asked_and_granted_with_one_click_each(
    as_user: Callable[[User], Client], who: Cast, award: Award, milestone: Milestone
) -> None:
    report = report_of(milestone)
    page, until = as_user(who.editor), milestone.due_on + timedelta(days=14)
    address = reverse("reports:extension", args=[report.pk])
    assert address in text_of(page, report.get_absolute_url())
    wrong = page.post(address, {"until": "yesterday", "reason": ""})
    assert wrong.status_code == 422
    assert "Say why you need a later day" in wrong.content.decode()
    assert page.post(address, {"until": date_words(until), "reason": WHY}).status_code == 302
    extension = Extension.objects.get()
    decision = reverse("awards:extension", args=[award.reference, extension.pk])
    assert decision in text_of(page, report.get_absolute_url())
    assert "answers this" in text_of(page, decision)
    assert page.post(decision, {"grant": "yes"}).status_code == 403
    page = as_user(who.approver)
    assert "Later due dates asked for" in text_of(page, "/")
    assert decision in text_of(page, award.get_absolute_url())
    assert page.post(decision, {"refuse": "yes", "answer": ""}).status_code == 422
    assert page.post(decision, {"grant": "yes", "answer": "Gladly."}).status_code == 302
    assert due(milestone) == until
    assert page.post(decision, {"refuse": "yes", "answer": "No."}).status_code == 409
    assert "Later due dates asked for" not in text_of(page, "/")
    assert "instead of" in text_of(page, award.get_absolute_url())


def test_foreign_requests_do_not_exist(as_user: Callable[[User], Client], who: Cast, award: Award) -> None:
    extension = ask(award.milestones.get(number=1), who.editor)
    other = factories.award_in("active", who)
    assert as_user(who.editor).get(reverse("awards:extension", args=[other.reference, extension.pk])).status_code == 404
    for person in (who.stranger, who.outsider, who.viewer):
        address = reverse("awards:extension", args=[award.reference, extension.pk])
        assert as_user(person).get(address).status_code == 404


def test_words_without_a_button_decide_nothing(
    as_user: Callable[[User], Client], who: Cast, award: Award, milestone: Milestone
) -> None:
    asked = ask(milestone, who.editor)
    address = reverse("awards:extension", args=[award.reference, asked.pk])
    for sent in ({"answer": "No, sorry."}, {"answer": "No, sorry.", "grant": "yes", "refuse": "yes"}):
        response = as_user(who.reviewer).post(address, sent)
        assert response.status_code == 422
        assert "nothing was decided yet" in response.content.decode()
        assert "No, sorry." in response.content.decode()
    assert due(milestone) == milestone.due_on
