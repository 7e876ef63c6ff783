"""Numbers as people write them, and the row of a figure, in which everything must fit together."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grants.programmes.models import Indicator
from grants.reports.figures import Figure
from grants.reports.forms.figures import FigureForm
from grants.reports.forms.numbers import read_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("9", "9"),
        (" 1,000 ", "1000"),
        ("1,234,567.5", "1234567.5"),
        ("14.50", "14.5"),
        ("0", "0"),
        (".5", "0.5"),
        ("9999999999", "9999999999"),
    ],
)
def test_number_is_read_as_written(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9 hours", "for example 9"),
        ("about 40", "for example 40"),
        ("many", "is not a number"),
        ("-4", "is negative"),
        ("−4", "is negative"),
        ("1.005", "has 3 decimals. Give at most two; for thousands write 1,005"),
        ("0.125", "has 3 decimals. Give at most two"),
        ("1,00", "can be read in more than one way"),
        ("1.000,5", "can be read in more than one way"),
        ("1e9", "is not a number"),
        ("NaN", "is not a number"),
        ("٣", "is not a number"),
        ("12345678901", "more than this system can hold"),
        ("£5", "is not a number"),
    ],
)
def test_number_is_refused_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="“") as refused:
        read_number(typed)
    assert sentence in str(refused.value)


def test_people_are_whole() -> None:
    assert read_number("14.0", whole=True) == 14
    with pytest.raises(ValueError, match="counts people"):
        read_number("14.5", whole=True)


@pytest.fixture
def form() -> Callable[..., FigureForm]:
    def make(measure: str = "people", **typed: str) -> FigureForm:
        indicator = Indicator(pk=7, title="Learners", unit="people", measure=measure)
        return FigureForm(
            Figure(indicator, None, None, None, None), {f"figure7-{name}": text for name, text in typed.items()}
        )

    return make


Form = Callable[..., FigureForm]


def test_number_without_status_is_final(form: Form) -> None:
    filled = form(value="1,000")
    assert filled.is_valid()
    assert filled.row()["status"] == "final"
    assert filled.row()["value"] == 1000


def test_empty_row_takes_the_figure_out(form: Form) -> None:
    filled = form()
    assert filled.is_valid()
    assert filled.row()["status"] == ""


@pytest.mark.parametrize("status", ["awaited", "not_collected", "not_applicable"])
def test_number_beside_a_status_that_has_none_is_a_fault(form: Form, status: str) -> None:
    filled = form(value="5", status=status, awaited_from="school", awaited_by="8 June 2013")
    assert "has no number" in str(filled.errors["status"])


@pytest.mark.parametrize("status", ["final", "provisional"])
def test_status_that_needs_a_number_without_one_is_a_fault(form: Form, status: str) -> None:
    assert "Blank is never zero" in str(form(status=status).errors["value"])
    assert "Blank is never zero" in str(form("ratio", status=status).errors["numerator"])


def test_awaited_says_from_whom_and_by_when(form: Form) -> None:
    filled = form(status="awaited")
    assert "from whom" in str(filled.errors["awaited_from"])
    assert "by which you expect it" in str(filled.errors["awaited_by"])
    filled = form(status="awaited", awaited_from="the school", awaited_by="8 June 2013", source="survey")
    assert filled.is_valid()
    row = filled.row()
    assert (row["awaited_from"], row["awaited_by"], row["value"]) == ("the school", date(2013, 6, 8), None)


def test_something_beside_no_status_is_a_fault_and_not_lost(form: Form) -> None:
    assert "Choose a status" in str(form(source="registers").errors["status"])


def test_faulty_number_is_the_only_fault_said(form: Form) -> None:
    filled = form(value="9 hours", status="awaited")
    assert list(filled.errors) == ["value"]
    assert filled["value"].value() == "9 hours"


@pytest.mark.parametrize(
    ("numerator", "denominator", "place", "sentence"),
    [
        ("60", "", "denominator", "Give both numbers"),
        ("", "80", "numerator", "Give both numbers"),
        ("0", "0", "denominator", "more than 0"),
        ("81", "80", "numerator", "is more than"),
    ],
)
def test_ratio_wants_a_part_of_a_whole(form: Form, numerator: str, denominator: str, place: str, sentence: str) -> None:
    assert sentence in str(form("ratio", numerator=numerator, denominator=denominator).errors[place])


def test_ratio_keeps_its_parts_and_works_out_the_per_cent(form: Form) -> None:
    filled = form("ratio", numerator="1", denominator="3")
    assert filled.is_valid()
    row: dict[str, Any] = filled.row()
    assert (row["value"], row["numerator"], row["denominator"]) == (Decimal("33.33"), 1, 3)


def test_money_is_read_as_pounds(form: Form) -> None:
    filled = form("money", value="£1,000.50")
    assert filled.is_valid()
    assert filled.row()["value"] == Decimal("1000.50")
