"""The funder report and its machine, its file, where its figures come from, and who took it."""

from typing import Any, ClassVar, TypeAlias

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import FSMField, transition

from grants import clock
from grants.awards.models import Award
from grants.lifecycle.actors import system_only
from grants.lifecycle.machine import Machine, enforced
from grants.lifecycle.models import Act, append_only
from grants.people.models import Community, Organisation, Role, User
from grants.programmes.models import Programme, Strand
from grants.reports.models import Version
from reporting import permissions

About: TypeAlias = Strand | Community | Award
"""A part of a programme that a report can be about"""


class FunderReportQuerySet(models.QuerySet["FunderReport"]):
    def visible_to(self, user: User) -> "FunderReportQuerySet":
        """A funder sees its released reports (and what became of them); the programme's managing body all of its own."""
        return self.filter(
            Q(funder__in=user.organisations_as(Role.VIEWER), state__in=FunderReport.SENT)
            | Q(programme__managing_body__in=user.organisations_as(Role.REVIEWER, Role.APPROVER))
        )

    def waiting(self) -> "FunderReportQuerySet":
        """Those that a worker should build: requested, or claimed by a worker whose claim has lapsed."""
        return self.filter(Q(state="requested") | Q(state="building", claimed_until__lt=timezone.now()))


def no_later_version_released(report: "FunderReport") -> bool:
    """A later version for the same funder and period must not have been released already."""
    return not report.versions().filter(number__gt=report.number, state__in=FunderReport.SENT).exists()


@enforced
class FunderReport(Machine):
    """A generated document for one funder about one programme and period: snapshot, PDF, hashes, state."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Requested"
        BUILDING = "building", "Building"
        BUILT = "built", "Built"
        RELEASED = "released", "Released"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUPERSEDED = "superseded", "Superseded"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    class Kind(models.TextChoices):
        PORTFOLIO = "portfolio", "Portfolio for a period"
        TRUSTEES = "trustees", "The page for trustees alone"
        FINAL = "final", "Final report of the programme"
        STRAND = "strand", "One strand"
        COMMUNITY = "community", "One community"
        AWARD = "award", "One award"

    BORN = ("requested",)
    SENT = ("released", "withdrawn", "superseded")
    PARTS = ("strand", "community", "award")
    """Kinds that are about a part of the programme, each named as the field that says which"""
    SAME = ("programme", "funder", "kind", *PARTS, "period_start", "period_end")
    """What versions of one report have in common"""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="funder_reports")
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="funder_reports")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PORTFOLIO)
    strand = models.ForeignKey(Strand, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey(Community, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    award = models.ForeignKey(Award, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    period_start = models.DateField("period from")
    period_end = models.DateField("period to")
    number = models.PositiveSmallIntegerField(help_text="Its version: which report of this funder and period it is")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now, editable=False)
    state = FSMField(choices=State.choices, default=State.REQUESTED, protected=True, editable=False)

    claimed_by = models.CharField(max_length=120, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    progress = models.CharField(max_length=200, blank=True, editable=False)
    failure = models.TextField(blank=True, editable=False)

    snapshot = models.TextField(blank=True, editable=False, help_text="Canonical JSON: all that the document shows")
    snapshot_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    pages = models.PositiveIntegerField(default=0, editable=False)
    built_at = models.DateTimeField(null=True, editable=False)
    released_at = models.DateTimeField(null=True, editable=False)
    release_act = models.ForeignKey(Act, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    objects = FunderReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-period_end", "-number", "-pk"]
        verbose_name = "funder report"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "programme",
                    "funder",
                    "kind",
                    "strand",
                    "community",
                    "award",
                    "period_start",
                    "period_end",
                    "number",
                ],
                nulls_distinct=False,
                name="funder_report_version_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "funder", "kind", "strand", "community", "award", "period_start", "period_end"],
                condition=Q(state="released"),
                nulls_distinct=False,
                name="one_released_version",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["portfolio", "trustees", "final"], strand=None, community=None, award=None)
                | Q(kind="strand", strand__isnull=False, community=None, award=None)
                | Q(kind="community", strand=None, community__isnull=False, award=None)
                | Q(kind="award", strand=None, community=None, award__isnull=False),
                name="funder_report_about_what_its_kind_says",
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="funder_report_dates_in_order"),
            models.CheckConstraint(
                condition=~Q(state__in=["built", "released", "withdrawn", "superseded"])
                | (~Q(snapshot_sha256="") & ~Q(pdf_sha256="") & Q(built_at__isnull=False)),
                name="funder_report_built_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "withdrawn", "superseded"])
                | Q(release_act__isnull=False, released_at__isnull=False),
                name="funder_report_released_by_somebody",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="frozen_once_built",
                operation=pgtrigger.UpdateOf(
                    "programme_id",
                    "funder_id",
                    "kind",
                    "strand_id",
                    "community_id",
                    "award_id",
                    "period_start",
                    "period_end",
                    "number",
                    "snapshot",
                    "snapshot_sha256",
                    "pdf_sha256",
                    "pages",
                    "built_at",
                ),
                condition=pgtrigger.Q(old__state__in=["built", "released", "withdrawn", "superseded"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme}: report to {self.funder}" + (f" about {self.about}" if self.about else "")

    def get_absolute_url(self) -> str:
        return reverse("reporting:funder-report", args=[self.pk])

    @property
    def subject(self) -> str:
        """What people request and release: this document."""
        return self.key

    @property
    def reference(self) -> str:
        """What people call it, such as FR-0012. One that is built for a file alone, and not stored, is a draft."""
        return f"FR-{self.pk:04d}" if self.pk else "Draft"

    @property
    def about(self) -> About | None:
        """The part of the programme that it is about; None where that is the whole."""
        return self.strand or self.community or self.award

    @property
    def words(self) -> str:
        """What kind of report it is, and about what: One strand: National exemplar projects."""
        return f"{self.get_kind_display()}: {self.about}" if self.about else self.get_kind_display()

    def versions(self) -> FunderReportQuerySet:
        """Every version of the report of this kind to this funder about this period, itself among them."""
        fields: list[Any] = [self._meta.get_field(name) for name in self.SAME]
        return FunderReport.objects.filter(**{field.name: getattr(self, field.attname) for field in fields})

    # --- The machine ------------------------------------------------------------------------------------------------------
    # fmt: off

    @transition(
        state, State.REQUESTED, State.BUILDING, permission=system_only,
        custom={"label": "Build", "done": "Began to build the report"},
    )
    def build(self, **facts: Any) -> None:
        self.failure = ""

    @transition(
        state, State.BUILDING, State.BUILT, permission=system_only,
        custom={"label": "Finish", "done": "Built the report"},
    )
    def finish(self, *, snapshot: str, snapshot_sha256: str, pdf_sha256: str, pages: int, **facts: Any) -> None:
        self.snapshot = snapshot
        self.snapshot_sha256 = snapshot_sha256
        self.pdf_sha256 = pdf_sha256
        self.pages = pages
        self.built_at = clock.now()
        self.claimed_until = None
        self.progress = ""

    @transition(
        state, State.BUILDING, State.FAILED, permission=system_only,
        custom={"label": "Fail", "done": "Could not build the report", "reason": True},
    )
    def fail(self, *, failure: str, **facts: Any) -> None:
        self.failure = failure
        self.claimed_until = None

    @transition(
        state, State.FAILED, State.REQUESTED, permission=permissions.reviewer_or_approver,
        custom={"label": "Try again", "done": "Asked to build the report again"},
    )
    def retry(self, **facts: Any) -> None:
        self.tries = 0

    @transition(
        state, [State.REQUESTED, State.BUILDING], State.CANCELLED, permission=permissions.reviewer_or_approver,
        custom={"label": "Cancel", "done": "Cancelled the report"},
    )
    def cancel(self, **facts: Any) -> None:
        self.claimed_until = None

    @transition(
        state, State.BUILT, State.RELEASED, conditions=[no_later_version_released], permission=permissions.approver,
        custom={"label": "Release to the funder", "done": "Released the report", "part": Act.Part.RELEASED},
    )
    def release(self, *, act: Act, **facts: Any) -> None:
        self.release_act = act
        self.released_at = clock.now()

    @transition(
        state, State.RELEASED, State.WITHDRAWN, permission=permissions.approver,
        custom={"label": "Withdraw", "done": "Withdrew the report", "reason": True},
    )
    def withdraw(self, **facts: Any) -> None: ...

    @transition(
        state, State.RELEASED, State.SUPERSEDED, permission=system_only,
        custom={"label": "Supersede", "done": "A later version took this report's place"},
    )
    def supersede(self, **facts: Any) -> None: ...
    # fmt: on


class Document(models.Model):
    """The PDF of a funder report, kept as it was made."""

    funder_report = models.OneToOneField(FunderReport, on_delete=models.PROTECT, related_name="document")
    content = models.BinaryField()

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"PDF of {self.funder_report}"


class FigureSource(models.Model):
    """Where a figure of a funder report comes from: a row per contribution. Private: not part of the snapshot."""

    funder_report = models.ForeignKey(FunderReport, on_delete=models.PROTECT, related_name="sources")
    figure = models.CharField(max_length=12)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(
        max_length=200, help_text="Where in the Version or the award, such as results/learners/value"
    )
    raw_value = models.CharField(max_length=40)

    class Meta:
        ordering: ClassVar = ["funder_report", "figure", "pk"]
        indexes: ClassVar = [models.Index(fields=["funder_report", "figure"], name="figure_source_lookup")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.figure}: {self.raw_value}"


class Download(models.Model):
    """The receipt of a download: who took which document when, and as what."""

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "workbook"
        JSON = "json", "data"

    funder_report = models.ForeignKey(FunderReport, on_delete=models.PROTECT, related_name="downloads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=4, choices=Form.choices, default=Form.PDF, editable=False)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(form__in=["pdf", "xlsx", "json"]), name="download_form_known")
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.person}, {self.at:%d.%m.%Y}"
