"""How dates, money and counts are written and read."""

import datetime as dt
import string
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from grants import formats

JULY = dt.date(2012, 7, 3)
amounts = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)
days = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 12, 31))


# ---- Writing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "with_pence", "without"),
    [
        (Decimal(12500), "£12,500.00", "£12,500"),
        (Decimal("12500.5"), "£12,500.50", "£12,500.50"),
        (Decimal(0), "£0.00", "£0"),
        (Decimal("-3.20"), "−£3.20", "−£3.20"),
        (1000, "£1,000.00", "£1,000"),
    ],
)
def test_money_shows_pence_always_or_only_where_there_are_some(amount: Decimal, with_pence: str, without: str) -> None:
    assert formats.money(amount) == with_pence
    assert formats.money(amount, pence=False) == without


def test_money_with_parts_of_a_penny_is_refused_not_rounded() -> None:
    with pytest.raises(ValueError, match="whole pence"):
        formats.money(Decimal("1.005"))


@given(amounts, st.booleans())
def test_money_that_was_written_reads_back_the_same(amount: Decimal, pence: bool) -> None:
    assert formats.parse_money(formats.money(amount, pence=pence)) == amount
    assert formats.parse_money(formats.plain_amount(amount, pence=pence)) == amount


@given(days)
def test_date_that_was_written_reads_back_the_same(day: dt.date) -> None:
    assert formats.parse_date(formats.date_words(day)) == day
    assert formats.parse_date(f"{day:%d/%m/%Y}") == day
    assert formats.parse_date(day.isoformat()) == day


def test_moment_near_midnight_is_written_as_its_day_in_london() -> None:
    moment = dt.datetime(2012, 3, 31, 23, 30, tzinfo=dt.UTC)
    assert formats.date_words(moment) == "1 April 2012"
    assert formats.moment_words(moment) == "1 April 2012, 00:30"


def test_moment_of_today_is_written_as_its_time() -> None:
    moment = dt.datetime(2012, 7, 3, 13, 3, tzinfo=dt.UTC)
    with override_settings(TODAY=JULY):
        assert formats.short_moment(moment) == "14:03"
    with override_settings(TODAY=JULY + dt.timedelta(days=1)):
        assert formats.short_moment(moment) == "3 July 2012, 14:03"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2012, 7, 3), (2012, 7, 3), "3 July 2012"),
        ((2012, 4, 1), (2012, 4, 30), "1 to 30 April 2012"),
        ((2012, 3, 1), (2012, 4, 30), "1 March to 30 April 2012"),
        ((2012, 1, 9), (2013, 7, 31), "9 January 2012 to 31 July 2013"),
    ],
)
def test_date_range_says_once_what_both_ends_share(
    first: tuple[int, int, int], last: tuple[int, int, int], words: str
) -> None:
    assert formats.date_range(dt.date(*first), dt.date(*last)) == words


@pytest.mark.parametrize(
    ("n", "one", "many", "words"),
    [
        (1, "award", "", "1 award"),
        (0, "award", "", "0 awards"),
        (1200, "award", "", "1,200 awards"),
        (2, "community", "", "2 communities"),
        (2, "day", "", "2 days"),
        (3, "address", "", "3 addresses"),
        (3, "person", "people", "3 people"),
    ],
)
def test_plural_of_regular_and_irregular_words(n: int, one: str, many: str, words: str) -> None:
    assert formats.plural(n, one, many) == words


@pytest.mark.parametrize(
    ("offset", "words"),
    [(9, "9 days left"), (1, "1 day left"), (0, "due today"), (-1, "1 day late"), (-7, "7 days late")],
)
def test_days_left_before_on_and_after_the_day(offset: int, words: str) -> None:
    assert formats.days_left(JULY + dt.timedelta(days=offset), JULY) == words


def test_today_is_londons_when_it_is_still_yesterday_in_utc() -> None:
    now = dt.datetime(2012, 6, 30, 23, 30, tzinfo=dt.UTC)
    with mock.patch("django.utils.timezone.now", return_value=now), override_settings(TODAY=None):
        assert formats.local_today() == dt.date(2012, 7, 1)


# ---- Reckoning ---------------------------------------------------------------------------------------------------


def test_ten_thousand_pounds_in_three_loses_no_penny() -> None:
    parts = formats.split_by_shares(Decimal(10000), [1, 1, 1])
    assert parts == [Decimal("3333.34"), Decimal("3333.33"), Decimal("3333.33")]


@given(
    amounts,
    st.lists(st.decimals(min_value=0, max_value=1000, places=4), min_size=1, max_size=12).filter(any),
)
def test_parts_always_add_up_and_each_is_within_a_penny_of_its_share(amount: Decimal, shares: list[Decimal]) -> None:
    parts = formats.split_by_shares(amount, shares)
    assert sum(parts) == amount
    assert len(parts) == len(shares)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - amount * share / sum(shares)) < Decimal("0.0100001")
        assert part == part.quantize(formats.PENNY)
        assert share or not part


@given(amounts, st.integers(min_value=1, max_value=9))
def test_repayment_splits_as_the_payment_did(amount: Decimal, n: int) -> None:
    forth = formats.split_by_shares(amount, [1] * n)
    assert formats.split_by_shares(-amount, [1] * n) == [-part for part in forth]


@pytest.mark.parametrize("shares", [[], [0, 0], [2, -1]])
def test_shares_that_are_none_or_negative_are_refused(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="Shares"):
        formats.split_by_shares(Decimal(1), shares)


def test_amount_with_parts_of_a_penny_is_not_split() -> None:
    with pytest.raises(ValueError, match="whole pence"):
        formats.split_by_shares(Decimal("1.005"), [1])


# ---- Reading -----------------------------------------------------------------------------------------------------


def tried(parse: Callable[[str], Any], typed: str) -> tuple[Any, str]:
    """What was read, or the sentence of the refusal."""
    try:
        return parse(typed), ""
    except ValueError as fault:
        return None, str(fault)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("£1,000", "1000"),
        ("1000.50", "1000.50"),
        (" £ 1,234,567.8 ", "1234567.80"),
        ("0", "0"),
        (".50", "0.50"),
        ("5.", "5"),
        ("007", "7"),
    ],
)
def test_money_as_people_write_it_is_read(typed: str, amount: str) -> None:
    assert formats.parse_money(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Give an amount in pounds"),
        ("£", "Give an amount in pounds"),
        ("-4", "is negative"),
        ("−£4", "is negative"),
        ("£-4", "is negative"),
        ("(400)", "is negative"),
        ("400-", "is negative"),
        ("1.005", "has 3 decimals"),
        ("1,00", "more than one way"),
        ("1.000,00", "more than one way"),
        ("10,000,00", "more than one way"),
        (".", "Use digits only"),
        ("9 pounds", "Use digits only"),
        ("1k", "Use digits only"),
        ("1e5", "Use digits only"),
        ("NaN", "Use digits only"),
        ("١٢", "Use digits only"),
        ("12345678901", "Check the number of digits"),
    ],
)
def test_money_that_cannot_be_read_is_refused_with_the_mend(typed: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        formats.parse_money(typed)


@given(st.text(alphabet=string.printable + "£−–’½٣", max_size=60))
def test_whatever_is_typed_as_money_is_read_exactly_or_refused_with_a_sentence(typed: str) -> None:
    amount, fault = tried(formats.parse_money, typed)
    if amount is None:
        assert fault[0] in string.ascii_uppercase + "“"
        assert len(fault) > 30
    else:
        assert amount == Decimal(typed.replace("£", "").replace(",", "").strip()) >= 0


@pytest.mark.parametrize(
    "typed",
    [
        "03/07/2012", "3/7/2012", "3.7.2012", "03-07-2012", "3 7 2012", "2012-07-03", "3 July 2012", "3 Jul 2012",
        "3rd july 2012", " 3  JULY,  2012 ", "3-Jul-2012", "3July2012",
    ],
)  # fmt: skip
def test_date_is_read_with_the_day_first(typed: str) -> None:
    assert formats.parse_date(typed) == JULY


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Give a date"),
        ("31/02/2012", "There is no 31 February in 2012"),
        ("29 February 2013", "There is no 29 February in 2013"),
        ("07/13/2012", "no month 13. Write the day first"),
        ("12.5.12", "no full year"),
        ("3 July", "no full year"),
        ("3 July 12", "no full year"),
        ("3 Juli 2012", "“Juli” is not a month"),
        ("July 3 2012", "Write the day first"),
        ("soon", "is not a date"),
        ("3/7.2012", "is not a date"),
        ("3 July 20122", "no full year"),
        ("3 July 1066", "out of reach"),
        ("2012-07-03T10:00", "is not a date"),
    ],
)
def test_date_that_cannot_be_read_is_refused_with_the_mend(typed: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        formats.parse_date(typed)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (9, "in 9 days"),
        (-60, "60 days ago"),
        (61, "in 2 months"),
        (-89, "3 months ago"),
        (-720, "2 years ago"),
        (2000, "in 5 years"),
    ],
)
def test_day_is_said_as_seen_from_today(days: int, words: str) -> None:
    assert formats.relative(JULY + dt.timedelta(days=days), JULY) == words


@given(st.text(max_size=60))
def test_whatever_is_typed_as_a_date_is_read_or_refused_with_a_sentence(typed: str) -> None:
    day, fault = tried(formats.parse_date, typed)
    if day is None:
        assert fault[0] in string.ascii_uppercase + "“"
        assert len(fault) > 20
    else:
        assert 1900 <= day.year <= 2100


def test_long_text_is_quoted_shortly() -> None:
    with pytest.raises(ValueError, match="…”") as refused:
        formats.parse_money("x" * 5000)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "about 1 minute"),
        (40, "about 40 minutes"),
        (59, "about 59 minutes"),
        (60, "about 1 hour"),
        (62, "about 1 hour"),
        (88, "about 1 hour 30 minutes"),
        (120, "about 2 hours"),
    ],
)
def test_about_minutes_says_hours_and_five_minutes(minutes: int, words: str) -> None:
    assert formats.about_minutes(minutes) == words


def test_half_a_character_is_taken_out_of_a_text() -> None:
    assert formats.visible("ab\ud800cd") == "abcd"
    assert formats.visible("\udfff") == ""
    assert formats.visible("Gŵyl 🎪") == "Gŵyl 🎪"
