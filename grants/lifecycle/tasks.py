"""Jobs of a Celery worker that send mail. Each may run twice without harm."""

from typing import Any

from celery import shared_task

from grants.lifecycle import mail

FRESH = 25  # seconds: the next sweep announces what is still waiting


@shared_task(name="lifecycle.mail", bind=True)
def send_to(self: Any, pk: int) -> int:
    """Send one person what waits for them; returns how many messages it told."""
    return mail.send_to(pk, worker=f"{self.request.hostname}/{self.request.id}")


@shared_task(name="lifecycle.sweep")
def sweep() -> int:
    """Announce what has become due: digests, what is tried again, and what a lost broker or a killed worker left."""
    waiting = mail.people_waiting()
    for pk in waiting:
        send_to.apply_async(args=(pk,), expires=FRESH)
    return len(waiting)
