"""What waits for somebody of the managing body to read: reports and applications, by the day for which that is promised."""

from typing import Any

from django.db.models import CharField, Exists, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from grants.awards.models import Award, Conflict, Extension
from grants.desk.homes.counting import first_of
from grants.desk.homes.remit import REVIEWED, Remit, shown
from grants.desk.homes.visit import Visit
from grants.desk.milestones import review_promised_by
from grants.formats import date_words, local_day, plural, relative
from grants.lifecycle.machine import key_of
from grants.lifecycle.models import Act
from grants.people.models import User
from grants.reports.models import Report, Version

ENOUGH = 8
YOURS: dict[str, str] = {
    Act.Part.ASKED: "You asked for its signature",
    Act.Part.SIGNED: "You signed it",
    Act.Part.RECOMMENDED: "You recommended it",
}


def waiting(remit: Remit) -> dict[str, list[dict[str, Any]]]:
    """The first of what waits: of awards that the person manages or covers for, and of others."""
    user = remit.visit.user
    last = Version.objects.order_by().filter(report=OuterRef("pk")).values("report").annotate(last=Max("number"))
    reports = Report.objects.visible_to(user).filter(state__in=REVIEWED)
    awards = Award.objects.visible_to(user).filter(state__in=REVIEWED)
    sent = Report.objects.filter(pk__in=_first(remit, reports, "milestone__award__"))
    sent = sent.select_related(*shown("milestone__award__")).alias(version=Subquery(last.values("last")))
    applications = Award.objects.filter(pk__in=_first(remit, awards, "")).select_related(*shown())
    found = [
        *_with_part(sent, user, "milestone__award", "/version:", "version"),
        *_with_part(applications, user, "pk", "/application:", "applications"),
    ]
    items = sorted((_item(record, remit.visit) for record in found), key=lambda one: (one["date"], one["title"]))
    own = [item for item in items if item["own"]][:ENOUGH]
    return {"own": own, "others": [item for item in items if not item["own"]][: ENOUGH - len(own)]}


def _first(remit: Remit, found: Any, at: str) -> QuerySet[Any]:
    """The first few, read off the index on the day of submission: in each strand a review is promised as many days later."""
    slices = [found.none()]
    for strands in remit.by_promise():
        some = found.filter(remit.of(strands, at)).order_by("submitted_at", "pk")
        slices.append(some.filter(remit.own(at))[:ENOUGH])
        if not remit.visit.mine:
            slices.append(some.exclude(remit.own(at))[:ENOUGH])
    return first_of(*slices)


def _with_part(found: Any, user: User, award: str, word: str, number: str) -> Any:
    """Records, each with the person's own `part` in its subject (that version, that application), and whether they keep out
    of its award because of a conflict of interest.
    """
    text = CharField()
    key = Concat(Value(key_of(found.model, 0).removesuffix("0")), Cast("pk", text), Value(word), Cast(number, text))
    acts = Act.objects.filter(person=user, subject=OuterRef("subject"))
    keeps_out = Conflict.objects.standing(user).filter(award=OuterRef(award))
    return found.alias(subject=key).annotate(part=Subquery(acts.values("part")[:1]), keeps_out=Exists(keeps_out))


def _item(record: Any, visit: Visit) -> dict[str, Any]:
    """A report or an application as a line of the list."""
    today = visit.today
    award = record.award if isinstance(record, Report) else record
    what = record.name if isinstance(record, Report) else "application"
    day = local_day(record.submitted_at or today)
    promised = review_promised_by(day, award.strand.review_days)
    days = (today - day).days
    waited = f"{plural(days, 'day')} waiting" if days else "Came in today"
    by = f"by {date_words(promised)}, {relative(promised, today)}" if promised < today else relative(promised, today)
    hint = f"{award.reference} {award.title}. {waited}, review promised {by}"
    if record.keeps_out:
        hint += ". You declared a conflict of interest; another person reviews it"
    elif record.part:
        hint += f". {YOURS[record.part]}; another person decides"
    return {
        "date": promised,
        "title": f"{award.recipient}: {what}",
        "url": record.get_absolute_url(),
        "hint": hint,
        "state": record.state,
        "own": visit.user.pk in (award.manager_id, award.cover_id),
    }


def later_dates(remit: Remit) -> list[dict[str, Any]]:
    """The first of the later due dates that grantees ask for, by the day on which the report is due now."""
    user = remit.visit.user
    read = [strand for strands in remit.by_promise() for strand in strands]
    found = Extension.objects.visible_to(user).waiting().filter(remit.of(read, "milestone__award__"))
    shown_too = ("milestone__award__organisation", "milestone__award__community", "asked_by")
    return [
        {
            "date": asked.milestone.due_on,
            "title": f"{asked.milestone.award.recipient}: {asked.milestone.name} by {date_words(asked.until)} instead",
            "url": reverse("awards:extension", args=[asked.milestone.award.reference, asked.pk]),
            "hint": f"{asked.milestone.award.reference} {asked.milestone.award.title}. {asked.asked_by}: {asked.reason}",
            "state": "requested",
            "word": "You asked" if asked.asked_by_id == user.pk else "To decide",
        }
        for asked in found.select_related(*shown_too).order_by("milestone__due_on", "pk")[:ENOUGH]
    ]
