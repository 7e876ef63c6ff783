"""Comments on one part: written and resolved by whoever writes the report. They stand on the part's page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.lifecycle.door import NotYou, Refused
from grants.programmes.models import Section
from grants.reports import permissions, services
from grants.reports.forms import CommentForm
from grants.reports.models import Comment, Report
from grants.reports.views.common import Reading, frame, part_links, report_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def comments_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """POST adds a comment, or resolves the one that `resolve` names, and leads back to the part, where they stand. What
    could not be done is said on a page of its own, with what was typed.
    """
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    if not reading.writes:
        raise PermissionDenied(permissions.editor_or_signatory.__doc__)
    section = next((section for section in reading.report.asked_sections() if section.code == code), None)
    if section is None:
        raise Http404
    if request.method != "POST":
        return redirect(f"{reading.url('part', section.code)}#comments")
    return _do(request, reading, section)


def _do(request: HttpRequest, reading: Reading, section: Section) -> HttpResponse:
    resolve = request.POST.get("resolve")
    form = CommentForm(request.POST)
    try:
        if resolve is not None:
            if not resolve.isdecimal() or len(resolve) > 15:
                raise Http404
            services.resolve_comment(reading.report.pk, int(resolve), by=reading.user)
            messages.success(request, "The comment is resolved.")
        elif form.is_valid():
            services.comment_on(reading.report.pk, section, by=reading.user, text=form.cleaned_data["comment"])
            messages.success(request, "The comment is kept. Your colleagues are told.")
        else:
            return _page(request, reading, section, form, status=422)
    except Comment.DoesNotExist as missing:
        raise Http404 from missing
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotYou) else 409
        return _page(request, reading, section, form, refusals=refusal.sentences, status=status)
    return redirect(f"{reading.url('part', section.code)}#comments")


def comments_on(report: Report, section: Section) -> dict[str, Any]:
    """What its people said about a part: what is open, and what is resolved."""
    said = list(report.comments.filter(section=section).select_related("by", "resolved_by"))
    return {
        "comments": [one for one in said if one.resolved_at is None],
        "resolved": [one for one in said if one.resolved_at is not None],
    }


def _page(
    request: HttpRequest,
    reading: Reading,
    section: Section,
    form: CommentForm,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    report = reading.report
    context = frame(reading, section) | part_links(reading, section) | comments_on(report, section)
    trail = [
        *context["trail"][:-1],
        (report.milestone.name, report.get_absolute_url()),
        (section.title, reading.url("part", section.code)),
        ("Comments", ""),
    ]
    context |= {"trail": trail, "title": f"Comments on {section.title}", "form": form, "comment_form": form}
    context |= {"refusals": refusals or [], "comments_url": reading.url("comments", section.code)}
    return render(request, "reports/comments.html", context, status=status)
