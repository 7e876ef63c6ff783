"""Storing the demonstration, in stages that are each whole or not begun: the next start takes up what was cut off."""

import datetime
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction

from config.demonstration import setting, story, verbs
from grants import clock
from grants.lifecycle.notices import not_mailed
from grants.programmes.models import Programme
from grants.reports.reminders import remind
from reporting.models import FunderReport
from reporting.services import building

RELEASED_ON = date(2012, 9, 12)
PAST = "It was loaded with the demonstration."
SETTLED = ("built", "released", "withdrawn", "superseded", "cancelled", "failed")


def load() -> bool:
    """Store whatever of the demonstration is not stored yet; returns whether there was anything to do."""
    begun = Programme.objects.filter(code=setting.CODE).exists()
    if begun and funder_report(story.AUTUMN):
        return False
    with _as_demonstration():
        if not begun:
            _until_the_summer_report()
        _release_the_summer_report()
        with transaction.atomic():
            _tell(event for event in story.events() if event.on >= RELEASED_ON)
    return True


def funder_report(until: date) -> FunderReport | None:
    """The Spoke's latest report up to a day."""
    spoke = setting.identifier_of("sw-spoke")
    reports = FunderReport.objects.filter(programme__code=setting.CODE, funder__identifier=spoke, period_end=until)
    return reports.order_by("number").last()


def wait_for(until: date, seconds: float) -> FunderReport | None:
    """The report up to a day, once a worker is done with it or the time is up."""
    deadline = time.monotonic() + seconds
    report = funder_report(until)
    while report is not None and report.state not in SETTLED and time.monotonic() < deadline:
        time.sleep(0.5)
        report = funder_report(until)
    return report


@transaction.atomic
def _until_the_summer_report() -> None:
    with clock.on(setting.BEGINS + timedelta(days=1)):
        setting.make()
    _tell(event for event in story.events() if event.on < RELEASED_ON)


def _release_the_summer_report() -> None:
    """Built here, so that the funder has something to read at once; a worker that was quicker does no harm."""
    report = funder_report(story.SUMMER)
    if report is None or report.state in ("released", "withdrawn", "superseded"):
        return
    with clock.on(RELEASED_ON, datetime.time(16, 10)), not_mailed(PAST):
        building.build(report.pk, worker="loader")
        report = wait_for(story.SUMMER, settings.JOB_SECONDS)
        if report is not None:
            verbs.release(report)


def _tell(events: Iterable[story.Event]) -> None:
    """Let it happen, each on its day. What people are told of it stands on their pages; no mail is sent of it."""
    for day, happening in groupby(events, key=lambda event: event.on):
        with clock.on(day, _time_of(day, 0)), not_mailed(PAST):
            remind(day)
        for number, event in enumerate(happening, 1):
            with clock.on(day, _time_of(day, number)), not_mailed(PAST):
                event.happen()


def _time_of(day: date, number: int) -> datetime.time | None:
    """Things happen in office hours, one after the other; on the day on which the demonstration stands still, now."""
    if day == setting.TODAY:
        return None
    minutes = 23 * number + day.toordinal() * 7 % 60
    return datetime.time(9 + minutes // 60 % 8, minutes % 60)


@contextmanager
def _as_demonstration() -> Iterator[None]:
    """The document that is built here says that its figures are illustrative, however this was started."""
    before, settings.DEMONSTRATION = settings.DEMONSTRATION, True
    try:
        yield
    finally:
        settings.DEMONSTRATION = before
