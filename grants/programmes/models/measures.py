"""How a programme is measured, and what kinds of activity it tells apart."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from grants.programmes.models.programme import Programme


class Indicator(models.Model):
    """A typed measure, with its rule over time and its rule across awards."""

    class Measure(models.TextChoices):
        PEOPLE = "people", "People"
        COUNT = "count", "A count"
        MONEY = "money", "Pounds"
        RATIO = "ratio", "A ratio, in per cent"

    class OverTime(models.TextChoices):
        SUM = "sum", "Each period is added"
        LATEST = "latest", "The latest cumulative value counts"

    class Across(models.TextChoices):
        SUM = "sum", "Awards are added"
        NONE = "none", "Awards are not added"

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=60, help_text="Such as people, schools, % of those asked")
    measure = models.CharField(max_length=10, choices=Measure.choices, default=Measure.COUNT)
    definition = models.TextField(blank=True)
    over_time = models.CharField(max_length=10, choices=OverTime.choices, default=OverTime.LATEST)
    across = models.CharField(max_length=10, choices=Across.choices, default=Across.SUM)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "code"], name="indicator_code_once"),
            models.CheckConstraint(
                condition=Q(measure__in=["people", "count", "money", "ratio"]), name="indicator_measure_known"
            ),
            models.CheckConstraint(
                condition=Q(over_time__in=["sum", "latest"], across__in=["sum", "none"]), name="indicator_rules_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ratio(self) -> bool:
        """Whether a result keeps numerator and denominator."""
        return self.measure == self.Measure.RATIO


class Breakdown(models.Model):
    """A way in which those counted by an indicator are told apart, such as by year group. Only what counts has one."""

    class Kind(models.TextChoices):
        EXCLUSIVE = "exclusive", "Each is in one category only"
        OVERLAPPING = "overlapping", "One may be in several categories"

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="breakdowns")
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=120, help_text="As it follows “Of whom”, such as by year group")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.EXCLUSIVE)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["indicator", "position", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "code"], name="breakdown_code_once"),
            models.CheckConstraint(condition=Q(kind__in=["exclusive", "overlapping"]), name="breakdown_kind_known"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="only_what_counts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT FROM programmes_indicator
                                   WHERE id = NEW.indicator_id AND measure IN ('people', 'count')) THEN
                        RAISE EXCEPTION 'Only what counts people or things can be broken down'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'only_what_counts';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.title}"


class Category(models.Model):
    """One of the groups of a breakdown."""

    breakdown = models.ForeignKey(Breakdown, on_delete=models.CASCADE, related_name="categories")
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["breakdown", "position", "code"]
        verbose_name_plural = "categories"
        constraints: ClassVar = [models.UniqueConstraint(fields=["breakdown", "code"], name="category_code_once")]

    def __str__(self) -> str:
        return self.title


class ActivityType(models.Model):
    """What kinds of activity the reports of a programme tell apart; its administrators edit the list."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activity_types")
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "title"], name="activity_type_once"),
        ]

    def __str__(self) -> str:
        return self.title
