"""The home of whoever is signed in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.desk.homes import HOMES
from grants.desk.homes.visit import Visit
from grants.desk.kinds import MANAGING_BODY, kinds_of, roles_by_organisation, signed_in_as
from grants.desk.panels import panels_for
from grants.formats import local_today
from grants.lifecycle.models import Notice
from grants.people.models import Membership, Role, User
from grants.people.services import arrive

NOTICES, ADMINISTRATORS = 5, 3


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is due, what waits, what moved, what comes next: a part for each kind that the person is of.

    It notes that the person was here: what came since they were here before is marked as new.
    """
    user: Any = request.user
    visit = Visit(user, local_today(), since=arrive(user), mine=request.GET.get("mine") == "1")
    organisations = list(roles_by_organisation(user))
    kinds = kinds_of(user)
    context = {
        "title": organisations[0] if len(organisations) == 1 else "Home",
        "under": signed_in_as(user),
        "parts": [_part(kind, request, visit) for kind in kinds],
        "chooses": MANAGING_BODY in kinds,
        "mine": visit.mine,
        "notices": [(one, visit.since is not None and one.at > visit.since) for one in _notices(user)],
        "administrators": [] if kinds else _administrators(),
    }
    return render(request, "desk/home.html", context)


def _part(kind: str, request: HttpRequest, visit: Visit) -> dict[str, Any]:
    name, gather = HOMES[kind]
    return {
        "kind": kind,
        "template": f"desk/home/{name}.html",
        "side": f"desk/home/{name}_side.html",
        "panels": panels_for(kind, request),
        **gather(visit),
    }


def _notices(user: User) -> QuerySet[Notice]:
    return user.notices.visible_to(user)[:NOTICES]


def _administrators() -> list[Membership]:
    """Whom to ask for a role."""
    held = Membership.objects.live().filter(role=Role.ADMINISTRATOR, person__is_active=True)
    return list(
        held.select_related("person", "organisation").order_by("organisation__name", "person__name")[:ADMINISTRATORS]
    )
