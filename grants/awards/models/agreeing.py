"""What is agreed about an award, with an owner and a day; and who keeps out of it, because of a conflict of interest."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from grants import clock
from grants.awards.models.award import Award
from grants.lifecycle.models import append_only
from grants.people.models import GRANTEE_ROLES, User


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> "ActionQuerySet":
        """Those of the awards of the person's organisations as recipients, and of those that their body manages."""
        own = user.organisations_as(*GRANTEE_ROLES)
        return self.filter(Q(award__organisation__in=own) | Award.objects.seen_as_managing_body(user, "award__"))

    def open(self) -> "ActionQuerySet":
        """Those that are not done."""
        return self.filter(done_at=None)


class Action(models.Model):
    """Something agreed, with an owner and a day. Open until done; what was agreed does not change."""

    class Side(models.TextChoices):
        RECIPIENT = "recipient", "the recipient"
        MANAGING_BODY = "managing_body", "the managing body"

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="actions")
    text = models.TextField("what is to be done")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="actions")
    side = models.CharField(max_length=14, choices=Side.choices, help_text="Whose person the owner is")
    due_on = models.DateField("by when")
    raised_in = models.CharField(max_length=200, blank=True, help_text="Where it was agreed")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=clock.now, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    word = models.TextField("what was done", blank=True, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(side__in=["recipient", "managing_body"]), name="action_side_known"),
            models.CheckConstraint(condition=~Q(text=""), name="action_says_something"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, word="")
                | Q(~Q(word=""), done_at__isnull=False, done_by__isnull=False),
                name="action_done_by_somebody_with_a_word",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="actions_open")]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="agreed_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                declare=[("done", "text[] := ARRAY['done_at', 'done_by_id', 'word']")],
                func="""
                    IF TG_OP = 'DELETE' OR OLD.done_at IS NOT NULL
                        OR to_jsonb(NEW) - done IS DISTINCT FROM to_jsonb(OLD) - done THEN
                        RAISE EXCEPTION 'What was agreed cannot change; it can be done, once'
                        USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return reverse("awards:action", args=[self.award.reference, self.pk])


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def held_by(self, person: Any) -> set[int]:
        """The keys of the awards in which a person has declared a conflict and not withdrawn it."""
        return set(self.standing(person).values_list("award", flat=True))

    def standing(self, person: Any) -> "ConflictQuerySet":
        """The conflicts that a person has declared and not withdrawn."""
        at = OuterRef("at")
        later = Conflict.objects.filter(award=OuterRef("award"), person=person.pk).filter(
            Q(at__gt=at) | Q(at=at, pk__gt=OuterRef("pk"))
        )
        return self.filter(~Exists(later), person=person.pk, withdrawn=False)


class Conflict(models.Model):
    """A conflict of interest that somebody of the managing body declared, or withdrew. The latest counts. Append-only."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    withdrawn = models.BooleanField(default=False)
    sentence = models.CharField(max_length=500)
    at = models.DateTimeField(default=clock.now, editable=False)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(sentence=""), name="conflict_says_why")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.person}: {self.sentence}"
