"""The list of funder reports."""

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from grants import lists
from grants.formats import date_range
from grants.people.models import Organisation, Role, User
from grants.programmes.models import Programme
from reporting.models import FunderReport

OF_THE_BODY = ("requested_by", "downloaded")
"""The columns that a funder does not see"""


def kind_and_period(report: FunderReport) -> str:
    """1 April to 30 September 2012; of another kind than the usual one, which it is before that."""
    days = date_range(report.period_start, report.period_end)
    return days if report.kind == FunderReport.Kind.PORTFOLIO else f"{report.words}, {days}"


class FunderReportTable(lists.Table):
    """Funder reports, the newest period first."""

    programme = lists.RecordColumn("Report", hint=kind_and_period, order_by=("programme__title", "period_end"))
    reference = lists.TextColumn("Reference", order_by="pk")
    funder = lists.TextColumn("Funder", order_by="funder__name")
    starts = lists.DayColumn("Period from", "period_start", visible=False)
    ends = lists.DayColumn("Period to", "period_end", visible=False)
    number = lists.NumberColumn("Version")
    state = lists.StateColumn()
    requested_by = lists.TextColumn("Asked for by", order_by="requested_by__name")
    released_at = lists.DayColumn("Released", initial_sort_descending=True)
    downloaded = lists.NumberColumn("Downloads", initial_sort_descending=True)

    class Meta(lists.Table.Meta):
        caption = "Funder reports, the newest period first"


def programmes(request: Any) -> QuerySet[Programme]:
    """Those of which the person sees a report."""
    return Programme.objects.filter(funder_reports__in=FunderReport.objects.visible_to(request.user)).distinct()


def funders(request: Any) -> QuerySet[Organisation]:
    """Those to which the person sees a report."""
    return Organisation.objects.filter(funder_reports__in=FunderReport.objects.visible_to(request.user)).distinct()


class FunderReportFilter(lists.Filter):
    """By programme, funder, state and period."""

    state = lists.SeveralFilter(choices=FunderReport.State.choices)
    kind = lists.SeveralFilter(label="Kind", choices=FunderReport.Kind.choices)
    programme = lists.OneFilter(label="Programme", queryset=programmes)
    funder = lists.OneFilter(label="Funder", queryset=funders)
    since = lists.DayFilter(label="Period ends from", field_name="period_end", lookup_expr="gte")
    until = lists.DayFilter(label="Until", field_name="period_end", lookup_expr="lte")


class FunderReportsView(lists.ListView):
    """Every funder report that the person may see, the newest period first."""

    table_class = FunderReportTable
    filterset_class = FunderReportFilter
    template_name = "reporting/funder_reports.html"
    title = "Funder reports"
    things = "funder reports"

    @property
    def may_request(self) -> bool:
        """Whether the person may ask for a funder report of any programme."""
        return bool(self.person.organisations_as(Role.REVIEWER, Role.APPROVER))

    @property
    def person(self) -> User:
        """Who is signed in."""
        user: Any = self.request.user
        return user

    def get_queryset(self) -> QuerySet[FunderReport]:
        seen = FunderReport.objects.visible_to(self.person).select_related(
            "programme", "funder", "requested_by", *FunderReport.PARTS
        )
        return seen.defer("snapshot").annotate(downloaded=Count("downloads"))

    def get_table(self, **kwargs: Any) -> lists.Table:
        return super().get_table(exclude=() if self.may_request else OF_THE_BODY)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        empty = {"title": "No funder reports yet", "text": "You get a notice here when the first is released."}
        if self.may_request:
            empty = {
                "title": "No funder reports yet",
                "text": "The first can be made when one milestone report is approved.",
                "url": reverse("reporting:new"),
                "action": "Make a funder report",
            }
        trail = [("Home", reverse("home")), ("Funder reports", "")]
        context = super().get_context_data(may_request=self.may_request, trail=trail, **kwargs)
        return context | {"empty": empty}
