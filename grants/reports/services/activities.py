"""What took place in a report's period: an activity is added, changed or taken out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from grants.awards.models import Award
from grants.formats import date_range
from grants.lifecycle.door import NotNow, NotYou, Stale, fresh
from grants.people.models import Organisation, User
from grants.programmes.models import Section
from grants.reports import permissions
from grants.reports.members import members_of
from grants.reports.models import Activity, ActivityOrganiser, Report
from grants.reports.record import activities_in, canonical, digest
from grants.reports.services.writing import mark_of, note_who_wrote, writable

MOST = 500
"""How many activities a report has: more are several reports, or no activities."""


def parties_of(award: Award) -> QuerySet[Organisation]:
    """The organisations that an award's activities can be held by: the recipient, a community's lead and its members."""
    own = Q(pk=award.organisation_id)
    if award.community_id is not None:
        own |= Q(communities_led=award.community_id) | Q(communities=award.community_id)
    return Organisation.objects.filter(own).distinct()


def held_by(award: Award, activity: Activity | None) -> QuerySet[Organisation]:
    """The organisations by which an activity can be held: the award's parties, and whoever held it and has left since."""
    if activity is None or activity.pk is None:
        return parties_of(award)
    kept = activity.organisings.values("organisation")
    return Organisation.objects.filter(Q(pk__in=parties_of(award).values("pk")) | Q(pk__in=kept))


def outside_the_period(report: Report) -> str:
    """What to say of a day that is not in the report's period."""
    milestone = report.milestone
    return f"Give a day in the period of this report, {date_range(milestone.period_start, milestone.period_end)}"


def mark_of_activity(report: Report, key: UUID | str) -> str:
    """A mark of one activity as it is stored; empty where there is none."""
    row = next((row for row in activities_in(report) if row["key"] == str(key)), None)
    return digest(canonical(row)) if row else ""


@transaction.atomic
def save_activity(
    pk: int, *, by: User, values: Mapping[str, Any], key: UUID | None = None, seen_mark: str | None = None
) -> Activity:
    """Add an activity, or change the one of that key. `values` are the fields of Activity; `organisers` are organisations,
    none where the recipient held it alone. `seen_mark` is its mark as the page showed it. A member of the community adds and
    changes those that it held, alone or with others, as long as its part is not confirmed; it drops none of the others.

    Raises Stale where somebody changed it or took it out meanwhile, NotNow and NotYou.
    """
    report, before = _writable(pk, by)
    own = own_members(report, by)
    activity = _found(report, key, seen_mark, own) if key else Activity(report=report)
    if not key and report.activities.count() >= MOST:
        raise NotNow(f"This report has {MOST} activities, and no more fit.")
    given = dict(values)
    organisers = set(given.pop("organisers", ()))
    for name, value in given.items():
        setattr(activity, name, value)
    if not report.milestone.period_start <= activity.day <= report.milestone.period_end:
        raise NotNow(f"{outside_the_period(report)}.")
    if activity.type.programme_id != report.award.strand.programme_id:
        raise NotNow("Choose a type of activity of this programme.")
    if not organisers <= set(held_by(report.award, activity)):
        raise NotNow("Choose organisers among those who take part in this award.")
    if own is not None and not own & {one.pk for one in organisers}:
        raise NotNow("Choose your own organisation among those who held it.")
    if key and own is not None and (others := _dropped(activity, organisers).exclude(organisation__in=own)):
        names = [str(one.organisation) for one in others.select_related("organisation").order_by("organisation__name")]
        raise NotNow(f"Ask the lead to take off who held it too: {', '.join(names)}.")
    activity.save()
    _dropped(activity, organisers).delete()
    rows = [ActivityOrganiser(activity=activity, organisation=one) for one in organisers]
    ActivityOrganiser.objects.bulk_create(rows, ignore_conflicts=True)
    note_who_wrote(report, Section.Form.ACTIVITIES, by, before)
    return activity


def _dropped(activity: Activity, organisers: set[Organisation]) -> QuerySet[ActivityOrganiser]:
    return activity.organisings.exclude(organisation__in=organisers)


@transaction.atomic
def remove_activity(pk: int, key: UUID, *, by: User, seen_mark: str | None = None) -> None:
    """Take an activity out; a member one that nobody else held. Raises as `save_activity` does."""
    report, before = _writable(pk, by)
    own = own_members(report, by)
    activity = _found(report, key, seen_mark, own)
    if own is not None and set(activity.organisings.values_list("organisation", flat=True)) - own:
        raise NotNow("Others held this activity too: ask the lead to take it out.")
    activity.delete()
    note_who_wrote(report, Section.Form.ACTIVITIES, by, before)


def _writable(pk: int, by: User) -> tuple[Report, str]:
    """The report under its lock, and the mark of its activities before anything is done to them."""
    report = writable(pk, by, Section.Form.ACTIVITIES, rule=permissions.of_the_community)
    if all(section.form != Section.Form.ACTIVITIES for section in report.asked_sections()):
        raise NotNow("This report does not ask that part.")
    return report, mark_of(report, Section.Form.ACTIVITIES)


def own_members(report: Report, by: User) -> set[int] | None:
    """The organisations for which somebody of a member may add and change activities now; None for the recipient's people, who
    may change all. Raises NotYou, and NotNow where the member's part is confirmed.
    """
    person = fresh(by)
    if permissions.editor_or_signatory(report, person):
        return None
    own = [one for one in members_of(report) if one.acts(person)]
    if not own:
        raise NotYou(permissions.of_the_community.__doc__ or "")
    if not (still_open := {one.organisation.pk for one in own if not one.is_in}):
        raise NotNow("Your part is confirmed. Open it again to change its activities.")
    return still_open


def _found(report: Report, key: UUID, seen_mark: str | None, own: set[int] | None) -> Activity:
    """The activity, as the page showed it; else Stale. NotYou where others alone held it."""
    activity = report.activities.filter(key=key).first()
    if activity is None:
        raise Stale("Somebody took this activity out meanwhile.")
    if own is not None and not activity.organisings.filter(organisation__in=own).exists():
        raise NotYou("Whoever held an activity changes it, or the lead.")
    if seen_mark is not None and seen_mark != mark_of_activity(report, key):
        last = report.answers.filter(section__form=Section.Form.ACTIVITIES).select_related("saved_by").first()
        raise Stale(f"{last.saved_by if last else 'Somebody else'} changed this activity while you were writing.")
    return activity
