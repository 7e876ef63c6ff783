"""The filter of a programme's portfolio."""

from typing import Any

from django import forms

from grants.awards.models import Award
from grants.forms import PlainForm
from grants.programmes.models import Programme, Strand

SEEN = [choice for choice in Award.State.choices if choice[0] != Award.State.DRAFT]


class PortfolioFilter(PlainForm, forms.Form):
    """Asked by GET. What cannot be read is said at its field, and narrows nothing."""

    mark_optional = False

    strand = forms.ModelChoiceField(Strand.objects.none(), required=False, empty_label="Every strand")
    state = forms.ChoiceField(required=False, choices=[("", "Offered and later"), *SEEN])
    words = forms.CharField(label="Recipient, title or reference", required=False, max_length=200)

    def __init__(self, programme: Programme, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["strand"].queryset = programme.strands.all()  # type: ignore[attr-defined]
        self.is_valid()

    def asked(self) -> dict[str, Any]:
        """What to narrow by."""
        return {name: self.cleaned_data.get(name) or "" for name in ("state", "words")} | {
            "strand": self.cleaned_data.get("strand")
        }
