"""The page of one activity: added, changed, taken out. It is saved by its buttons alone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from grants import autosave
from grants.lifecycle.door import NotYou, Refused, Stale
from grants.programmes.models import Section
from grants.reports import services
from grants.reports.forms import ActivityForm
from grants.reports.models import Activity
from grants.reports.views.common import Reading, frame, part_for, part_links


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def activity_page(request: HttpRequest, pk: int, code: str, key: UUID | None = None) -> HttpResponse:
    """One activity of a report, or, without a key, one more.

    Whoever fills a member's part of a community's report has it for what the member held, and sees nothing else of the report.
    Answers 404 and 403 as a part does, 422 for what cannot be stored as it is typed, 409 where the report or the activity
    changed meanwhile.
    """
    reading, section = part_for(request, pk, code, for_members=True)
    if section.form != Section.Form.ACTIVITIES or (key and _is_of_others(reading, key)):
        raise Http404
    if request.method == "POST":
        return _store(request, reading, section, key)
    activity = _stored(reading, key)
    own = [] if reading.writes else [one.organisation for one in reading.fills if not one.is_in]
    if not reading.report.is_writable or not (reading.writes or own):
        return redirect(reading.report if reading.writes else _back(reading, section)[0])
    form = ActivityForm(reading.report, activity, chosen=own)
    return _page(request, reading, section, key, form, _mark(reading, key))


def _is_of_others(reading: Reading, key: UUID) -> bool:
    """Whether an activity is none of those that the person's organisations held; the recipient's people have all."""
    if reading.writes:
        return False
    organisers = reading.report.activities.filter(key=key).values_list("organisers", flat=True)
    return bool(organisers) and not {one.organisation.pk for one in reading.fills} & set(organisers)


def _back(reading: Reading, section: Section) -> tuple[str, str]:
    """Where the list of the activities stands, and what that is called: of a member its own part."""
    if reading.writes:
        return reading.url("part", section.code), section.title
    return reading.url("member-part", reading.fills[0].organisation.pk), "your part"


def _stored(reading: Reading, key: UUID | None) -> Activity | None:
    """The activity as it is stored; None for one more."""
    activities = reading.report.activities.select_related("type").prefetch_related("organisers")
    return get_object_or_404(activities, key=key) if key else None


def _mark(reading: Reading, key: UUID | None) -> str:
    return services.mark_of_activity(reading.report, key) if key else ""


def _store(request: HttpRequest, reading: Reading, section: Section, key: UUID | None) -> HttpResponse:
    """Store what was typed, or take the activity out; then the list of them, or one more."""
    report, then = reading.report, request.POST.get("then", "")
    mark = request.POST.get("mark", "")
    form = ActivityForm(report, report.activities.filter(key=key).first() if key else None, request.POST)
    try:
        if key and then == "remove":
            services.remove_activity(report.pk, key, by=reading.user, seen_mark=mark)
            messages.success(request, "Taken out.")
            return redirect(_back(reading, section)[0])
        if not form.is_valid():
            return _page(request, reading, section, key, form, mark, status=422)
        activity = services.save_activity(
            report.pk, by=reading.user, values=form.values(), key=key, seen_mark=mark if key else None
        )
    except Refused as refusal:
        return _refused(request, reading, section, key, form, refusal)
    messages.success(request, f"Saved: {activity.title}.")
    if then == "another":
        return redirect("reports:activity-new", report.pk, section.code)
    return redirect(_back(reading, section)[0])


def _refused(
    request: HttpRequest, reading: Reading, section: Section, key: UUID | None, form: ActivityForm, refusal: Refused
) -> HttpResponse:
    """Why nothing was stored, with what was typed; where somebody else changed the activity, with theirs beside it."""
    status = 403 if isinstance(refusal, NotYou) else 409
    mark, differences = request.POST.get("mark", ""), []
    activity = reading.report.activities.filter(key=key).first() if key else None
    if request.POST.get("then") == "remove":
        form = ActivityForm(reading.report, activity)  # nothing was typed: it is shown as it is now
    if isinstance(refusal, Stale) and activity is not None:
        mark = _mark(reading, key)  # both are shown now: to save again is to have seen them
        stored = ActivityForm(reading.report, activity)
        differences = autosave.differences_of([form], [stored]) if form.is_valid() else []
    elif isinstance(refusal, Stale):
        key = None  # it is gone: what was typed can be saved as another
    return _page(
        request, reading, section, key, form, mark, refusals=refusal.sentences, differences=differences, status=status
    )


def _page(
    request: HttpRequest,
    reading: Reading,
    section: Section,
    key: UUID | None,
    form: ActivityForm,
    mark: str,
    *,
    refusals: list[str] | None = None,
    differences: list[autosave.Difference] | None = None,
    status: int = 200,
) -> HttpResponse:
    report = reading.report
    context = frame(reading, section) | (part_links(reading, section) if reading.writes else {})
    more: dict[str, Any] = {"form": form, "mark": mark, "key": key, "refusals": refusals or []}
    more["differences"] = differences or []
    more["action"] = reading.url("activity", section.code, key) if key else reading.url("activity-new", section.code)
    back, named = _back(reading, section)
    more |= {"back": back, "back_words": named}
    more["trail"] = [
        *context["trail"][:-1],
        *([(report.milestone.name, report.get_absolute_url())] if reading.writes else []),
        (named[:1].upper() + named[1:], back),
        ("Change an activity" if key else "Add an activity", ""),
    ]
    return render(request, "reports/part_activity.html", context | more, status=status)
