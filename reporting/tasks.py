"""Jobs of a Celery worker. Each takes ids and may run twice without harm."""

from typing import Any

from celery import shared_task

from reporting.services import building


@shared_task(name="reporting.build", bind=True)
def build(self: Any, pk: int) -> bool:
    """Build one funder report."""
    return building.build(pk, worker=f"{self.request.hostname}/{self.request.id}")


@shared_task(name="reporting.sweep")
def sweep() -> int:
    """Announce again what a lost broker or a killed worker left; returns how many."""
    waiting = building.waiting()
    for pk in waiting:
        build.delay(pk)
    return len(waiting)
