"""The reviewer's page: what was sent, what changed, the facts that face it, and the decision."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.differences import compare
from grants.formats import local_day, local_today, money, plural
from grants.lifecycle.door import NotYou, Refused, why_another
from grants.lifecycle.steps import revision_sent, steps_for
from grants.reports import permissions
from grants.reports.figures import Figure, Spent
from grants.reports.forms import DecisionForm
from grants.reports.models import Report, Version
from grants.reports.views.common import Reading, frame, reading_of, report_for
from grants.reports.views.comparing import changed_rows
from grants.reports.views.glance import act_words, acts_and_steps
from grants.reports.views.steps import STEPS
from grants.reports.views.writers import last_approved

DECISIONS = ("recommend", "approve", "return")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the latest version for review, POST decides on exactly the version that the page showed.

    Answers 403 for whoever does not review it, 422 for a form with faults, 409 where the report moved meanwhile.
    """
    reading = _reading(request, pk)
    if reading.latest is None or not reading.report.read_by(reading.user):
        return redirect(reading.report)
    if request.method != "POST":
        return _page(request, reading, _form(reading))
    form = _form(reading, request.POST)
    if not form.is_valid():
        return _page(request, reading, form, seen=revision_sent(request.POST), status=422)
    verb = form.cleaned_data["verb"]
    said = STEPS[verb].words(reading.report)[1]
    try:
        STEPS[verb].take(pk, by=request.user, seen=revision_sent(request.POST), **_facts(form.cleaned_data))
    except Refused as refusal:
        reading = _reading(request, pk)  # as it is now, with what was typed
        if reading.latest is None or not reading.report.read_by(reading.user):
            messages.error(request, " ".join(refusal.sentences))
            return redirect(reading.report)
        status = 403 if isinstance(refusal, NotYou) else 409
        return _page(request, reading, _form(reading, request.POST), refusals=refusal.sentences, status=status)
    messages.success(request, f"{said}.")
    return redirect(reading.report)


def _reading(request: HttpRequest, pk: int) -> Reading:
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    if not permissions.reviewer_or_approver(reading.report, reading.user):
        raise PermissionDenied(permissions.reviewer_or_approver.__doc__)
    return reading


def _form(reading: Reading, data: Any = None) -> DecisionForm:
    """What the person may decide; of what is sent every decision is read, so that the services say why not."""
    number = reading.latest.number if reading.latest else 0
    labels = {"recommend": "Recommend", "approve": f"Approve version {number}", "return": "Return for changes"}
    open_now = ("return",) if _part_of(reading) else DECISIONS
    verbs = [
        verb
        for verb in DECISIONS
        if data is not None or (verb in open_now and STEPS[verb].open_to(reading.report, reading.user))
    ]
    return DecisionForm([(verb, labels[verb]) for verb in verbs], data, initial={"version": number})


def _part_of(reading: Reading) -> str:
    """Why the person neither recommends nor approves the latest version, who has a part in it; empty without one."""
    acts = reading.acts[reading.latest.number] if reading.latest else []
    return next((why_another(act) for act in acts if act.person_id == reading.user.pk), "")


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    """What each service wants of the form."""
    by_verb = {
        "recommend": {"note": given["words"]},
        "approve": {"version": given["version"]},
        "return": {"reason": given["words"]},
    }
    return by_verb[given["verb"]]


def _page(
    request: HttpRequest,
    reading: Reading,
    form: DecisionForm,
    *,
    seen: int | None = None,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as it stands now. After a refusal it names the version and revision that are then on the screen."""
    report, latest = reading.report, reading.versions[-1]
    content = latest.content
    earlier = reading.versions[-2] if len(reading.versions) > 1 else None
    shows_changes = earlier is not None and request.GET.get("changes") != "0"
    said = reading_of(report, content)
    sections = sections_of(report, content, earlier.content if earlier and shows_changes else None)
    milestone = report.milestone
    fresh = seen is None
    context = frame(reading) | acts_and_steps(reading) | said
    context |= {
        "title": f"{report.award.recipient}, {milestone.name[:1].lower()}{milestone.name[1:]}",
        "under": context["under"].removeprefix(f"{report.award.title}, {report.award.recipient}, "),
        "trail": [
            *context["trail"][:-1],
            (milestone.name, report.get_absolute_url()),
            (f"Review, version {latest.number}", ""),
        ],
        "version": latest,
        "earlier_version": earlier,
        "shows_changes": shows_changes,
        "sections": sections,
        "links": [{"title": row["title"], "url": f"#{row['code']}", **row["link"]} for row in sections],
        "strip": strip_of(reading, latest, content, said["figures"], said["total"]),
        "version_acts": [act_words(act, with_note=True) for act in reading.acts[latest.number]],
        "decides": report.state == Report.State.IN_REVIEW,
        "own_part": _part_of(reading),
        "needs_recommendation": report.award.needs_recommendation and not report.has_recommendation,
        "starts": [
            step
            for step in steps_for(report, reading.user, STEPS, lambda verb: reading.url("step", verb))
            if step.verb == "start-review"
        ],
        "form": form,
        "seen": str(report.revision if fresh else seen),
        "shown_version": str(latest.number if fresh else form["version"].value()),
        "refusals": refusals or [],
    }
    return render(request, "reports/review.html", context, status=status)


def sections_of(report: Report, content: dict[str, Any], before: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Each part with its changes since the version before and with what the last report said there."""
    last = last_approved(report)
    last_content = last.approved_version.content if last and last.approved_version else {"sections": []}
    said_last = {row["code"]: row for row in last_content["sections"]}
    old = {row["code"]: row for row in before["sections"]} if before else {}
    rows = []
    for section in content["sections"]:
        row = dict(
            section, last=said_last.get(section["code"]), last_report=last, changes=[], paragraphs=[], was_choice=""
        )
        changed = False
        if before is not None:
            was = old.get(section["code"])
            row["paragraphs"] = compare(was["text"] if was else "", section["text"])
            row["was_choice"] = was["choice"] if was and was["choice"] != section["choice"] else ""
            if section["form"] == "figures":
                row["changes"] = changed_rows(before["results"], content["results"], "indicator")
            elif section["form"] == "spend":
                row["changes"] = changed_rows(before["spend"], content["spend"], "line")
            changed = was != section or bool(row["changes"])
        row["is_changed"] = changed
        row["link"] = link_state(before is not None, changed)
        rows.append(row)
    return rows


def link_state(compared: bool, changed: bool) -> dict[str, str]:
    """The mark of a part in the list of parts."""
    if not compared:
        return {}
    return {"state": "changed", "word": "Changed"} if changed else {"state": "ready", "word": "Same"}


def strip_of(
    reading: Reading, version: Version, content: dict[str, Any], figures: list[Figure], total: Spent
) -> list[dict[str, Any]]:
    """The figures above a review."""
    report, award = reading.report, reading.report.award
    promised = [figure for figure in figures if figure.target]
    awaited = sum(figure.given is not None and figure.given.is_awaited for figure in figures)
    paid = sum(payment.amount for payment in reading.payments if payment.state == "scheduled")
    judgement = next((row["choice"] for row in content["sections"] if row["choice"]), "")
    waiting = (local_today() - local_day(report.submitted_at)).days if report.submitted_at else 0
    is_waiting = report.state in (Report.State.SUBMITTED, Report.State.IN_REVIEW)
    return [
        {
            "label": "Award",
            "value": money(award.amount or 0, pence=False),
            "note": f"{money(paid, pence=False)} on approval" if paid else "",
        },
        {
            "label": "Waiting",
            "value": plural(waiting, "day") if is_waiting else "–",
            "note": f"version {version.number}",
        },
        {"label": "Grantee’s judgement", "value": "" if judgement else "–", "state": judgement},
        {
            "label": "Targets reached",
            "value": f"{sum(figure.is_met for figure in promised)} of {len(promised)}",
            "note": f"{plural(awaited, 'figure')} awaited" if awaited else "",
        },
        {"label": "Spent", "value": "–" if total.part is None else f"{total.part}%", "note": time_gone(report)},
    ]


def time_gone(report: Report) -> str:
    """How much of the award's time has gone by the end of the report's period."""
    award, end = report.award, report.milestone.period_end
    if not award.starts or not award.ends:
        return ""
    whole, gone = (award.ends - award.starts).days + 1, (end - award.starts).days + 1
    return f"at {min(100, max(0, round(gone * 100 / whole)))}% of the time"
