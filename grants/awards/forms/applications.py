"""What an applicant types."""

from collections.abc import Sequence
from typing import Any

from django import forms

from grants.awards.services import APPLICATION
from grants.forms import DayField, MoneyField, PlainForm
from grants.people.models import Community, Organisation

LONG = 20_000


class BeginForm(PlainForm, forms.Form):
    """For whom an application is begun: an organisation, or a community through its lead."""

    call = forms.IntegerField(widget=forms.HiddenInput)
    applicant = forms.ChoiceField(label="Who applies?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, applicants: Sequence[Organisation | Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applicants = {f"{type(one).__name__.lower()}-{one.pk}": one for one in applicants}
        field = self.fields["applicant"]
        field.choices = [(key, str(one)) for key, one in self.applicants.items()]  # type: ignore[attr-defined]
        if len(self.applicants) == 1:
            field.widget = forms.HiddenInput()
            field.initial = next(iter(self.applicants))

    def clean_applicant(self) -> Organisation | Community:
        """The body itself."""
        return self.applicants[self.cleaned_data["applicant"]]


class ApplicationForm(PlainForm, forms.Form):
    """The short application. Nothing is asked for before it is signed: only what has the wrong shape is a fault."""

    mark_optional = False

    title = forms.CharField(label="Title of the project", max_length=200, required=False)
    description = forms.CharField(
        label="What is it for?",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="In a few sentences: funders and the public read this",
        max_length=LONG,
        required=False,
    )
    plan = forms.CharField(
        label="What will you do?",
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="What will be done, with whom, and how you will know that it worked. The managing body reads this",
        max_length=LONG,
        required=False,
    )
    place = forms.CharField(
        label="Where does it happen? (optional)",
        help_text="A town, a region, or the schools taking part",
        max_length=200,
        required=False,
    )
    starts = DayField(label="First day", required=False)
    ends = DayField(label="Last day", required=False)
    amount_applied_for = MoneyField(label="Amount that you ask for", required=False)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "This is before the first day. Give a later one, or mend the first day")
        return cleaned

    @staticmethod
    def initial_of(award: Any) -> dict[str, Any]:
        """What is stored so far."""
        return {name: getattr(award, name) for name in APPLICATION}
