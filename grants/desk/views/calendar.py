"""The calendar of deadlines as a page, and as a feed for other calendars under a private address."""

import calendar as weeks
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event
from icalendar.enums import TRANSP

from grants import clock
from grants.desk.deadlines import Deadline, deadlines
from grants.desk.kinds import MANAGING_BODY, kinds_of, signed_in_as
from grants.formats import date_words, local_today, plural
from grants.people.models import User

SHOWN_A_DAY = 4
BEHIND, AHEAD = timedelta(days=60), timedelta(days=550)
MOST_EVENTS = 1000
MONTHS = range(1995 * 12, 2100 * 12)


@dataclass
class Day:
    """One square of the month."""

    date: date
    inside: bool
    today: bool
    items: list[Deadline] = field(default_factory=list)

    @property
    def shown(self) -> list[Deadline]:
        """What fits into the square."""
        return self.items if len(self.items) <= SHOWN_A_DAY else self.items[: SHOWN_A_DAY - 1]

    @property
    def more(self) -> int:
        """How many do not fit."""
        return len(self.items) - len(self.shown)


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One month of deadlines, `?month=2012-11`; one day in full, `?day=2012-11-14`; `mine=1`: of the awards that one manages."""
    user: Any = request.user
    today = local_today()
    day = _date(request.GET.get("day", ""))
    month = (day or _date(request.GET.get("month", ""), "-01") or today).replace(day=1)
    manages = MANAGING_BODY in kinds_of(user)
    mine = manages and request.GET.get("mine") == "1"
    first = (day, day) if day else (month, month.replace(day=weeks.monthrange(month.year, month.month)[1]))
    found = deadlines(user, *first, today, mine=mine)
    name = f"{month:%B %Y}"
    context = {
        "title": f"Deadlines on {date_words(day)}" if day else f"Deadlines in {name}",
        "under": signed_in_as(user),
        "trail": _trail(month, day),
        "day": day,
        "found": found,
        "count": plural(len(found), "deadline"),
        "names": list(weeks.day_name),
        "weeks": [] if day else _weeks(month, found, today),
        "before": _moved(month, -1),
        "after": _moved(month, 1),
        "month": month,
        "this_month": today.replace(day=1),
        "manages": manages,
        "mine": mine,
        "feed": request.build_absolute_uri(reverse("calendar-feed", args=[user.feed_key])) if user.feed_key else "",
    }
    return render(request, "desk/calendar.html", context)


def _trail(month: date, day: date | None) -> list[tuple[str, str]]:
    way = [("Home", reverse("home"))]
    return [*way, ("Calendar", f"?month={month:%Y-%m}"), (date_words(day), "")] if day else [*way, ("Calendar", "")]


def _date(text: str, ending: str = "") -> date | None:
    """The day of a month, or None where the text is none."""
    try:
        found = date.fromisoformat(f"{text}{ending}")
    except ValueError:
        return None
    return found if found.year * 12 in MONTHS else None


def _moved(month: date, by: int) -> date | None:
    """The month before or after; None where the calendar ends."""
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1) if number in MONTHS else None


def _weeks(month: date, found: list[Deadline], today: date) -> list[list[Day]]:
    """The month's weeks from Monday on, each day with its deadlines."""
    by_day: dict[date, list[Deadline]] = {}
    for one in found:
        by_day.setdefault(one.on, []).append(one)
    return [
        [Day(day, day.month == month.month, day == today, by_day.get(day, [])) for day in week]
        for week in weeks.Calendar().monthdatescalendar(month.year, month.month)
    ]


@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """The deadlines of whoever made this address, as iCalendar (RFC 5545): whole days, from two months back on.

    No one signs in here: the address is the key. It answers 404 once it was taken back, or the account is closed.
    """
    user = User.objects.filter(feed_key=key, is_active=True).first()
    if user is None or not user.live_memberships:
        raise Http404
    today = local_today()
    found = deadlines(user, today - BEHIND, today + AHEAD, today)[:MOST_EVENTS]
    book = Calendar.new(
        name="Exemplar: deadlines", prodid="-//Exemplar//Deadlines//EN", refresh_interval=timedelta(hours=6)
    )
    for one in found:
        book.add_component(_event(request, one))
    response = HttpResponse(book.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response.headers["Cache-Control"] = "private, max-age=900"
    return response


def _event(request: HttpRequest, one: Deadline) -> Event:
    url = request.build_absolute_uri(one.url) if one.url else None
    host = request.get_host().partition(":")[0]
    return Event.new(
        uid=f"{one.key}@{host}",
        summary=one.title,
        description="\n".join(filter(None, [one.about, url])),
        start=one.on,
        end=one.on + timedelta(days=1),
        stamp=clock.now(),
        transparency=TRANSP.TRANSPARENT,
        url=url,
    )
