"""Acts, history and notices: what is kept about every record that moves, whichever room it lives in."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from grants import clock


def append_only() -> pgtrigger.Protect:
    """A trigger under which rows can be added but neither changed nor removed."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Act(models.Model):
    """One person's part in one subject: the exact Version, application or funder report. Four eyes rest on its constraint.

    No person has two parts in one subject, whatever the code above forgets.
    """

    class Part(models.TextChoices):
        ASKED = "asked", "asked for sign-off"
        SIGNED = "signed", "signed"
        RECOMMENDED = "recommended", "recommended approval"
        APPROVED = "approved", "approved"
        REQUESTED = "requested", "requested"
        RELEASED = "released", "released"

    subject = models.CharField(max_length=80)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part.choices)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "person"], name="one_part_per_person"),
            models.CheckConstraint(
                condition=models.Q(part__in=["asked", "signed", "recommended", "approved", "requested", "released"]),
                name="act_part_known",
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.person} {self.get_part_display()}"


class HistoryEntry(models.Model):
    """Who did what to which record, from which state to which, when and why. Append-only.

    `root` and `record` are text keys, so that the lowest room needs to know no model above it. Read it only through a root
    that was fetched with `visible_to`.
    """

    root = models.CharField(max_length=80, db_index=True)
    record = models.CharField(max_length=80, db_index=True)
    what = models.CharField(max_length=40, help_text="The transition's name, or another verb")
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20, blank=True)
    sentence = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: the system"
    )
    actor = models.CharField(max_length=200, help_text="The name as it was at the time")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        verbose_name_plural = "history entries"
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.sentence} {self.actor}"

    @property
    def who(self) -> str:
        """The name as it was at the time, for a page."""
        return self.actor

    @property
    def state(self) -> str:
        """The state that the record came to, for the shape beside the line."""
        return self.target


class Notice(models.Model):
    """A message owed to somebody, written in the same transaction as what caused it. Once per event and person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=120, help_text="What happened to what, such as reports.report:3/approve/5")
    root = models.CharField(max_length=80, db_index=True)
    text = models.CharField(max_length=400)
    link = models.CharField(max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "person"], name="one_notice_per_event")]

    def __str__(self) -> str:
        return self.text
