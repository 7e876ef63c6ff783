"""What the managing body types about an award for itself."""

from datetime import date
from typing import Any

from django import forms

from grants.awards.models import Award, Judgement
from grants.awards.services import who_can_look_after, wrong_day
from grants.formats import local_today
from grants.forms import DayField, PlainForm
from grants.people.models import User

LONG = 5000
PEOPLE = "people"  # the id of the list of people that are offered


class ContactNoteForm(PlainForm, forms.Form):
    """A talk: when, with whom, what was said."""

    on = DayField(label="Day", initial=local_today)
    with_whom = forms.CharField(
        label="With whom",
        max_length=200,
        widget=forms.TextInput(attrs={"list": PEOPLE, "autocomplete": "off"}),
        error_messages={"required": "Say with whom you talked"},
    )
    text = forms.CharField(
        label="What was said",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What was agreed, by whom and by when. Only the managing body reads this, and a note stays as it is",
        max_length=LONG,
        error_messages={"required": "Say what was said"},
    )

    def __init__(self, award: Award, *args: Any, **kwargs: Any) -> None:
        self.award = award
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        """A day between the beginning of the award and today."""
        day: date = self.cleaned_data["on"]
        if fault := wrong_day(self.award, day):
            raise forms.ValidationError(fault)
        return day


class ManagersForm(PlainForm, forms.Form):
    """Who looks after an award, and who does in their absence."""

    mark_optional = False

    manager = forms.ModelChoiceField(
        User.objects.none(), label="Award manager", required=False, empty_label="Nobody yet"
    )
    cover = forms.ModelChoiceField(
        User.objects.none(),
        label="In their absence",
        required=False,
        empty_label="Nobody",
        help_text="The grantee sees both, with telephone and e-mail",
    )

    def __init__(self, award: Award, *args: Any, **kwargs: Any) -> None:
        initial = {"manager": award.manager_id, "cover": award.cover_id}
        super().__init__(*args, **{"initial": initial, **kwargs})
        for name in ("manager", "cover"):
            self.fields[name].queryset = who_can_look_after(award)  # type: ignore[attr-defined]

    def clean_cover(self) -> User | None:
        """Somebody else than the manager."""
        cover: User | None = self.cleaned_data["cover"]
        if cover and cover == self.cleaned_data.get("manager"):
            raise forms.ValidationError("Choose somebody else than the manager, or nobody")
        return cover


class JudgementForm(PlainForm, forms.Form):
    """How the managing body judges an award's course."""

    mark_optional = False

    course = forms.ChoiceField(
        label="How is it going?",
        choices=Judgement.Course.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it is going"},
    )
    reason = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Wanted unless it is on course",
        max_length=LONG,
        required=False,
    )
    next_step = forms.CharField(
        label="Next step",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What is done about it, by whom and by when. Wanted unless it is on course",
        max_length=LONG,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """A reason and a next step, unless it is on course."""
        cleaned = super().clean() or self.cleaned_data
        course = cleaned.get("course")
        if course and course != Judgement.Course.ON_COURSE:
            word = Judgement.Course(course).label.lower()
            for name, sentence in (("reason", f"Say why it is {word}"), ("next_step", "Say what is done about it")):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned
