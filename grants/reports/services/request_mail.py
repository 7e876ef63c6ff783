"""How a question for a figure leaves by mail. The row is the queue of record: a worker claims it, sends one letter, notes it.

Where the broker is away, or a worker died, the sweep finds the row; after the last try it is given up, visibly. Claims and
plans read the real clock, also in a demonstration.
"""

import logging
import smtplib
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from grants import clock
from grants.formats import date_words
from grants.lifecycle.letters import letter
from grants.lifecycle.notices import why_not_mailed
from grants.reports.models import FigureRequest

log = logging.getLogger(__name__)
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 60, 360))
"""How long to wait after each try that failed; after the last try it is given up."""
Mail = FigureRequest.Mail


def planned() -> dict[str, Any]:
    """The columns of a new row: it is sent at once, or not at all where the past is told."""
    if why := why_not_mailed():
        return {"mail": Mail.NOT_SENT, "why": why}
    return {"send_at": timezone.now()}


def announce(request: FigureRequest) -> None:
    """Tell a worker about the row once it is committed."""
    if request.mail == Mail.WAITING:
        transaction.on_commit(partial(_send_task, request.pk))


def _send_task(pk: int) -> None:
    try:
        current_app.send_task("reports.ask", args=[pk])
    except BrokerAway:
        log.warning("The broker is away: question %s waits for the sweep", pk)


def withhold(request: FigureRequest) -> None:
    """Send no mail that was not sent yet: the question is withdrawn."""
    FigureRequest.objects.filter(pk=request.pk, mail=Mail.WAITING).update(
        mail=Mail.NOT_SENT, send_at=None, claimed_until=None, why="It was withdrawn before."
    )


def waiting() -> list[int]:
    """The keys of the rows whose letter should leave now."""
    due = FigureRequest.objects.filter(_free(), mail=Mail.WAITING, send_at__lte=timezone.now())
    return list(due.order_by("send_at").values_list("pk", flat=True))


def send(pk: int, worker: str) -> bool:
    """Send the letter, if it waits and this worker can claim it; returns whether it was sent. May run twice without harm."""
    now, claim = timezone.now(), f"{worker[:80]}/{uuid.uuid4().hex}"
    taken = FigureRequest.objects.filter(_free(), pk=pk, mail=Mail.WAITING, send_at__lte=now).update(
        claimed_by=claim, claimed_until=now + timedelta(seconds=settings.CLAIM_SECONDS), tries=F("tries") + 1
    )
    if not taken:
        return False
    rows = FigureRequest.objects.filter(pk=pk, claimed_by=claim, mail=Mail.WAITING)
    request = FigureRequest.objects.select_related(
        "indicator", "asked_by", "report__milestone__award__organisation", "report__milestone__award__community"
    ).get(pk=pk)
    if request.tries > len(DELAYS) + 1:
        _end(rows, Mail.FAILED, "Its worker ended each time that it was tried.")
        return False
    if why := request.closed_because():
        _end(rows, Mail.NOT_SENT, why[:200])
        return False
    try:
        _letter(request).send()
    except OperationalError:
        raise  # the database was away: taken again when the claim has lapsed
    except Exception as fault:
        log.exception("Question %s could not be sent", pk)
        _put_off(rows, request.tries, _in_words(fault))
        return False
    return rows.update(mail=Mail.SENT, sent_at=clock.now(), claimed_until=None, why="") == 1


def _free() -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())


def _put_off(rows: QuerySet[FigureRequest], tries: int, fault: str) -> None:
    if tries > len(DELAYS):
        _end(rows, Mail.FAILED, fault)
    else:
        rows.update(send_at=timezone.now() + DELAYS[tries - 1], claimed_until=None, why=fault)


def _end(rows: QuerySet[FigureRequest], mail: str, why: str) -> None:
    rows.update(mail=mail, send_at=None, claimed_until=None, why=why)


def _in_words(fault: Exception) -> str:
    match fault:
        case smtplib.SMTPRecipientsRefused():
            return "The mail server does not take this address."
        case OSError():
            return "The mail server could not be reached, or refused the letter."
        case _:
            return "The letter could not be made."


def _letter(request: FigureRequest) -> Any:
    award = request.report.award
    subject = f"Please give us a figure by {date_words(request.wanted_by)}: {request.indicator.title}"
    context = {"request": request, "award": award}
    return letter(request.email, subject, "mail/figure_request.html", context, reply_to=request.asked_by.email)
