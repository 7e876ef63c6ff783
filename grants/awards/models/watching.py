"""What the managing body notes about an award for itself: talks with the grantee, and its own judgement of the course."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants import clock
from grants.awards.models.award import Award
from grants.lifecycle.models import append_only


class ContactNote(models.Model):
    """A talk with a grantee, by telephone or otherwise, as somebody of the managing body noted it. Append-only.

    A later note mends an earlier one. Only the managing body reads these.
    """

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="contact_notes")
    on = models.DateField("day of the talk")
    with_whom = models.CharField("with whom", max_length=200)
    text = models.TextField("what was said")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.with_whom}, {self.on}"


class Judgement(models.Model):
    """The managing body's own judgement of an award's course, beside the grantee's. The latest counts. Append-only."""

    class Course(models.TextChoices):
        ON_COURSE = "on_course", "On course"
        AT_RISK = "at_risk", "At risk"
        OFF_COURSE = "off_course", "Off course"

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="judgements")
    course = models.CharField(max_length=10, choices=Course.choices)
    reason = models.TextField(blank=True, help_text="Why; wanted unless it is on course")
    next_step = models.TextField(blank=True, help_text="What is done about it, by whom and by when")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(course__in=["on_course", "at_risk", "off_course"]), name="judgement_course_known"
            ),
            models.CheckConstraint(
                condition=Q(course="on_course") | ~(Q(reason="") | Q(next_step="")),
                name="judgement_off_course_has_reason",
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return self.get_course_display()
