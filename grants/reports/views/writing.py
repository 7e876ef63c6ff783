"""The page on which one part of a report is written. Opening it writes nothing; nothing typed is lost."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants import autosave
from grants.formats import plural
from grants.lifecycle.door import NotYou, Refused, Stale
from grants.programmes.models import Section
from grants.reports.forms import CommentForm
from grants.reports.record import content_of
from grants.reports.views.comments import comments_on
from grants.reports.views.common import Reading, evidence_at, frame, part_for, part_links, reading_of
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
    if writer.report.locks(writer.section):
        return _locked(request, writer)
    return _page(request, writer, writer.form(), writer.mark())


def _locked(request: HttpRequest, writer: Writer) -> HttpResponse:
    """A part that stays as it was sent, to read."""
    reading, section = writer.reading, writer.section
    answers = [part.answer for part in reading.parts if part.answer]
    said = reading_of(reading.report, content_of(reading.report, answers), reading.page)
    said["sections"] = [row for row in said["sections"] if row["code"] == section.code]
    context = frame(reading, section) | part_links(reading, section) | said
    context["trail"] = way_to(reading, section, context["trail"])
    return render(request, "reports/part_locked.html", context)


def way_to(reading: Reading, section: Section, trail: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The way from home by the report to one of its parts."""
    name, address = reading.report.name, reading.report.get_absolute_url()
    return [*trail[:-1], (name, address), (section.title, "")]


def _writer(request: HttpRequest, pk: int, code: str) -> Writer:
    """The part as it is stored now, before the person who asks."""
    reading, section = part_for(request, pk, code)
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
        return _saved(request, _writer(request, reading.report.pk, section.code), form)
    if odd := writer.to_confirm():
        are = "is odd" if odd == 1 else "are odd"
        messages.warning(
            request, f"Saved: {section.title}. {plural(odd, 'number')} {are}: say below whether it is right."
        )
        return redirect(reading.url("part", section.code))
    messages.success(request, f"Saved: {section.title}.")
    return redirect(_next_url(reading, section) if then == "next" else reading.url("part", section.code))


def _saved(request: HttpRequest, writer: Writer, form: Any) -> HttpResponse:
    """The piece for a part that saved itself: how far the report is, how many words it has, and what is asked about odd
    numbers, change with it.
    """
    also = part_links(writer.reading, writer.section) | {"section": writer.section, "words": writer.words}
    also |= {"questions": writer.moved_questions(form), "to_confirm": writer.to_confirm()}
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
    context |= {
        "returned": reading.report.named.get(section.pk),
        "files": evidence_at(reading.report, section),
        "answer": writer.answer,
        "unsaved": request.method == "POST",
    }
    context |= comments_on(reading.report, section)
    context |= {"comment_form": CommentForm(), "comments_url": reading.url("comments", section.code)}
    context["trail"] = way_to(reading, section, context["trail"])
    context["is_last"] = reading.parts[-1].section.pk == section.pk
    return render(request, writer.template_name, context, status=status)
