"""The list of reports: which are late, who is to act, how long they wait."""

from datetime import date, timedelta
from typing import Any, ClassVar

import django_filters
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from grants import lists
from grants.awards.models import Award, Conflict
from grants.formats import date_words, days_left, local_day, local_today, plural
from grants.people.models import GRANTEE_ROLES, Community, Role, User
from grants.programmes.models import Programme, Strand
from grants.reports.models import Report
from grants.tags import status

UNSENT = (*Report.UNSENT, Report.State.RETURNED)
SENT = (Report.State.SUBMITTED, Report.State.IN_REVIEW)
ORDER = (
    "returned",
    "draft",
    "awaiting_sign_off",
    "submitted",
    "in_review",
    "approved",
    "waived",
    "superseded",
    "abandoned",
)
WRITES, SIGNS, REVIEWS, LATER, NOBODY = range(5)
"""Whose turn it is"""
SOON = timedelta(days=14)


# --- Whose turn it is -------------------------------------------------------------------------------------------------


def is_open_to_write(today: date) -> Q:
    """Returned, or a draft for which figures can exist."""
    return Q(state="returned") | Q(state="draft", milestone__opens_on__lte=today)


def turn(today: date) -> Case:
    """Who must act now: whoever writes, a signatory, the managing body, nobody yet, nobody any more."""
    return Case(
        When(is_open_to_write(today), then=Value(WRITES)),
        When(state="awaiting_sign_off", then=Value(SIGNS)),
        When(state__in=SENT, then=Value(REVIEWS)),
        When(state="draft", then=Value(LATER)),
        default=Value(NOBODY),
        output_field=IntegerField(),
    )


def waits_for(user: User, today: date) -> Q:
    """What this very person can do something about: to write, to sign, to review."""
    writes, signs = user.organisations_as(*GRANTEE_ROLES), user.organisations_as(Role.SIGNATORY)
    reads = user.organisations_as(Role.REVIEWER, Role.APPROVER)
    own = [held.organisation_id for held in user.live_memberships]
    communities = Community.objects.filter(Q(lead__in=own) | Q(members__in=own))
    of_a_party = Q(milestone__award__organisation__in=own) | Q(milestone__award__community__in=communities)
    keeps_out = Q(milestone__award__in=Conflict.objects.standing(user).values("award"))
    return (
        Q(is_open_to_write(today), milestone__award__organisation__in=writes)
        | Q(~Q(asked_by=user) | Q(size="light", milestone__award__managed=False), state="awaiting_sign_off",
            milestone__award__organisation__in=signs)
        | Q(~of_a_party | Q(milestone__award__managed=True), ~keeps_out, state__in=SENT,
            milestone__award__strand__managing_body__in=reads)
    )  # fmt: skip


# --- Columns ----------------------------------------------------------------------------------------------------------


def how_late(report: Report) -> str:
    """9 days late, 3 days left: while it has not been sent."""
    if report.state not in UNSENT or report.corrects_id is not None:
        return ""
    today, due = local_today(), report.milestone.due_on
    return status("overdue", days_left(due, today)) if due < today else days_left(due, today)


def days_waiting(report: Report) -> int | None:
    """How long it has waited for the managing body; None where it does not."""
    if report.state not in SENT or report.submitted_at is None:
        return None
    return (local_today() - local_day(report.submitted_at)).days


def how_long(report: Report) -> str:
    """Waiting 12 days."""
    days = days_waiting(report)
    return "" if days is None else f"Waiting {plural(days, 'day')}" if days else "Came in today"


class TurnColumn(lists.TextColumn):
    """Who must act now, and what they do."""

    def render(self, record: Any, value: Any) -> str:
        return self.value(value, record)

    def value(self, value: Any, record: Any) -> str:  # type: ignore[override]
        """The same words in a file."""
        if value == LATER:
            return f"Nobody before {date_words(record.milestone.opens_on)}"
        if value == WRITES:
            return "The grantee, to change it" if record.state == "returned" else "The grantee, to write"
        return {SIGNS: "A signatory, to sign", REVIEWS: "The managing body, to review"}.get(value, "")


class WaitingColumn(lists.NumberColumn):
    """The days for which it has waited for a review."""

    def value(self, record: Any) -> Any:
        return days_waiting(record)


class ReportTable(lists.Table):
    """Reports, the earliest due first."""

    recipient = lists.RecordColumn(
        "Report of", hint="milestone__award__reference", order_by=("recipient", "milestone__number")
    )
    reference = lists.TextColumn("Reference", "milestone__award__reference", visible=False)
    title = lists.TextColumn("Title", "milestone__award__title", visible=False)
    programme = lists.TextColumn("Programme", "milestone__award__strand__programme__title", visible=False)
    strand = lists.TextColumn("Strand", "milestone__award__strand__title", visible=False)
    milestone = lists.TextColumn("Milestone", "name", order_by=("milestone__number", "pk"))
    starts = lists.DayColumn("Period from", "milestone__period_start", visible=False)
    ends = lists.DayColumn("Period to", "milestone__period_end", visible=False)
    state = lists.StateColumn(order_by="place")
    due = lists.DayColumn("Due", "milestone__due_on", hint=how_late)
    turn = TurnColumn("Waiting for")
    submitted = lists.DayColumn("Submitted", "submitted_at", hint=how_long, initial_sort_descending=True)
    waiting = WaitingColumn("Days waiting", "submitted_at", visible=False)
    approved = lists.DayColumn("Approved", "approved_at", visible=False)

    class Meta(lists.Table.Meta):
        caption = "Reports, with when they are due and who must act"
        order_by = "due"


# --- Filters ----------------------------------------------------------------------------------------------------------


def programmes(request: Any) -> QuerySet[Programme]:
    """Those in which the person sees an award."""
    seen = Award.objects.visible_to(request.user).order_by()
    return Programme.objects.filter(Exists(seen.filter(strand__programme=OuterRef("pk"))))


def strands(request: Any) -> QuerySet[Strand]:
    """Those in which the person sees an award."""
    seen = Award.objects.visible_to(request.user).order_by()
    return Strand.objects.filter(Exists(seen.filter(strand=OuterRef("pk")))).select_related("programme")


class ReportFilter(lists.Filter):
    """By words, programme, strand, state, when it is due, and whom it waits for. Where no state is asked for: open ones."""

    words = lists.WordsFilter(label="Award or recipient", method="with_words")
    state = lists.SeveralFilter(choices=[("any", "Every state"), *Report.State.choices], none="Open", method="in_state")
    due = django_filters.ChoiceFilter(
        label="Due", choices=[("late", "Late"), ("soon", "In 14 days"), ("month", "This month")], method="due_then"
    )
    waits = django_filters.ChoiceFilter(
        label="Waiting for",
        choices=[("grantee", "The grantee"), ("managing_body", "The managing body"), ("me", "Me")],
        method="waits_for",
    )
    programme = lists.OneFilter(
        label="Programme", field_name="milestone__award__strand__programme", queryset=programmes
    )
    strand = lists.OneFilter(
        label="Strand", field_name="milestone__award__strand", queryset=strands,
        words=lambda strand: f"{strand}, {strand.programme.code}",
    )  # fmt: skip

    def filter_queryset(self, queryset: QuerySet[Report]) -> QuerySet[Report]:
        asked = self.form.cleaned_data.get("state")
        return super().filter_queryset(queryset if asked else queryset.filter(state__in=Report.OPEN))

    def with_words(self, queryset: QuerySet[Report], name: str, value: str) -> QuerySet[Report]:
        """Of an award that a search for the words finds."""
        return queryset.filter(milestone__award__in=Award.objects.order_by().matching(value).values("pk"))

    def in_state(self, queryset: QuerySet[Report], name: str, value: list[str]) -> QuerySet[Report]:
        """One of the states, or every one."""
        return queryset if "any" in value else queryset.filter(state__in=value)

    def due_then(self, queryset: QuerySet[Report], name: str, value: str) -> QuerySet[Report]:
        """Late and not sent; due in the next fourteen days; due in this month."""
        today = local_today()
        if value == "late":
            return queryset.filter(milestone__due_on__lt=today, state__in=UNSENT, corrects=None)
        if value == "soon":
            return queryset.filter(milestone__due_on__range=(today, today + SOON))
        return queryset.filter(milestone__due_on__year=today.year, milestone__due_on__month=today.month)

    def waits_for(self, queryset: QuerySet[Report], name: str, value: str) -> QuerySet[Report]:
        """Whoever it waits for now."""
        if value == "me":
            return queryset.filter(waits_for(self.request.user, local_today()))
        return queryset.filter(Q(turn__in=(WRITES, SIGNS) if value == "grantee" else (REVIEWS,)))

    @property
    def is_narrowed(self) -> bool:
        """Whether something is left out: of itself the list shows the open ones."""
        asked = {name: value for name, value in self.form.cleaned_data.items() if value}
        return set(asked) != {"state"} or "any" not in asked["state"]


class ReportsView(lists.ListView):
    """The reports of every award that the person sees: of itself the open ones, the earliest due first."""

    table_class = ReportTable
    filterset_class = ReportFilter
    title = "Reports"
    things = "reports"
    everything = "state=any"
    empty: ClassVar = {"title": "No reports yet", "text": "They are opened when an award is accepted."}

    def get_queryset(self) -> QuerySet[Report]:
        user: Any = self.request.user
        place = Case(
            *(When(state=state, then=Value(number)) for number, state in enumerate(ORDER)), output_field=IntegerField()
        )
        recipient = Coalesce("milestone__award__community__name", "milestone__award__organisation__name")
        seen = Report.objects.visible_to(user).named()
        return seen.annotate(place=place, recipient=recipient, turn=turn(local_today()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trail = [("Home", reverse("home")), ("Reports", "")]
        context = super().get_context_data(trail=trail, **kwargs)
        if not context["table"].paginator.count and not any(self.filterset.form.cleaned_data.values()):
            nothing = {
                "title": "No report is open",
                "text": "There is nothing to write, to sign or to review.",
                "url": f"?{self.everything}",
                "action": "Show every report",
            }
            context |= {"is_empty": True, "empty": nothing}
        return context
