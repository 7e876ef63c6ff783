"""Pages of payments: the list, and the steps of one payment."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.awards.models import Tranche
from grants.awards.models.money import earned
from grants.formats import date_words, money, plural
from grants.lifecycle.steps import Offered, ReasonForm, Step, StepView, steps_for
from grants.money import services
from grants.money.forms import PayForm, StateFilter
from grants.people.models import User

AT_ONCE = 50
ORDER = ("released", "scheduled", "held", "paid", "cancelled")
NOTES = {"released": "to be paid", "scheduled": "when earned", "held": "kept back", "paid": "sent"}

STEPS = {
    "pay": Step(
        "pay",
        services.record_payment,
        "You record that the money was sent. The recipient sees the payment as paid.",
        PayForm,
    ),
    "release": Step(
        "release",
        services.release_payment,
        "The payment can be made, although no approval released it: after a waived report, for example. "
        "Finance then records when the money was sent.",
    ),
    "unhold": Step(
        "unhold",
        services.unhold_payment,
        "The payment is scheduled again. It is released at once if its milestone was settled meanwhile.",
    ),
    "hold": Step(
        "hold",
        services.hold_payment,
        "The payment is kept back, whatever is approved, until somebody stops holding it.",
        ReasonForm,
    ),
    "cancel": Step(
        "cancel",
        services.cancel_payment,
        "The payment is given up. It cannot be scheduled again.",
        ReasonForm,
        refuses=True,
    ),
}


def payments_seen_by(user: User) -> QuerySet[Tranche]:
    """The payments of awards that were offered: before that they are the managing body's plan, and no payments yet."""
    return Tranche.objects.visible_to(user)


def steps_of(tranche: Tranche, user: User) -> list[Offered]:
    """What the person can do with a payment now. To release it is offered once it is earned, not before."""
    steps = {verb: step for verb, step in STEPS.items() if verb != "release" or earned(tranche)}
    return steps_for(tranche, user, steps, lambda verb: reverse("money:step", args=[tranche.pk, verb]))


@login_required
@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """The payments of every award that the person sees: those to be made first."""
    user: Any = request.user
    seen = payments_seen_by(user)
    sums: dict[str, Any] = dict(seen.order_by().values_list("state").annotate(total=Sum("amount")))
    form = StateFilter(request.GET or {})
    asked = form.cleaned_data["state"] if form.is_valid() else ""
    page = Paginator(_in_order(seen.filter(state=asked) if asked else seen), AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "title": "Payments",
        "trail": [("Home", reverse("home")), ("Payments", "")],
        "figures": [
            {"label": Tranche.State(state).label, "value": money(sums.get(state, 0), pence=False), "note": NOTES[state]}
            for state in ORDER
            if state in NOTES
        ],
        "filter": form,
        "asked": asked,
        "page": page,
        "rows": [(tranche, _when(tranche), steps_of(tranche, user)) for tranche in page],
        "count": plural(page.paginator.count, "payment"),
        "total": sums.get(asked, 0) if asked else sum(sums.values()),
    }
    return render(request, "money/payments.html", context)


class PaymentStepView(StepView):
    """One step of a payment; afterwards one is back at its award."""

    steps = STEPS

    def record_for(self, request: HttpRequest, **where: Any) -> Tranche:
        """The payment, where the person may see it."""
        user: Any = request.user
        return get_object_or_404(_with_award(payments_seen_by(user)), pk=where["pk"])

    def next_url(self, request: HttpRequest, record: Any) -> str:
        """The payment's award."""
        return str(record.award.get_absolute_url())

    def back_url(self, record: Any) -> str:
        """The payment's award."""
        return str(record.award.get_absolute_url())

    def trail(self, record: Any) -> list[tuple[str, str]]:
        """By way of the list and the award."""
        payments_url = reverse("money:payments")
        return [("Home", reverse("home")), ("Payments", payments_url), (record.award.reference, self.back_url(record))]

    def consequences(self, request: HttpRequest, record: Any, verb: str) -> list[str]:
        """To whom, and how much."""
        amount = money(record.amount, pence=False)
        return [f"{amount} to {record.award.organisation}: {record.award.reference}, {record.name.lower()}."]


def _with_award(tranches: QuerySet[Tranche]) -> QuerySet[Tranche]:
    """With everything that a line of the list shows, and that its steps ask about."""
    return tranches.select_related(
        "milestone", "award__strand__managing_body", "award__organisation", "award__community"
    ).prefetch_related("award__community__members")


def _in_order(tranches: QuerySet[Tranche]) -> QuerySet[Tranche]:
    place = Case(
        *(When(state=state, then=Value(number)) for number, state in enumerate(ORDER)), output_field=IntegerField()
    )
    day = Coalesce("milestone__due_on", "award__starts")
    return _with_award(tranches).annotate(place=place, day=day).order_by("place", "day", "award__reference", "number")


def _when(tranche: Tranche) -> str:
    """The date that matters in the payment's state."""
    if tranche.state == "paid" and tranche.paid_on:
        return f"Paid {date_words(tranche.paid_on)}"
    if tranche.state == "released" and tranche.released_at:
        return f"Released {date_words(tranche.released_at)}"
    if tranche.state in ("scheduled", "held"):
        return f"Report due {date_words(tranche.milestone.due_on)}" if tranche.milestone else "On acceptance"
    return ""
