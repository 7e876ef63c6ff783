"""Whether a document is one that was released: by the mark in its address, or by its bytes."""

import hashlib
import io
import re
from dataclasses import dataclass
from enum import StrEnum

from pikepdf import Pdf, PdfError

from reporting.models import FunderReport
from reporting.pdf.document import DIGITS

MARK = re.compile(rf"[0-9a-f]{{{DIGITS}}}")


class Verdict(StrEnum):
    """What can be said of a document."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    NOT_RELEASED = "not released"
    ALTERED = "altered"
    UNKNOWN = "unknown"


VERDICTS = {"released": Verdict.GENUINE, "superseded": Verdict.SUPERSEDED, "withdrawn": Verdict.WITHDRAWN}


@dataclass(frozen=True)
class Verified:
    """A document's verdict, and which report it is or says that it is."""

    verdict: Verdict
    report: FunderReport | None = None


def by_mark(reference: str, mark: str) -> FunderReport | None:
    """The report that was released under a reference with a snapshot whose hash begins so."""
    key = re.fullmatch(r"FR-(\d{4,9})", reference)
    if key is None or not MARK.fullmatch(mark):
        return None
    sent = FunderReport.objects.filter(state__in=FunderReport.SENT)
    return sent.filter(pk=int(key[1]), snapshot_sha256__startswith=mark).first()


def by_file(content: bytes) -> Verified:
    """The verdict of a file: its bytes must be those that were kept. One that only says that it is a report is altered."""
    report = FunderReport.objects.filter(pdf_sha256=hashlib.sha256(content).hexdigest()).first()
    if report is not None:
        return Verified(VERDICTS.get(report.state, Verdict.NOT_RELEASED), report)
    if (claimed := _snapshot_named_in(content)) is not None:
        named = FunderReport.objects.filter(snapshot_sha256=claimed).first()
        if named is not None:
            return Verified(Verdict.ALTERED, named)
    return Verified(Verdict.UNKNOWN)


def _snapshot_named_in(content: bytes) -> str | None:
    """The snapshot's hash that a PDF names in what it says of itself."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as metadata:
            said = str(metadata.get("pdf:Keywords", ""))
    except PdfError:
        return None
    found = re.search(r"snapshot SHA-256 ([0-9a-f]{64})\b", said)
    return found[1] if found else None
