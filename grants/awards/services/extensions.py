"""A later due date: asked for, granted or refused. The room above says whether the report can still be late."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from grants import clock
from grants.awards import permissions
from grants.awards.models import Award, Extension, Milestone
from grants.awards.models.extensions import DECIDED_WHILE
from grants.awards.services.common import grantees_of, managers_of, writable
from grants.formats import date_words
from grants.lifecycle.door import NotNow, NotYou, write_history
from grants.lifecycle.notices import notify
from grants.people.models import User

AFTER_THE_END = timedelta(days=90)
"""How long after the end of its award a report can be due at the latest."""
SETTLED = "Its report is settled: nothing is due any more."
OWN = "You asked for this day yourself, so another person decides."


def wrong_until(milestone: Milestone, until: date) -> str:
    """Why a milestone cannot be due on a day instead, without a full stop; empty where it can."""
    if until <= milestone.due_on:
        return f"It is due on {date_words(milestone.due_on)} already. Give a later day"
    ends = milestone.award.ends
    if ends is not None and until > ends + AFTER_THE_END:
        last = date_words(ends + AFTER_THE_END)
        return f"The award ends on {date_words(ends)}, so its reports can be due until {last}. Give a day until then"
    return ""


@transaction.atomic
def ask_for_extension(milestone: int, *, by: User, until: date, reason: str) -> Extension:
    """Ask for a later due date. The same sent twice is asked once. Raises NotNow and NotYou."""
    found = Milestone.objects.get(pk=milestone)
    award = writable(found.award_id, by, None, DECIDED_WHILE, permissions.editor_or_signatory)
    found = award.milestones.select_related("award").get(pk=milestone)
    asked = found.extensions.filter(decided_at=None).select_related("asked_by").first()
    if asked is not None:
        if (asked.asked_by_id, asked.until, asked.reason) == (by.pk, until, reason):
            return asked
        raise NotNow(f"{asked.asked_by} has asked for {date_words(asked.until)} already, and nobody has decided yet.")
    if found.settled_at is not None:
        raise NotNow(SETTLED)
    if fault := wrong_until(found, until):
        raise NotNow(f"{fault}.")
    if not reason.strip():
        raise NotNow("Say why you need a later day.")
    extension = found.extensions.create(until=until, reason=reason, asked_by=by)
    sentence = f"Asked for a later due date of {found.name}: {date_words(until)}"
    write_history(award, "ask_extension", by=by, sentence=sentence, reason=reason)
    notify(
        managers_of(award),
        award,
        f"ask-extension-{extension.pk}",
        f"{by}: {reason} It is due on {date_words(found.due_on)}.",
        link_to(award, extension),
        subject=f"A later due date is asked for: {award.reference} {found.name}, {date_words(until)}",
        due=found.due_on,
    )
    return extension


@transaction.atomic
def decide_extension(pk: int, *, by: User, granted: bool, answer: str = "") -> Extension:
    """Grant a later due date, which moves the milestone's, or refuse it with a reason. Raises NotNow and NotYou."""
    award_pk = Extension.objects.values_list("milestone__award", flat=True).get(pk=pk)
    award = writable(award_pk, by, None, DECIDED_WHILE, permissions.reviewer_or_approver)
    extension = Extension.objects.select_related("milestone__award", "decided_by").get(pk=pk)
    milestone = extension.milestone
    if extension.decided_by is not None:
        raise NotNow(f"{extension.decided_by} has {'granted' if extension.granted else 'refused'} this already.")
    if extension.asked_by_id == by.pk:
        raise NotYou(OWN)
    if milestone.settled_at is not None:
        raise NotNow(SETTLED)
    if granted and (fault := wrong_until(milestone, extension.until)):
        raise NotNow(f"{fault}.", "Refuse it and say so: another day can be asked for.")
    if not granted and not answer.strip():
        raise NotNow("Say why you refuse it: the grantee reads this.")
    extension.granted, extension.answer = granted, answer
    extension.decided_by, extension.decided_at = by, clock.now()
    if granted:
        extension.instead_of, milestone.due_on = milestone.due_on, extension.until
        milestone.save(update_fields=["due_on"])
    extension.save(update_fields=["granted", "answer", "decided_by", "decided_at", "instead_of"])
    _tell(award, extension, by)
    return extension


def _tell(award: Award, extension: Extension, by: User) -> None:
    """History has it, and the grantee's people get a notice."""
    milestone, until = extension.milestone, date_words(extension.until)
    if extension.granted:
        sentence = f"Granted a later due date of {milestone.name}: {until}"
        subject = f"Due by {until}: {award.reference} {milestone.name}"
        text = f"{by} granted the later due date. {extension.answer}"
    else:
        sentence = f"Refused a later due date of {milestone.name}: {until}"
        subject = f"No later due date: {award.reference} {milestone.name}"
        text = f"It stays due on {date_words(milestone.due_on)}. {extension.answer}"
    what = "extend" if extension.granted else "refuse_extension"
    write_history(award, what, by=by, sentence=sentence, reason=extension.answer)
    notify(
        grantees_of(award),
        award,
        f"extension-{extension.pk}",
        text,
        link_to(award, extension),
        subject=subject,
        due=milestone.due_on,
        reply_to=award.answers_to,
    )


def link_to(award: Award, extension: Extension) -> str:
    """The page on which it is decided, and read."""
    return reverse("awards:extension", args=[award.reference, extension.pk])
