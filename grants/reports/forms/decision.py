"""What is asked of those who review a report."""

from collections.abc import Sequence
from typing import Any

from django import forms

from grants.forms import PlainForm

APPROVALS = ("approve", "agree")
CHANGE = "change-"


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
    """What to do with the version that the page shows: what should change in each part, whether its payment is held."""

    mark_optional = False
    verb = forms.ChoiceField(label="Your decision", widget=forms.RadioSelect)
    words = forms.CharField(
        label="Reason, or note", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="With a return the grantee reads it first. With a recommendation it is a note for the approver",
    )  # fmt: skip
    hold = forms.BooleanField(label="Hold the payment", required=False)
    hold_reason = forms.CharField(
        label="Why it is held", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The grantee reads it. The report is approved all the same",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)

    def __init__(
        self, choices: list[tuple[str, str]], sections: Sequence[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = choices  # type: ignore[attr-defined]
        for code, title in sections:
            self.fields[f"{CHANGE}{code}"] = forms.CharField(
                label=title, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label_suffix=""
            )

    @property
    def changes(self) -> list[Any]:
        """The fields in which one says what should change, a part each."""
        return [self[name] for name in self.fields if name.startswith(CHANGE)]

    @property
    def opens_changes(self) -> bool:
        """Whether a field in which one says what should change has a fault."""
        return any(field.errors for field in self.changes)

    @property
    def named(self) -> dict[str, str]:
        """What should change, by the part's code, of the parts of which something is said."""
        typed = getattr(self, "cleaned_data", {})  # as it will be stored; before that, as it stands in the form
        given = {
            field.name.removeprefix(CHANGE): str(typed.get(field.name, field.value()) or "").strip()
            for field in self.changes
        }
        return {code: words for code, words in given.items() if words}

    def clean(self) -> dict[str, Any]:
        """A return names a part; an approval carries no words that nobody would read; a held payment has a reason."""
        data = super().clean() or {}
        verb, words = data.get("verb"), data.get("words", "")
        if verb == "return" and not self.named and self.changes and not self.errors:
            self.add_error(self.changes[0].name, "Say of at least one part what needs to change: the grantee reads it")
        if verb in APPROVALS and words:
            self.add_error(
                "words", "Nobody reads these words with an approval. Take them out, or choose another decision"
            )
        if data.get("hold") and not data.get("hold_reason") and "hold_reason" not in self.errors:
            self.add_error("hold_reason", "Say why the payment is held: the grantee reads it")
        if data.get("hold_reason") and not data.get("hold"):
            self.add_error("hold", "Tick this to hold the payment, or take the reason out")
        if data.get("hold") and verb and verb not in APPROVALS:
            self.add_error("hold", "The payment is held with an approval. Take the tick away, or approve")
        return data
