"""What is asked of those who review a report."""

from typing import Any

from django import forms

from grants.forms import PlainForm


class NoteForm(PlainForm, forms.Form):
    """A recommendation, with a note for whoever approves."""

    note = forms.CharField(
        label="Note", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Whoever approves reads this",
    )  # fmt: skip


class ApproveForm(PlainForm, forms.Form):
    """Which version is approved: the one that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)


class DecisionForm(PlainForm, forms.Form):
    """What to do with the version that the page shows."""

    mark_optional = False
    verb = forms.ChoiceField(label="Your decision", widget=forms.RadioSelect)
    words = forms.CharField(
        label="Reason, or note", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="A return needs a reason: the grantee reads it. With a recommendation it is a note for the approver",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A return has a reason; an approval carries no words that nobody would read."""
        data = super().clean() or {}
        words = data.get("words", "").strip()
        if data.get("verb") == "return" and not words and "words" not in self.errors:
            self.add_error("words", "Say what needs to change: the grantee reads it")
        if data.get("verb") == "approve" and words:
            self.add_error(
                "words", "Nobody reads these words with an approval. Take them out, or choose another decision"
            )
        return data
