"""What is asked about a payment."""

from django import forms

from grants.formats import local_today
from grants.forms import DayField, PlainForm


class PayForm(PlainForm, forms.Form):
    """When the money was sent, and under which reference."""

    paid_on = DayField(label="Date of payment", initial=local_today)
    payment_reference = forms.CharField(
        label="Payment reference", required=False, max_length=80, help_text="As it stands on the bank statement"
    )
