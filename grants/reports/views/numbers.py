"""Where a number comes from: its page, and its proof as a file. A number without an award that the person sees is not there."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.awards.models import Award
from grants.formats import local_today
from grants.lists import ON_A_PAGE
from grants.programmes.models import Indicator, Programme
from grants.reports.numbers import ACCEPTED, Number, corrections_of, in_words, of_award, of_programme, parts_of
from grants.reports.panels import NUMBER, panels_for
from grants.reports.proof import proof_of


@login_required
@require_safe
def number_page(request: HttpRequest, reference: str, indicator: str) -> HttpResponseBase:
    """An indicator of one award, to date."""
    number, part = of_award(*_of_award(request, reference, indicator))
    award = part.award
    context = _context(request, number) | {
        "rows": part.said,
        "cite": number.cite(part.counted, local_today()),
        "proof": "reports:number-proof",
        "at": award.reference,
        "trail": [("Home", "/"), (award.reference, award.get_absolute_url()), (number.indicator.title, "")],
    }
    return render(request, "reports/number.html", context)


@login_required
@require_safe
def total_page(request: HttpRequest, code: str, indicator: str) -> HttpResponseBase:
    """An indicator over the awards of a programme that the person sees."""
    number = _of_programme(request, code, indicator)
    page = Paginator(number.awards.named().order_by("reference"), ON_A_PAGE).get_page(request.GET.get("page"))
    parts = parts_of(number.indicator, page)
    context = _context(request, number) | {
        "page": page,
        "rows": [(part, part.amount(number.indicator)) for part in parts],
        "cite": number.cite([], local_today()),
        "proof": "reports:total-proof",
        "at": number.programme.code,
        "trail": [
            ("Home", "/"),
            (number.programme.code, reverse("programme", args=[number.programme.code])),
            (number.indicator.title, ""),
        ],
    }
    return render(request, "reports/total.html", context)


@login_required
@require_safe
def number_proof(request: HttpRequest, reference: str, indicator: str) -> HttpResponseBase:
    """What proves it, to keep."""
    number, part = of_award(*_of_award(request, reference, indicator))
    return _attached(number, f"{part.award.reference}-{number.indicator.code}")


@login_required
@require_safe
def total_proof(request: HttpRequest, code: str, indicator: str) -> HttpResponseBase:
    """What proves it, of the awards that the person sees."""
    number = _of_programme(request, code, indicator)
    return _attached(number, f"{number.programme.code}-{number.indicator.code}")


def _of_award(request: HttpRequest, reference: str, code: str) -> tuple[Award, Indicator]:
    """The award that the person sees, and the indicator: one that it promises, or of which an approved report of it tells."""
    _printable(reference, code)
    seen = Award.objects.visible_to(request.user).named()  # type: ignore[arg-type]
    award = get_object_or_404(seen, reference__iexact=reference, state__in=ACCEPTED)
    programme = award.strand.programme
    return award, get_object_or_404(programme.indicators.select_related("programme"), code__iexact=code)


def _of_programme(request: HttpRequest, code: str, indicator: str) -> Number:
    _printable(code, indicator)
    programme = get_object_or_404(Programme.objects.select_related("managing_body"), code__iexact=code)
    found = get_object_or_404(programme.indicators.all(), code__iexact=indicator)
    number = of_programme(programme, found, Award.objects.visible_to(request.user))  # type: ignore[arg-type]
    if not number.asked:
        raise Http404
    return number


def _printable(*words: str) -> None:
    """A NUL in an address would be an error of the database."""
    if not all(word.isprintable() for word in words):
        raise Http404


def _context(request: HttpRequest, number: Number) -> dict[str, Any]:
    """What both pages show."""
    return {
        "title": number.words or ("Not added" if not number.is_added and number.award is None else "No figure yet"),
        "number": number,
        "target": in_words(number.indicator, number.target),
        "corrections": corrections_of(number),
        "panels": panels_for(NUMBER, request, number),
    }


def _attached(number: Number, name: str) -> HttpResponseBase:
    response = FileResponse(
        proof_of(number), as_attachment=True, filename=f"{name}-proof.zip", content_type="application/zip"
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
