"""The dates by which somebody must do something, as far as a person sees the awards and calls behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import BooleanField, ExpressionWrapper, Q

from grants.awards.models import Award, Funding, Milestone
from grants.awards.models.finding import AwardQuerySet
from grants.desk.addresses import address
from grants.desk.kinds import MANAGING_BODY, kinds_of
from grants.desk.milestones import LIVE, review_promised_by
from grants.formats import local_day
from grants.people.models import Role, User
from grants.programmes.models import Call
from grants.reports.models import Report

REVIEWED = ("submitted", "in_review")
NAMES = ("reference", "state", "organisation__name", "community__name")


@dataclass(frozen=True)
class Deadline:
    """One thing, and the day by which it must happen."""

    on: date
    key: str
    """Stays the same when the day moves, so that other calendars know it again"""
    title: str
    about: str
    url: str
    state: str
    word: str = ""


def deadlines(user: User, since: date, until: date, today: date, *, mine: bool = False) -> list[Deadline]:
    """Every deadline from `since` to `until`, both included, in order; `mine`: of awards that the person manages or covers."""
    awards = Award.objects.visible_to(user)
    if mine:
        awards = awards.filter(Q(manager=user) | Q(cover=user))
    found = [*_reports(user, awards, (since, until), today, mine=mine), *_offers(awards, (since, until))]
    if MANAGING_BODY in kinds_of(user):
        found += [one for one in _reviews(user, awards, today) if since <= one.on <= until]
    if not mine:
        found += _calls(since, until)
    return sorted(found, key=lambda one: (one.on, one.title, one.key))


def _reports(user: User, awards: AwardQuerySet, days: tuple[date, date], today: date, *, mine: bool) -> list[Deadline]:
    """Reports of awards that the person sees, and of those that the person's organisations fund."""
    seen = Q(award__in=awards.order_by().values("pk"))
    funded = Funding.objects.filter(funder__in=user.organisations_as(Role.VIEWER)).values("award")
    milestones = (
        Milestone.objects.filter(seen if mine else seen | Q(award__in=funded), due_on__range=days)
        .filter(Q(award__state__in=LIVE) | Q(settled_at__isnull=False, award__state__in=Award.FROM_OFFER_ON))
        .annotate(opens=ExpressionWrapper(seen, BooleanField()))
        .select_related("award__organisation", "award__community")
        .only("number", "title", "kind", "opens_on", "due_on", "settled_at", *(f"award__{name}" for name in NAMES))
    )
    return [
        Deadline(
            milestone.due_on,
            f"milestone-{milestone.pk}",
            f"{milestone.award.recipient}: {milestone.name}",
            milestone.award.reference,
            milestone.award.get_absolute_url() if milestone.opens else "",
            "approved" if milestone.settled_at else milestone.due_word(today),
            "Settled" if milestone.settled_at else "",
        )
        for milestone in milestones
    ]


def _offers(awards: AwardQuerySet, days: tuple[date, date]) -> list[Deadline]:
    """The last days on which offers can be accepted."""
    offers = awards.filter(state="offered", acceptance_due__range=days)
    return [
        Deadline(
            award.acceptance_due, f"offer-{award.pk}", f"{award.recipient}: accept the offer", award.reference,
            award.get_absolute_url(), "offered",
        )
        for award in offers.select_related("organisation", "community").only("acceptance_due", *NAMES)
        if award.acceptance_due
    ]  # fmt: skip


def _reviews(user: User, awards: AwardQuerySet, today: date) -> list[Deadline]:
    """The days by which the person's managing body promised to have read what was sent to it."""
    bodies = user.organisations_as(Role.REVIEWER, Role.APPROVER)
    managed = awards.filter(strand__managing_body__in=bodies)
    reports = Report.objects.filter(state__in=REVIEWED, milestone__award__in=managed.order_by().values("pk"))
    applications = managed.filter(state__in=REVIEWED).select_related("organisation", "community", "strand")
    waiting: Iterable[tuple[Report | Award, Award, str]] = chain(
        ((report, report.award, report.name) for report in reports.named()),
        ((award, award, "application") for award in applications),
    )
    lines = []
    for record, award, name in waiting:
        if record.submitted_at is None:
            continue
        promised = review_promised_by(record.submitted_at, award.strand.review_days)
        title, state = f"{award.recipient}: review of {name[:1].lower()}{name[1:]}", "overdue"
        lines.append(
            Deadline(
                promised, f"review-{record.key}", title, award.reference, record.get_absolute_url(),
                state if promised < today else str(record.state), "Review is late" if promised < today else "Review",
            )
        )  # fmt: skip
    return lines


def _calls(since: date, until: date) -> list[Deadline]:
    """When calls close."""
    calls = Call.objects.filter(closes_at__date__range=(since, until)).select_related("strand")
    return [
        Deadline(
            local_day(call.closes_at), f"call-{call.pk}", f"Call closes: {call.title}", str(call.strand),
            address("awards:calls") if call.is_open else "", "due" if call.is_open else "closed",
            "Open" if call.is_open else "Closed",
        )
        for call in calls
    ]  # fmt: skip
