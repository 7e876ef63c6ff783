"""Parts that are written in words."""

from typing import Any

from django import forms

from grants.formats import plain_text
from grants.forms import PlainForm
from grants.programmes.models import Section
from grants.reports.models import Answer

MOST = 50_000  # characters: far beyond any word limit, which a part may exceed while it is written


class ProseField(forms.CharField):
    """A text as people write or paste it: what a word processor put between its letters becomes plain text."""

    def to_python(self, value: Any) -> str:
        """Plain text, before it is measured: lines that end in two characters do not count twice."""
        return super().to_python(plain_text(str(value or ""))) or ""


class NarrativeForm(PlainForm, forms.Form):
    """A text. It may be saved unfinished."""

    mark_optional = False
    text = ProseField(required=False, max_length=MOST, widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, section: Section, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "This report"


class JudgementForm(NarrativeForm):
    """Whether the project is on course, and why it is not."""

    choice = forms.ChoiceField(choices=Answer.Choice.choices, required=False, widget=forms.RadioSelect)
    field_order = ("choice", "text")

    def __init__(self, section: Section, *args: Any, **kwargs: Any) -> None:
        super().__init__(section, *args, **kwargs)
        self.fields["choice"].label = "Your judgement"
        self.fields["text"].label = "Why, in a sentence or two"
        self.fields["text"].help_text = "If it is not on course: what is wrong, what is being done, and by when"
        self.fields["text"].widget.attrs["rows"] = 4
