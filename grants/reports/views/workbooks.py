"""A report by workbook: downloaded with all that is known, put in again after a look at what that changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import BaseForm, BoundField, ChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from grants.differences import Piece, compare
from grants.faults import faults_of
from grants.files import WRITERS
from grants.formats import moment_words, plural
from grants.lifecycle.door import NotYou, Refused
from grants.programmes.models import Section
from grants.reports import permissions
from grants.reports.forms import NarrativeForm, PutInForm, WorkbookForm
from grants.reports.views.common import Reading, frame, part_links, report_for
from grants.reports.views.comparing import Change
from grants.reports.views.writers import WRITERS as PARTS
from grants.reports.views.writers import Words, Writer
from grants.reports.workbook.layout import Line, forms_of, lines_of
from grants.reports.workbook.making import make
from grants.reports.workbook.taking import Book, Fault, Unreadable

SALT = "grants.reports.workbook.given"
MOST_GIVEN = 2_000_000  # characters that the page can send back


@login_required
@require_safe
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The prepared workbook, for those who write the report, while it is written."""
    reading = _reading(request, pk)
    if not reading.report.is_writable:
        return redirect(reading.report)
    writers = _writers(reading)
    lines = [line for writer in writers for line in _lines(writer, writer.form())]
    marks = {writer.section.code: writer.mark() for writer in writers}
    response = HttpResponse(make(reading.report, lines, marks), content_type=WRITERS["xlsx"][1])
    name = f"{reading.report}.xlsx".replace("/", "-")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def from_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the file. POST with a file shows its faults, or what it changes; POST with what was shown stores it.

    Answers 403 for whoever does not write the report, 422 for a file with faults, 409 where the report moved meanwhile.
    """
    reading = _reading(request, pk)
    if request.method != "POST":
        return _page(request, reading, WorkbookForm()) if reading.report.is_writable else redirect(reading.report)
    if not reading.report.is_writable:
        said = f"The report is {reading.report.get_state_display().lower()}: what is written in it cannot change now."
        return _page(request, reading, WorkbookForm(), refusals=[said], status=409)
    if "given" in request.POST:
        return _put_in(request, reading)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, reading, form, status=422)
    file = form.cleaned_data["file"]
    try:
        book = Book(file.name, file.read(), reading.report)
    except Unreadable as fault:
        form.add_error("file", str(fault))
        return _page(request, reading, form, status=422)
    return _look_through(request, reading, form, book)


@dataclass
class Part:
    """One part as the workbook has it, beside what is stored."""

    writer: Writer
    data: Mapping[str, str]
    marks: Mapping[str, str]
    """Of the parts when the workbook was made; of one that is put in, when it was looked through"""

    @cached_property
    def form(self) -> Any:
        """The part's form, filled in by the workbook."""
        return self.writer.form(self.data)

    @property
    def section(self) -> Section:
        """What it asks."""
        return self.writer.section

    @property
    def locked(self) -> bool:
        """Whether it stays as it was sent, whatever the workbook says."""
        return self.writer.report.locks(self.section)

    @property
    def differs(self) -> bool:
        """Whether the workbook says something else than what is stored. In a locked part it may also say nonsense."""
        return not self.form.is_valid() or bool(self.paragraphs or self.changes)

    @cached_property
    def paragraphs(self) -> list[list[Piece]]:
        """The text with what goes out and what comes in, where it changes."""
        if not isinstance(self.form, NarrativeForm):
            return []
        was, now = self.form["text"].initial or "", self.form.cleaned_data["text"]
        return compare(was, now) if was.strip() != now.strip() else []

    @cached_property
    def changes(self) -> list[Change]:
        """Everything else that changes, a row each."""
        return [change for form in forms_of(self.form) for change in _changed(form)]

    @property
    def older_than(self) -> str:
        """Who stored the part after the workbook was made, where somebody did: putting it in replaces that."""
        if self.writer.mark() == self.marks.get(self.section.code, ""):
            return ""
        answer = self.writer.answer
        return f"{answer.saved_by}, {moment_words(answer.saved_at)}" if answer else "somebody"


def _changed(form: BaseForm) -> Iterator[Change]:
    for name in form.fields:
        field = form[name]
        if name == "text" or _said(field, field.initial) == _said(field, form.cleaned_data.get(name)):
            continue
        yield Change(str(field.label), *(_said(field, value) for value in (field.initial, form.cleaned_data.get(name))))


def _said(field: BoundField, value: Any) -> str:
    """A value as the form writes it, of a choice its word; "nothing" for none."""
    if isinstance(field.field, ChoiceField):
        choices: Any = field.field.choices
        value = dict(choices).get(value, "") if value else ""
    return str(field.field.prepare_value(value)).strip() if value not in (None, "") else "nothing"


def _reading(request: HttpRequest, pk: int) -> Reading:
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    if not reading.writes:
        raise PermissionDenied(permissions.editor_or_signatory.__doc__)
    return reading


def _writers(reading: Reading) -> list[Writer]:
    return [PARTS[section.form](reading, section) for section in reading.report.asked_sections()]


def _lines(writer: Writer, form: Any) -> list[Line]:
    earlier = writer.earlier if isinstance(writer, Words) else None
    lines = lines_of(writer.section, form, earlier["text"] if earlier else "")
    locked = writer.report.locks(writer.section)
    return [replace(line, locked=locked) for line in lines]


def _look_through(request: HttpRequest, reading: Reading, form: WorkbookForm, book: Book) -> HttpResponse:
    """What the workbook changes, part by part; or everything that is wrong with it, and nothing else."""
    parts, every = list[Part](), list[Line]()
    for writer in _writers(reading):
        stored = writer.form()
        lines = _lines(writer, stored)
        every += lines
        parts.append(Part(writer, book.data_for(forms_of(stored), lines), book.marks))
    book.check_keys(every)
    faults = [*book.faults]
    for part in parts:
        if not part.locked and not part.form.is_valid():
            faults += book.faults_of(_lines(part.writer, part.form))
    if faults:
        return _page(request, reading, form, faults=faults, status=422)
    changed = [part for part in parts if not part.locked and part.differs]
    locked = [part for part in parts if part.locked and part.differs]
    given = signing.dumps(
        {
            "report": reading.report.pk,
            "parts": {part.section.code: [part.writer.mark(), dict(part.data)] for part in changed},
        },
        salt=SALT,
        compress=True,
    )
    if len(given) > MOST_GIVEN:
        form.add_error("file", "The texts of this workbook are too long to be put in at once. Shorten them")
        return _page(request, reading, form, status=422)
    chosen = [part.section.code for part in changed if not part.older_than]
    put_in = PutInForm(
        [(part.section.code, part.section.title) for part in changed], initial={"parts": chosen, "given": given}
    )
    name = form.cleaned_data["file"].name
    return _page(request, reading, form, changed=changed, locked=locked, put_in=put_in, name=name)


def _put_in(request: HttpRequest, reading: Reading) -> HttpResponse:
    """Store the parts that were chosen, all or none, exactly as the page showed them."""
    open_now = [writer for writer in _writers(reading) if not reading.report.locks(writer.section)]
    writers = {writer.section.code: writer for writer in open_now}
    try:
        given = signing.loads(request.POST["given"], salt=SALT)
        parts = {code: rest for code, rest in given["parts"].items() if given["report"] == reading.report.pk}
    except signing.BadSignature:
        parts = {}
    form = PutInForm([(code, writers[code].section.title) for code in parts if code in writers], request.POST)
    if not form.is_valid():
        again = WorkbookForm()
        said = form.errors.get("parts", ["What was looked through did not arrive"])
        return _page(request, reading, again, refusals=[f"{said[0]}. Put the workbook in again."], status=422)
    chosen = [Part(writers[code], parts[code][1], {code: parts[code][0]}) for code in form.cleaned_data["parts"]]
    if moved := [sentence for part in chosen for sentence in _moved(part)]:
        return _page(request, reading, WorkbookForm(), refusals=moved, status=409)
    try:
        with transaction.atomic():
            for part in chosen:
                part.writer.save(part.form, part.marks[part.section.code])
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotYou) else 409
        return _page(
            request, _reading(request, reading.report.pk), WorkbookForm(), refusals=refusal.sentences, status=status
        )
    count = plural(len(form.cleaned_data["parts"]), "part")
    messages.success(request, f"Put in from the workbook: {count}.")
    return redirect(reading.report)


def _moved(part: Part) -> Iterator[str]:
    """Why a part cannot be put in any more, a sentence each: it was valid on the page that was signed, but the report may
    ask something else by now.
    """
    forms, title = forms_of(part.form), part.section.title
    yield from (f"{title}: {fault.sentence.rstrip('.')}." for fault in faults_of(*forms))
    known = {field.html_name for form in forms for field in form}
    if any(value and name not in known for name, value in part.data.items()):
        yield f"{title}: what is asked has changed since the workbook was looked through. Download the workbook anew."


def _page(
    request: HttpRequest,
    reading: Reading,
    form: WorkbookForm,
    *,
    faults: list[Fault] | None = None,
    changed: list[Part] | None = None,
    locked: list[Part] | None = None,
    put_in: PutInForm | None = None,
    refusals: list[str] | None = None,
    name: str = "",
    status: int = 200,
) -> HttpResponse:
    report = reading.report
    context = frame(reading) | part_links(reading)
    context |= {"form": form, "faults": faults, "changed": changed, "locked": locked, "put_in": put_in, "name": name}
    context |= {"refusals": refusals or [], "title": "Write it in a spreadsheet"}
    context["trail"] = [
        *context["trail"][:-1],
        (report.milestone.name, report.get_absolute_url()),
        ("Write it in a spreadsheet", ""),
    ]
    return render(request, "reports/workbook.html", context, status=status)
