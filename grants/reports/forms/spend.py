"""What was spent on each budget line, what it will come to, and why that is not what was planned."""

from collections.abc import Mapping
from typing import Any

from django import forms

from grants.formats import money
from grants.forms import MoneyField, PlainForm
from grants.reports.figures import Spent
from grants.reports.forms.rows import FEW_LINES, RowForms

DIGITS = {"inputmode": "decimal", "autocomplete": "off"}


class LineForm(PlainForm, forms.Form):
    """What was spent on one budget line in the period; but for light awards also what the line will come to, and why."""

    mark_optional = False
    amount = MoneyField(required=False, widget=forms.TextInput(attrs=DIGITS))
    forecast = MoneyField(required=False, widget=forms.TextInput(attrs=DIGITS))
    explanation = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(FEW_LINES))

    def __init__(self, spent: Spent, data: Mapping[str, Any] | None) -> None:
        self.spent = spent
        initial = {"amount": spent.now, "forecast": spent.forecast, "explanation": spent.explanation}
        super().__init__(data, prefix=f"line{spent.line_id}", initial=initial)
        labels = {"amount": "this period", "forecast": "forecast of the whole", "explanation": "explanation"}
        for name, words in labels.items():
            self.fields[name].label = f"{spent.title}, {words}"
        for name in ("amount", "forecast"):
            self.fields[name].widget.attrs["aria-label"] = f"{self.fields[name].label}, in pounds"
        if not spent.asks_forecast:
            del self.fields["forecast"]
        if not spent.explains:
            del self.fields["explanation"]

    @property
    def explanation_open(self) -> bool:
        """Whether an explanation is asked, or given."""
        return "explanation" in self.fields and (
            self.spent.wants_explanation or bool(self["explanation"].value() or self["explanation"].errors)
        )

    def clean(self) -> dict[str, Any]:
        """A forecast and an explanation stand beside an amount, and the whole is no less than what is spent already."""
        data = super().clean() or {}
        if "amount" in self.errors:
            return data
        amount, forecast = data.get("amount"), data.get("forecast")
        if amount is None:
            if forecast is not None or data.get("explanation"):
                self.add_error("amount", "Give what was spent in this period too. Nothing spent is 0")
        elif forecast is not None and forecast < self.spent.before + amount:
            so_far = money(self.spent.before + amount, pence=False)
            self.add_error(
                "forecast", f"This is less than the {so_far} spent to date. Give what the line comes to in all"
            )
        return data

    def row(self) -> tuple[Any, ...]:
        """What services.save_spend wants of a valid row, after its budget line."""
        data = self.cleaned_data
        return data["amount"], data.get("forecast"), data.get("explanation", "")


class SpendForm(RowForms[LineForm]):
    """What was spent, a row for each budget line."""

    def __init__(self, lines: list[Spent], data: Mapping[str, Any] | None = None) -> None:
        super().__init__([line for line in lines if line.line_id is not None], LineForm, data)
