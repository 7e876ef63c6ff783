"""What people are told because a day comes near, and not because somebody did something."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from grants.awards.models import Award, Milestone
from grants.formats import date_words
from grants.lifecycle.machine import key_of
from grants.lifecycle.models import Notice
from grants.lifecycle.notices import owe
from grants.people.models import GRANTEE_ROLES, User
from grants.reports.awaited import figures_to_come
from grants.reports.models import Report

AHEAD, NEAR, BEHIND = 14, 3, 14
"""Days: told two weeks before, told again three days before, told of as overdue for two weeks and then no more."""
STANDS = {
    Report.State.DRAFT: "It is not sent yet.",
    Report.State.AWAITING_SIGN_OFF: "It waits for a signature.",
    Report.State.RETURNED: "It was returned, to be mended.",
}
"""How a report stands that is still with the recipient."""


def remind(today: date) -> int:
    """Owe every reminder of a day; returns for how many reports."""
    return remind_of_reports(today) + remind_of_figures(today)


def remind_of_reports(today: date) -> int:
    """Owe the reminders of the reports that a recipient has still to send; returns for how many.

    Once each: the event names the milestone, the stage and the day, so that a day without a beat is caught up, a second
    beat says nothing, and a milestone that was moved is told of again.
    """
    window = (today - timedelta(days=BEHIND), today + timedelta(days=AHEAD))
    reports = Report.objects.filter(
        state__in=STANDS,
        corrects=None,
        milestone__due_on__range=window,
        milestone__award__state__in=[Award.State.ACTIVE, Award.State.EVALUATING],
    ).select_related("milestone__award__manager")
    by_event = {_event(report.milestone, today): report for report in reports}
    told = set(Notice.objects.filter(event__in=by_event).values_list("event", flat=True))
    new = [event for event in by_event if event not in told]
    for event in new:
        with transaction.atomic():
            _remind_of(by_event[event], event, today)
    return len(new)


def remind_of_figures(today: date) -> int:
    """Owe the reminders of figures that were awaited by a day of the last two weeks; returns for how many reports. Once each,
    as above.
    """
    figures = figures_to_come(today).filter(awaited_by__gte=today - timedelta(days=BEHIND))
    figures = figures.select_related("report__milestone__award__manager").order_by("report", "awaited_by")
    by_event = {f"{figure.report.key}/figures/{figure.awaited_by}": figure for figure in figures}
    told = set(Notice.objects.filter(event__in=by_event).values_list("event", flat=True))
    new = [event for event in by_event if event not in told]
    for event in new:
        report, by = by_event[event].report, by_event[event].awaited_by
        grantees: Iterable[User] = User.objects.holding(report.award.organisation_id, *GRANTEE_ROLES)
        subject = f"Figures awaited by {date_words(by)}: {report}" if by else ""
        text = "Where they have come, update the figures of the approved report."
        link, answers_to = report.get_absolute_url(), report.award.answers_to
        owe(grantees, report.award.key, event, subject, text, link, due=by, reply_to=answers_to)
    return len(new)


def _event(milestone: Milestone, today: date) -> str:
    left = (milestone.due_on - today).days
    stage = "overdue" if left < 0 else "near" if left <= NEAR else "ahead"
    return f"{key_of(Milestone, milestone.pk)}/{stage}/{milestone.due_on}"


def _remind_of(report: Report, event: str, today: date) -> None:
    milestone, award = report.milestone, report.award
    late, day = milestone.due_on < today, date_words(milestone.due_on)
    grantees: Iterable[User] = User.objects.holding(award.organisation_id, *GRANTEE_ROLES)
    subject = f"Overdue since {day}: {report}" if late else f"Report due by {day}: {report}"
    stands = STANDS[report.state]
    owe(
        grantees, award.key, event, subject, stands, report.get_absolute_url(),
        due=milestone.due_on, reply_to=award.answers_to,
    )  # fmt: skip
    if late and award.manager is not None:
        text = f"{award.recipient} has not sent it. {stands}"
        owe([award.manager], award.key, event, subject, text, report.get_absolute_url(), due=milestone.due_on)
