"""How messages leave by mail. The notices are the queue of record: a worker claims a person's rows and sends one letter.

Whoever wants mail as it happens gets at most one letter in ten minutes, and what arises within a minute in the same one;
whoever wants it once a day gets everything since the last in one. So every message waits a while, and no worker is told of
one at once: the sweep finds what has become due, and a page that tells forty people does not wait for the broker. Claims
and plans here read the real clock, also in a demonstration.

No notice is sent twice while workers live: only who changed a row to its own claim sends it, and the claim outlives the
longest job. Where a worker dies between the mail server's word and its own note of it, the claim lapses and the letter is
sent again, rather than perhaps never.
"""

import logging
import smtplib
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from grants import clock
from grants.lifecycle.actors import Addressee
from grants.lifecycle.letters import letter
from grants.lifecycle.models import Notice

log = logging.getLogger(__name__)
HOLD = timedelta(minutes=1)
"""What arises within it leaves in one letter."""
SPACING = timedelta(minutes=10)
"""Nobody gets two letters within it."""
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 60, 360, 1440))
"""How long to wait after each try that failed; after the last try it is given up."""


def planned_for(person: Addressee) -> datetime:
    """When mail of something that happens now is sent to the person."""
    return person.mail_after(timezone.now() + HOLD)


def digest_from() -> datetime:
    """Mail that waits for this moment or a later one waits for a digest."""
    return timezone.now() + HOLD + SPACING


def plan_anew(person: Any) -> None:
    """Send what waits when the person wants it now; or not at all, where they have come to want none."""
    rows = Notice.objects.filter(person=person, state=Notice.State.WAITING).filter(_free(), tries=0)
    if why := person.no_mail_because():
        rows.update(state=Notice.State.NOT_SENT, send_at=None, why=why)
    else:
        rows.update(send_at=planned_for(person))


def people_waiting() -> list[int]:
    """The keys of the people to whom a letter should leave now."""
    due = Notice.objects.filter(_free(), state=Notice.State.WAITING, send_at__lte=timezone.now())
    return list(due.order_by("person").values_list("person", flat=True).distinct())


def send_to(pk: int, worker: str) -> int:
    """Send one letter with everything that waits for the person, if anything is due; returns how many messages it tells."""
    rows = Notice.objects.filter(person=pk, state=Notice.State.WAITING)
    now = timezone.now()
    if not rows.filter(_free(), send_at__lte=now).exists():
        return 0
    last = Notice.objects.filter(person=pk, state=Notice.State.SENT).aggregate(last=Max("sent_at"))["last"]
    if last is not None and timedelta() <= (passed := clock.now() - last) < SPACING:
        rows.filter(_free(), tries=0, send_at__lte=now).update(send_at=now + SPACING - passed)
        rows = rows.filter(tries__gt=0)
    claim = f"{worker[:80]}/{uuid.uuid4().hex}"
    taken = rows.filter(_free(), Q(send_at__lte=now) | Q(tries=0)).update(
        claimed_by=claim,
        claimed_until=now + timedelta(seconds=settings.CLAIM_SECONDS),
        tries=F("tries") + 1,
    )
    return _send(pk, claim) if taken else 0


def _free() -> Q:
    """Claimed by nobody, or by a worker that has not been heard of for so long that it must have died."""
    return Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())


def _send(pk: int, claim: str) -> int:
    """Send what was claimed. Every end is noted only on rows that are still this claim's."""
    claimed = Notice.objects.filter(claimed_by=claim, state=Notice.State.WAITING)
    _give_up(claimed.filter(tries__gt=len(DELAYS) + 1), "Its worker ended each time that it was tried.")
    person: Any = get_user_model()._default_manager.get(pk=pk)
    if why := person.no_mail_because():
        _drop(claimed, why)
        return 0
    seen = list(claimed.visible_to(person).order_by(F("due").asc(nulls_last=True), "at", "pk"))
    _drop(claimed.exclude(pk__in=[notice.pk for notice in seen]), "They may no longer see what it is about.")
    if not seen:
        return 0
    try:
        _letter(person, seen).send()
    except OperationalError:
        raise  # the database was away: taken again when the claim has lapsed
    except Exception as fault:
        log.exception("A letter to person %s could not be sent", pk)
        _put_off(claimed, _in_words(fault))
        return 0
    return claimed.update(state=Notice.State.SENT, sent_at=clock.now(), claimed_until=None, why="")


def _drop(rows: QuerySet[Notice], why: str) -> None:
    rows.update(state=Notice.State.NOT_SENT, send_at=None, claimed_until=None, why=why)


def _give_up(rows: QuerySet[Notice], fault: str) -> None:
    rows.update(state=Notice.State.FAILED, claimed_until=None, why=fault)


def _put_off(rows: QuerySet[Notice], fault: str) -> None:
    """Try again later, each time after a longer while; in the end give up, visibly."""
    now = timezone.now()
    _give_up(rows.filter(tries__gt=len(DELAYS)), fault)
    for tries, delay in enumerate(DELAYS, 1):
        rows.filter(tries=tries).update(send_at=now + delay, claimed_until=None, why=fault)


def _in_words(fault: Exception) -> str:
    match fault:
        case smtplib.SMTPRecipientsRefused():
            return "The mail server does not take this address."
        case smtplib.SMTPResponseException() | smtplib.SMTPNotSupportedError():
            return "The mail server refused the letter."
        case OSError():
            return "The mail server could not be reached."
        case _:
            return "The letter could not be made."


def _letter(person: Any, notices: list[Notice]) -> Any:
    """One letter that tells the messages, by what they are about; what is due first leads, and gives the subject."""
    names = _names({notice.root for notice in notices})
    groups: dict[str, list[Notice]] = {}
    for notice in notices:
        groups.setdefault(names.get(notice.root, ""), []).append(notice)
    first, others = notices[0].subject, len(notices) - 1
    answers = {notice.reply_to for notice in notices}
    return letter(
        person.email,
        f"{first} (and {others} more)" if others else first,
        "mail/notices.html",
        {"groups": groups, "person": person, "alone": not others},
        reply_to=answers.pop() if len(answers) == 1 else "",
    )


def _names(keys: set[str]) -> dict[str, str]:
    """What people call the records of some keys."""
    by_model: dict[str, list[str]] = {}
    for key in keys:
        label, _, pk = key.partition(":")
        by_model.setdefault(label, []).append(pk)
    return {
        f"{label}:{record.pk}": str(record)
        for label, pks in by_model.items()
        for record in apps.get_model(label)._default_manager.filter(pk__in=pks)
    }
