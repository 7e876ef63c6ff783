"""The steps of one payment."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from grants.awards.models import Tranche
from grants.awards.models.money import earned
from grants.formats import money
from grants.lifecycle.steps import Offered, ReasonForm, Step, StepView, steps_for
from grants.money import services
from grants.money.forms import PayForm
from grants.people.models import User

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


def steps_of(tranche: Tranche, user: User) -> list[Offered]:
    """What the person can do with a payment now. To release it is offered once it is earned, not before."""
    steps = {verb: step for verb, step in STEPS.items() if verb != "release" or earned(tranche)}
    return steps_for(tranche, user, steps, lambda verb: reverse("money:step", args=[tranche.pk, verb]))


class PaymentStepView(StepView):
    """One step of a payment; afterwards one is back at its award."""

    steps = STEPS

    def record_for(self, request: HttpRequest, **where: Any) -> Tranche:
        """The payment, where the person may see it."""
        user: Any = request.user
        return get_object_or_404(named(Tranche.objects.visible_to(user)), pk=where["pk"])

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


def named(tranches: QuerySet[Tranche]) -> QuerySet[Tranche]:
    """With everything that a line of the list shows, and that its steps ask about."""
    return tranches.select_related(
        "milestone",
        "award__strand__managing_body",
        "award__strand__programme",
        "award__organisation",
        "award__community",
    ).prefetch_related("award__community__members")
