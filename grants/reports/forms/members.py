"""An organisation's part of a community's report: its figures, what it spent, and a word to the lead."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms

from grants.awards.models import BudgetLine
from grants.faults import Fault, faults_of
from grants.forms import PlainForm
from grants.reports.figures import Figure, Spent
from grants.reports.forms.figures import FigureForm
from grants.reports.forms.rows import FEW_LINES
from grants.reports.forms.spend import LineForm
from grants.reports.models import MemberFigure

MOST_WORDS = 2000


class MemberFigureForm(FigureForm):
    """What one organisation says of one indicator."""

    def __init__(self, figure: Figure, data: Mapping[str, Any] | None) -> None:
        super().__init__(figure, data)
        for name in ("awaited_from", "awaited_by", "source", "confirmed"):
            del self.fields[name]
        known = [(str(one), one.label) for one in MemberFigure.STATUSES]
        self.fields["status"].choices = [("", "Choose"), *known]  # type: ignore[attr-defined]

    def row(self) -> dict[str, Any]:
        """What services.save_member_part wants of a valid row."""
        data = self.cleaned_data
        numbers = {name: data.get(name) for name in ("value", "numerator", "denominator")}
        return {"indicator": self.indicator, "status": data["status"], **numbers}


class MemberNoteForm(PlainForm, forms.Form):
    """A word to the lead."""

    note = forms.CharField(
        label="A word to the lead", required=False, max_length=MOST_WORDS, widget=forms.Textarea(FEW_LINES),
        help_text="For example, what is still to come. The lead alone reads it; no names of participants, please",
    )  # fmt: skip


class MemberForm:
    """All of them together: they stand or fall together."""

    def __init__(self, figures: Sequence[Figure], lines: Sequence[Spent], note: str, data: Any = None) -> None:
        self.figures = [MemberFigureForm(one, data) for one in figures]
        self.lines = [LineForm(replace(one, explains=False), data) for one in lines if one.line_id is not None]
        self.note = MemberNoteForm(data, initial={"note": note})

    @property
    def forms(self) -> list[forms.Form]:
        """Every form, in the order of the page."""
        return [*self.figures, *self.lines, self.note]

    @cached_property
    def errors(self) -> list[Any]:
        """The errors of every form that has some."""
        return [one.errors for one in self.forms if one.errors]

    def is_valid(self) -> bool:
        """Whether everything can be stored as it is."""
        return self.note.is_bound and not self.errors

    @property
    def faults(self) -> list[Fault]:
        """Every fault, with its field, for the summary."""
        return faults_of(*self.forms)

    def spend(self, lines: Mapping[int, BudgetLine]) -> list[tuple[BudgetLine, Decimal | None]]:
        """What services.save_member_part wants of the amounts; a line that the award no longer has is passed over."""
        amounts = ((one.spent.line_id, one.cleaned_data["amount"]) for one in self.lines)
        return [(lines[key], amount) for key, amount in amounts if key is not None and key in lines]
