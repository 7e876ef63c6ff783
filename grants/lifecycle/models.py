"""Acts, history and notices: what is kept about every record that moves, whichever room it lives in."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast

from grants import clock
from grants.lifecycle.machine import roots


def append_only() -> pgtrigger.Protect:
    """A trigger under which rows can be added but neither changed nor removed."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def answered_once(answered: str, stands: list[str]) -> list[pgtrigger.Trigger]:
    """Triggers under which a row is added, answered once, and never removed: the fields of `stands` stay as they were
    written, and all of it once the field `answered` is set.
    """
    return [
        pgtrigger.ReadOnly(name="stands_as_written", fields=stands),
        pgtrigger.Protect(
            name="answered_once",
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(**{f"old__{answered}__isnull": False}),
        ),
        pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
    ]


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
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="history_newest_first")]
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


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """What somebody was told about records that they see today: with a role that ended, its messages go too."""
        digits = models.Func(models.OuterRef("root"), models.Value(":"), models.Value(2), function="SPLIT_PART")
        # A range of one, where PostgreSQL looks up each: for an equality it may first gather all that the person sees
        one = [Cast(digits, models.BigIntegerField())] * 2
        seen: Any = models.Q(pk__in=[])
        for model in roots():
            rows: Any = model._default_manager.all()
            if hasattr(rows, "visible_to"):
                found = rows.visible_to(user).filter(pk__range=one)
                seen |= models.Q(root__startswith=f"{model._meta.label_lower}:") & models.Exists(found)
        return self.filter(seen, person=user)


class Notice(models.Model):
    """A message owed to somebody, written in the same transaction as what caused it. Once per event and person.

    The row is also the queue of the mail that tells of it (`grants.lifecycle.mail`). `at`, `due` and `sent_at` are shown and
    read the clock of rules; `send_at` and `claimed_until` are of the machinery and read the real one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        NOT_SENT = "not_sent", "Not sent"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=120, help_text="What happened to what, such as reports.report:3/approve/5")
    root = models.CharField(max_length=80, db_index=True)
    subject = models.CharField(max_length=160, help_text="What, and by when")
    text = models.CharField(max_length=400, blank=True)
    link = models.CharField(max_length=300)
    due = models.DateField(null=True, blank=True)
    reply_to = models.EmailField(blank=True, help_text="Who answers questions about it")
    at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    send_at = models.DateTimeField(null=True, help_text="Not sent before; empty where no mail is sent")
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True, help_text="Why no mail was sent, or none yet")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "person"], name="one_notice_per_event"),
            models.CheckConstraint(
                condition=models.Q(state="waiting", send_at__isnull=False, sent_at=None)
                | models.Q(state="sent", sent_at__isnull=False)
                | models.Q(~models.Q(why=""), state__in=["failed", "not_sent"], sent_at=None),
                name="notice_state_complete",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-at"], name="notices_of_a_person"),
            models.Index(fields=["send_at"], condition=models.Q(state="waiting"), name="notices_waiting"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def word(self) -> str:
        """What became of the mail: its state, and where `notices.about` found so, that it is in the next digest."""
        return "In the next digest" if getattr(self, "in_digest", False) else self.get_state_display()
