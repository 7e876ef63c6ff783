"""One cell at a time: from what stands in it to what is meant, or the fault with its mend (`Wrong`)."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from grants.formats import LONDON, parse_date, parse_money
from grants.imports.faults import Wrong
from grants.unpacking import Broken

INVISIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff\ud800-\udfff]")
ISO_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:")
WITH_TIME: Final = re.compile(r"(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}),? +\d{1,2}:\d{2}(:\d{2})?")
YES: Final = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
DAY_FIRST: Final = "Write the day first, for example 3 July 2012 or 03/07/2012."
AMOUNT: Final = "Give pounds and pence in digits, for example 1000.50."


def is_empty(value: Any) -> bool:
    """Whether nothing stands in the cell, or only what cannot be seen."""
    return value is None or value == "" or (isinstance(value, str) and not INVISIBLE.sub("", value).strip())


def line(value: Any) -> str:
    """A text on one line, without stray spaces and line breaks."""
    text = INVISIBLE.sub("", value) if isinstance(value, str) else prose(value)
    text = " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def prose(value: Any) -> str:
    """A text that may have several lines, without stray spaces around it and at the ends of its lines."""
    if isinstance(value, Broken):
        raise Wrong(value.fault, value.mend)
    if isinstance(value, str):
        text = INVISIBLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if "\n" in text:
            text = "\n".join(part.rstrip() for part in text.split("\n"))
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        raise Wrong("This cell holds no text.", "Format the cell as text and write it again.")
    return _digits(value)


def amount(value: Any, *, thing: str = "amount") -> Decimal:
    """Pounds: a number, or a text such as £1,000. Never negative, never more than two decimals."""
    if isinstance(value, Broken):
        raise Wrong(value.fault, value.mend)
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        raise Wrong(f"This is not an {thing}." if thing[0] in "aeiou" else f"This is not a {thing}.", AMOUNT)
    text = _digits(value) if isinstance(value, int | float) else line(value)
    return _amount(text)


@lru_cache(maxsize=10_000)
def _amount(text: str) -> Decimal:
    try:
        return parse_money(text)
    except ValueError as fault:
        wrong = _wrong(fault)
        raise Wrong(wrong.fault, "Give it without a minus sign.") if "negative" in wrong.fault else wrong from None


def day(value: Any) -> dt.date:
    """A day: a real date, or a text with the day first or in the order of the standard."""
    if isinstance(value, Broken):
        raise Wrong(value.fault, value.mend)
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        if not 1900 < value.year <= 2100:
            raise Wrong(f"The year {value.year} is out of reach.", "Check it, for example 3 July 2012.")
        return value
    if not isinstance(value, str):
        raise Wrong("This is a number, not a date.", "Format the cell as a date, for example 03/07/2012.")
    return _day(line(value))


def planned_day(value: Any, *, last: bool) -> dt.date:
    """A day that may be given as a year or a month: then its first day, or its last one."""
    text = _digits(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if isinstance(text, str) and (found := re.fullmatch(r"(\d{4})(?:-(\d{2}))?", line(text))):
        year, month = int(found[1]), int(found[2] or (12 if last else 1))
        if not 1900 < year <= 2100:
            raise Wrong(f"The year {year} is out of reach.", "Check it, for example 2012 or 2012-07.")
        if not 1 <= month <= 12:
            raise Wrong(f"There is no month {month}.", "Write the year, a hyphen and the month, for example 2012-07.")
        first = dt.date(year, month, 1)
        return _month_end(first) if last else first
    return day(value)


def _month_end(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


@lru_cache(maxsize=10_000)
def _day(text: str) -> dt.date:
    if ISO_MOMENT.match(text):
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            raise Wrong(f"“{text[:40]}” is not a date.", DAY_FIRST) from None
        if not 1900 < moment.year <= 2100:
            raise Wrong(f"The year {moment.year} is out of reach.", "Check it, for example 3 July 2012.")
        return moment.astimezone(LONDON).date() if moment.tzinfo else moment.date()
    if found := WITH_TIME.fullmatch(text):
        text = found[1]
    try:
        return parse_date(text)
    except ValueError as fault:
        raise _wrong(fault) from None


def yes_or_no(value: Any) -> bool:
    """Yes or No, also Y or N, in any case."""
    if isinstance(value, Broken):
        raise Wrong(value.fault, value.mend)
    answer = value if isinstance(value, bool) else YES.get(str(value).strip().lower())
    if answer is None:
        raise Wrong("This is neither Yes nor No.", "Write Yes or No.")
    return answer


def whole(value: Any) -> int:
    """A number that counts: 1, 2, 3."""
    text = line(value)
    if not re.fullmatch(r"[0-9]{1,4}", text) or not int(text):
        raise Wrong("This is not a number from 1.", "Count from 1, in digits, for example 2.")
    return int(text)


def choice(value: Any, choices: dict[str, str]) -> str:
    """One of some words; `choices` has them in lower case, with what each stands for."""
    word = line(value).lower().replace("_", " ")
    if word not in choices:
        words = list(dict.fromkeys(choices))
        raise Wrong(
            "This is not one of the words that are known here.", f"Write {', '.join(words[:-1])} or {words[-1]}."
        )
    return choices[word]


def _digits(number: float) -> str:
    """A number as it is shown: with the 15 digits that spreadsheets calculate with."""
    return f"{Decimal(f'{number:.15g}'):f}"


def _wrong(fault: ValueError) -> Wrong:
    """Our forms' sentence, which is fault and mend in one, in two."""
    what, _, mend = str(fault).rpartition(". ")
    return Wrong(f"{what or 'This cannot be read'}.", f"{mend}.")
