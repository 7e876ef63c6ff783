"""The report and its machine."""

from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django_fsm import FSMField, transition

from grants import clock
from grants.awards.models import Award, Milestone
from grants.lifecycle.actors import system_only
from grants.lifecycle.machine import Machine, enforced
from grants.lifecycle.models import Act
from grants.people.models import GRANTEE_ROLES, User
from grants.programmes.models import Section, SectionSet, Size
from grants.reports import permissions
from grants.reports.parts import state_of_parts

if TYPE_CHECKING:
    from grants.reports.models.content import Version
    from grants.reports.models.reviewing import ReturnedSection


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> "ReportQuerySet":
        """The reports of the awards that a person sees; to a member of a community that does not lead it, the approved ones.

        Whether the managing body may read what is written is another question: `Report.read_by`.
        """
        own = user.organisations_as(*GRANTEE_ROLES)
        return self.filter(
            Q(milestone__award__organisation__in=own)
            | Q(milestone__award__community__in=user.communities, state="approved")
            | Award.objects.seen_as_managing_body(user, "milestone__award__")
        )

    def filled_by(self, user: User) -> "ReportQuerySet":
        """The reports of communities in which an organisation, for which the person writes or signs, gives a part of its own:
        as the lead or as a member. It is that part alone that they may see of a report which `visible_to` does not give.
        """
        own = user.organisations_as(*GRANTEE_ROLES)
        of_a_community = self.filter(milestone__award__community__isnull=False)
        return of_a_community.exclude(purpose=Report.Purpose.FIGURE_UPDATE).filter(
            Q(milestone__award__organisation__in=own) | Q(milestone__award__community__in=user.communities)
        )

    def named(self) -> "ReportQuerySet":
        """With everything that a line in a list shows."""
        return self.select_related(
            "milestone__award__strand__managing_body",
            "milestone__award__strand__programme",
            "milestone__award__organisation",
            "milestone__award__community",
        )


def complete(report: "Report") -> bool:
    """Every required part must be complete."""
    return not report.missing()


def sections_named(report: "Report") -> bool:
    """At least one part must be named that should change, with the reason."""
    version = report.latest_version
    return version is not None and report.returned_sections.filter(version=version.number).exists()


def award_live(report: "Report") -> bool:
    """The award must be neither suspended nor ended."""
    return report.award.state in ("active", "evaluating")


def recommended(report: "Report") -> bool:
    """Another person, who declared no conflict, must recommend it first: the strand asks for that from this amount."""
    return not report.award.needs_recommendation or report.has_recommendation


@enforced
class Report(Machine):
    """What the grantee writes for a milestone."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        AWAITING_SIGN_OFF = "awaiting_sign_off", "Awaiting sign-off"
        SUBMITTED = "submitted", "Submitted"
        IN_REVIEW = "in_review", "In review"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"
        WAIVED = "waived", "Waived"
        ABANDONED = "abandoned", "Abandoned"
        SUPERSEDED = "superseded", "Superseded"

    class Purpose(models.TextChoices):
        REPORT = "report", "Report"
        CORRECTION = "correction", "Correction"
        FIGURE_UPDATE = "figure_update", "Figure update"

    BORN = ("draft",)
    ALONG = ("milestone", "section_set")
    WRITABLE = ("draft", "returned")
    OPEN = ("draft", "awaiting_sign_off", "submitted", "in_review", "returned")
    UNSENT = ("draft", "awaiting_sign_off")
    TO_SEND = (*UNSENT, "returned")
    SENT = ("submitted", "in_review", "approved", "superseded")
    """What is written is what the latest version says"""
    TO_COME = ("awaited", "provisional")
    """Statuses of figures that a figure update brings up to date"""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="reports")
    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True, editable=False)
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.REPORT, editable=False)
    corrects: "models.ForeignKey[Report | None, Report | None]" = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="corrections",
        help_text="The approved report whose place it takes when it is approved itself",
    )  # fmt: skip
    why = models.TextField(blank=True, editable=False, help_text="Why the approved report is corrected")
    section_set = models.ForeignKey(
        SectionSet, null=True, on_delete=models.PROTECT, related_name="reports", help_text="Fixed when it is begun"
    )
    size = models.CharField(
        max_length=8,
        blank=True,
        editable=False,
        choices=Size.choices,
        help_text="How much it is asked; fixed when it is begun",
    )
    taken_in = models.JSONField(
        default=dict, blank=True, editable=False,
        help_text="What the lead of a community last took in of its members: a mark of what they had given, and the sums",
    )  # fmt: skip
    begun_at = models.DateTimeField(null=True, editable=False, help_text="When the first part was saved")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_version: "models.ForeignKey[Version | None, Version | None]" = models.ForeignKey(
        "reports.Version", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    approval_act = models.ForeignKey(Act, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["milestone__award", "milestone__number", "pk"]
        verbose_name = "report"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["milestone"], condition=Q(state="approved"), name="one_approved_report"),
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(state__in=["draft", "awaiting_sign_off", "submitted", "in_review", "returned"]),
                name="one_open_report",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approval_act__isnull=False, approved_version__isnull=False),
                name="report_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "waived", "abandoned"]) | Q(section_set__isnull=False),
                name="report_sent_was_begun",
            ),
            models.CheckConstraint(condition=Q(size__in=["", "light", "standard", "full"]), name="report_size_known"),
            models.CheckConstraint(
                condition=Q(purpose="report", corrects=None, why="")
                | (Q(purpose__in=["correction", "figure_update"], corrects__isnull=False) & ~Q(why="")),
                name="report_corrects_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(state="waived"), name="report_correction_not_waived"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="what_it_corrects_stands", operation=pgtrigger.UpdateOf("purpose", "corrects_id", "why")
            ),
            pgtrigger.Trigger(
                name="corrects_its_own_milestone",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__corrects__isnull=False),
                func="""
                    IF NOT EXISTS (SELECT FROM reports_report
                                   WHERE id = NEW.corrects_id AND milestone_id = NEW.milestone_id) THEN
                        RAISE EXCEPTION 'A correction is of a report for the same milestone'
                        USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(state__in=["submitted", "in_review"]),
                name="reports_to_review",
            )
        ]

    def __str__(self) -> str:
        return f"{self.award.reference} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    @classmethod
    def root_of(cls, pk: int) -> tuple[type[Machine], int]:
        """Reports move under their award's lock, and in its history."""
        return Award, cls._default_manager.values_list("milestone__award", flat=True).get(pk=pk)

    def stands_under(self, root: Machine) -> None:
        """The milestone's award is the one that was locked."""
        self.milestone.award = root  # type: ignore[assignment]

    @property
    def award(self) -> Award:
        """The award that the report belongs to."""
        return self.milestone.award

    @property
    def name(self) -> str:
        """What people call it: Milestone 2; Milestone 2, correction."""
        kind = "" if self.purpose == self.Purpose.REPORT else f", {self.Purpose(self.purpose).label.lower()}"
        return f"{self.milestone.name}{kind}"

    @property
    def asked_as(self) -> Size:
        """The size of award as which it is asked. Fixed when it is begun."""
        return Size(self.size) if self.size else self.award.size

    @property
    def needs_one_signature(self) -> bool:
        """Whether who asks may also sign, and the asking leaves no act: light awards, but for managed ones."""
        return self.asked_as == Size.LIGHT and not self.award.managed

    @property
    def latest_version(self) -> "Version | None":
        """What was last submitted."""
        return self.versions.order_by("number").last()

    @property
    def next_number(self) -> int:
        """The number of the version that is frozen next: corrections go on counting, so that none names two versions."""
        versions = Report.objects.filter(milestone=self.milestone_id).aggregate(last=Max("versions__number"))
        return int(versions["last"] or 0) + 1

    @property
    def subject(self) -> str:
        """What people sign, recommend and approve: the exact Version."""
        version = self.latest_version
        return f"{self.key}/version:{version.number if version else 0}"

    @property
    def has_recommendation(self) -> bool:
        """Whether somebody has recommended the latest version whose word counts."""
        return self.award.is_recommended(self.subject)

    @property
    def is_writable(self) -> bool:
        """Whether the grantee may change what is written, as the database's trigger has it."""
        return self.state in self.WRITABLE

    @cached_property
    def named(self) -> "dict[int, ReturnedSection]":
        """The parts that the latest return names, by their keys; empty of a report that was never returned."""
        if self.submitted_at is None:
            return {}
        rows = list(self.returned_sections.all())
        return {row.section_id: row for row in rows if row.version == rows[-1].version}

    def locks(self, section: Section) -> bool:
        """Whether a part stays as it was sent: the latest return does not name it."""
        return bool(self.named) and section.pk not in self.named

    def read_by(self, user: User) -> bool:
        """Whether a person who sees the report may read what is written: the managing body from its submission on."""
        return self.state not in self.UNSENT or user.holds(self.award.organisation_id, *GRANTEE_ROLES)

    def asked_sections(self) -> list[Section]:
        """The parts that are written in this report, in order: all of them; of a figure update the figures alone."""
        only = [Section.Form.FIGURES] if self.purpose == self.Purpose.FIGURE_UPDATE else list(Section.Form)
        return [section for section in self.sections() if section.form in only]

    @cached_property
    def asked_indicators(self) -> set[int] | None:
        """The indicators for which figures are asked, by their keys; None where that is not narrowed.

        A figure update asks those that were awaited or provisional in the report whose place it takes.
        """
        if self.corrects is None or self.purpose != self.Purpose.FIGURE_UPDATE:
            return None
        return set(self.corrects.results.filter(status__in=self.TO_COME).values_list("indicator", flat=True))

    def sections(self) -> list[Section]:
        """Every part that it has, in order: of its set (before it is begun, of the newest), by the award's size."""
        chosen = self.section_set or self._newest_set
        if chosen is None:
            return []
        models.prefetch_related_objects([chosen], "sections")
        asked = self.asked_as.asked
        return [section for section in chosen.sections.all() if section.asked_from in asked]

    @cached_property
    def _newest_set(self) -> SectionSet | None:
        """What a report that begins now is asked, with its sections."""
        sets = SectionSet.objects.filter(strand=self.award.strand_id, kind=self.milestone.kind)
        return sets.prefetch_related("sections").order_by("-number").first()

    def missing(self) -> list[tuple[Section, str]]:
        """The required parts that are not complete, each with what it lacks."""
        return [(part.section, part.lacks) for part in state_of_parts(self) if part.lacks]

    # --- The machine. Bodies set dates, no more; what follows is in services/. ------------------------------------------
    # fmt: off

    @transition(
        state, [State.DRAFT, State.RETURNED], State.AWAITING_SIGN_OFF, conditions=[complete],
        permission=permissions.editor_or_signatory,
        custom={"label": "Ask the signatory to sign", "done": "Asked for sign-off"},
    )
    def ask_for_sign_off(self, *, by: User, **facts: Any) -> None:
        self.asked_by = by

    @transition(
        state, State.AWAITING_SIGN_OFF, State.DRAFT, permission=permissions.whoever_asked,
        custom={"label": "Take it back", "done": "Took the report back from sign-off"},
    )
    def recall(self, **facts: Any) -> None: ...

    @transition(
        state, State.AWAITING_SIGN_OFF, State.DRAFT, permission=permissions.signatory,
        custom={"label": "Send it back to the editor", "done": "Declined to sign", "reason": True},
    )
    def decline_sign_off(self, **facts: Any) -> None: ...

    @transition(
        state, State.AWAITING_SIGN_OFF, State.SUBMITTED, conditions=[complete, award_live],
        permission=permissions.second_signatory,
        custom={"label": "Sign and submit", "done": "Signed and submitted the report"},
    )
    def submit(self, **facts: Any) -> None:
        self.submitted_at = clock.now()

    @transition(
        state, State.SUBMITTED, State.DRAFT, permission=permissions.signatory,
        custom={"label": "Recall the submission", "done": "Recalled the submission"},
    )
    def recall_submission(self, **facts: Any) -> None: ...

    @transition(
        state, State.SUBMITTED, State.IN_REVIEW, permission=permissions.reviewer_or_approver,
        custom={"label": "Start the review", "done": "Started the review"},
    )
    def start_review(self, **facts: Any) -> None: ...

    @transition(
        state, State.IN_REVIEW, State.RETURNED, conditions=[sections_named], permission=permissions.reviewer_or_approver,
        custom={"label": "Return for changes", "done": "Returned the report", "reason": True},
    )
    def send_back(self, **facts: Any) -> None: ...

    @transition(
        state, State.IN_REVIEW, State.APPROVED, conditions=[award_live, recommended],
        permission=permissions.approver,
        custom={"label": "Approve", "done": "Approved the report", "part": Act.Part.APPROVED},
    )
    def approve(self, *, act: Act, version: "Version", **facts: Any) -> None:
        self.approval_act = act
        self.approved_version = version
        self.approved_at = clock.now()

    @transition(
        state, [State.DRAFT, State.AWAITING_SIGN_OFF, State.SUBMITTED, State.IN_REVIEW, State.RETURNED], State.WAIVED,
        permission=permissions.approver_of_a_report,
        custom={"label": "Waive", "done": "Waived the report", "reason": True},
    )
    def waive(self, **facts: Any) -> None: ...

    @transition(
        state, [State.DRAFT, State.AWAITING_SIGN_OFF, State.SUBMITTED, State.IN_REVIEW, State.RETURNED], State.ABANDONED,
        permission=permissions.whoever_corrects_or_system,
        custom={"label": "Abandon the correction", "done": "Abandoned the report", "reason": True},
    )
    def abandon(self, **facts: Any) -> None: ...

    @transition(
        state, State.APPROVED, State.SUPERSEDED, permission=system_only,
        custom={"label": "Supersede", "done": "A correction took this report's place"},
    )
    def supersede(self, **facts: Any) -> None: ...
    # fmt: on
