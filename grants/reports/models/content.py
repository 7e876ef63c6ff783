"""What a report consists of while it is written, and what it was each time it was submitted.

The Version is the record. The typed rows are its index: a trigger lets them change only while the report is being written.
"""

import json
from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants import clock
from grants.awards.models import BudgetLine
from grants.lifecycle.models import append_only
from grants.programmes.models import Indicator, Section
from grants.reports.models.report import Report


def frozen_with_report(*forms: str) -> pgtrigger.Trigger:
    """A trigger that refuses any write to a row of a report that is not being written, and after a return any to a row of
    a part that the latest return does not name.

    A row belongs to the parts of these forms; where none is given it says itself to which, in `section`.
    """
    named = """SELECT FROM reports_returnedsection AS named JOIN programmes_section AS part ON part.id = named.section_id
                    WHERE named.report_id = report.id AND named.version = returned AND """
    if forms:
        quoted = ", ".join(f"'{form}'" for form in forms)
        closed = f"NOT EXISTS ({named} part.form IN ({quoted}))"
    else:
        closed = " OR ".join(
            f"({row}.section_id IS NOT NULL AND NOT EXISTS ({named} part.id = {row}.section_id))"
            for row in ("OLD", "NEW")
        )
    return pgtrigger.Trigger(
        name="frozen_with_report",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("report", "record"), ("returned", "integer")],
        func=f"""
            FOR report IN SELECT id, state FROM reports_report WHERE id IN (OLD.report_id, NEW.report_id) FOR SHARE LOOP
                IF report.state NOT IN ('draft', 'returned') THEN
                    RAISE EXCEPTION 'Report % is %: what is written in it cannot change', report.id, report.state
                    USING ERRCODE = 'restrict_violation';
                END IF;
                SELECT max(version) INTO returned FROM reports_returnedsection WHERE report_id = report.id;
                IF returned IS NOT NULL AND ({closed}) THEN
                    RAISE EXCEPTION 'The return of report % does not name this part: it cannot change', report.id
                    USING ERRCODE = 'restrict_violation';
                END IF;
            END LOOP;
            RETURN COALESCE(NEW, OLD);
        """,  # noqa: S608  no value enters it
    )


def parts_fit(operation: Any) -> pgtrigger.Trigger:
    """A trigger that holds, at the end of a transaction, what a figure is of whom within its number: no part without a
    number or above it, and exclusive parts within it together.
    """
    return pgtrigger.Trigger(
        name="parts_fit",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        func="""
            IF EXISTS (
                SELECT FROM reports_resultpart part
                JOIN programmes_category category ON category.id = part.category_id
                JOIN programmes_breakdown breakdown ON breakdown.id = category.breakdown_id
                LEFT JOIN reports_result result
                    ON result.report_id = part.report_id AND result.indicator_id = breakdown.indicator_id
                WHERE part.report_id IN (OLD.report_id, NEW.report_id)
                GROUP BY part.report_id, breakdown.id, result.value
                HAVING result.value IS NULL OR MAX(part.value) > result.value
                    OR (breakdown.kind = 'exclusive' AND SUM(part.value) > result.value)
            ) THEN
                RAISE EXCEPTION 'The parts of a figure do not fit its number'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'parts_fit';
            END IF;
            RETURN NULL;
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
    odd = models.CharField(max_length=200, blank=True, help_text="Why the number was asked about when it was saved")
    confirmed = models.BooleanField(default=False, help_text="The grantee said that the odd number is right")

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
            models.CheckConstraint(condition=Q(confirmed=False) | ~Q(odd=""), name="result_odd_is_confirmed"),
        ]
        triggers: ClassVar = [
            frozen_with_report(Section.Form.FIGURES),
            parts_fit(pgtrigger.Update | pgtrigger.Delete),
        ]
        indexes: ClassVar = [models.Index(fields=["awaited_by"], condition=Q(status="awaited"), name="figures_awaited")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value if self.value is not None else self.get_status_display()}"


class Spend(models.Model):
    """What was spent on one budget line in the report's period, in pounds, and what the line will come to in all."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="spend")
    budget_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="spend")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    forecast = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="The whole, to the end of the award"
    )
    explanation = models.TextField(blank=True, help_text="Why the whole differs from the budget")

    class Meta:
        ordering: ClassVar = ["budget_line__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "budget_line"], name="one_spend_per_line"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="spend_not_negative"),
            models.CheckConstraint(
                condition=Q(forecast=None) | Q(forecast__gte=F("amount")), name="forecast_at_least_what_is_spent"
            ),
        ]
        triggers: ClassVar = [frozen_with_report(Section.Form.SPEND)]

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
