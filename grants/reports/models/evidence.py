"""Files that prove what a report says."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants import clock
from grants.programmes.models import Indicator, Section
from grants.reports.models.content import frozen_with_report
from grants.reports.models.report import Report


class Evidence(models.Model):
    """A file at a part of a report, or at one of its figures. Its name is what somebody called it, and no path.

    One that a version has is kept when it is taken out of what is written now: then it has `removed_at`.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        PNG = "png", "PNG image"
        JPEG = "jpeg", "JPEG image"
        DOCX = "docx", "Word document"
        XLSX = "xlsx", "Excel workbook"
        CSV = "csv", "CSV file"
        TXT = "txt", "text file"

    MOST = 30
    """How many a report has."""
    MOST_BYTES = 10 * 1024 * 1024

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(default=uuid4, editable=False, help_text="In its address")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    size = models.PositiveIntegerField(help_text="In bytes")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=100, help_text="Where it is stored: a random name")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["section__position", "pk"]
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "key"], name="evidence_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["pdf", "png", "jpeg", "docx", "xlsx", "csv", "txt"]), name="evidence_kind_known"
            ),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=10 * 1024 * 1024), name="evidence_size_fits"),
        ]
        triggers: ClassVar = [frozen_with_report()]

    def __str__(self) -> str:
        return self.name
