"""What was spent on each budget line."""

from collections.abc import Mapping
from typing import Any

from django import forms

from grants.forms import MoneyField, PlainForm
from grants.reports.figures import Spent
from grants.reports.forms.rows import RowForms


class LineForm(PlainForm, forms.Form):
    """What was spent on one budget line in the period."""

    amount = MoneyField(required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))

    def __init__(self, spent: Spent, data: Mapping[str, Any] | None) -> None:
        self.spent = spent
        super().__init__(data, prefix=f"line{spent.line_id}", initial={"amount": spent.now})
        self.fields["amount"].label = f"{spent.title}, this period"
        self.fields["amount"].widget.attrs["aria-label"] = f"{spent.title}, this period, in pounds"


class SpendForm(RowForms[LineForm]):
    """What was spent, a row for each budget line."""

    def __init__(self, lines: list[Spent], data: Mapping[str, Any] | None = None) -> None:
        super().__init__([line for line in lines if line.line_id is not None], LineForm, data)
