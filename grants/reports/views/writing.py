"""The page on which one part of a report is written. Opening it writes nothing; nothing typed is lost."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants import autosave
from grants.lifecycle.door import NotYou, Refused, Stale
from grants.programmes.models import Section
from grants.reports import permissions
from grants.reports.views.common import Reading, frame, part_links, report_for
from grants.reports.views.writers import WRITERS, Words, Writer


@autosave.page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def part_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One part: GET shows it, POST stores what is typed, finished or not, by a button or by itself.

    Answers 404 for a report that the person does not see and for a part that it does not ask, 403 for whoever does not
    write it, 422 for what cannot be stored as it is typed, 409 where the report or the part moved meanwhile.
    """
    writer = _writer(request, pk, code)
    if request.method == "POST":
        return _store(request, writer)
    if not writer.report.is_writable:
        return redirect(writer.report)
    return _page(request, writer, writer.form(), writer.mark())


def _writer(request: HttpRequest, pk: int, code: str) -> Writer:
    """The part as it is stored now, before the person who asks."""
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    if not reading.writes:
        raise PermissionDenied(permissions.editor_or_signatory.__doc__)
    section = next((section for section in reading.report.asked_sections() if section.code == code), None)
    if section is None:
        raise Http404
    return WRITERS[section.form](reading, section)


def _store(request: HttpRequest, writer: Writer) -> HttpResponse:
    """Store the part and go on, or say why not, with all that was typed."""
    reading, section = writer.reading, writer.section
    mark, then = request.POST.get("mark", ""), request.POST.get("then", "")
    if then == "keep" and isinstance(writer, Words) and not autosave.asked(request):
        return _page(request, writer, writer.with_earlier(request.POST), mark, put_in=True)
    form = writer.form(request.POST)
    if not form.is_valid():
        if autosave.asked(request):
            return autosave.not_yet(request, *writer.forms(form))
        return _page(request, writer, form, mark, status=422)
    try:
        writer.save(form, mark)
    except Refused as refusal:
        return _refused(request, writer, form, refusal)
    if autosave.asked(request):
        return _saved(request, _writer(request, reading.report.pk, section.code))
    messages.success(request, f"Saved: {section.title}.")
    return redirect(_next_url(reading, section) if then == "next" else reading.url("part", section.code))


def _saved(request: HttpRequest, writer: Writer) -> HttpResponse:
    """The piece for a part that saved itself: how far the report is, and how many words it has, change with it."""
    also = part_links(writer.reading, writer.section) | {"section": writer.section, "words": writer.words}
    return autosave.saved(request, writer.mark(), "reports/saved.html", **also)


def _refused(request: HttpRequest, writer: Writer, form: Any, refusal: Refused) -> HttpResponse:
    """Why the part was not stored, with what was typed; where somebody else stored it meanwhile, with theirs beside it."""
    writer = _writer(request, writer.report.pk, writer.section.code)
    said = refusal.sentences
    if not isinstance(refusal, Stale):
        status = 403 if isinstance(refusal, NotYou) else 409
        if autosave.asked(request):
            return autosave.refused(request, said, status=status)
        return _page(request, writer, form, request.POST.get("mark", ""), refusals=said, status=status)
    stored, mark = writer.form(), writer.mark()  # both are shown now: to save again is to have seen them
    if autosave.asked(request):
        return autosave.stale(request, said, mark=mark, typed=writer.forms(form), stored=writer.forms(stored))
    return _page(request, writer, form, mark, refusals=said, status=409, stored=stored)


def _next_url(reading: Reading, section: Section) -> str:
    """The part after this one; after the last, all answers on one page."""
    codes = [part.section.code for part in reading.parts]
    after = codes[codes.index(section.code) + 1 :]
    return reading.url("part", after[0]) if after else reading.url("check")


def _page(
    request: HttpRequest,
    writer: Writer,
    form: Any,
    mark: str,
    *,
    stored: Any = None,
    put_in: bool = False,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The part's page. `stored` is the form as somebody else stored it meanwhile, beside what was typed."""
    reading, section = writer.reading, writer.section
    context = frame(reading, section) | part_links(reading, section) | writer.context()
    context |= {"form": form, "mark": mark, "stored": stored, "put_in": put_in, "refusals": refusals or []}
    context |= {"answer": writer.answer, "unsaved": request.method == "POST"}
    milestone = reading.report.milestone
    context["trail"] = [
        *context["trail"][:-1],
        (milestone.name, reading.report.get_absolute_url()),
        (section.title, ""),
    ]
    context["is_last"] = reading.parts[-1].section.pk == section.pk
    return render(request, writer.template_name, context, status=status)
