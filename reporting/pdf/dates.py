"""Dates as people read them."""

from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def moment(iso: str | None) -> date | None:
    """The date that an ISO string names, or none."""
    try:
        return date.fromisoformat((iso or "")[:10])
    except ValueError:
        return None


def day(iso: str | None, missing: str = "–") -> str:
    """30 April 2013; a text that is no date is printed as it is."""
    found = moment(iso)
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}" if found else iso or missing


def brief_day(iso: str) -> str:
    """30 Apr 2013, for narrow columns."""
    found = moment(iso)
    return f"{short_day(found)} {found.year}" if found else iso


def short_day(when: date) -> str:
    """30 Apr."""
    return f"{when.day} {MONTHS[when.month - 1][:3]}"


def month(when: date) -> str:
    """Apr 2013."""
    return f"{MONTHS[when.month - 1][:3]} {when.year}"


def span(start: str | None, end: str | None) -> str:
    """1 August 2012 to 30 April 2013."""
    return f"{day(start)} to {day(end)}"


def counted(number: int, one: str, many: str) -> str:
    """Ten awards; 11 awards; One award."""
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else format(number, ',')} {one if number == 1 else many}"
