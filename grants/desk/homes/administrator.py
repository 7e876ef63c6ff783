"""The administrator's home: what needs mending, imports, people and roles, calls, and the way to all that is set up."""

from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, Func, IntegerField, OuterRef, Value, When
from django.urls import reverse

from grants import clock
from grants.desk.addresses import address
from grants.desk.homes.gaps import gaps
from grants.desk.homes.visit import Visit
from grants.formats import date_words, moment_words, plural, relative
from grants.imports.models import Import
from grants.people.models import Membership, Role, User
from grants.programmes.models import Call, Programme, Strand

IMPORTS, CALLS, PROGRAMMES = 5, 5, 5
AHEAD = timedelta(days=60)
FIRST = (("failed", "faulty"), ("ready",), ("uploaded", "checking", "applying"))
"""The states of an import that somebody must look at, that wait for somebody, that move by themselves"""
SET_UP = [
    ("Programmes", "programmes_programme", "What funders pay for, and their shares"),
    ("Strands", "programmes_strand", "Who manages what, and how long a review may take"),
    ("Calls", "programmes_call", "When applications are taken"),
    ("Organisations", "people_organisation", "Who takes part, with their identifiers"),
    ("Communities", "people_community", "Regional communities, their lead and members"),
]


def administrator(visit: Visit) -> dict[str, Any]:
    """Everything that the administrator's home shows."""
    bodies = visit.user.organisations_as(Role.ADMINISTRATOR)
    held = {
        role.value: Count(
            "pk", filter=Exists(Membership.objects.live().order_by().filter(person=OuterRef("pk"), role=role))
        )
        for role in Role
    }
    numbers = User.objects.filter(is_active=True).aggregate(people=Count("pk"), **held)
    return {
        "gaps": gaps(bodies),
        "imports": _imports(visit.user),
        "roles": [{"term": role.label, "value": f"{numbers[role.value]:,}"} for role in Role],
        "people": numbers["people"],
        "calls": _calls(visit, bodies),
        "set_up": [
            *_asked(bodies),
            *(
                {"title": title, "hint": hint, "url": url}
                for title, model, hint in SET_UP
                if (url := address(f"admin:{model}_changelist"))
            ),
        ],
    }


def _asked(bodies: list[int]) -> list[dict[str, str]]:
    """What reports ask and what is measured, for each of the newest programmes in which the bodies manage a strand."""
    programmes = Programme.objects.filter(
        Exists(Strand.objects.filter(programme=OuterRef("pk"), managing_body__in=bodies))
    )
    return [
        {
            "title": f"What reports ask: {programme}",
            "hint": "The parts of a report and of a final evaluation, and the indicators",
            "url": reverse("programmes:asked", args=[programme.code]),
        }
        for programme in programmes[:PROGRAMMES]
    ]


def _imports(user: User) -> list[dict[str, Any]]:
    """Those that need somebody before those that move by themselves, and these before what is done."""
    place = Case(*(When(state__in=states, then=Value(place)) for place, states in enumerate(FIRST)), default=len(FIRST))
    faults = Func(F("faults"), function="jsonb_array_length", output_field=IntegerField())
    found = (
        Import.objects.visible_to(user)
        .select_related("programme", "uploaded_by")
        .defer("content", "faults")
        .annotate(place=place, number=faults)
        .order_by("place", "-uploaded_at", "-pk")
    )
    return [
        {
            "title": record.name,
            "url": record.get_absolute_url(),
            "hint": ". ".join(
                filter(
                    None,
                    [
                        plural(record.number, "fault") if record.number else "",
                        str(record.programme),
                        f"{moment_words(record.uploaded_at)}, {record.uploaded_by or 'by command'}",
                    ],
                )
            ),
            "record": record,
        }
        for record in found[:IMPORTS]
    ]


def _calls(visit: Visit, bodies: list[int]) -> list[dict[str, str]]:
    """Those that are open or open soon, by what happens to them next."""
    now = clock.now()
    calls = Call.objects.filter(strand__managing_body__in=bodies, closes_at__gt=now, opens_at__lt=now + AHEAD)
    return [
        {
            "title": call.title,
            "hint": str(call.strand),
            "url": reverse("admin:programmes_call_change", args=[call.pk]),
            "state": "active" if call.is_open else "not_due",
            "word": f"{'Closes' if call.is_open else 'Opens'} {relative(day, visit.today)}, {date_words(day)}",
        }
        for call in calls.select_related("strand").order_by("closes_at", "pk")[:CALLS]
        for day in [call.closes_at if call.is_open else call.opens_at]
    ]
