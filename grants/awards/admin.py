"""Awards in the Django admin: to be looked at."""

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

    list_display = ["reference", "title", "organisation", "community", "strand", "state", "amount"]
    list_select_related = ["organisation", "community", "strand"]
    list_filter = ["state", "strand"]
    search_fields = ["reference", "title", "organisation__name", "community__name"]
    inlines = [MilestoneInline, TrancheInline, TargetInline, BudgetLineInline, FundingInline]
