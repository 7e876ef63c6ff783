"""What the clock does with reports. Safe to run twice: nobody is told the same twice."""

from celery import shared_task

from grants.formats import local_today
from grants.reports.reminders import remind


@shared_task(name="reports.remind")
def send_reminders() -> int:
    """Tell whose reports come due, or are overdue; returns for how many reports."""
    return remind(local_today())
