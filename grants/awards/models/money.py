"""An award's money: who pays it, what it may be spent on, and the payments in which it is given."""

from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from grants import clock
from grants.awards import permissions
from grants.awards.models.award import Award
from grants.awards.models.promises import Milestone
from grants.lifecycle.machine import Machine, enforced
from grants.people.models import Organisation, User


class FundingQuerySet(models.QuerySet["Funding"]):
    def visible_to(self, user: User) -> "FundingQuerySet":
        """A funder sees what it pays; everybody else the fundings of the awards that they see."""
        return self.filter(
            Q(funder__in=user.organisations_as("viewer"), award__state__in=Award.FROM_OFFER_ON)
            | Award.objects.seen_by(user, "award__")
        )


class Funding(models.Model):
    """Which funder pays how much of an award."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="fundings")
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="fundings")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    objects = FundingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["award", "-amount", "funder__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["award", "funder"], name="one_funding_per_funder"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="funding_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.funder}: £{self.amount:,.2f}"


class BudgetLine(models.Model):
    """A heading of an award's budget."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="budget_lines")
    title = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["award", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["award", "title"], name="budget_line_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_line_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title


class TrancheQuerySet(models.QuerySet["Tranche"]):
    def visible_to(self, user: User) -> "TrancheQuerySet":
        """The payments of the awards that the person sees, once they are offered: before, they are a plan."""
        return self.filter(Award.objects.seen_by(user, "award__"), award__state__in=Award.FROM_OFFER_ON)


def earned(tranche: "Tranche") -> bool:
    """The award must be accepted, and the milestone of the payment settled."""
    if tranche.milestone is not None:
        return tranche.milestone.settled_at is not None
    return tranche.award.state in ("active", "evaluating", "suspended")


@enforced
class Tranche(Machine):
    """A part of an award's money, on acceptance (no milestone) or on a milestone. On screen: payment."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        HELD = "held", "Held"
        RELEASED = "released", "Released"
        PAID = "paid", "Paid"
        CANCELLED = "cancelled", "Cancelled"

    BORN = ("scheduled", "released", "paid", "cancelled")
    ALONG = ("milestone",)

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="tranches")
    number = models.PositiveSmallIntegerField()
    milestone = models.ForeignKey(Milestone, null=True, blank=True, on_delete=models.PROTECT, related_name="tranches")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    state = FSMField(choices=State.choices, default=State.SCHEDULED, protected=True, editable=False)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    paid_on = models.DateField(null=True, blank=True)
    payment_reference = models.CharField(max_length=80, blank=True)

    objects = TrancheQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["award", "number"]
        verbose_name = "payment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["award", "number"], name="tranche_number_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="tranche_not_negative"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_on__isnull=False), name="tranche_paid_has_date"),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False), name="tranche_released_has_date"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="payments_sum_to_amount",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                declare=[("award", "record"), ("total", "numeric")],
                func="""
                    FOR award IN SELECT * FROM awards_award WHERE id IN (OLD.award_id, NEW.award_id) LOOP
                        SELECT COALESCE(SUM(amount), 0) INTO total FROM awards_tranche WHERE award_id = award.id;
                        IF award.state IN ('offered', 'active', 'evaluating', 'suspended', 'closed', 'terminated')
                            AND total IS DISTINCT FROM award.amount THEN
                            RAISE EXCEPTION 'The payments of % sum to %, not to its amount', award.reference, total
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_sum_to_amount';
                        END IF;
                    END LOOP;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, £{self.amount:,.2f}"

    @classmethod
    def root_of(cls, pk: int) -> tuple[type[Machine], int]:
        """Payments move under their award's lock, and in its history."""
        return Award, cls._default_manager.values_list("award", flat=True).get(pk=pk)

    def stands_under(self, root: Machine) -> None:
        """The payment's award is the one that was locked."""
        self.award = root  # type: ignore[assignment]

    @property
    def name(self) -> str:
        """What people call it: "On acceptance", or the milestone's name."""
        return self.milestone.name if self.milestone else "On acceptance"

    # --- The machine ------------------------------------------------------------------------------------------------------
    # fmt: off

    @transition(
        state, State.SCHEDULED, State.RELEASED, conditions=[earned], permission=permissions.payment_approver_or_system,
        custom={"label": "Release", "done": "Released a payment"},
    )
    def release(self, **facts: Any) -> None:
        self.released_at = clock.now()

    @transition(
        state, State.RELEASED, State.PAID, permission=permissions.finance,
        custom={"label": "Record the payment", "done": "Recorded a payment"},
    )
    def pay(self, *, paid_on: date, payment_reference: str = "", **facts: Any) -> None:
        self.paid_on = paid_on
        self.payment_reference = payment_reference

    @transition(
        state, State.SCHEDULED, State.HELD, permission=permissions.payment_approver,
        custom={"label": "Hold", "done": "Held a payment", "reason": True},
    )
    def hold(self, **facts: Any) -> None: ...

    @transition(
        state, State.HELD, State.SCHEDULED, permission=permissions.payment_approver,
        custom={"label": "Stop holding", "done": "Stopped holding a payment"},
    )
    def unhold(self, **facts: Any) -> None: ...

    @transition(
        state, [State.SCHEDULED, State.HELD, State.RELEASED], State.CANCELLED,
        permission=permissions.payment_approver_or_system,
        custom={"label": "Cancel", "done": "Cancelled a payment", "reason": True},
    )
    def cancel(self, **facts: Any) -> None: ...
    # fmt: on
