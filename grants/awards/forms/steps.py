"""What the steps of an award ask."""

from datetime import date, timedelta

from django import forms

from grants.formats import local_today
from grants.forms import DayField, PlainForm

DAYS_TO_ACCEPT = 28


def in_four_weeks() -> date:
    """The last day for acceptance that is offered."""
    return local_today() + timedelta(days=DAYS_TO_ACCEPT)


class OptionalReasonForm(PlainForm, forms.Form):
    """A step for which a reason helps and is not asked."""

    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The people concerned read this",
        max_length=5000,
        required=False,
    )


class NoteForm(PlainForm, forms.Form):
    """What goes with a recommendation."""

    note = forms.CharField(
        label="Why you recommend it",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Whoever approves reads this, and it stays in the history",
        max_length=5000,
        required=False,
    )


class OfferForm(PlainForm, forms.Form):
    """Until when an offer can be accepted."""

    acceptance_due = DayField(label="Last day for acceptance", initial=in_four_weeks)

    def clean_acceptance_due(self) -> date:
        """A day that has not passed."""
        day: date = self.cleaned_data["acceptance_due"]
        if day < local_today():
            raise forms.ValidationError("This day has passed. Give a later one")
        return day
