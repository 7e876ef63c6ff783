"""What is asked when a funder report is requested."""

from typing import Any

from django import forms

from grants.formats import date_words, local_today
from grants.forms import DayField, PlainForm
from grants.people.models import Organisation, Role, User
from grants.programmes.models import FunderShare, Programme


class RequestForm(PlainForm, forms.Form):
    """Programme, funder and period of a funder report."""

    share = forms.ModelChoiceField(
        label="Programme and funder", queryset=FunderShare.objects.none(), empty_label="Choose one"
    )
    period_start = DayField(label="Period from")
    period_end = DayField(label="Period to")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["share"]
        field.queryset = FunderShare.objects.filter(
            programme__managing_body__in=user.organisations_as(Role.REVIEWER, Role.APPROVER)
        ).select_related("programme", "funder")
        field.label_from_instance = lambda share: f"{share.programme}: {share.funder}"

    def clean(self) -> dict[str, Any]:
        """The period must be in order, within the programme, and over."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("period_start"), data.get("period_end")
        share = data.get("share")
        if start and end and end < start:
            self.add_error("period_end", "The period ends before it starts: give a later end")
        elif end and end > local_today():
            self.add_error("period_end", "The period ends in the future: give a day that has come")
        elif share and start and start < share.programme.starts:
            day = date_words(share.programme.starts)
            self.add_error("period_start", f"The programme began on {day}: give that day or a later one")
        return data

    @property
    def programme(self) -> Programme:
        """The programme chosen."""
        return self.cleaned_data["share"].programme

    @property
    def funder(self) -> Organisation:
        """The funder chosen."""
        return self.cleaned_data["share"].funder
