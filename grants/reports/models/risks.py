"""What could keep a project from what it promised."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from grants.programmes.models import Section
from grants.reports.models.content import frozen_with_report
from grants.reports.models.report import Report


class Risk(models.Model):
    """One thing that could happen. It may be stored unfinished; the part is complete when every risk is."""

    class Level(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"

    MOST = 10
    """How many a report has: more is no list that anybody watches."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="risks")
    position = models.PositiveSmallIntegerField()
    what = models.TextField(blank=True, help_text="What could happen")
    likelihood = models.CharField(max_length=6, blank=True, choices=Level.choices)
    impact = models.CharField(max_length=6, blank=True, choices=Level.choices)
    response = models.TextField(blank=True, help_text="What is done about it")
    who = models.CharField(max_length=200, blank=True, help_text="Who sees to it")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "position"], name="one_risk_in_a_place"),
            models.CheckConstraint(
                condition=Q(likelihood__in=["", "low", "medium", "high"], impact__in=["", "low", "medium", "high"]),
                name="risk_levels_known",
            ),
        ]
        triggers: ClassVar = [frozen_with_report(Section.Form.RISKS)]

    def __str__(self) -> str:
        return self.what[:60]
