"""What is typed about actions and conflicts of interest."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from grants.awards.services import Agreed
from grants.formats import local_today
from grants.forms import DayField, PlainForm, PlainFormSet
from grants.people.models import User


class AgreedForm(PlainForm, forms.Form):
    """An action: what, who, by when."""

    mark_optional = False
    text = forms.CharField(
        label="What is to be done",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what is to be done"},
    )
    owner = forms.TypedChoiceField(label="Owner")
    due_on = DayField(label="By when")

    def __init__(self, *args: Any, people: dict[str, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", ""), *((key, str(person)) for key, person in people.items())]  # type: ignore[attr-defined]
        self.fields["owner"].coerce = people.get  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        """Today or later."""
        day: date = self.cleaned_data["due_on"]
        if day < local_today():
            raise forms.ValidationError("This day has passed. Give today or a later one")
        return day


class AgreedFormSet(PlainFormSet):
    """The actions that are agreed with an approval: rows that are left empty count for nothing."""

    entry_name = "Action"

    @property
    def agreed(self) -> list[Agreed]:
        """What the filled rows say."""
        return [Agreed(**form.cleaned_data) for form in self.forms if form.has_changed() and form.is_valid()]


def agreed_forms(people: Iterable[User], data: Any = None, *, rows: int = 3) -> AgreedFormSet:
    """The rows in which actions are written down, for these owners; unbound where the page sent none."""
    make = forms.formset_factory(AgreedForm, formset=AgreedFormSet, extra=rows, max_num=20)
    sent = data if data is not None and "actions-TOTAL_FORMS" in data else None
    named = {str(person.pk): person for person in people}
    return make(sent, prefix="actions", form_kwargs={"people": named})  # type: ignore[return-value]


class DoneForm(PlainForm, forms.Form):
    """What was done about an action."""

    word = forms.CharField(
        label="What was done",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In a word or a sentence. Both sides read it",
        error_messages={"required": "Say in a word what was done"},
    )


class ConflictForm(PlainForm, forms.Form):
    """Why somebody keeps out of an award, or no longer needs to."""

    sentence = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In a sentence. The managing body reads it, and it stays as it is",
        error_messages={"required": "Say in a sentence why"},
    )
