"""The list of payments, with its sums and its file for finance."""

from typing import Any, ClassVar

from django.db.models import Case, DateField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from grants import lists
from grants.awards.models import Award, Tranche
from grants.formats import date_words, money, plural
from grants.money.views.steps import named, steps_of
from grants.people.models import GRANTEE_ROLES, MANAGING_ROLES
from grants.programmes.models import Programme

ORDER = ("released", "scheduled", "held", "paid", "cancelled")
MANAGERS = 4
NOTES = {"released": "to be paid", "scheduled": "when earned", "held": "kept back", "paid": "sent"}


def programmes(request: Any) -> QuerySet[Programme]:
    """Those in which the person sees an award."""
    seen = Award.objects.visible_to(request.user).order_by()
    return Programme.objects.filter(Exists(seen.filter(strand__programme=OuterRef("pk"))))


def when(tranche: Any) -> str:
    """The date that matters in the payment's state."""
    if tranche.state in ("paid", "released"):
        return f"{tranche.get_state_display()} {date_words(tranche.day)}"
    if tranche.state in ("scheduled", "held"):
        return f"Report due {date_words(tranche.day)}" if tranche.milestone else "On acceptance"
    return ""


class WhenColumn(lists.TextColumn):
    """The date that matters in the payment's state, in words that say which it is."""

    def render(self, record: Any) -> str:  # type: ignore[override]
        return self.hinted(record, when(record))


class StepsColumn(lists.TextColumn):
    """What the person can do with the payment now."""

    def render(self, record: Any, table: Any) -> str:
        about = f" the payment {record.name} of {record.award.reference}"
        offered = [(step.url, step.label, about) for step in steps_of(record, table.request.user)]
        links = format_html_join("", '<a href="{}">{}<span class="aside-text">{}</span></a>', offered)
        return format_html('<div class="actions">{}</div>', links) if offered else ""


class PaymentTable(lists.Table):
    """Payments; a file has everything that is needed to pay."""

    recipient = lists.RecordColumn(
        verbose_name="Award",
        linkify=lambda record: record.award.get_absolute_url(),
        hint="award__reference",
        order_by=("recipient", "award__reference"),
        footer=lambda table: f"Total of {plural(table.paginator.count, 'payment')}",
    )
    reference = lists.TextColumn("Reference", "award__reference", visible=False)
    title = lists.TextColumn("Title", "award__title", visible=False)
    payee = lists.TextColumn("Paid to", "award__organisation__name", visible=False)
    identifier = lists.TextColumn("Organisation identifier", "award__organisation__identifier", visible=False)
    programme = lists.TextColumn("Programme", "award__strand__programme__title", visible=False)
    strand = lists.TextColumn("Strand", "award__strand__title", visible=False)
    name = lists.TextColumn("Payment", order_by="number")
    state = lists.StateColumn(order_by="place")
    when = WhenColumn("Date", "day", hint="payment_reference", exclude_from_export=True)
    due_on = lists.DayColumn("Report due on", "milestone__due_on", visible=False)
    released_at = lists.DayColumn("Released on", visible=False)
    paid_on = lists.DayColumn("Paid on", visible=False)
    payment_reference = lists.TextColumn("Payment reference", visible=False)
    amount = lists.PoundsColumn("Amount, £", total=True)
    steps = StepsColumn(accessor="pk", orderable=False, exclude_from_export=True)

    class Meta(lists.Table.Meta):
        caption = "Payments, in pounds"


class PaymentFilter(lists.Filter):
    """By words, state, programme, and the day that matters in the payment's state: paid, released, else due."""

    words = lists.WordsFilter(label="Award, recipient or reference", method="with_words")
    state = lists.SeveralFilter(choices=Tranche.State.choices)
    programme = lists.OneFilter(label="Programme", field_name="award__strand__programme", queryset=programmes)
    since = lists.DayFilter(label="Paid or due from", field_name="day", lookup_expr="gte")
    until = lists.DayFilter(label="Until", field_name="day", lookup_expr="lte")

    def with_words(self, queryset: QuerySet[Tranche], name: str, value: str) -> QuerySet[Tranche]:
        """Of an award that a search for the words finds, or under this reference."""
        awards = Award.objects.order_by().matching(value).values("pk")
        return queryset.filter(Q(award__in=awards) | Q(payment_reference__icontains=value.strip()))


class PaymentsView(lists.ListView):
    """The payments of every award that the person sees: those to be made first."""

    table_class = PaymentTable
    filterset_class = PaymentFilter
    template_name = "money/payments.html"
    title = "Payments"
    things = "payments"
    empty: ClassVar = {"title": "No payments yet", "text": "Payments stand here once an award is offered."}

    def get_queryset(self) -> QuerySet[Tranche]:
        place = Case(
            *(When(state=state, then=Value(number)) for number, state in enumerate(ORDER)), output_field=IntegerField()
        )
        day = Case(
            When(state="paid", then=F("paid_on")),
            When(state="released", then=TruncDate("released_at")),
            default=Coalesce("milestone__due_on", "award__starts"),
            output_field=DateField(),
        )
        recipient = Coalesce("award__community__name", "award__organisation__name")
        seen = named(Tranche.objects.visible_to(self.request.user))  # type: ignore[arg-type]
        return seen.annotate(place=place, day=day, recipient=recipient).order_by(
            "place", "day", "award__reference", "number"
        )

    def get_table(self, **kwargs: Any) -> lists.Table:
        user: Any = self.request.user
        table = super().get_table(**kwargs)
        if not user.organisations_as(*MANAGING_ROLES):
            table.columns.hide("steps")
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = Tranche.objects.visible_to(self.request.user).order_by()  # type: ignore[arg-type]
        sums: dict[str, Any] = dict(seen.values_list("state").annotate(total=Sum("amount")))
        figures = [
            {
                "label": Tranche.State(state).label,
                "value": money(sums.get(state, 0), pence=False),
                "note": NOTES[state],
                "url": f"?state={state}",
            }
            for state in ORDER
            if state in NOTES
        ]
        trail = [("Home", reverse("home")), ("Payments", "")]
        return super().get_context_data(figures=figures, trail=trail, managed=self._managed(), **kwargs)

    def _managed(self) -> QuerySet[Award]:
        """For a grantee an award of each manager and cover whom it may ask about a payment."""
        user: Any = self.request.user
        if not user.organisations_as(*GRANTEE_ROLES):
            return Award.objects.none()
        own = Award.objects.filter(
            Award.objects.seen_as_grantee(user), state__in=Award.FROM_OFFER_ON, manager__isnull=False
        )
        each = own.order_by("manager_id", "cover_id", "reference").distinct("manager_id", "cover_id")
        return each.select_related("manager", "cover", "strand__managing_body")[:MANAGERS]
