"""What the reports of a strand ask."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from grants.programmes.models.programme import Size, Strand


class SectionSet(models.Model):
    """What a report of one kind asks in one strand: numbered, never changed once a report has begun with it."""

    strand = models.ForeignKey(Strand, on_delete=models.CASCADE, related_name="section_sets")
    kind = models.CharField(max_length=12, choices=[("report", "Report"), ("evaluation", "Final evaluation")])
    number = models.PositiveSmallIntegerField(default=1)
    used_at = models.DateTimeField(
        null=True, editable=False, help_text="When the first report began with it: from then on it stands as it is"
    )

    class Meta:
        ordering: ClassVar = ["strand", "kind", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strand", "kind", "number"], name="section_set_once"),
            models.CheckConstraint(condition=Q(kind__in=["report", "evaluation"]), name="section_set_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.strand}: {self.get_kind_display().lower()}, set {self.number}"


class Section(models.Model):
    """One part of a report: a narrative, a table (figures, spend, activities, risks), the overall judgement, or what became of
    promises.
    """

    class Readers(models.TextChoices):
        MANAGING_BODY = "managing_body", "the managing body"
        FUNDER = "funder", "the managing body and the funder"
        PUBLIC = "public", "the managing body, the funder and the public"

    class Form(models.TextChoices):
        NARRATIVE = "narrative", "Narrative"
        FIGURES = "figures", "Figures"
        SPEND = "spend", "Spend"
        JUDGEMENT = "judgement", "Judgement"
        ACTIVITIES = "activities", "Activities"
        RISKS = "risks", "Risks"
        FOLLOW_UP = "follow_up", "Since last time"

    section_set = models.ForeignKey(SectionSet, on_delete=models.CASCADE, related_name="sections")
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=200)
    form = models.CharField(max_length=12, choices=Form.choices, default=Form.NARRATIVE)
    guidance = models.TextField(blank=True)
    word_limit = models.PositiveIntegerField(default=600)
    required = models.BooleanField(default=True)
    asked_from = models.CharField(
        max_length=8,
        choices=Size.choices,
        default=Size.STANDARD,
        help_text="The smallest size of award that is asked this",
    )
    minutes = models.PositiveSmallIntegerField(default=15, help_text="How long it takes, roughly, in minutes")
    readers = models.CharField(
        max_length=14,
        choices=Readers.choices,
        default=Readers.FUNDER,
        help_text="Who reads this part once it is approved",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section_set", "code"], name="section_code_once"),
            models.CheckConstraint(
                condition=Q(
                    form__in=["narrative", "figures", "spend", "judgement", "activities", "risks", "follow_up"]
                ),
                name="section_form_known",
            ),
            models.CheckConstraint(
                condition=Q(readers__in=["managing_body", "funder", "public"]), name="section_readers_known"
            ),
            models.CheckConstraint(
                condition=Q(asked_from__in=["light", "standard", "full"]), name="section_asked_from_known"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stands_once_used",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT FROM programmes_sectionset
                               WHERE id IN (OLD.section_set_id, NEW.section_set_id) AND used_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'Reports use this set of sections: it stands as it is'
                        USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            )
        ]

    def __str__(self) -> str:
        return self.title
