"""The grantee's home: what is due, each award's milestones, its money, whom to ring, and one button for the next thing."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, prefetch_related_objects
from django.db.models.functions import Coalesce, JSONObject

from grants.awards.models import Action, Award, Tranche
from grants.desk.history import AMONG_MANAGERS, FOR_PARTIES
from grants.desk.homes import actions
from grants.desk.homes.counting import MOST, PAYMENTS, Counted, Summed, all_of, counted, first_of
from grants.desk.homes.due import (
    in_order,
    next_thing,
    of_answers,
    of_application,
    of_figures,
    of_member_part,
    of_report,
    with_them,
)
from grants.desk.homes.moved import moved
from grants.desk.homes.visit import Visit
from grants.desk.milestones import LIVE, UNSENT, Standing, payments_in_words, standings, with_milestones
from grants.formats import date_words, money, relative
from grants.people.models import GRANTEE_ROLES, User
from grants.programmes.models import Call
from grants.reports.awaited import figures_to_come
from grants.reports.members import parts_to_give
from grants.reports.models import FigureRequest, Report, Result
from grants.reports.services import receivers

DUE, SHOWN, SENT, ENDED, CONTACTS = 8, 4, 5, 3, 3
"""How many of each are shown at most"""
ASKED = ("draft", "returned", "offered")
CURRENT = ("offered", *LIVE)
REVIEWED = ("submitted", "in_review")
OVER = ("closed", "terminated", "declined", "withdrawn")
ACCEPTED = (*LIVE, "closed", "terminated")


@dataclass(frozen=True)
class Shown:
    """One award with its milestones as the home draws it."""

    award: Award
    under: str
    row: list[Standing | dict[str, Any]]


def grantee(visit: Visit) -> dict[str, Any]:
    """Everything that the grantee's home shows."""
    user, today = visit.user, visit.today
    own = user.organisations_as(*GRANTEE_ROLES)
    figures = figures_to_come(today).filter(report__milestone__award__organisation__in=own)
    numbers = _numbers(user, own, figures)
    reports = _reports(user, own)
    awards = _awards(user, own, [report.award.pk for report in reports] + [row["award"] for row in numbers["answers"]])
    parts = [of_member_part(*given, today) for given in parts_to_give(user, today, DUE)]
    due = in_order(
        [
            *(of_application(award, user) for award in awards),
            *(of_report(report, user, today) for report in reports if report.state not in REVIEWED),
            *of_answers(numbers["answers"], {award.pk: award for award in awards}),
            *of_figures(_first_awaited(figures) if numbers["figures"] else []),
            *(one for one in parts if one.button),
        ]
    )
    current = _current(user, awards, [item.record for item in due if item.record])
    sent = in_order([*with_them([*awards, *reports], today), *(one for one in parts if not one.button)])
    return {
        **actions.shown(numbers, visit),
        "idle": not (due or current or sent),
        "since": visit.since,
        "next": next_thing(due, today),
        "due": due[:DUE],
        "all_due": all_of(numbers["reports"], "open report", "reports:reports") if numbers["reports"] > DUE else {},
        "awards": [_shown(award, visit) for award in current],
        "all_awards": all_of(numbers["awards"], "award", "awards"),
        "more_awards": numbers["awards"] > len(awards),
        "with_them": sent[:SENT],
        "over": [award for award in awards if award.state in OVER][:ENDED],
        "money": _money(numbers),
        "contacts": _contacts([*current, *awards]),
        "moved": moved(visit, Award.objects.visible_to(user), numbers["awards"], _hidden(user, own)),
        "calls": numbers["calls"],
        "next_call": numbers["call"],
        "closes": {"at": numbers["closes"], "left": relative(numbers["closes"], today) if numbers["closes"] else ""},
    }


def _numbers(user: User, own: list[int], figures: QuerySet[Result]) -> dict[str, Any]:
    """How many there are of everything, and what the accepted awards come to."""
    awards = Award.objects.visible_to(user).filter(Award.objects.seen_as_grantee(user))
    accepted = awards.filter(state__in=ACCEPTED)
    payments = Tranche.objects.visible_to(user).filter(
        Award.objects.seen_as_grantee(user, "award__"), award__state__in=ACCEPTED
    )
    open_reports = Report.objects.visible_to(user).filter(state__in=Report.OPEN, milestone__award__organisation__in=own)
    calls = Call.objects.open_now()
    return counted(
        user,
        **actions.wanted(user, Action.Side.RECIPIENT),
        calls=Counted(calls),
        call=Subquery(calls.values("title")[:1]),
        closes=Subquery(calls.values("closes_at")[:1]),
        awards=Counted(awards),
        accepted=Counted(accepted),
        reports=Counted(open_reports),
        figures=Counted(figures),
        answers=_answers(own),
        awarded=Summed(accepted),
        paid=Summed(payments.filter(state="paid"), PAYMENTS),
        released=Summed(payments.filter(state="released"), PAYMENTS),
        to_come=Summed(payments.filter(state__in=["scheduled", "held"]), PAYMENTS),
    )


def _answers(own: list[int]) -> ArraySubquery:
    """The first answers to questions for a figure that wait to be accepted or set aside, with the report that each concerns."""
    award, receiver = "report__milestone__award__", receivers(OuterRef("report__milestone"))
    found = FigureRequest.objects.filter(
        **{f"{award}organisation__in": own, f"{award}state__in": LIVE}, state=FigureRequest.State.ANSWERED
    )
    row = JSONObject(
        pk="pk", award=f"{award}id", figure="indicator__title", to_name="to_name", at="answered_at", title=f"{award}title",
        reference=f"{award}reference",
        report=Coalesce(Subquery(receiver.values("pk")[:1]), "report"),
        state=Coalesce(Subquery(receiver.values("state")[:1]), "report__state"),
    )  # fmt: skip
    return ArraySubquery(found.order_by("answered_at", "pk").values(row=row)[:DUE])


def _reports(user: User, own: list[int]) -> list[Report]:
    """The open reports that come first: those to be written and signed, and those that the managing body has."""
    seen = Report.objects.visible_to(user).filter(
        milestone__award__state__in=LIVE, milestone__award__organisation__in=own
    )
    to_release = Tranche.objects.order_by().filter(milestone=OuterRef("milestone"), state="scheduled")
    found = Report.objects.select_related("milestone__award__strand__managing_body", "section_set")
    found = found.annotate(releases=Subquery(to_release.values("milestone").annotate(all=Sum("amount")).values("all")))
    asked = seen.filter(milestone__settled_at=None, state__in=UNSENT).order_by("milestone__due_on", "pk")[:DUE]
    corrections = seen.filter(corrects__isnull=False, state__in=UNSENT).order_by("pk")[:DUE]
    sent = seen.filter(state__in=REVIEWED).order_by("submitted_at", "pk")[:SENT]
    return list(found.filter(pk__in=first_of(asked, corrections, sent)))


def _first_awaited(figures: QuerySet[Result]) -> list[Result]:
    """The figures that were to come by now, the longest awaited first."""
    return list(figures.select_related("indicator", "report__milestone__award").order_by("awaited_by", "pk")[:DUE])


def _awards(user: User, own: list[int], first: list[int]) -> list[Award]:
    """Applications and offers, the awards that run (first those that report first), and what ended lately."""
    seen = Award.objects.visible_to(user)
    mine = seen.filter(organisation__in=own)
    joined = seen.filter(community__in=user.communities, state__in=Award.FROM_OFFER_ON)
    slices = [
        mine.filter(state__in=ASKED).order_by("acceptance_due", "call__closes_at", "pk")[:DUE],
        mine.filter(state__in=REVIEWED).order_by("submitted_at", "pk")[:SENT],
        mine.filter(pk__in=first).order_by(),
        *(some.filter(state__in=CURRENT).order_by("-pk")[:SHOWN] for some in (mine, joined)),
        *(some.filter(state__in=OVER).order_by("-pk")[:ENDED] for some in (mine, joined)),
    ]
    found = Award.objects.filter(pk__in=first_of(*slices))
    return list(found.select_related("strand__managing_body", "call", "manager", "cover").order_by("-pk"))


def _current(user: User, awards: list[Award], asked: list[Any]) -> list[Award]:
    """The awards whose milestones are drawn: those of which something is due next before the others."""
    first = [record.award.pk if isinstance(record, Report) else record.pk for record in asked]
    places = {pk: place for place, pk in reversed(list(enumerate(first)))}
    current = [award for award in awards if award.state in CURRENT]
    current = sorted(current, key=lambda award: places.get(award.pk, len(places)))[:SHOWN]
    prefetch_related_objects(current, "milestones", *with_milestones(user))
    return current


def _hidden(user: User, own: list[int]) -> Q:
    """What the managing body weighs; and of a community's award all that is between its lead and the managing body."""
    among_them = Q(what__in=AMONG_MANAGERS)
    if not user.communities:
        return among_them
    led = Award.objects.order_by().filter(organisation__in=own)
    return among_them | (~Q(what__in=FOR_PARTIES) & ~Q(award_number__in=led.values("pk")))


def _shown(award: Award, visit: Visit) -> Shown:
    acceptance = payments_in_words(t for t in award.tranches.all() if t.milestone_id is None)
    if award.state == "offered":
        by = f"Accept by {date_words(award.acceptance_due)}" if award.acceptance_due else ""
        first = {"title": "Offer", "state": "offered", "lines": [by, acceptance]}
    else:
        day = date_words(award.accepted_at) if award.accepted_at else "Before Exemplar"
        first = {"title": "Accepted", "state": "approved", "lines": [day, acceptance]}
    first["lines"] = [line for line in first["lines"] if line]
    paid = sum((tranche.amount for tranche in award.tranches.all() if tranche.state == "paid"), Decimal(0))
    amount = money(award.amount or 0, pence=False)
    told = f", of which {money(paid, pence=False)} is paid" if paid else ""
    under = f"{award.strand}, {award.reference}. {amount}{told}"
    return Shown(award, under, [first, *standings(award, visit.today)])


def _money(numbers: dict[str, Any]) -> list[dict[str, Any]]:
    """What was awarded, and how far it has come; of very many awards the list of payments says it."""
    if not 0 < numbers["accepted"] <= MOST:
        return []
    told = [
        ("awarded", "Awarded", ""),
        ("paid", "Paid", ""),
        ("released", "Released", "will be paid next"),
        ("to_come", "To come", "when reports are approved"),
    ]
    return [{"label": label, "value": money(numbers[key], pence=False), "note": note} for key, label, note in told]


def _contacts(awards: list[Award]) -> list[dict[str, Any]]:
    """The people at the managing body whom a grantee can ring up, each with their cover once, and for which awards."""
    found: dict[tuple[Any, Any], dict[str, Any]] = {}
    for award in {award.pk: award for award in awards if award.manager and award.state not in OVER}.values():
        known = found.setdefault((award.manager_id, award.cover_id), {"award": award, "of": []})
        known["of"].append(award.reference)
    return list(found.values())[:CONTACTS]
