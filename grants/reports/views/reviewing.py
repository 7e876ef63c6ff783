"""The reviewer's page: what was sent, what changed, the facts that face it, and the decision."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.awards.forms import agreed_forms
from grants.awards.services import who_can_own_actions
from grants.formats import money, plural
from grants.lifecycle.door import NotYou, Refused, why_another
from grants.lifecycle.steps import revision_sent, steps_for
from grants.reports import permissions
from grants.reports.forms import DecisionForm, MarkForm
from grants.reports.models import Mark, Report
from grants.reports.services.letters import as_sent, of_a_return, of_an_approval, subject_of
from grants.reports.views.common import Reading, frame, reading_of, report_for
from grants.reports.views.glance import act_words, acts_and_steps
from grants.reports.views.sections import Since, sections_of
from grants.reports.views.steps import STEPS
from grants.reports.views.strip import strip_of

STEP_OF = {"recommend": "recommend", "approve": "approve", "agree": "approve", "return": "return"}
"""Each decision and the step that it takes: one approves with actions, or without."""


class Decision:
    """What a person decides, as the page sends it: the form, and beside it the actions that are agreed."""

    def __init__(self, reading: Reading, data: Any = None) -> None:
        latest = reading.latest
        self.content = latest.content if latest else {"sections": []}
        marks = _needing_change(reading)
        self.form = DecisionForm(
            _choices(reading, data, len(marks)),
            [(section["code"], section["title"]) for section in self.content["sections"]],
            data,
            initial={
                "version": latest.number if latest else 0,
                **{f"change-{code}": words for code, words in marks.items()},
            },
        )
        award = reading.report.award
        approves = "approve" in dict(self.form.fields["verb"].choices)  # type: ignore[attr-defined]
        self.actions = agreed_forms(who_can_own_actions(award) if approves else [], data)

    def is_valid(self) -> bool:
        """Whether it can be done as it was sent. All faults are found at once."""
        valid = self.form.is_valid()
        if self.actions.is_bound:
            valid = self.actions.is_valid() and valid
        verb = self.form.cleaned_data.get("verb")
        if verb == "agree" and not self._rows and not self.actions_have_faults:
            self.form.add_error("verb", "Write down at least one action, or choose to approve without")
        if verb and verb != "agree" and self._rows:
            self.form.add_error("verb", "Actions are written down. Choose to approve with actions, or take them out")
        return valid and not self.form.errors

    @property
    def _rows(self) -> bool:
        return self.actions.is_bound and any(form.has_changed() for form in self.actions.forms)

    @property
    def actions_have_faults(self) -> bool:
        """Whether what was written down of an action cannot be kept."""
        return self.actions.is_bound and not self.actions.is_valid()

    def facts(self) -> dict[str, Any]:
        """What the service of the step wants."""
        given = self.form.cleaned_data
        if given["verb"] == "recommend":
            return {"note": given["words"]}
        if given["verb"] == "return":
            return {"reason": given["words"], "sections": self.form.named, "version": given["version"]}
        agreed = self.actions.agreed if self.actions.is_bound else []
        hold = given["hold_reason"] if given["hold"] else ""
        return {"version": given["version"], "actions": agreed, "hold": hold}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the latest version for review, POST decides on exactly the version that the page showed.

    Answers 403 for whoever does not review it, 422 for a form with faults, 409 where the report moved meanwhile.
    """
    reading = reading_for(request, pk)
    if reading.latest is None or not reading.report.read_by(reading.user):
        return redirect(reading.report)
    if request.method != "POST":
        return show(request, reading, Decision(reading))
    decision = Decision(reading, request.POST)
    if request.POST.get("then") == "preview":
        return show(request, reading, decision, seen=revision_sent(request.POST))
    if not decision.is_valid():
        return show(request, reading, decision, seen=revision_sent(request.POST), status=422)
    step = STEPS[STEP_OF[decision.form.cleaned_data["verb"]]]
    said = step.words(reading.report)[1]
    try:
        step.take(pk, by=request.user, seen=revision_sent(request.POST), **decision.facts())
    except Refused as refusal:
        reading = reading_for(request, pk)  # as it is now, with what was typed
        if reading.latest is None or not reading.report.read_by(reading.user):
            messages.error(request, " ".join(refusal.sentences))
            return redirect(reading.report)
        status = 403 if isinstance(refusal, NotYou) else 409
        return show(request, reading, Decision(reading, request.POST), refusals=refusal.sentences, status=status)
    messages.success(request, f"{said}.")
    return redirect(reading.report)


def reading_for(request: HttpRequest, pk: int) -> Reading:
    """The report before somebody who reviews it; else 403."""
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    if not permissions.reviewer_or_approver(reading.report, reading.user):
        raise PermissionDenied(permissions.reviewer_or_approver.__doc__)
    return reading


def _needing_change(reading: Reading) -> dict[str, str]:
    """The parts that are marked as needing change, with what was said, by their codes."""
    return {code: mark.words for code, mark in reading.marks.items() if mark.verdict == Mark.Verdict.CHANGE}


def _choices(reading: Reading, data: Any, changes: int) -> list[tuple[str, str]]:
    """What the person may decide; of what is sent every decision is read, so that the services say why not."""
    number = reading.latest.number if reading.latest else 0
    labels = {
        "recommend": "Recommend",
        "approve": f"Approve version {number}",
        "agree": "Approve with actions",
        "return": f"Return {plural(changes, 'part')}" if changes else "Return for changes",
    }
    open_now = ("return",) if _part_of(reading) else tuple(labels)
    return [
        (verb, label)
        for verb, label in labels.items()
        if data is not None or (verb in open_now and STEPS[STEP_OF[verb]].open_to(reading.report, reading.user))
    ]


def _part_of(reading: Reading) -> str:
    """Why the person neither recommends nor approves the latest version, who has a part in it; empty without one."""
    acts = reading.acts[reading.latest.number] if reading.latest else []
    return next((why_another(act) for act in acts if act.person_id == reading.user.pk), "")


def show(
    request: HttpRequest,
    reading: Reading,
    decision: Decision,
    *,
    marking: MarkForm | None = None,
    seen: int | None = None,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as it stands now. After a refusal it names the version and revision that are then on the screen."""
    report, latest = reading.report, reading.versions[-1]
    content, form = decision.content, decision.form
    since = Since.asked(reading, request.GET.get("changes", ""))
    said = reading_of(report, content, request.GET.get("page"))
    actions = list(report.award.actions.open().select_related("owner", "award"))
    figures = [(str(figure.indicator.pk), figure.indicator.title) for figure in said["figures"]]
    sections = sections_of(reading, content, since, figures, marking)
    fresh = seen is None
    context = frame(reading) | acts_and_steps(reading) | said
    context |= {
        "title": f"{report.award.recipient}, {report.name[:1].lower()}{report.name[1:]}",
        "under": context["under"].removeprefix(f"{report.award.title}, {report.award.recipient}, "),
        "trail": [
            *context["trail"][:-1],
            (report.name, report.get_absolute_url()),
            (f"Review, version {latest.number}", ""),
        ],
        "version": latest,
        "since": since,
        "sections": sections,
        "links": [{"title": row["title"], "url": f"#{row['code']}", **row["link"]} for row in sections],
        "strip": strip_of(reading, latest, content, said["figures"], said["total"], actions),
        "open_actions": actions,
        "version_acts": [act_words(act, with_note=True) for act in reading.acts[latest.number]],
        "marks": report.state in (Report.State.SUBMITTED, Report.State.IN_REVIEW),
        "decides": report.state == Report.State.IN_REVIEW,
        "own_part": _part_of(reading),
        "needs_recommendation": report.award.needs_recommendation and not report.has_recommendation,
        "starts": [
            step
            for step in steps_for(report, reading.user, STEPS, lambda verb: reading.url("step", verb))
            if step.verb == "start-review"
        ],
        "form": form,
        "agreed": decision.actions,
        "can_approve": "approve" in dict(form.fields["verb"].choices),  # type: ignore[attr-defined]
        "to_hold": [money(payment.amount, pence=False) for payment in reading.payments if payment.state == "scheduled"],
        "letters": _letters(reading, decision),
        "seen": str(report.revision if fresh else seen),
        "shown_version": str(latest.number if fresh else form["version"].value()),
        "refusals": refusals or [],
    }
    return render(request, "reports/review.html", context, status=status)


def _letters(reading: Reading, decision: Decision) -> list[dict[str, str]]:
    """The message to the grantee for each decision that sends one, in the words that stand in the form now."""
    report, form = reading.report, decision.form
    open_now = dict(form.fields["verb"].choices)  # type: ignore[attr-defined]
    typed = str(form["words"].value() or "")
    letters = []
    if "return" in open_now and form.named:
        titles = {section["code"]: section["title"] for section in decision.content["sections"]}
        named = [(titles[code], words) for code, words in form.named.items()]
        text = of_a_return(named, len(titles), typed)
        letters.append({"for": "If you return it", "subject": subject_of(report, "returned"), "text": as_sent(text)})
    if "approve" in open_now and reading.latest:
        agreed = decision.actions.agreed if decision.actions.is_bound else []
        hold = str(form["hold_reason"].value() or "") if form["hold"].value() else ""
        text = of_an_approval(report, reading.latest.number, reading.payments, agreed, hold)
        letters.append({"for": "If you approve it", "subject": subject_of(report, "approved"), "text": as_sent(text)})
    return letters
