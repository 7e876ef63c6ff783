"""The table of figures: a row an indicator. Blank is never zero; whatever is filled in must be fit to be kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from grants.forms import DayField, MoneyField, PlainForm
from grants.programmes.models import Indicator
from grants.reports.figures import Figure, Given, per_cent, shown
from grants.reports.forms.numbers import NumberField
from grants.reports.forms.rows import RowForms
from grants.reports.models import FigureRequest, Result
from grants.reports.of_whom import OfWhom, Part

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
    confirmed = forms.BooleanField(required=False, initial=False)

    LABELS = {
        "value": "this period",
        "numerator": "this period, how many",
        "denominator": "this period, of how many",
        "status": "status",
        "awaited_from": "awaited from whom",
        "awaited_by": "awaited by when",
        "source": "source",
        "confirmed": "yes, it is right",
    }

    asked: Callable[[], Mapping[int, list[FigureRequest]]] = dict
    """What is asked of somebody, by indicator: fetched where it is shown"""

    def __init__(self, figure: Figure, data: Mapping[str, Any] | None) -> None:
        self.figure = figure
        self.indicator = indicator = figure.indicator
        super().__init__(data, prefix=f"figure{indicator.pk}", initial=_initial(figure))
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
        for breakdown in figure.of_whom:
            for part in breakdown.parts:
                label = f"{indicator.title}, {part.title}, this period"
                field = NumberField(required=False, whole=indicator.measure == Indicator.Measure.PEOPLE, label=label)
                field.widget.attrs["aria-label"] = label
                self.fields[_name(breakdown, part)] = field

    @property
    def numbers(self) -> list[forms.BoundField]:
        """The field of the number, or the two of a ratio."""
        return [self[name] for name in ("value", "numerator", "denominator") if name in self.fields]

    @property
    def of_whom(self) -> list[tuple[OfWhom, list[tuple[Part, forms.BoundField]]]]:
        """Each breakdown, with the field of each of its categories."""
        return [
            (breakdown, [(part, self[_name(breakdown, part)]) for part in breakdown.parts])
            for breakdown in self.figure.of_whom
        ]

    @property
    def faulty(self) -> list[forms.BoundField]:
        """The fields with faults, but for those of categories, which have theirs at their cells."""
        return [self[name] for name in self.LABELS if name in self.errors]

    @property
    def key(self) -> int:
        """What tells the row from the others."""
        return self.indicator.pk

    @property
    def odd(self) -> str:
        """What is odd about the number that is stored."""
        return self.figure.given.odd if self.figure.given else ""

    def asking(self, odd: str, confirmed: bool) -> "FigureForm":
        """The row as it asks about its number now."""
        given = replace(self.figure.given or Given(Status.FINAL), odd=odd, confirmed=confirmed)
        return FigureForm(replace(self.figure, given=given), None)

    @property
    def requests(self) -> Sequence[FigureRequest]:
        """What somebody was asked of it, as long as something is to be done."""
        return self.asked().get(self.indicator.pk, ())

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
        if number_known is not None:
            self._clean_parts(data, data["value"])
            if "status" not in self.errors:
                self._clean_status(data, number_known)
        return data

    def _clean_status(self, data: dict[str, Any], number_known: bool) -> None:
        """A number has a status that goes with one, and the other way round."""
        status = data.get("status", "")
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

    def _clean_parts(self, data: dict[str, Any], total: Decimal | None) -> None:
        """No part without a number, none above it, and exclusive ones within it together."""
        for breakdown, fields in self.of_whom:
            given = [(field.name, data[field.name]) for _, field in fields if data.get(field.name) is not None]
            most = shown(total or Decimal(0))
            for name, value in given:
                if total is None:
                    self.add_error(name, "Give the figure itself first, of which this is a part, or take this out")
                elif value > total:
                    self.add_error(name, f"This is more than the {most} in all. Give at most {most}")
            together = sum((value for _, value in given), Decimal(0))
            if breakdown.is_exclusive and total is not None and together > total and not self._has_faults(given):
                self.add_error(
                    given[-1][0],
                    f"Together these are {shown(together)}, and the figure is {most}. Each counts in one place only: "
                    f"take {shown(together - total)} out, or mend the figure",
                )

    def _has_faults(self, given: Sequence[tuple[str, Any]]) -> bool:
        return any(name in self.errors for name, _ in given)

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
        stored = self.figure.now.value if self.figure.now else None
        was_confirmed = bool(self.figure.given and self.figure.given.confirmed)
        return {
            "indicator": self.indicator,
            "status": data["status"],
            "value": data["value"],
            "numerator": data.get("numerator"),
            "denominator": data.get("denominator"),
            "awaited_from": data["awaited_from"] if kept else "",
            "awaited_by": data["awaited_by"] if kept else None,
            "source": data["source"],
            # A tick that was there before was for the number that was there before
            "confirmed": data["confirmed"] and not (was_confirmed and data["value"] != stored),
            "parts": {
                (breakdown.code, part.code): data[field.name]
                for breakdown, fields in self.of_whom
                for part, field in fields
            },
        }


class FiguresForm(RowForms[FigureForm]):
    """The figures of a report, a row for each."""

    def __init__(
        self,
        figures: list[Figure],
        data: Mapping[str, Any] | None = None,
        requests: Callable[[], Mapping[int, list[FigureRequest]]] = dict,
    ) -> None:
        super().__init__(figures, FigureForm, data)
        for row in self.rows:
            row.asked = requests


def _name(breakdown: OfWhom, part: Part) -> str:
    """The name of a category's field."""
    return f"of-{breakdown.code}-{part.code}"


def _initial(figure: Figure) -> dict[str, Any]:
    """What a row shows that was stored."""
    parts = {_name(breakdown, part): part.now for breakdown in figure.of_whom for part in breakdown.parts}
    return parts if figure.given is None else _stored(figure.given) | parts


def _stored(given: Given) -> dict[str, Any]:
    amount = given.amount
    return {
        "status": given.status,
        "value": amount.value if amount else None,
        "numerator": amount.numerator if amount else None,
        "denominator": amount.denominator if amount else None,
        "awaited_from": given.awaited_from,
        "awaited_by": given.awaited_by,
        "source": given.source,
        "confirmed": given.confirmed,
    }
