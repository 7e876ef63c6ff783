"""The import and its machine."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_fsm import FSMField, transition

from grants import clock
from grants.imports import permissions
from grants.lifecycle.actors import system_only
from grants.lifecycle.machine import Machine, enforced
from grants.people.models import Role, User
from grants.programmes.models import Programme


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> "ImportQuerySet":
        """Those of the programmes whose managing body the person administers."""
        return self.filter(programme__managing_body__in=user.organisations_as(Role.ADMINISTRATOR))


def without_faults(record: "Import") -> bool:
    """The file must have no faults."""
    return not record.faults


@enforced
class Import(Machine):
    """A workbook of awards: read, checked, previewed, applied whole or not at all."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        CHECKING = "checking", "Checking"
        FAULTY = "faulty", "Faulty"
        READY = "ready", "Ready to apply"
        APPLYING = "applying", "Applying"
        APPLIED = "applied", "Applied"
        FAILED = "failed", "Failed"
        DISCARDED = "discarded", "Discarded"

    BORN = ("uploaded",)

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=255, help_text="The file's name as it came")
    content = models.BinaryField(help_text="The file as it came")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: the command"
    )
    uploaded_at = models.DateTimeField(default=clock.now, editable=False)
    state = FSMField(choices=State.choices, default=State.UPLOADED, protected=True, editable=False)
    faults = models.JSONField(default=list, help_text="A row each: sheet, cell, value, fault, mend")
    counts = models.JSONField(default=dict, help_text="What applying it makes, changes and leaves")
    applied_at = models.DateTimeField(null=True, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        verbose_name = "import"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(applied_at__isnull=False), name="import_applied_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "applying", "applied"]) | Q(faults=[]),
                name="import_ready_has_no_fault",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("imports:import", args=[self.pk])

    # --- The machine ------------------------------------------------------------------------------------------------------
    # fmt: off

    @transition(
        state, State.UPLOADED, State.CHECKING, permission=system_only,
        custom={"label": "Check", "done": "Began to check the file"},
    )
    def check_file(self, **facts: Any) -> None: ...

    @transition(
        state, State.CHECKING, State.FAULTY, permission=system_only,
        custom={"label": "Find faults", "done": "Found faults in the file"},
    )
    def find_faults(self, *, faults: list[dict[str, str]], **facts: Any) -> None:
        self.faults = faults

    @transition(
        state, State.CHECKING, State.READY, conditions=[without_faults], permission=system_only,
        custom={"label": "Find it good", "done": "Found no fault in the file"},
    )
    def find_good(self, *, counts: dict[str, int], **facts: Any) -> None:
        self.counts = counts

    @transition(
        state, State.READY, State.APPLYING, permission=permissions.administrator,
        custom={"label": "Apply", "done": "Began to apply the file"},
    )
    def apply(self, **facts: Any) -> None: ...

    @transition(
        state, State.APPLYING, State.APPLIED, permission=system_only,
        custom={"label": "Finish", "done": "Applied the file"},
    )
    def finish(self, *, counts: dict[str, int], **facts: Any) -> None:
        self.counts = counts
        self.applied_at = clock.now()

    @transition(
        state, State.APPLYING, State.FAILED, permission=system_only,
        custom={"label": "Fail", "done": "Could not apply the file", "reason": True},
    )
    def fail(self, **facts: Any) -> None: ...

    @transition(
        state, State.FAILED, State.READY, permission=permissions.administrator,
        custom={"label": "Make it ready again", "done": "Made the file ready again"},
    )
    def retry(self, **facts: Any) -> None: ...

    @transition(
        state, [State.FAULTY, State.READY], State.DISCARDED, permission=permissions.administrator,
        custom={"label": "Discard", "done": "Discarded the file"},
    )
    def discard(self, **facts: Any) -> None: ...
    # fmt: on
