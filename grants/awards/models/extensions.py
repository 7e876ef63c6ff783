"""A later day for a report: asked for by the grantee, granted or refused by the managing body."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants import clock
from grants.awards.models.award import Award
from grants.awards.models.promises import Milestone
from grants.lifecycle.models import answered_once
from grants.people.models import GRANTEE_ROLES, User

DECIDED_WHILE = ("active", "evaluating")
"""The states of an award in which a later day is asked for, granted and refused."""


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, user: User) -> "ExtensionQuerySet":
        """Those of the awards that a person sees, for the two sides that have to do with them."""
        own = user.organisations_as(*GRANTEE_ROLES)
        managed = Award.objects.seen_as_managing_body(user, "milestone__award__")
        return self.filter(Q(milestone__award__organisation__in=own) | managed)

    def waiting(self) -> "ExtensionQuerySet":
        """Those that somebody has still to decide: of a report that is still due, in an award that runs."""
        return self.filter(decided_at=None, milestone__settled_at=None, milestone__award__state__in=DECIDED_WHILE)


class Extension(models.Model):
    """A later due date of a milestone. What was asked stands as it was; it is decided once, by somebody else."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="extensions")
    until = models.DateField("new due date")
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    granted = models.BooleanField(null=True, help_text="Empty until it is decided")
    answer = models.TextField(blank=True, help_text="What whoever decided said of it; wanted of a refusal")
    instead_of = models.DateField(null=True, help_text="When the report was due before it was granted")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["milestone"], condition=Q(decided_at=None), name="one_open_extension"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, granted=None, instead_of=None, answer="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, granted=True, instead_of__lt=F("until"))
                | Q(~Q(answer=""), decided_at__isnull=False, decided_by__isnull=False, granted=False, instead_of=None),
                name="extension_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="extension_by_another_person"
            ),
        ]
        triggers: ClassVar = answered_once("decided_at", ["milestone", "until", "reason", "asked_by", "asked_at"])

    def __str__(self) -> str:
        return f"{self.milestone}, by {self.until}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided it."""
        return self.decided_at is None
