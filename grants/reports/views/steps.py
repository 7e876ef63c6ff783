"""The steps of a report, from asking for a signature to approval, each on a page of its own."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from grants.formats import money, plural
from grants.lifecycle.door import own_part
from grants.lifecycle.steps import Hindrance, ReasonForm, Step, StepView
from grants.people.sections import sections_for
from grants.reports import permissions, services
from grants.reports.forms import ApproveForm, NoteForm
from grants.reports.models import Report
from grants.reports.views.common import promised, report_for


def in_review(report: Report) -> bool:
    """Only a report in review can be recommended."""
    return report.state == Report.State.IN_REVIEW


def can_be_corrected(report: Report) -> bool:
    """An approved report can be corrected while its award is active or being evaluated, once at a time."""
    return not services.hindrances(report, Report.Purpose.CORRECTION)


def has_figures_to_come(report: Report) -> bool:
    """Figures of an approved report that are awaited or provisional can be updated while its award is active or evaluated."""
    return not services.hindrances(report, Report.Purpose.FIGURE_UPDATE)


STEPS = {
    "sign": Step(
        "submit",
        services.submit_report,
        "Your signature says that the report is true and complete as far as you know. It is then frozen as a version, "
        "with your name, and sent to the managing body.",
    ),
    "ask": Step(
        "ask_for_sign_off",
        services.ask_for_sign_off,
        "The signatory reads the report and signs it, or sends it back to you. Nobody can change it meanwhile; "
        "you can take it back.",
    ),
    "start-review": Step(
        "start_review",
        services.start_report_review,
        "The grantee can no longer recall the report. You then recommend it, approve it or return it.",
    ),
    "recommend": Step(
        "",
        services.recommend_report,
        "You recommend this version. Another person then approves it or returns it.",
        form=NoteForm,
        who=permissions.reviewer_or_approver,
        when=in_review,
        label="Recommend",
        done="Recommended the report",
    ),
    "approve": Step(
        "approve",
        services.approve_report,
        "You approve exactly the version that is named here. It becomes the record, and cannot be changed.",
        form=ApproveForm,
    ),
    "return": Step(
        "send_back",
        services.return_report,
        "The grantee reads your reasons, changes the parts that you name and signs the report again, as another version.",
    ),
    "decline": Step(
        "decline_sign_off",
        services.decline_sign_off,
        "The report goes back to its editors unsigned, with your reason.",
        form=ReasonForm,
    ),
    "recall": Step(
        "recall",
        services.recall_report,
        "The report is a draft again, and can be changed. Ask for the signature again when it is ready.",
    ),
    "recall-submission": Step(
        "recall_submission",
        services.recall_submission,
        "The report is a draft again. Its version is kept; what you change is signed as another one.",
    ),
    "waive": Step(
        "waive",
        services.waive_report,
        "The milestone is settled without a report, for good. Its payment is not released by this.",
        form=ReasonForm,
        refuses=True,
    ),
    "update-figures": Step(
        "",
        services.begin_figure_update,
        "You are asked only the figures that were awaited or provisional; everything else stays as it was approved. The "
        "update is signed and approved as a report is. Until then, what is approved stays the record.",
        who=permissions.editor_or_signatory,
        when=has_figures_to_come,
        label="Update the figures",
        done="Began a figure update",
    ),
    "correct": Step(
        "",
        services.begin_correction,
        "You get a copy of what was approved, to change what is wrong in it. It is signed and approved as a report is. "
        "Until then, what is approved stays the record. Both can be read for good, with your reason.",
        form=ReasonForm,
        who=permissions.editor_or_signatory,
        when=can_be_corrected,
        label="Correct this report",
        done="Began a correction",
    ),
    "abandon": Step(
        "abandon",
        services.abandon_correction,
        "What was approved stays the record. The correction can no longer be changed or sent; another one can be begun.",
        form=ReasonForm,
        refuses=True,
    ),
}


class ReportStep(StepView):
    """One step of one report."""

    steps: ClassVar = STEPS
    template_name = "reports/step.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A return is written where the report is read: it says of each part what should change."""
        if kwargs["verb"] == "return" and request.user.is_authenticated:
            report_for(request, kwargs["pk"])
            return redirect("reports:review", kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def record_for(self, request: HttpRequest, **where: Any) -> Report:
        """The report, where the person sees it."""
        return report_for(request, where["pk"])

    def missing(self, request: HttpRequest, record: Report, verb: str) -> list[Hindrance]:
        """The parts that lack something, for those who can mend it."""
        if verb in ("recommend", "approve") and (sentence := own_part(record.subject, request.user)):  # type: ignore[arg-type]
            return [Hindrance(sentence)]
        if verb not in ("ask", "sign"):
            return []
        return [
            Hindrance(
                f"{section.title} {lacks}"
                if section.title.endswith("?")
                else f"{section.title}: {lacks[:1].lower()}{lacks[1:]}",
                reverse("reports:part", args=[record.pk, section.code]),
            )
            for section, lacks in record.missing()
        ]

    def consequences(self, request: HttpRequest, record: Report, verb: str) -> list[str]:
        """What follows for this report."""
        if verb == "sign":
            return [f"It becomes version {record.next_number}.", promised(record)]
        if verb == "approve" and record.corrects is not None and record.corrects.approved_version is not None:
            old = record.corrects.approved_version.number
            return [f"Version {_number(record)} takes the place of version {old}.", "No payment depends on it."]
        if verb == "approve":
            return [f"Version {_number(record)} is approved.", f"{record.milestone.name} is settled.", *_paid(record)]
        if verb == "ask" and (awaited := record.results.filter(status="awaited").count()):
            return [f"{plural(awaited, 'figure')} awaited: the report can be sent without."]
        return []

    def beside(self, request: HttpRequest, record: Report, verb: str) -> dict[str, Any]:
        """What rooms above add for whoever asks for a signature or gives it."""
        shown = verb in ("ask", "sign")
        return {"sections_beside": sections_for("reports:check", request, record) if shown else []}

    def next_url(self, request: HttpRequest, record: Report) -> str:
        """A review goes on where the report is read."""
        if self.kwargs["verb"] == "start-review":
            return reverse("reports:review", args=[record.pk])
        return record.get_absolute_url()

    def trail(self, record: Report) -> list[tuple[str, str]]:
        """Home, the award, the report."""
        award = record.award
        return [
            ("Home", "/"),
            (award.reference, award.get_absolute_url()),
            (record.name, record.get_absolute_url()),
        ]

    def _page(
        self,
        request: HttpRequest,
        record: Report,
        verb: str,
        form: forms.Form,
        hindrances: list[Hindrance],
        *,
        status: int = 200,
    ) -> HttpResponse:
        if verb == "approve":  # always the version that this page shows, also after a refusal
            if form.errors:
                hindrances = [Hindrance("The page did not say which version. Look at it again.")]
            form = ApproveForm(initial={"version": _number(record)})
        return super()._page(request, record, verb, form, hindrances, status=status)


def _number(report: Report) -> int:
    version = report.latest_version
    return version.number if version else 0


def _paid(report: Report) -> list[str]:
    return [
        f"{money(payment.amount, pence=False)} is released."
        for payment in report.milestone.tranches.filter(state="scheduled")
    ]
