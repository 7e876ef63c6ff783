"""Help for each page, in the person's own words, and whom to ask. The key `?` opens it beside the page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import select_template
from django.views.decorators.http import require_safe

from grants.awards.models import Award
from grants.desk.kinds import GRANTEE, kinds_of
from grants.desk.milestones import LIVE
from grants.people.models import Membership, Role, User

ENOUGH = 3


@login_required
@require_safe
def help_page(request: HttpRequest, name: str) -> HttpResponse:
    """The help of the page of that name: a part of a page where htmx or a script asks for it, else a page of its own."""
    user: Any = request.user
    text = select_template([f"help/{name}.html", "help/general.html"])
    context = {"title": "Help", "text": text, "kinds": kinds_of(user), "ask": whom_to_ask(user)}
    return render(request, "help/part.html" if request.htmx else "help/page.html", context)  # type: ignore[attr-defined]


def whom_to_ask(user: User) -> list[User]:
    """A grantee's award managers; for everybody else the administrators, of the person's own bodies first."""
    people = User.objects.filter(is_active=True)
    if GRANTEE in kinds_of(user):
        awards = Award.objects.visible_to(user).filter(state__in=LIVE)
        managers = people.filter(pk__in=awards.order_by().values("manager")).exclude(pk=user.pk)[:ENOUGH]
        if found := list(managers):
            return found
    live = Membership.objects.live().filter(role=Role.ADMINISTRATOR)
    own = live.filter(Q(organisation__in=[held.organisation_id for held in user.live_memberships]))
    for held in (own, live):
        if found := list(people.filter(pk__in=held.values("person")).exclude(pk=user.pk)[:ENOUGH]):
            return found
    return []
