"""All that is written, on one page, before somebody asks for a signature or gives it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from grants.people.sections import sections_for
from grants.reports.models import Report
from grants.reports.record import content_of
from grants.reports.views.common import Reading, frame, reading_of, report_for
from grants.reports.views.correcting import corrections
from grants.reports.views.glance import open_steps, what_is_next


@login_required
@require_safe
def check_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers as they stand, each with a link to change it; for those who write and sign, until it is sent."""
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    report = reading.report
    if not reading.writes or report.state not in (*Report.UNSENT, Report.State.RETURNED):
        return redirect(report)
    content = content_of(report, [part.answer for part in reading.parts if part.answer])
    said = reading_of(report, content, request.GET.get("page"))
    by_code = {part.section.code: part for part in reading.parts}
    for section in said["sections"]:
        if part := by_code.get(section["code"]):  # a figure update carries over what it does not ask
            opens = report.is_writable and not part.locked
            section |= {"part": part, "change_url": reading.url("part", part.section.code) if opens else ""}
    awaited = sum(figure.given is not None and figure.given.is_awaited for figure in said["figures"])
    context = frame(reading) | what_is_next(reading, awaited) | open_steps(reading) | said
    context["sections_beside"] = sections_for("reports:check", request, report)
    context |= corrections(reading, content)
    trail = [*context["trail"][:-1], (report.name, report.get_absolute_url()), ("Check answers", "")]
    return render(request, "reports/check.html", context | {"trail": trail, "title": "Check answers"})
