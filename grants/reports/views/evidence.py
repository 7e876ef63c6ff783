"""Files at a part of a report: brought, taken out, handed over."""

import logging
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from grants.lifecycle.door import NotYou, Refused
from grants.programmes.models import Section
from grants.reports import services
from grants.reports.forms import EvidenceForm
from grants.reports.kinds import Unfit
from grants.reports.models import Evidence
from grants.reports.views.common import Reading, evidence_at, frame, part_for, part_links, report_for

log = logging.getLogger(__name__)
Kind = Evidence.Kind
CONTENT_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv",
    Kind.TXT: "text/plain",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The files at one part: GET lists them and asks for another, POST takes one in, or one out.

    Answers 404 and 403 as a part does, 422 for a file that is not taken, 409 where the report moved meanwhile.
    """
    reading, section = part_for(request, pk, code)
    report = reading.report
    if request.method != "POST":
        if not report.is_writable:
            return redirect(report)
        return _page(request, reading, section, EvidenceForm(report, section))
    form = EvidenceForm(report, section, request.POST, request.FILES)
    try:
        if "remove" in request.POST:
            name = services.remove_evidence(pk, section, _key(request.POST["remove"]), by=reading.user)
            messages.success(request, f"Taken out: {name}.")
            return redirect("reports:evidence", pk, section.code)
        if not form.is_valid():
            return _page(request, reading, section, form, status=422)
        file = form.cleaned_data["file"]
        added = services.add_evidence(
            pk,
            section,
            by=reading.user,
            name=file.name,
            content=file.read(),
            indicator=form.cleaned_data.get("indicator"),
        )
    except Unfit as fault:
        form.add_error("file", str(fault))
        return _page(request, reading, section, form, status=422)
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotYou) else 409
        return _page(request, reading, section, form, refusals=refusal.sentences, status=status)
    messages.success(request, f"Added: {added.name}.")
    return redirect("reports:evidence", pk, section.code)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _page(
    request: HttpRequest,
    reading: Reading,
    section: Section,
    form: EvidenceForm,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    report = reading.report
    context = frame(reading, section) | part_links(reading, section)
    trail = [
        *context["trail"][:-1],
        (report.milestone.name, report.get_absolute_url()),
        (section.title, reading.url("part", section.code)),
        ("Evidence", ""),
    ]
    more = {"form": form, "trail": trail, "refusals": refusals or [], "files": evidence_at(report, section)}
    more["locked"] = report.locks(section)
    return render(request, "reports/part_evidence.html", context | more, status=status)


@login_required
@require_safe
def evidence_file(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """The file, always as an attachment, for whoever reads what it belongs to: its writers, and once a version has it those
    who read that version. 410 with a sentence where the store has it no more, 503 where the store is out of reach.
    """
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    evidence = get_object_or_404(reading.report.evidence.all(), key=key)
    if not (reading.writes or _in_what_is_read(reading, evidence)):
        raise Http404
    kind = Kind(evidence.kind)
    try:
        content = services.content_of_file(evidence)
    except OSError as fault:  # the record still says what it was
        log.exception("The file of evidence %s of report %s could not be read", evidence.key, pk)
        return _not_given_out(request, reading, evidence, is_gone=isinstance(fault, FileNotFoundError))
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, evidence.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _not_given_out(request: HttpRequest, reading: Reading, evidence: Evidence, *, is_gone: bool) -> HttpResponse:
    """A page that says that the store does not give the file out: never again, or not now."""
    report = reading.report
    trail = [("Home", "/"), (report.award.reference, report.award.get_absolute_url())]
    trail += [(report.name, report.get_absolute_url()), ("Evidence", "")]
    title = "This file cannot be found" if is_gone else "This file cannot be read now"
    context = {"title": title, "trail": trail, "report": report, "file": evidence, "is_gone": is_gone}
    return render(request, "reports/evidence_gone.html", context, status=410 if is_gone else 503)


def _in_what_is_read(reading: Reading, evidence: Evidence) -> bool:
    """Whether a version that the person reads has the file: any for the managing body, else the one that was approved."""
    if not reading.report.read_by(reading.user):
        return False
    versions = reading.versions if reading.manages else [reading.report.approved_version]
    return any(version is not None and str(evidence.key) in version.canonical for version in versions)
