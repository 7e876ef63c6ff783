"""What the members of a community give, each for itself, before their lead adds it up. The rows are frozen with the report."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.awards.models import BudgetLine
from grants.people.models import Organisation
from grants.programmes.models import Indicator, Section
from grants.reports.models.content import Result, frozen_with_report
from grants.reports.models.report import Report

GIVEN = (Section.Form.FIGURES, Section.Form.SPEND, Section.Form.ACTIVITIES)
"""What a member gives, by the forms of the report's parts"""


class MemberPart(models.Model):
    """How far one organisation is with its part of a report, and a word to the lead. Confirmed, it waits for the lead alone."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="member_parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, help_text="Read by the lead alone")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(editable=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["report", "organisation__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "organisation"], name="one_part_per_member"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="member_part_confirmed_by_somebody",
            ),
        ]
        triggers: ClassVar = [frozen_with_report(*GIVEN)]

    def __str__(self) -> str:
        return f"{self.organisation}, part of {self.report}"


class MemberFigure(models.Model):
    """What one organisation says of one indicator. Blank is never zero: a value stands only beside "final" or "provisional"."""

    STATUSES = (
        Result.Status.FINAL,
        Result.Status.PROVISIONAL,
        Result.Status.NOT_COLLECTED,
        Result.Status.NOT_APPLICABLE,
    )

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="member_figures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, choices=[(str(one), one.label) for one in STATUSES])
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["indicator__position", "indicator__code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "organisation", "indicator"], name="one_figure_per_member"),
            models.CheckConstraint(
                condition=Q(status__in=["final", "provisional"], value__isnull=False, value__gte=0)
                | Q(status__in=["not_collected", "not_applicable"], value=None, numerator=None, denominator=None),
                name="member_figure_blank_is_never_zero",
            ),
            models.CheckConstraint(
                condition=Q(numerator=None, denominator=None)
                | Q(numerator__isnull=False, denominator__isnull=False, denominator__gt=0, numerator__gte=0),
                name="member_figure_ratio_keeps_both_parts",
            ),
        ]
        triggers: ClassVar = [frozen_with_report(Section.Form.FIGURES)]

    def __str__(self) -> str:
        said = self.value if self.value is not None else self.get_status_display()
        return f"{self.organisation}, {self.indicator}: {said}"


class MemberSpend(models.Model):
    """What one organisation spent on one budget line in the report's period, in pounds."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="member_spend")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    budget_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["budget_line__position", "budget_line", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "organisation", "budget_line"], name="one_amount_per_member"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="member_spend_not_negative"),
        ]
        triggers: ClassVar = [frozen_with_report(Section.Form.SPEND)]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.budget_line}: £{self.amount:,.2f}"
