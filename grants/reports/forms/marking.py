"""How a reviewer reads a part, and what a grantee answers to a question."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from grants.forms import PlainForm
from grants.reports.models import Mark

LONG = 2000


class MarkForm(PlainForm, forms.Form):
    """Fine, a question, or what needs to change, of one part; its fields have ids of their own on a page of many."""

    mark_optional = False
    verdict = forms.ChoiceField(
        label="Your reading",
        choices=Mark.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you read this part"},
    )
    indicator = forms.ChoiceField(label="About which figure", required=False)
    words = forms.CharField(
        label="Your question, or what needs to change",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The grantee reads it: a question at once, a change with the return",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)

    def __init__(
        self, code: str, figures: Sequence[tuple[str, str]], data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.code = code
        super().__init__(data, auto_id=f"{code}-%s", **kwargs)
        if figures:
            self.fields["indicator"].choices = [("", "The whole part"), *figures]  # type: ignore[attr-defined]
        else:
            del self.fields["indicator"]

    def clean(self) -> dict[str, Any]:
        """A question asks something, and a change says what."""
        data = super().clean() or {}
        verdict = data.get("verdict")
        if verdict in (Mark.Verdict.ASK, Mark.Verdict.CHANGE) and not data.get("words") and "words" not in self.errors:
            self.add_error(
                "words", "Write your question" if verdict == Mark.Verdict.ASK else "Say what needs to change"
            )
        if verdict == Mark.Verdict.FINE and data.get("words"):
            self.add_error("words", "Take these words out, or choose “Ask” or “Needs change”")
        return data


class ReplyForm(PlainForm, forms.Form):
    """The answer to a question."""

    text = forms.CharField(
        label="Your answer",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="It joins the record, and stays as it is",
        error_messages={"required": "Write an answer"},
    )
