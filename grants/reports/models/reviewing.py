"""What a review says of a report's parts: how each was read, what was asked and answered, and what a return names."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants import clock
from grants.lifecycle.models import append_only
from grants.programmes.models import Indicator, Section
from grants.reports.models.content import Version
from grants.reports.models.report import Report


class ReturnedSection(models.Model):
    """A part that a return names, with what should change in it: the others stay as they were sent. Append-only."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="returned_sections")
    version = models.PositiveSmallIntegerField(help_text="The number of the version that was returned")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(help_text="The grantee reads it")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["report", "version", "section__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "version", "section"], name="section_returned_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="section_returned_with_reason"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.section}: {self.reason[:60]}"


class Mark(models.Model):
    """How a reviewer read one part of exactly one version. The latest of a part counts, whoever made it. Append-only."""

    class Verdict(models.TextChoices):
        FINE = "fine", "Fine"
        ASK = "ask", "Ask"
        CHANGE = "change", "Needs change"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="marks")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["version", "at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(verdict__in=["fine", "ask", "change"]), name="mark_verdict_known"),
            models.CheckConstraint(condition=Q(verdict="fine") | ~Q(words=""), name="mark_says_what"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.section}: {self.get_verdict_display()}"


class Question(models.Model):
    """A question on one part of a version, or on a figure in it, which the grantee answers without a return. Append-only."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="questions")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="The figure it is about"
    )
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["version", "at", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="question_asks")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def about(self) -> str:
        """The part, or the figure in it."""
        return f"{self.section}, {self.indicator}" if self.indicator else str(self.section)

    @property
    def answer(self) -> "Reply | None":
        """What the grantee answered; None where nobody has."""
        return getattr(self, "reply", None)


class Reply(models.Model):
    """The grantee's answer to a question: written once. Append-only."""

    question = models.OneToOneField(Question, on_delete=models.PROTECT, related_name="reply")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name_plural = "replies"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="reply_answers")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return self.text[:80]
