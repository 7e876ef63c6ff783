"""One cell at a time: amounts and days, as found in real files."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.imports import cells, identifiers
from grants.imports.faults import Wrong, shown


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (1000, "1000"),
        (1000.5, "1000.50"),
        ("£1,000", "1000"),
        (" 1000.50 ", "1000.50"),
        (0.1 + 0.2, "0.30"),
        ("40000.0", "40000"),
    ],
)
def test_an_amount_is_taken(value: Any, amount: str) -> None:
    assert cells.amount(value) == Decimal(amount)


@pytest.mark.parametrize(
    "value", [-1, "-1", "(5)", 1.005, "1.005", "ten", True, date(2012, 7, 3), "1,00", 1e12, "GBP 5", "1e3"]
)
def test_an_amount_is_refused(value: Any) -> None:
    with pytest.raises(Wrong) as wrong:
        cells.amount(value)
    assert wrong.value.fault.endswith(".")
    assert wrong.value.mend.endswith(".")


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2, allow_nan=False))
def test_every_amount_in_pence_comes_through_as_number_and_as_text(amount: Decimal) -> None:
    assert cells.amount(f"£{amount:,}") == amount
    if amount < Decimal("1e12"):
        assert cells.amount(float(amount)) == amount


@given(st.decimals(min_value=Decimal("0.001"), max_value=1000, places=3, allow_nan=False))
def test_no_amount_is_rounded(amount: Decimal) -> None:
    if amount == amount.quantize(Decimal("0.01")):
        assert cells.amount(float(amount)) == amount
    else:
        with pytest.raises(Wrong, match="decimals"):
            cells.amount(float(amount))


@given(st.dates(min_value=date(1901, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_comes_through_in_every_manner(day: date) -> None:
    written: list[Any] = [
        day,
        datetime.combine(day, datetime.min.time()),
        f"{day:%d/%m/%Y}",
        f"{day:%d/%m/%Y} 00:00",
        f"{day.day}/{day.month}/{day.year}",
        day.isoformat(),
        f"{day.isoformat()}T00:00:00+00:00",
        f" {day:%d-%m-%Y}\n",
    ]
    assert {cells.day(value) for value in written[:6]} == {day}
    assert cells.day(written[7]) == day
    assert (cells.day(written[6]) - day).days == 0


def test_the_day_comes_first_always() -> None:
    assert cells.day("03/07/2012") == date(2012, 7, 3)


def test_a_moment_counts_by_the_day_in_london() -> None:
    assert cells.day("2012-03-31T23:30:00Z") == date(2012, 4, 1)


@pytest.mark.parametrize(
    "value", ["13/13/2012", "31/02/2012", "7/2012", "2012", 41093.0, True, "soon", "03/07/12", "2012-02-31"]
)
def test_a_day_is_refused(value: Any) -> None:
    with pytest.raises(Wrong):
        cells.day(value)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
        (2012.0, date(2012, 1, 1), date(2012, 12, 31)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2012-12", date(2012, 12, 1), date(2012, 12, 31)),
        ("03/07/2012", date(2012, 7, 3), date(2012, 7, 3)),
    ],
)
def test_a_planned_day_may_be_a_year_or_a_month(value: Any, first: date, last: date) -> None:
    assert cells.planned_day(value, last=False) == first
    assert cells.planned_day(value, last=True) == last


@pytest.mark.parametrize("value", ["2012-13", 12.0, "1066", 41093.0])
def test_a_planned_day_is_refused(value: Any) -> None:
    with pytest.raises(Wrong):
        cells.planned_day(value, last=False)


@pytest.mark.parametrize(
    ("value", "text"), [("  a \n b ", "a b"), ("\ufeffa\x00\u200bb", "ab"), ("a\xa0b", "a b"), (2012.0, "2012")]
)
def test_stray_spaces_and_what_cannot_be_seen_are_taken_out(value: Any, text: str) -> None:
    assert cells.line(value) == text


def test_prose_keeps_its_lines() -> None:
    assert cells.prose(" one \r\n\r\n two\t\n") == "one\n\n two"


@pytest.mark.parametrize(("value", "yes"), [("YES", True), ("y", True), ("No ", False), (True, True), ("false", False)])
def test_yes_and_no_are_understood(value: Any, yes: bool) -> None:
    assert cells.yes_or_no(value) is yes


@pytest.mark.parametrize(
    "value",
    ["GB-CHC-1156077", "gb-chc-123456", "GB-COH-SC123456", "GB-COH-01234567", "GB-UKPRN-10007760", "GB-EDU-100123",
     "GB-SC-SC012345", "GB-NIC-100123", "GB-LAE-CMD", "360G-wolfson:org-13177", "XI-GRID-grid.9619.7", "our-17"],
)  # fmt: skip
def test_an_organisation_is_known_by_its_identifier(value: str) -> None:
    assert identifiers.organisation(f" {value}\n").upper() == value.upper()


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("GB-COH-1234567", "GB-COH-01234567"),
        ("GB-CHC-12345", "GB-CHC-1156077"),
        ("GB-UKPRN-1000776", "GB-UKPRN-01000776"),
        ("GB-EDU-12345", "GB-EDU-012345"),
        ("GB-LAE-", "number"),
        (1156077.0, "GB-CHC-1156077"),
        ("1156077", "GB-CHC-1156077"),
        ("GB CHC 1156077", "GB-CHC-1156077"),
        ("x" * 81, "80"),
    ],
)
def test_an_identifier_of_the_wrong_shape_is_refused(value: Any, mend: str) -> None:
    with pytest.raises(Wrong) as wrong:
        identifiers.organisation(value)
    assert mend in wrong.value.mend


@pytest.mark.parametrize(
    ("value", "reference"),
    [("360G-wolfson-19747", "19747"), ("360G-accesshe-EX-2012-01", "EX-2012-01"), (" 360g-x-a.1\n", "a.1")],
)
def test_a_reference_is_what_follows_the_publisher(value: str, reference: str) -> None:
    assert identifiers.grant(value)[1] == reference


@pytest.mark.parametrize(
    "value", [19747.0, "19747", "360G-wolfson", "360G-x-a/b", "360G-x-a b", "360G-x-..", f"360G-x-{'a' * 61}"]
)
def test_the_identifier_of_a_grant_is_refused(value: Any) -> None:
    with pytest.raises(Wrong):
        identifiers.grant(value)


def test_a_value_is_shown_as_found_and_cut() -> None:
    assert shown(40000.0) == "40000"
    assert shown(datetime.combine(date(2012, 7, 3), time())) == "03/07/2012"
    assert shown(True) == "TRUE"
    assert len(shown("x" * 500)) == 100
