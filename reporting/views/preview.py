"""A report before it is sent, as a funder will read it: for those who write and sign it."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.formats import date_range
from grants.reports.models import Report
from reporting.permissions import can_preview
from reporting.snapshot.draft import Draft, as_if_approved


@login_required
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The award's page of a funder report, with what is written now in the place of what will be approved."""
    user: Any = request.user
    reports = (
        Report.objects.visible_to(user).named().select_related("section_set").prefetch_related("section_set__sections")
    )
    report = get_object_or_404(reports, pk=pk)
    if not can_preview(report, user):
        return redirect(report)
    fundings = list(report.award.fundings.select_related("funder"))
    asked = request.GET.get("funder", "")
    funding = next((one for one in fundings if str(one.funder_id) == asked), fundings[0] if fundings else None)
    if funding is None:
        raise Http404
    award = report.award
    title = "Your page as the funder will see it"
    trail = [
        ("Home", reverse("home")),
        (award.reference, award.get_absolute_url()),
        (report.milestone.name, report.get_absolute_url()),
        (title, ""),
    ]
    milestone = report.milestone
    context = {
        "title": title,
        "trail": trail,
        "report": report,
        "award": award,
        "funder": funding.funder,
        "fundings": fundings,
        "period": date_range(milestone.period_start, milestone.period_end),
        **said(as_if_approved(report, funding.funder)),
    }
    return render(request, "reporting/preview.html", context)


def said(draft: Draft) -> dict[str, Any]:
    """The page with its figures in words, in the place of their keys."""

    def shown(key: str | None) -> str:
        return draft.nodes[key]["shown"] if key else "–"

    def in_words(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
        return {**row, **{name: shown(row.get(name)) for name in names}}

    page, total = draft.page, draft.page["budget_total"]
    return {
        "page": page,
        "kept": draft.kept,
        "money": [
            {"label": "Awarded", "value": shown(page["amount"])},
            {"label": "This funder’s part", "value": shown(page["funder_part"])},
            {"label": "Paid", "value": shown(page["paid"])},
        ],
        "results": [in_words(row, "target", "value") for row in page["results"]],
        "forecasts": any(row.get("forecast") for row in page["budget"]),
        "budget": [in_words(row, "budget", "spent", "forecast") for row in page["budget"]],
        "total": in_words(total, "budget", "spent", "forecast") if total else None,
    }
