"""What is typed about a later due date."""

from datetime import date
from typing import Any

from django import forms

from grants.awards.models import Milestone
from grants.awards.services import wrong_until
from grants.forms import DayField, PlainForm

LONG = 2000


class AskForExtensionForm(PlainForm, forms.Form):
    """The day, and why."""

    until = DayField(label="New due date")
    reason = forms.CharField(
        label="Why you need it",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONG,
        help_text="A sentence is enough. The managing body reads it before it decides",
        error_messages={"required": "Say why you need a later day"},
    )

    def __init__(self, milestone: Milestone, *args: Any, **kwargs: Any) -> None:
        self.milestone = milestone
        super().__init__(*args, **kwargs)

    def clean_until(self) -> date:
        """Later than it is due now, and not long after the award."""
        day: date = self.cleaned_data["until"]
        if fault := wrong_until(self.milestone, day):
            raise forms.ValidationError(fault)
        return day


class DecideExtensionForm(PlainForm, forms.Form):
    """A button for each answer, and what is said with it."""

    mark_optional = False

    answer = forms.CharField(
        label="Answer",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONG,
        required=False,
        help_text="The grantee reads it. Wanted where you refuse",
    )

    def clean(self) -> dict[str, Any]:
        """Whoever refuses says why. Which button was pressed is in what was sent."""
        cleaned = super().clean() or self.cleaned_data
        if "refuse" in self.data and not cleaned.get("answer") and "answer" not in self.errors:
            self.add_error("answer", "Say why you refuse it")
        return cleaned
