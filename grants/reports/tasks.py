"""What the clock does with reports, and mail that asks for figures. Safe to run twice: nobody is told the same twice."""

from typing import Any

from celery import shared_task

from grants.formats import local_today
from grants.reports.reminders import remind
from grants.reports.services import request_mail

FRESH = 55  # seconds: the next sweep announces what is still waiting


@shared_task(name="reports.remind")
def send_reminders() -> int:
    """Tell whose reports come due, or are overdue; returns for how many reports."""
    return remind(local_today())


@shared_task(name="reports.ask", bind=True)
def ask(self: Any, pk: int) -> bool:
    """Send the letter that asks somebody for a figure."""
    return request_mail.send(pk, worker=f"{self.request.hostname}/{self.request.id}")


@shared_task(name="reports.sweep")
def sweep() -> int:
    """Announce what is to be tried again, and what a lost broker or a killed worker left; returns how many."""
    waiting = request_mail.waiting()
    for pk in waiting:
        ask.apply_async(args=(pk,), expires=FRESH)
    return len(waiting)
