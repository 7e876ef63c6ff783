"""What a managing body keeps an eye on: reports that are late or come soon, awards off course, offers not yet accepted."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.text import Truncator

from grants.awards.models import Judgement
from grants.awards.models.finding import AwardQuerySet
from grants.desk.courses import Course
from grants.desk.homes.counting import first_of
from grants.desk.homes.remit import Remit, shown
from grants.desk.milestones import LIVE, UNSENT
from grants.formats import days_left, money, relative
from grants.reports.models import Answer, Report
from grants.reports.models.report import ReportQuerySet

ENOUGH = 6
SOON = timedelta(days=14)
WORDS = 30
"""Of a reason; the whole stands on the award's page"""
WORRYING = ("off_course", "at_risk")


# ---- Reports that were not sent ----------------------------------------------------------------------------------


def unsent(remit: Remit) -> ReportQuerySet:
    """The reports of running awards that are still with the grantee."""
    running = Q(milestone__settled_at=None, milestone__award__state__in=("active", "evaluating"))
    return remit.reports.filter(running, state__in=UNSENT)


def late(remit: Remit) -> ReportQuerySet:
    """Those that were due."""
    return unsent(remit).filter(milestone__due_on__lt=remit.visit.today)


def soon(remit: Remit) -> ReportQuerySet:
    """Those that are due in the next fourteen days."""
    return unsent(remit).filter(milestone__due_on__range=(remit.visit.today, remit.visit.today + SOON))


def late_and_soon(remit: Remit) -> dict[str, list[dict[str, Any]]]:
    """The first of both, in one query: those that are late the longest, and those that come next."""
    slices = (found.order_by("milestone__due_on", "pk")[:ENOUGH] for found in (late(remit), soon(remit)))
    reports = Report.objects.filter(pk__in=first_of(*slices)).select_related(*shown("milestone__award__"))
    groups: dict[str, list[dict[str, Any]]] = {"late": [], "soon": []}
    for report in reports.order_by("milestone__due_on", "pk"):
        groups["late" if report.milestone.due_on < remit.visit.today else "soon"].append(_line(report, remit))
    return groups


def _line(report: Any, remit: Remit) -> dict[str, Any]:
    today = remit.visit.today
    return {
        "date": report.milestone.due_on,
        "title": f"{report.award.recipient}: {report.milestone.name}",
        "url": report.get_absolute_url(),
        "hint": f"{report.award.reference}. {_stands(report)}",
        "state": report.milestone.due_word(today),
        "word": days_left(report.milestone.due_on, today).capitalize(),
    }


def _stands(report: Report) -> str:
    """How far a report is that was not sent."""
    if report.state == Report.State.DRAFT:
        return "Being written" if report.begun_at else "Not begun"
    return str(report.get_state_display())


# ---- Awards off course -------------------------------------------------------------------------------------------


def off_course(remit: Remit) -> AwardQuerySet:
    """The running awards of which the grantee or the managing body says last that they are at risk or off course."""
    return remit.awards.filter(state__in=LIVE, pk__in=_worrying(WORRYING))


_TOLD = Answer.objects.order_by().filter(report__state="approved").exclude(choice="")
_JUDGED = Judgement.objects.order_by()


def _worrying(choices: Iterable[str]) -> QuerySet[Any]:
    """The keys of awards of which somebody's last word is one of these."""
    same_award = Q(report__milestone__award=OuterRef("report__milestone__award"))
    told_later = _TOLD.filter(same_award, report__milestone__number__gt=OuterRef("report__milestone__number"))
    judged_later = _JUDGED.filter(award=OuterRef("award"), pk__gt=OuterRef("pk"))
    theirs = _TOLD.filter(~Exists(told_later), choice__in=choices)
    ours = _JUDGED.filter(~Exists(judged_later), course__in=choices)
    return theirs.values_list("report__milestone__award").union(ours.values_list("award"))


def worst_first(remit: Remit) -> list[dict[str, Any]]:
    """The first of them, off course before at risk, with what each side says."""
    told = _TOLD.filter(report__milestone__award=OuterRef("pk")).order_by("-report__milestone__number", "-pk")
    judged = _JUDGED.filter(award=OuterRef("pk")).order_by("-pk")
    found = (
        off_course(remit)
        .select_related(*shown())
        .annotate(
            worst=Q(pk__in=_worrying(["off_course"])),
            theirs=Subquery(told.values(said=JSONObject(choice="choice", text="text"))[:1]),
            ours=Subquery(judged.values(said=JSONObject(course="course", reason="reason", next_step="next_step"))[:1]),
        )
    )
    return [_worry(award) for award in found.order_by(F("worst").desc(), "reference")[:ENOUGH]]


def _worry(award: Any) -> dict[str, Any]:
    theirs = Answer(**award.theirs) if award.theirs else None
    ours = Judgement(**award.ours) if award.ours else None
    said = Course(theirs, ours)
    they = f"They say {theirs.get_choice_display().lower()}" if theirs else ""
    we = f"we say {ours.get_course_display().lower()}" if ours else ""
    word = ", ".join(filter(None, [they, we]))
    why = Truncator((ours.reason if ours else "") or (theirs.text if theirs else "")).words(WORDS)
    parts = [
        award.reference,
        f"{word[:1].upper()}{word[1:]}",
        why,
        f"Next: {ours.next_step}" if ours and ours.next_step else "",
    ]
    return {
        "title": award.recipient,
        "url": award.get_absolute_url(),
        "hint": ". ".join(part.strip().removesuffix(".") for part in parts if part),
        "state": said.state,
        "word": said.word,
    }


# ---- Offers ------------------------------------------------------------------------------------------------------


def offers(remit: Remit) -> list[dict[str, Any]]:
    """The first of those that nobody has accepted yet, by the last day on which that can be done."""
    today = remit.visit.today
    found = remit.awards.filter(state="offered").select_related(*shown()).order_by("acceptance_due", "pk")[:ENOUGH]
    return [
        {
            "date": award.acceptance_due,
            "title": award.recipient,
            "url": award.get_absolute_url(),
            "hint": f"{award.reference} {award.title}, {money(award.amount or 0, pence=False)}",
            "state": "offered",
            "word": f"Lapses {relative(award.acceptance_due, today)}" if award.acceptance_due else "",
        }
        for award in found
    ]
