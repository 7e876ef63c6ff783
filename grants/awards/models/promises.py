"""What was promised in an award: when it reports, and what it is to reach."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from grants.awards.models.award import Award
from grants.programmes.models import Breakdown, Indicator

VERY_LATE = timedelta(days=14)


class Milestone(models.Model):
    """A report that is promised: its period, the day from which figures can exist, and the day when it is due."""

    class Kind(models.TextChoices):
        REPORT = "report", "Milestone report"
        EVALUATION = "evaluation", "Final evaluation"

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.REPORT)
    period_start = models.DateField("period from")
    period_end = models.DateField("period to")
    opens_on = models.DateField(help_text="From this day figures can exist, and the report counts as due")
    due_on = models.DateField()
    promise = models.TextField(blank=True, help_text="What will have been done by then")
    settled_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its report was approved or waived"
    )

    class Meta:
        ordering: ClassVar = ["award", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["award", "number"], name="milestone_number_once"),
            models.UniqueConstraint(fields=["award"], condition=Q(kind="evaluation"), name="one_final_evaluation"),
            models.CheckConstraint(condition=Q(kind__in=["report", "evaluation"]), name="milestone_kind_known"),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start"), due_on__gte=F("opens_on")),
                name="milestone_dates_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], condition=Q(settled_at=None), name="milestones_to_come")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What people call it: its title, "Final evaluation", or "Milestone 2"."""
        if self.title:
            return self.title
        return "Final evaluation" if self.kind == self.Kind.EVALUATION else f"Milestone {self.number}"

    def due_word(self, today: date) -> str:
        """not_due, due, overdue or very_late: read from the clock (Europe/London), never stored."""
        if today < self.opens_on:
            return "not_due"
        if today <= self.due_on:
            return "due"
        return "overdue" if today <= self.due_on + VERY_LATE else "very_late"


class Target(models.Model):
    """What an award promised to reach of one indicator by its end."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    breakdowns = models.ManyToManyField(
        Breakdown, blank=True, related_name="targets", help_text="How reports are asked to tell apart what they count"
    )

    class Meta:
        ordering: ClassVar = ["award", "indicator__position", "indicator__code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["award", "indicator"], name="one_target_per_indicator"),
            models.CheckConstraint(condition=Q(value__gte=0), name="target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value.normalize():f}"
