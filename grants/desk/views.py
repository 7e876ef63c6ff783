"""Pages that bring rooms together: home, the programmes, a programme, an award at a glance."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from grants.awards.models import Award
from grants.desk import portfolio
from grants.desk.forms import PortfolioFilter
from grants.desk.glance import award_for, glance
from grants.desk.homes import HOMES, WITHOUT_SIDE
from grants.desk.kinds import FUNDER, MANAGING_BODY, kinds_of, roles_by_organisation, signed_in_as
from grants.desk.panels import panels_for
from grants.formats import date_range, local_today
from grants.programmes.models import Programme

NOTICES = 10


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What is due, what waits, what moved, what comes next: a part for each kind that the person is of."""
    user: Any = request.user
    today = local_today()
    organisations = list(roles_by_organisation(user))
    kinds = kinds_of(user)
    context = {
        "title": organisations[0] if len(organisations) == 1 else "Home",
        "under": signed_in_as(user),
        "parts": [_part(kind, request, today) for kind in kinds],
        "notices": user.notices.all()[:NOTICES],
    }
    return render(request, "desk/home.html", context)


def _part(kind: str, request: HttpRequest, today: Any) -> dict[str, Any]:
    name, gather = HOMES[kind]
    user: Any = request.user
    return {
        "kind": kind,
        "template": f"desk/home/{name}.html",
        "side": "" if name in WITHOUT_SIDE else f"desk/home/{name}_side.html",
        "panels": panels_for(kind, request),
        **gather(user, today),
    }


@login_required
def programmes(request: HttpRequest) -> HttpResponse:
    """Every programme, with how many of its awards the person sees."""
    user: Any = request.user
    seen = Q(strands__awards__in=Award.objects.visible_to(user), strands__awards__state__in=Award.FROM_OFFER_ON)
    awards = Count("strands__awards", filter=seen, distinct=True)
    rows = Programme.objects.select_related("managing_body").annotate(awards=awards)
    return render(request, "desk/programmes.html", {"title": "Programmes", "programmes": rows})


@login_required
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """The portfolio of a programme: its key figures, and a table of the awards that the person sees."""
    user: Any = request.user
    today = local_today()
    found = get_object_or_404(Programme.objects.select_related("managing_body"), code__iexact=code)
    rows = portfolio.portfolio(found, user, today)
    form = PortfolioFilter(found, request.GET or {})
    shown = portfolio.narrowed(rows, **form.asked())
    context = {
        "title": found.title,
        "under": f"{found.managing_body}, {date_range(found.starts, found.ends)}.",
        "trail": [("Programmes", reverse("programmes")), (found.code, "")],
        "programme": found,
        "figures": portfolio.key_figures(rows, today),
        "filter": form,
        "rows": rows,
        "groups": portfolio.grouped(shown),
        "total": portfolio.in_total(shown),
        "count": portfolio.counted(shown, rows),
        "shares": found.shares.select_related("funder") if {MANAGING_BODY, FUNDER} & set(kinds_of(user)) else [],
    }
    return render(request, "desk/programme.html", context)


@login_required
def award(request: HttpRequest, reference: str) -> HttpResponse:
    """One award at a glance."""
    user: Any = request.user
    found = award_for(user, reference)
    if found is None:
        raise Http404
    everything = "all" in request.GET
    context = glance(found, user, local_today(), page=request.GET.get("page"), everything=everything)
    context["title"] = found.title or "Untitled application"
    way = [("Home", reverse("home"))]
    if context["manages"]:
        code = found.strand.programme.code
        way = [("Programmes", reverse("programmes")), (code, reverse("programme", args=[code]))]
    context["trail"] = [*way, (found.reference, "")]
    return render(request, "desk/award.html", context)
