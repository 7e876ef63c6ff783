"""Pages of payments: the list, and the steps of one payment."""

from grants.money.views.listing import PaymentsView
from grants.money.views.steps import STEPS, PaymentStepView, steps_of

__all__ = ["STEPS", "PaymentStepView", "PaymentsView", "steps_of"]
