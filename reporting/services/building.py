"""How a funder report is built: a worker claims the row, reads once, draws, and stores the document with its sources.

The row is the queue. A worker owns it by `claimed_by` and `claimed_until`, never by its state; a claim that has lapsed, because
its worker was killed, is taken again by whoever comes next.
"""

import datetime
import hashlib
import io
import logging
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway
from pikepdf import Pdf

from grants import clock
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, advance, lock
from reporting.models import Document, FigureSource, FunderReport
from reporting.pdf import render
from reporting.snapshot import Snapshot, one_consistent_read, take

log = logging.getLogger(__name__)
TRIES = 3
BATCH = 2000


def announce(report: FunderReport) -> None:
    """Tell a worker about the row once it is committed. Where the broker is away, the sweep finds the row later."""
    transaction.on_commit(partial(_send, report.pk))


def _send(pk: int) -> None:
    try:
        current_app.send_task("reporting.build", args=[pk])
    except BrokerAway:
        log.warning("The broker is away: funder report %s waits for the sweep", pk)


def waiting() -> list[int]:
    """The keys of the rows that a worker should take: requested, or left by a worker whose claim has lapsed."""
    return list(FunderReport.objects.waiting().order_by("requested_at").values_list("pk", flat=True))


def claim(pk: int, worker: str) -> bool:
    """Take the row, if it waits: whoever changes exactly one row has it. The real clock rules here, also in a demonstration."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    taken = FunderReport.objects.filter(free, pk=pk, state__in=["requested", "building"]).update(
        claimed_by=worker,
        claimed_until=now + datetime.timedelta(seconds=settings.CLAIM_SECONDS),
        tries=F("tries") + 1,
    )
    return taken == 1


def build(pk: int, worker: str) -> bool:
    """Build the report if this worker can claim it; returns whether it was built. May run twice without harm."""
    if not claim(pk, worker):
        return False
    report = FunderReport.objects.get(pk=pk)
    try:
        if report.state == FunderReport.State.REQUESTED:
            report = advance(FunderReport, pk, "build", by=SYSTEM, seen=None)
        if report.tries > TRIES:
            _give_up(pk, worker, f"It was tried {TRIES} times and its worker ended each time.")
            return False
        _say(pk, "Reading the approved records")
        beside = ("programme__managing_body", "funder", "strand", "community", "award")
        report = FunderReport.objects.select_related(*beside).get(pk=pk)
        snapshot, document = make(report)
        return _store(pk, worker, snapshot, document)
    except NotNow:
        return False  # cancelled, or built by another worker, in the meantime
    except OperationalError:
        log.warning("The database was away: funder report %s is tried again when its claim has lapsed", pk)
        raise
    except Exception:
        log.exception("Funder report %s could not be built", pk)
        _give_up(pk, worker, "The document could not be made from these records. The worker's log says at which one.")
        return False


def make(report: FunderReport) -> tuple[Snapshot, bytes]:
    """The snapshot and the PDF of a report: the same records, the same bytes."""
    with one_consistent_read():
        snapshot = take(report, clock.today())
    if report.pk:
        _say(report.pk, f"Drawing the pages of {len(snapshot.content['awards'])} awards")
    return snapshot, render(snapshot.content, snapshot.sha256)


@transaction.atomic
def _store(pk: int, worker: str, snapshot: Snapshot, document: bytes) -> bool:
    report = lock(FunderReport, pk)
    if report.claimed_by != worker or report.state != FunderReport.State.BUILDING:
        return False  # another worker took the lapsed claim, or a person cancelled
    FigureSource.objects.bulk_create(
        (
            FigureSource(
                funder_report=report,
                figure=figure,
                award=row.award,
                version=row.version,
                path=row.path[:200],
                raw_value=row.raw_value[:40],
            )
            for figure, row in snapshot.sources
        ),
        batch_size=BATCH,
    )
    Document.objects.create(funder_report=report, content=document)
    advance(
        FunderReport,
        pk,
        "finish",
        by=SYSTEM,
        seen=None,
        snapshot=snapshot.text,
        snapshot_sha256=snapshot.sha256,
        pdf_sha256=hashlib.sha256(document).hexdigest(),
        pages=page_count(document),
    )
    return True


def page_count(document: bytes) -> int:
    """How many pages a PDF has."""
    with Pdf.open(io.BytesIO(document)) as pdf:
        return len(pdf.pages)


def _say(pk: int, progress: str) -> None:
    FunderReport.objects.filter(pk=pk).update(progress=progress)


@transaction.atomic
def _give_up(pk: int, worker: str, failure: str) -> None:
    """Fail visibly, unless another worker has taken the row, or a person has cancelled it."""
    report = lock(FunderReport, pk)
    if report.claimed_by == worker and report.state == FunderReport.State.BUILDING:
        advance(FunderReport, pk, "fail", by=SYSTEM, seen=None, reason=failure, failure=failure)
