"""What became of what was promised and agreed before."""

from collections.abc import Mapping
from typing import Any

from django import forms

from grants.forms import PlainForm
from grants.reports.forms.answers import MOST
from grants.reports.forms.rows import RowForms
from grants.reports.since import Item


class ItemForm(PlainForm, forms.Form):
    """What became of one promise or action. It may be saved unfinished."""

    mark_optional = False
    text = forms.CharField(
        label="What became of it", required=False, max_length=MOST, widget=forms.Textarea(attrs={"rows": 3})
    )
    done = forms.BooleanField(label="It is done", required=False)

    def __init__(self, item: Item, data: Mapping[str, Any] | None) -> None:
        self.item = item
        super().__init__(data, prefix=item.key, initial={"text": item.text, "done": item.done})
        if not item.is_action:
            del self.fields["done"]


class SinceForm(RowForms[ItemForm]):
    """What became of everything that was promised and agreed."""

    def __init__(self, items: list[Item], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(items, ItemForm, data)

    def given(self) -> dict[str, tuple[str, bool]]:
        """What was typed, by the item's key."""
        return {row.item.key: (row.cleaned_data["text"], bool(row.cleaned_data.get("done"))) for row in self.rows}
