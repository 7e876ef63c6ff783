"""What a report consists of while it is written, and what it was each time it was submitted.

The Version is the record. The typed rows are its index: a trigger lets them change only while the report is being written.
"""

import json
from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from grants import clock
from grants.awards.models import BudgetLine
from grants.lifecycle.models import append_only
from grants.programmes.models import Indicator, Section
from grants.reports.models.report import Report


def frozen_with_report() -> pgtrigger.Trigger:
    """A trigger that refuses any write to a row of a report that is not being written."""
    return pgtrigger.Trigger(
        name="frozen_with_report",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("report", "record")],
        func="""
            FOR report IN SELECT id, state FROM reports_report WHERE id IN (OLD.report_id, NEW.report_id) FOR SHARE LOOP
                IF report.state NOT IN ('draft', 'returned') THEN
                    RAISE EXCEPTION 'Report % is %: what is written in it cannot change', report.id, report.state
                    USING ERRCODE = 'restrict_violation';
                END IF;
            END LOOP;
            RETURN COALESCE(NEW, OLD);
        """,
    )


class Answer(models.Model):
    """What is written in one part; in the overall judgement also the choice."""

    class Choice(models.TextChoices):
        ON_COURSE = "on_course", "On course"
        AT_RISK = "at_risk", "At risk"
        OFF_COURSE = "off_course", "Off course"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="answers")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    choice = models.CharField(max_length=12, blank=True, choices=Choice.choices)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["section__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "section"], name="one_answer_per_section"),
            models.CheckConstraint(
                condition=Q(choice__in=["", "on_course", "at_risk", "off_course"]), name="answer_choice_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["choice"], condition=~Q(choice=""), name="judgements_of_grantees")]
        triggers: ClassVar = [frozen_with_report()]

    def __str__(self) -> str:
        return f"{self.section}: {self.text[:60]}"


class Result(models.Model):
    """What was reported of one indicator. Blank is never zero: a value stands only beside "final" or "provisional"."""

    class Status(models.TextChoices):
        FINAL = "final", "Final"
        PROVISIONAL = "provisional", "Provisional"
        AWAITED = "awaited", "Awaited"
        NOT_COLLECTED = "not_collected", "Not collected"
        NOT_APPLICABLE = "not_applicable", "Not applicable"

    KNOWN = ("final", "provisional")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="results")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="results")
    status = models.CharField(max_length=16, choices=Status.choices)
    value = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="Of this period, or the latest count"
    )
    numerator = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    awaited_from = models.CharField(max_length=200, blank=True)
    awaited_by = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True, help_text="Such as registers, school list, survey")

    class Meta:
        ordering: ClassVar = ["indicator__position", "indicator__code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "indicator"], name="one_result_per_indicator"),
            models.CheckConstraint(
                condition=Q(status__in=["final", "provisional"], value__isnull=False, value__gte=0)
                | Q(
                    status__in=["awaited", "not_collected", "not_applicable"],
                    value=None,
                    numerator=None,
                    denominator=None,
                ),
                name="result_blank_is_never_zero",
            ),
            models.CheckConstraint(
                condition=~Q(status="awaited") | (~Q(awaited_from="") & Q(awaited_by__isnull=False)),
                name="result_awaited_from_whom_by_when",
            ),
            models.CheckConstraint(
                condition=Q(numerator=None, denominator=None)
                | Q(numerator__isnull=False, denominator__isnull=False, denominator__gt=0, numerator__gte=0),
                name="result_ratio_keeps_both_parts",
            ),
        ]
        triggers: ClassVar = [frozen_with_report()]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value if self.value is not None else self.get_status_display()}"


class Spend(models.Model):
    """What was spent on one budget line in the report's period, in pounds."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="spend")
    budget_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="spend")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["budget_line__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "budget_line"], name="one_spend_per_line"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="spend_not_negative"),
        ]
        triggers: ClassVar = [frozen_with_report()]

    def __str__(self) -> str:
        return f"{self.budget_line}: £{self.amount:,.2f}"


class Version(models.Model):
    """The frozen content of a report each time it is submitted: numbered, canonical JSON, hashed, never changed."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    canonical = models.TextField(help_text="Canonical JSON: keys sorted, no spaces, numbers as text")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["report", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="version_number_once")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.report}, version {self.number}"

    @property
    def content(self) -> dict[str, Any]:
        """What was submitted, as plain data; numbers are text."""
        return dict(json.loads(self.canonical))

    def value_of(self, code: str) -> Decimal | None:
        """The value reported of an indicator, by its code; None where there is none."""
        row = next((row for row in self.content["results"] if row["indicator"] == code), None)
        return Decimal(row["value"]) if row and row["value"] is not None else None
