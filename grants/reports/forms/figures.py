"""The table of figures: a row an indicator. Blank is never zero; whatever is filled in must be fit to be kept."""

from collections.abc import Mapping
from typing import Any

from django import forms

from grants.forms import DayField, MoneyField, PlainForm
from grants.programmes.models import Indicator
from grants.reports.figures import Figure, Given, per_cent
from grants.reports.forms.numbers import NumberField
from grants.reports.forms.rows import RowForms
from grants.reports.models import Result

Status = Result.Status
KEPT_WITH = (Status.AWAITED, Status.PROVISIONAL)
"""Statuses beside which "from whom" and "by when" mean something."""


class FigureForm(PlainForm, forms.Form):
    """What a report says of one indicator."""

    value = NumberField(required=False)
    numerator = NumberField(required=False)
    denominator = NumberField(required=False)
    status = forms.ChoiceField(choices=[("", "Choose"), *Status.choices], required=False)
    awaited_from = forms.CharField(max_length=200, required=False)
    awaited_by = DayField(required=False)
    source = forms.CharField(max_length=200, required=False)

    LABELS = {
        "value": "this period",
        "numerator": "this period, how many",
        "denominator": "this period, of how many",
        "status": "status",
        "awaited_from": "awaited from whom",
        "awaited_by": "awaited by when",
        "source": "source",
    }

    def __init__(self, figure: Figure, data: Mapping[str, Any] | None) -> None:
        self.figure = figure
        self.indicator = indicator = figure.indicator
        super().__init__(data, prefix=f"figure{indicator.pk}", initial=_initial(figure.given))
        if indicator.is_ratio:
            del self.fields["value"]
        else:
            del self.fields["numerator"], self.fields["denominator"]
            if indicator.measure == Indicator.Measure.PEOPLE:
                self.fields["value"] = NumberField(required=False, whole=True)
            elif indicator.measure == Indicator.Measure.MONEY:
                self.fields["value"] = MoneyField(
                    required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
                )
        for name, field in self.fields.items():
            field.help_text = ""  # the table's own headings say it
            field.label = f"{indicator.title}, {self.LABELS[name]}"
            field.widget.attrs["aria-label"] = field.label
            if name in ("source", "awaited_from", "awaited_by"):
                field.widget.attrs["style"] = (
                    "text-align: start"  # in this table, numbers end their column; words do not
                )
        self.order_fields(["value", "numerator", "denominator", "status"])

    @property
    def numbers(self) -> list[forms.BoundField]:
        """The field of the number, or the two of a ratio."""
        return [self[name] for name in ("value", "numerator", "denominator") if name in self.fields]

    @property
    def is_final(self) -> bool:
        """Whether the number is there for good, so that nothing is awaited."""
        return self["status"].value() == Status.FINAL

    @property
    def details_open(self) -> bool:
        """Whether "from whom, by when" matters now."""
        names = ("awaited_from", "awaited_by")
        return self["status"].value() == Status.AWAITED or any(
            self[name].value() or self[name].errors for name in names
        )

    def clean(self) -> dict[str, Any]:
        """What is filled in must fit together."""
        data = super().clean() or {}
        number_known = self._clean_number(data)
        status = data.get("status", "")
        if number_known is None or "status" in self.errors:
            return data
        if number_known and not status:
            data["status"] = Status.FINAL
        elif number_known and status not in Result.KNOWN:
            label = str(Status(status).label).lower()
            self.add_error(
                "status", f"A figure that is {label} has no number. Take the number out, or choose Final or Provisional"
            )
        elif not number_known and status in Result.KNOWN:
            self.add_error(self.numbers[0].name, "Give the number, or choose another status. Blank is never zero")
        elif status == Status.AWAITED:
            self._ask_whence(data)
        elif not status and any(data.get(name) for name in ("awaited_from", "awaited_by", "source")):
            self.add_error(
                "status", "Choose a status: something beside it is filled in. If the figure is to come, choose Awaited"
            )
        return data

    def _clean_number(self, data: dict[str, Any]) -> bool | None:
        """Whether there is a number; None where what was typed is faulty. Of a ratio it works out the per cent."""
        if any(field.errors for field in self.numbers):
            return None
        if not self.indicator.is_ratio:
            return data.get("value") is not None
        part, whole = data.get("numerator"), data.get("denominator")
        data["value"] = None
        if part is None and whole is None:
            return False
        if part is None or whole is None:
            lacking = "numerator" if part is None else "denominator"
            self.add_error(lacking, "Give both numbers: how many, and of how many")
        elif not whole:
            self.add_error(
                "denominator", "Give more than 0: this is of how many. If nobody was asked, choose Not collected"
            )
        elif part > whole:
            self.add_error("numerator", "This is more than the number beside it, of which it is a part. Check both")
        else:
            data["value"] = per_cent(part, whole)
            return True
        return None

    def _ask_whence(self, data: dict[str, Any]) -> None:
        """An awaited figure says from whom it comes and by when."""
        if not data.get("awaited_from") and "awaited_from" not in self.errors:
            self.add_error("awaited_from", "Say from whom it is awaited, for example the partner university")
        if not data.get("awaited_by") and "awaited_by" not in self.errors:
            self.add_error("awaited_by", "Give the day by which you expect it, for example 8 June 2013")

    def row(self) -> dict[str, Any]:
        """What services.save_results wants of a valid row."""
        data = self.cleaned_data
        kept = data["status"] in KEPT_WITH
        return {
            "indicator": self.indicator,
            "status": data["status"],
            "value": data["value"],
            "numerator": data.get("numerator"),
            "denominator": data.get("denominator"),
            "awaited_from": data["awaited_from"] if kept else "",
            "awaited_by": data["awaited_by"] if kept else None,
            "source": data["source"],
        }


class FiguresForm(RowForms[FigureForm]):
    """The figures of a report, a row for each."""

    def __init__(self, figures: list[Figure], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(figures, FigureForm, data)


def _initial(given: Given | None) -> dict[str, Any]:
    """What a row shows that was stored."""
    if given is None:
        return {}
    amount = given.amount
    return {
        "status": given.status,
        "value": amount.value if amount else None,
        "numerator": amount.numerator if amount else None,
        "denominator": amount.denominator if amount else None,
        "awaited_from": given.awaited_from,
        "awaited_by": given.awaited_by,
        "source": given.source,
    }
