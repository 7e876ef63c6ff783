"""One award at a glance."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.desk.glance import award_for, glance
from grants.desk.panels import AWARD, panels_for
from grants.formats import local_today


@login_required
@require_safe
def award(request: HttpRequest, reference: str) -> HttpResponse:
    """One award at a glance."""
    user: Any = request.user
    found = award_for(user, reference)
    if found is None:
        raise Http404
    context = glance(found, user, local_today())
    context["title"] = found.title or "Untitled application"
    way = [("Home", reverse("home"))]
    if context["manages"]:
        code = found.strand.programme.code
        way = [("Programmes", reverse("programmes")), (code, reverse("programme", args=[code]))]
    context["trail"] = [*way, (found.reference, "")]
    context["panels"] = panels_for(AWARD, request, found)
    return render(request, "desk/award.html", context)
