"""The clock that every rule reads: what is due, when something was done.

It is the real one, but in two places. A demonstration of a programme of the past stands still on a day of that past
(`EXEMPLAR_TODAY`), and its loader moves from day to day with `on`. What keeps the machinery itself going (sessions, claims
of workers) reads the real clock.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")
_day: ContextVar[datetime.date | None] = ContextVar("day", default=None)
_time: ContextVar[datetime.time | None] = ContextVar("time", default=None)


def now() -> datetime.datetime:
    """This moment; in a demonstration, this time of day on its day."""
    moment = timezone.now()
    day = _day.get() or settings.TODAY
    if day is None:
        return moment
    time = _time.get() or timezone.localtime(moment, LONDON).time()
    return datetime.datetime.combine(day, time, LONDON)


def today() -> datetime.date:
    """The date in London, where everything is decided."""
    return timezone.localtime(now(), LONDON).date()


@contextmanager
def on(day: datetime.date, at: datetime.time | None = None) -> Iterator[None]:
    """Within this block it is that day, and that time of it if one is given: for the loader of the demonstration, and tests."""
    day_before, time_before = _day.set(day), _time.set(at)
    try:
        yield
    finally:
        _day.reset(day_before)
        _time.reset(time_before)
