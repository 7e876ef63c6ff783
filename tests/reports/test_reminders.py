"""What people are told because a day comes near."""

from datetime import date, timedelta
from typing import Any

import pytest

from grants import clock
from grants.awards.models import Award, Milestone
from grants.formats import date_words, local_today
from grants.lifecycle.models import Notice
from grants.reports.models import Report
from grants.reports.reminders import remind
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(who: Cast) -> Report:
    """Of an award whose reports are otherwise far away."""
    report = factories.report_in("draft", who)
    Milestone.objects.update(due_on=local_today() + timedelta(days=300))
    Award.objects.update(manager=who.reviewer)
    Notice.objects.all().delete()
    return Report.objects.get(pk=report.pk)


def due(report: Report, on: date) -> None:
    Milestone.objects.filter(pk=report.milestone_id).update(opens_on=on, due_on=on)


def told_on(today: date) -> dict[str, str]:
    """Whom the reminders of a day reach, with their subjects."""
    before = set(Notice.objects.values_list("pk", flat=True))
    with clock.on(today):
        remind(today)
    return {notice.person.name: notice.subject for notice in Notice.objects.exclude(pk__in=before)}


def test_reminders_come_two_weeks_and_three_days_before_and_when_overdue_once_each(who: Cast, report: Report) -> None:
    day = local_today() + timedelta(days=60)
    due(report, day)
    grantees = {who.editor.name, who.signatory.name, who.second_signatory.name}
    told = {left: set(told_on(day - timedelta(days=left))) for left in range(20, -20, -1)}
    assert {left: names for left, names in told.items() if names} == {
        14: grantees,
        3: grantees,
        -1: grantees | {who.reviewer.name},
    }
    assert set(Notice.objects.values_list("due", flat=True)) == {day}


def test_reminder_says_by_when_and_leads_to_the_report(who: Cast, report: Report) -> None:
    day = local_today() + timedelta(days=9)
    due(report, day)
    assert told_on(local_today())[who.editor.name] == f"Report due by {date_words(day)}: {report}"
    notice = Notice.objects.get(person=who.editor)
    assert (notice.link, notice.root, notice.reply_to) == (
        report.get_absolute_url(), report.award.key, who.reviewer.email,
    )  # fmt: skip


def test_days_without_a_beat_are_caught_up_with_the_nearest_reminder_alone(who: Cast, report: Report) -> None:
    due(report, local_today() + timedelta(days=2))
    assert len(told_on(local_today())) == 3


def test_milestone_that_was_moved_is_told_of_again(who: Cast, report: Report) -> None:
    for days in (2, 3):
        due(report, local_today() + timedelta(days=days))
        assert len(told_on(local_today())) == 3
        assert told_on(local_today()) == {}


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved", "waived"])
def test_report_that_is_not_with_the_recipient_is_not_reminded_of(who: Cast, state: str) -> None:
    report = factories.report_in(state, who)
    Milestone.objects.update(due_on=local_today() + timedelta(days=300))
    due(report, local_today() + timedelta(days=2))
    assert told_on(local_today()) == {}


def test_suspended_award_is_not_reminded_of(who: Cast) -> None:
    award = factories.award_in("suspended", who)
    due(Report.objects.filter(milestone__award=award)[0], local_today() + timedelta(days=2))
    assert told_on(local_today()) == {}


def test_what_was_told_costs_three_queries_whatever_there_is(
    who: Cast, report: Report, django_assert_num_queries: Any
) -> None:
    due(report, local_today() + timedelta(days=2))
    others = [factories.report_in("draft", who) for _ in range(2)]
    for other in others:
        due(other, local_today() + timedelta(days=1))
    told_on(local_today())
    with django_assert_num_queries(3):
        assert remind(local_today()) == 0
