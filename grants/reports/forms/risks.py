"""The risks of a full award: a small form for each, stored finished or not."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from grants.forms import PlainForm
from grants.reports.forms.rows import FEW_LINES, RowForms
from grants.reports.models import Risk

LEVELS = [("", "Choose"), *Risk.Level.choices]


class RiskForm(PlainForm, forms.Form):
    """One risk, in its place."""

    mark_optional = False
    what = forms.CharField(label="What could happen", required=False, max_length=2000, widget=forms.Textarea(FEW_LINES))
    response = forms.CharField(
        label="What is done about it", required=False, max_length=2000, widget=forms.Textarea(FEW_LINES)
    )
    likelihood = forms.ChoiceField(label="How likely", choices=LEVELS, required=False)
    impact = forms.ChoiceField(label="How grave", choices=LEVELS, required=False)
    who = forms.CharField(label="Who sees to it", required=False, max_length=200)

    def __init__(self, risk: Mapping[str, Any], data: Mapping[str, Any] | None) -> None:
        self.position = int(risk["position"])
        super().__init__(data, prefix=f"risk{self.position}", initial=dict(risk))

    @property
    def name(self) -> str:
        """Risk 2."""
        return f"Risk {self.position}"

    def row(self) -> dict[str, Any]:
        """What services.save_risks wants of a valid row."""
        return {"position": self.position, **self.cleaned_data}


class RisksForm(RowForms[RiskForm]):
    """As many forms as a report has risks at most; those that are empty stand at the end."""

    def __init__(self, risks: Sequence[Mapping[str, Any]], data: Mapping[str, Any] | None = None) -> None:
        places = {int(risk["position"]): risk for risk in risks}
        rows = [places.get(position, {"position": position}) for position in range(1, Risk.MOST + 1)]
        super().__init__(rows, RiskForm, data)

    @property
    def shown(self) -> list[RiskForm]:
        """Those that have something in them, and the next."""
        last = max((row.position for row in self.rows if self._is_used(row)), default=0)
        return self.rows[: last + 1]

    @property
    def more(self) -> list[RiskForm]:
        """The empty ones after that."""
        return self.rows[len(self.shown) :]

    @staticmethod
    def _is_used(row: RiskForm) -> bool:
        return bool(row.errors) or any(field.value() for field in row)
