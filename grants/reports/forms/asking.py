"""A figure that is asked of somebody: the question, the answer, and what becomes of it."""

from datetime import date
from typing import Any

from django import forms

from grants.formats import date_words, local_today
from grants.forms import DayField, MoneyField, PlainForm
from grants.programmes.models import Indicator
from grants.reports.forms.numbers import NumberField

LONG = 2000


class AskForm(PlainForm, forms.Form):
    """Whom to ask, for what, and by when."""

    to_name = forms.CharField(
        label="Name of the school or partner", max_length=200, help_text="For example, St Mary’s School"
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="Only your organisation sees it. Exemplar sends one message there",
    )
    message = forms.CharField(
        label="What you want to know, in a sentence",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a sentence what you want to know"},
    )
    wanted_by = DayField(label="By when")
    set_awaited = forms.BooleanField(
        label="Set the figure to awaited from them meanwhile, if it has no number", required=False, initial=True
    )

    mark_optional = False

    def clean_wanted_by(self) -> date:
        """Today or later: the link works until the end of that day."""
        day: date = self.cleaned_data["wanted_by"]
        if day < local_today():
            raise forms.ValidationError(f"{date_words(day)} has passed. Give today or a later day")
        return day


class AnswerForm(PlainForm, forms.Form):
    """The figure, from somebody without an account."""

    value = NumberField(label="The figure")
    numerator = NumberField(label="How many")
    denominator = NumberField(label="Of how many")
    answered_by = forms.CharField(
        label="Your name", max_length=200, help_text="So that whoever asked you knows whom to ask"
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example, how it was counted. No names of participants, please",
    )

    def __init__(self, indicator: Indicator, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if indicator.is_ratio:
            del self.fields["value"]
        else:
            del self.fields["numerator"], self.fields["denominator"]
            if indicator.measure == Indicator.Measure.MONEY:
                self.fields["value"] = MoneyField(label="The amount", error_messages={"required": "Give the amount"})
            elif indicator.measure == Indicator.Measure.PEOPLE:
                self.fields["value"].whole = True  # type: ignore[attr-defined]
        self.order_fields(["value", "numerator", "denominator"])

    def clean(self) -> dict[str, Any]:
        """Of a ratio, the part is within the whole, and somebody was asked."""
        data = super().clean() or {}
        part, whole = data.get("numerator"), data.get("denominator")
        if whole is not None and not whole:
            self.add_error("denominator", "Give more than 0: this is of how many")
        elif part is not None and whole is not None and part > whole:
            self.add_error("numerator", "This is more than the number below it, of which it is a part. Check both")
        return data


class SettleForm(PlainForm, forms.Form):
    """What becomes of an answer."""

    ACCEPT = (("final", "Accept it as final"), ("provisional", "Accept it as provisional"))
    ASIDE = ("aside", "Set it aside: the report stays as it is")

    choice = forms.ChoiceField(
        label="What to do with it",
        choices=[*ACCEPT, ASIDE],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to accept the answer or to set it aside"},
    )

    def offer(self, takes_in: bool) -> None:
        """Show whether an answer can be accepted now. What is chosen all the same, the service says why it cannot be."""
        self.fields["choice"].choices = [*self.ACCEPT, self.ASIDE] if takes_in else [self.ASIDE]  # type: ignore[attr-defined]
