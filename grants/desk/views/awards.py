"""Awards as lists: every award that a person sees, and what a funder pays for."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.db.models.functions import Upper
from django.urls import reverse

from grants.awards.models import Award, Funding
from grants.desk.fundings import FundingFilter, FundingTable, fundings_of
from grants.desk.kinds import FUNDER, kinds_of
from grants.desk.listing import AwardFilter, AwardTable
from grants.desk.overview import with_overview
from grants.lists import ListView
from grants.people.models import MANAGING_ROLES, Role, User


class AwardsView(ListView):
    """Every award that the person sees, applications included."""

    table_class = AwardTable
    filterset_class = AwardFilter
    title = "Awards"
    things = "awards"
    empty: ClassVar = {
        "title": "No award yet",
        "text": "An award stands here for its recipient from the first day of the application, and for the body that "
        "manages its strand once it was submitted.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        user: Any = self.request.user
        seen = Award.objects.visible_to(user).named().select_related("manager").order_by(Upper("reference"))
        return with_overview(seen, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context, user = super().get_context_data(**kwargs), self.request.user
        if isinstance(user, User) and FUNDER in kinds_of(user):
            context["empty"] = {**self.empty, "url": reverse("portfolio"), "action": "See what you fund"}
        return context

    def get_table_kwargs(self) -> dict[str, Any]:
        """A file says what the managing body itself judges to those who may see that."""
        user: Any = self.request.user
        return {} if user.organisations_as(*MANAGING_ROLES) else {"exclude": ["ours"]}


class PortfolioView(ListView):
    """A funder's fundings, each with its award."""

    table_class = FundingTable
    filterset_class = FundingFilter
    title = "What you fund"
    things = "awards"
    empty: ClassVar = {
        "title": "Nothing yet",
        "text": "Awards stand here once they are offered with your organisation’s money in them.",
    }

    def get_queryset(self) -> QuerySet[Funding]:
        user: Any = self.request.user
        return fundings_of(user).order_by(Upper("award__reference"), "pk")

    def get_table_kwargs(self) -> dict[str, Any]:
        """The funder is a column for those who look for more than one."""
        user: Any = self.request.user
        return {} if len(user.organisations_as(Role.VIEWER)) > 1 else {"exclude": ["funder"]}
