"""Of whom a figure consists: a row for each category that is given."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from grants.programmes.models import Category, Section
from grants.reports.models.content import frozen_with_report, parts_fit
from grants.reports.models.report import Report


class ResultPart(models.Model):
    """How many of a figure are in one category. No row: not known, which is never zero."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="result_parts")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="reported")
    value = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["report", "category"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "category"], name="one_part_per_category"),
            models.CheckConstraint(condition=Q(value__gte=0), name="part_not_negative"),
        ]
        triggers: ClassVar = [frozen_with_report(Section.Form.FIGURES), parts_fit(pgtrigger.Insert | pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.category}: {self.value.normalize():f}"
