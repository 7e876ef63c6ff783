"""A part that is a table: a small form for each row, which stand or fall together."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django import forms

from grants.faults import Fault, faults_of

FEW_LINES = {"rows": 3, "style": "min-block-size: 4.5rem"}
"""The attributes of a field for a sentence or two."""

RowForm = TypeVar("RowForm", bound=forms.Form)


class RowForms(Generic[RowForm]):
    """The forms of a table's rows. It has what pages ask of a form: whether it is valid, its errors and faults."""

    def __init__(
        self, rows: Sequence[Any], make: Callable[[Any, Mapping[str, Any] | None], RowForm], data: Any
    ) -> None:
        self.rows = [make(row, data) for row in rows]

    @cached_property
    def errors(self) -> list[Any]:
        """The errors of every row that has some."""
        return [row.errors for row in self.rows if row.errors]

    def is_valid(self) -> bool:
        """Whether every row can be stored as it is."""
        return all(row.is_bound for row in self.rows) and not self.errors

    @property
    def faults(self) -> list[Fault]:
        """Every fault of every row, each with its field, for the summary."""
        return faults_of(*self.rows)
