"""What the managing body does about an award for itself: who looks after it, talks with the grantee, its own judgement."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from grants.awards import permissions
from grants.awards.models import Award, ContactNote, Judgement
from grants.awards.services.common import writable
from grants.formats import date_words, local_day, local_today
from grants.lifecycle.door import NotNow, NotYou, Stale, fresh, lock, write_history
from grants.lifecycle.notices import notify
from grants.people.models import MANAGING_ROLES, Role, User

JUDGED = ("active", "evaluating", "suspended")
LOOKED_AFTER = ("submitted", "in_review", "returned", "offered", *JUDGED)


def who_can_look_after(award: Award) -> QuerySet[User]:
    """The people of whom one can be an award's manager, and one its cover."""
    return User.objects.holding(award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER)


@transaction.atomic
def name_managers(pk: int, *, by: User, manager: User | None, cover: User | None) -> Award:
    """Say who looks after an award, and who does in their absence; those who are new to it are told.

    It is no move, and no revision: nobody's open page gets stale by it. Raises NotNow and NotYou.
    """
    award = writable(pk, by, None, LOOKED_AFTER, permissions.reviewer_or_approver)
    named = [person for person in (manager, cover) if person]
    if len({person.pk for person in named}) < len(named):
        raise NotNow("Somebody else than the manager covers.")
    if who_can_look_after(award).filter(pk__in=[person.pk for person in named]).count() < len(named):
        raise NotNow("A reviewer or an approver of the managing body looks after an award.")
    before = {award.manager_id, award.cover_id}
    if (award.manager, award.cover) == (manager, cover):
        return award
    award.manager, award.cover = manager, cover
    award.save(update_fields=["manager", "cover"])
    told = f"Manager: {manager or 'nobody'}. In their absence: {cover or 'nobody'}."
    entry = write_history(award, "assign", by=by, sentence="Named who looks after the award", reason=told)
    new = [person for person in named if person.pk not in before and person.pk != by.pk]
    subject = f"You look after this award: {award}"
    notify(new, award, f"assign-{entry.pk}", told, award.get_absolute_url(), subject=subject)
    return award


def wrong_day(award: Award, on: date) -> str:
    """Why a talk about an award cannot have been on a day, without a full stop; empty where it can."""
    if on > local_today():
        return "This day is still to come. Give the day on which you talked"
    first = began_on(award)
    if first is not None and on < first:
        return f"This is before the award: it began on {date_words(first)}. Give a later day"
    return ""


def began_on(award: Award) -> date | None:
    """The first day of which an award knows: that of its call, its application, its start or its gift."""
    moments = [award.call.opens_at if award.call else None, award.submitted_at, award.starts, award.award_date]
    return min((local_day(moment) for moment in moments if moment), default=None)


@transaction.atomic
def note_contact(pk: int, *, by: User, on: date, with_whom: str, text: str) -> ContactNote:
    """Note a talk. The same note sent twice is one note. Raises NotNow and NotYou."""
    award = lock(Award, pk)
    if not permissions.watcher(award, fresh(by)):
        raise NotYou(permissions.watcher.__doc__ or "")
    if fault := wrong_day(award, on):
        raise NotNow(f"{fault}.")
    if not with_whom.strip() or not text.strip():
        raise NotNow("Say with whom you talked, and what was said.")
    said = {"by": by, "on": on, "with_whom": with_whom, "text": text}
    return award.contact_notes.filter(**said).first() or award.contact_notes.create(**said)


@transaction.atomic
def judge(
    pk: int, *, by: User, course: str, reason: str = "", next_step: str = "", seen: int | None = None
) -> Judgement:
    """Say how the managing body judges the award's course. `seen` is the key of the judgement that the page showed as the
    latest, 0 for none; the same sent twice is one judgement.

    Raises NotNow and NotYou, and Stale where somebody else judged meanwhile.
    """
    award = writable(pk, by, None, JUDGED, permissions.watcher)
    if course != Judgement.Course.ON_COURSE and not (reason.strip() and next_step.strip()):
        raise NotNow("Say why, and what is done about it.")
    last = award.judgements.select_related("by").first()
    if seen is not None and last is not None and last.pk != seen:
        if (last.by_id, last.course, last.reason, last.next_step) == (by.pk, course, reason, next_step):
            return last
        raise Stale(
            f"{last.by} judged this award while you were writing: {last.get_course_display().lower()}. "
            "Read it below, then judge again if you see it otherwise."
        )
    judgement = award.judgements.create(course=course, reason=reason, next_step=next_step, by=by)
    if course == Judgement.Course.OFF_COURSE:
        _warn(award, judgement)
    return judgement


def _warn(award: Award, judgement: Judgement) -> None:
    """Whoever looks after an award that is off course gets a notice, but for whoever says so."""
    notify(
        [person for person in _looking_after(award, judgement.by) if permissions.of_the_managing_body(award, person)],
        award,
        f"judge-{judgement.pk}",
        f"{judgement.by}: {judgement.reason} Next step: {judgement.next_step}",
        award.get_absolute_url(),
        subject=f"Off course: {award}",
    )


def _looking_after(award: Award, judge: User) -> QuerySet[User]:
    """The award's manager and cover and the approvers, all but the one who judges."""
    body = award.strand.managing_body_id
    named = Q(pk__in=[award.manager_id, award.cover_id]) | Q(pk__in=User.objects.holding(body, Role.APPROVER))
    return User.objects.holding(body, *MANAGING_ROLES).filter(named).exclude(pk=judge.pk)
