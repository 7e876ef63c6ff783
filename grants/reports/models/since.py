"""What a report says of what was promised and agreed before it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from grants.awards.models import Action
from grants.programmes.models import Section
from grants.reports.models.content import frozen_with_report
from grants.reports.models.report import Report


class FollowUp(models.Model):
    """What became of one thing that the last report promised, that this milestone promises, or that was agreed."""

    class About(models.TextChoices):
        LAST = "last", "Promised in the last report"
        MILESTONE = "milestone", "Promised for this milestone"
        ACTION = "action", "Agreed"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="follow_ups")
    about = models.CharField(max_length=9, choices=About.choices)
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    text = models.TextField(blank=True)
    done = models.BooleanField(default=False, help_text="Of an action: with the approval it is marked as done")

    class Meta:
        ordering: ClassVar = ["report", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "about"], condition=Q(action=None), name="one_follow_up_of_promise"
            ),
            models.UniqueConstraint(fields=["report", "action"], name="one_follow_up_of_action"),
            models.CheckConstraint(
                condition=Q(about="action", action__isnull=False)
                | Q(about__in=["last", "milestone"], action=None, done=False),
                name="follow_up_about_something",
            ),
        ]
        triggers: ClassVar = [frozen_with_report(Section.Form.FOLLOW_UP)]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.text[:60]}"
