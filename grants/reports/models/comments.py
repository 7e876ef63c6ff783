"""What the grantee's people say to each other about a part while they write it. No Version has it, no reviewer reads it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants import clock
from grants.lifecycle.models import answered_once
from grants.programmes.models import Section
from grants.reports.models.report import Report


class Comment(models.Model):
    """One remark on one part: it stands as it was written, and is resolved once."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="comments")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="comment_resolved_by_somebody",
            ),
        ]
        triggers: ClassVar = answered_once("resolved_at", ["report", "section", "text", "by", "at"])

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:60]}"
