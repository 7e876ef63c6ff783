"""What an administrator writes about what reports ask, and about what is measured."""

from typing import Any

from django import forms

from grants.forms import PlainForm
from grants.programmes.models import Indicator, Section
from grants.programmes.services import RULES
from grants.programmes.services.asking import WRITTEN

MOST_WORDS, MOST_MINUTES = 10_000, 600


class SectionForm(PlainForm, forms.ModelForm):
    """One part of a set: what it asks, of whom, and who reads it."""

    word_limit = forms.IntegerField(
        label="Words at most", initial=600, min_value=10, max_value=MOST_WORDS, help_text="Counts for a narrative"
    )
    minutes = forms.IntegerField(
        label="Minutes", initial=15, min_value=1, max_value=MOST_MINUTES, help_text="How long it takes, roughly"
    )

    class Meta:
        model = Section
        fields = WRITTEN
        labels = {
            "title": "Title",
            "form": "Form",
            "required": "A report cannot be sent without it",
            "asked_from": "Asked of awards that are at least",
            "readers": "Read by",
        }
        help_texts = {
            "title": "As grantees read it. Their earlier answers are found by the part, not by its title",
            "guidance": "What is to be written, in a sentence or two",
            "asked_from": "",
            "readers": "Who reads it once it is approved",
        }
        widgets = {"guidance": forms.Textarea(attrs={"rows": 3})}


class IndicatorForm(PlainForm, forms.ModelForm):
    """One indicator. Its rules are shown and not changed once something uses it."""

    class Meta:
        model = Indicator
        fields = ("title", "definition", "code", "unit", "measure", "over_time", "across")
        labels = {
            "title": "Title",
            "definition": "Definition",
            "code": "Code",
            "measure": "What is counted",
            "over_time": "Over time",
            "across": "Over awards",
        }
        help_texts = {
            "definition": "What counts, and what does not, so that two people count alike",
            "code": "A short word for workbooks and files, such as learners",
        }
        widgets = {"definition": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, stands: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in RULES if stands else ():
            self.fields[name].disabled = True
