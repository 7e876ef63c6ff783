"""A report at a glance: what is next for those who write it, what it says for those who read it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.formats import plural
from grants.lifecycle.models import Act
from grants.lifecycle.steps import Offered, steps_for
from grants.reports.members import members_in, turnout
from grants.reports.models import Report, Result
from grants.reports.panels import REPORT, panels_for
from grants.reports.record import content_of
from grants.reports.sums import are_old
from grants.reports.views.common import Reading, frame, part_links, reading_of, report_for
from grants.reports.views.correcting import corrections
from grants.reports.views.extending import about_due_date
from grants.reports.views.steps import STEPS


@login_required
@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it stands before the person who asks."""
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    report = reading.report
    context = frame(reading) | acts_and_steps(reading) | about_due_date(reading)
    if reading.writes and report.is_writable:
        beside = about_members(reading)
        return render(request, "reports/to_write.html", context | what_is_next(reading) | beside)
    content = reading.latest.content if reading.latest and report.read_by(reading.user) else None
    if reading.writes and report.state == Report.State.AWAITING_SIGN_OFF:
        content = content_of(report)
    if content is None:
        return render(request, "reports/not_sent.html", context)
    said = reading_of(report, content, request.GET.get("page"))
    links = [{"title": section["title"], "url": f"#{section['code']}"} for section in said["sections"]]
    context |= corrections(reading, content) | {"panels": panels_for(REPORT, request, report)}
    return render(request, "reports/to_read.html", context | said | {"links": links})


def about_members(reading: Reading) -> dict[str, Any]:
    """For whoever writes: which members of a community are in, and whether the sums that were taken in still are theirs."""
    if not reading.members:
        return {}
    content = {"members": members_in(reading.report, reading.members)}
    return {"members": turnout(reading.members), "sums_are_old": are_old(reading.report, content)}


def what_is_next(reading: Reading, awaited: int | None = None) -> dict[str, Any]:
    """For whoever writes: the next part, what is missing, how many figures are awaited (counted, unless they are given)."""
    unfinished = next((part for part in reading.parts if part.state != "ready" and part.section.required), None)
    if awaited is None:
        awaited = reading.report.results.filter(status=Result.Status.AWAITED).count()
    return part_links(reading) | {
        "next": unfinished,
        "next_url": reading.url("part", unfinished.section.code) if unfinished else "",
        "missing": [(reading.url("part", part.section.code), part) for part in reading.missing],
        "awaited": plural(awaited, "figure") if awaited else "",
        "sent_back": reading.sent_back,
        "is_live": reading.report.award.state in ("active", "evaluating"),
    }


def acts_and_steps(reading: Reading) -> dict[str, Any]:
    """Versions with their hashes and people, what happened, and the steps that are open to the person."""
    return open_steps(reading) | {
        "questions": reading.questions,
        "answers_now": reading.writes and reading.report.state in Report.OPEN,
        "versions": [
            {"version": version, "acts": [act_words(act, reading.manages) for act in reading.acts[version.number]]}
            for version in reversed(reading.versions)
        ],
        "history": [
            {"at": row.at, "who": row.actor, "sentence": row.sentence, "reason": row.reason, "state": row.target}
            for row in reading.history
        ],
    }


def open_steps(reading: Reading) -> dict[str, Any]:
    """The steps that are open to the person, those of the review apart."""
    offered = steps_for(reading.report, reading.user, STEPS, lambda verb: reading.url("step", verb))
    return {
        "offered": [step for step in offered if not in_review_page(step)],
        "to_review": any(in_review_page(step) for step in offered),
    }


def act_words(act: Act, with_note: bool) -> dict[str, Any]:
    """One person's part in a version; the note of a recommendation is the managing body's own."""
    note = act.note if with_note else ""
    return {"who": str(act.person), "did": act.get_part_display(), "at": act.at, "note": note}


def in_review_page(step: Offered) -> bool:
    """Whether the step is one of those that are taken where the report is read."""
    return step.verb in ("return", "recommend", "approve")
