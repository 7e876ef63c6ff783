"""The managing body's home: what waits for me, what is late, what is off course, what comes, what moved."""

from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from grants.awards.models import Action, Tranche
from grants.desk.history import AMONG_GRANTEES
from grants.desk.homes import actions, watching
from grants.desk.homes.counting import Counted, Summed, all_of, counted, how_many, sum_of
from grants.desk.homes.moved import moved
from grants.desk.homes.remit import REVIEWED, Remit, remit_of
from grants.desk.homes.visit import Visit
from grants.desk.homes.waiting import later_dates, waiting
from grants.formats import plural
from grants.reports.models import Report

PAYMENTS, PROGRAMMES = 6, 5


def managing_body(visit: Visit) -> dict[str, Any]:
    """Everything that the managing body's home shows."""
    remit = remit_of(visit)
    numbers = _numbers(remit)
    everything = _everything(remit, numbers)
    waits = waiting(remit)
    return {
        "mine": visit.mine,
        "since": visit.since,
        "reads": bool(remit.reads),
        "pays": bool(remit.pays),
        "figures": _figures(remit, numbers, everything),
        "all": everything,
        "numbers": numbers,
        "waiting": waits,
        "later_dates": later_dates(remit),
        "more": _more(numbers, everything, len(waits["own"]) + len(waits["others"])),
        **watching.late_and_soon(remit),
        "off": watching.worst_first(remit),
        "offers": watching.offers(remit),
        **actions.shown(numbers, visit),
        "payments": _payments(remit),
        "moved": moved(visit, remit.awards, numbers["awards"], Q(what__in=AMONG_GRANTEES)),
        "programmes": _programmes(remit),
    }


def _numbers(remit: Remit) -> dict[str, Any]:
    """How many there are of everything, and what is to be paid."""
    user = remit.visit.user
    read: list[Any] = [strand for strands in remit.by_promise() for strand in strands]
    sent = Report.objects.visible_to(user).filter(remit.of(read, "milestone__award__"), state__in=REVIEWED)
    released = _released(remit)
    return {
        "applications": sum(strand.applied for strand in read),
        "offers": sum(strand.offered for strand in remit.strands),
        **counted(
            user,
            **actions.wanted(user, Action.Side.MANAGING_BODY),
            reports=Counted(sent),
            late=Counted(watching.late(remit)),
            soon=Counted(watching.soon(remit)),
            off=Counted(watching.off_course(remit)),
            awards=Counted(remit.awards),
            payments=Counted(released),
            released=Summed(released),
        ),
    }


def _everything(remit: Remit, numbers: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The way to the list of all that is counted."""
    mine = {"manager": "mine"} if remit.visit.mine else {}
    reviewed, worrying = list(REVIEWED), list(watching.WORRYING)
    return {
        "reports": all_of(numbers["reports"], "report", "reports:reports", state=reviewed),
        "applications": all_of(numbers["applications"], "application", "awards", state=reviewed, **mine),
        "late": all_of(numbers["late"], "late report", "reports:reports", due="late"),
        "soon": all_of(numbers["soon"], "report", "reports:reports", due="soon", waits="grantee"),
        "off": all_of(numbers["off"], "award", "awards", course=worrying, **mine),
        "offers": all_of(numbers["offers"], "offer", "awards", state="offered", **mine),
        "payments": all_of(numbers["payments"], "payment", "money:payments", state="released"),
    }


def _more(numbers: dict[str, Any], everything: dict[str, dict[str, str]], shown: int) -> list[dict[str, str]]:
    """The way to the rest of what waits, where there is more than is shown."""
    if numbers["reports"] + numbers["applications"] <= shown:
        return []
    return [everything[name] for name in ("reports", "applications") if numbers[name]]


def _figures(remit: Remit, numbers: dict[str, Any], everything: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """The day in one line; each figure leads to its list."""
    named = [("late", "Late"), ("soon", "Due in 14 days"), ("off", "At risk, off course")]
    figures = [
        {"label": label, "value": how_many(numbers[name]), "url": everything[name]["url"]} for name, label in named
    ]
    if remit.reads:
        applied = numbers["applications"]
        note = f"{plural(applied, 'application')} among them" if applied else ""
        to_read = {"label": "To review", "value": how_many(numbers["reports"] + applied), "note": note}
        figures = [{**to_read, "url": "#waiting"}, *figures]
    to_pay = sum_of(numbers["payments"], numbers["released"])
    return [*figures, {"label": "Released, to be paid", "value": to_pay, "url": everything["payments"]["url"]}]


def _released(remit: Remit) -> QuerySet[Tranche]:
    """The payments that are to be made."""
    seen = Tranche.objects.visible_to(remit.visit.user)
    return seen.filter(remit.of(remit.strands, "award__"), state="released")


def _payments(remit: Remit) -> list[tuple[Tranche, str]]:
    """The first of them for finance, each with the page on which it is recorded as made."""
    if not remit.pays:
        return []
    found = _released(remit).filter(award__strand__managing_body__in=remit.pays)
    rows = found.select_related("award__organisation", "award__community", "milestone").order_by("released_at", "pk")
    return [(row, reverse("money:step", args=[row.pk, "pay"])) for row in rows[:PAYMENTS]]


def _programmes(remit: Remit) -> list[dict[str, Any]]:
    """The newest programmes in which the bodies manage a strand, with how their awards there stand."""
    found = []
    for programme, strands in groupby(remit.strands, key=lambda strand: strand.programme):
        some = list(strands)
        counts = [
            (sum(strand.running for strand in some), "running award"),
            (sum(strand.offered for strand in some), "offer"),
            (sum(strand.applied for strand in some), "application to review,applications to review"),
        ]
        words = [plural(number, *thing.split(",")) for number, thing in counts if number]
        found.append({"programme": programme, "words": ", ".join(words) or "No award is running"})
    return found[:PROGRAMMES]
