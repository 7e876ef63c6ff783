"""Awards in the Django admin: to be looked at."""

from typing import ClassVar

from django.contrib import admin

from grants.awards.models import Award, BudgetLine, Funding, Milestone, Target, Tranche
from grants.lifecycle.admin import ReadOnlyAdmin, ReadOnlyInline


class MilestoneInline(ReadOnlyInline):
    """What is promised, and when."""

    model = Milestone


class TrancheInline(ReadOnlyInline):
    """Payments."""

    model = Tranche


class TargetInline(ReadOnlyInline):
    """What is to be reached."""

    model = Target


class BudgetLineInline(ReadOnlyInline):
    """Headings of the budget."""

    model = BudgetLine


class FundingInline(ReadOnlyInline):
    """Who pays how much."""

    model = Funding


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    """Awards and applications, with everything that hangs on them."""

    list_display: ClassVar = ["reference", "title", "organisation", "community", "strand", "state", "amount"]
    list_select_related: ClassVar = ["organisation", "community", "strand"]
    list_filter: ClassVar = ["state", "strand"]
    search_fields: ClassVar = ["reference", "title", "organisation__name", "community__name"]
    inlines: ClassVar = [MilestoneInline, TrancheInline, TargetInline, BudgetLineInline, FundingInline]
