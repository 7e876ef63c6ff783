"""How dates, money and counts are written and read, everywhere: pages, documents, e-mails and forms.

Pure functions. What they refuse they refuse with a ValueError whose text is a sentence for the person who typed it.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from grants import clock

LONDON = ZoneInfo("Europe/London")
PENNY = Decimal("0.01")
MOST_DIGITS = 10  # before the point: more is a slip of the finger
NEGATIVE = r"[-−–]\s*£?\s*[0-9.,]+|£\s*[-−–]\s*[0-9.,]+|\(\s*£?\s*[0-9.,]+\s*\)|£?\s*[0-9.,]+\s*[-−–]"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


# ---- Writing -----------------------------------------------------------------------------------------------------


def plain_amount(amount: Decimal | int, *, pence: bool = True) -> str:
    """12,500.00; without pence 12,500, unless there are some, which are never rounded away."""
    amount = Decimal(amount)
    exact = amount.quantize(PENNY)
    if exact != amount:
        raise ValueError(f"{amount} is not an amount in whole pence.")
    whole = exact == exact.to_integral_value()
    text = f"{abs(exact):,.0f}" if whole and not pence else f"{abs(exact):,.2f}"
    return f"−{text}" if exact < 0 else text


def money(amount: Decimal | int, *, pence: bool = True) -> str:
    """£12,500.00; with `pence=False`, £12,500 (and still £12,500.50, because nothing is rounded away)."""
    text = plain_amount(amount, pence=pence)
    return f"−£{text[1:]}" if text.startswith("−") else f"£{text}"


def local_day(day: dt.date) -> dt.date:
    """The date itself; of a moment, its date in London: 31 March 23:30 UTC is 1 April there."""
    if isinstance(day, dt.datetime):
        return timezone.localtime(day, LONDON).date() if timezone.is_aware(day) else day.date()
    return day


def date_words(day: dt.date) -> str:
    """3 July 2012. A moment is written as its day in London."""
    day = local_day(day)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: dt.datetime) -> str:
    """18 May 2012, 09:12, by the clock in London."""
    local = timezone.localtime(moment, LONDON) if timezone.is_aware(moment) else moment
    return f"{date_words(local.date())}, {local:%H:%M}"


def short_moment(moment: dt.datetime) -> str:
    """14:03 where it is today, else 18 May 2012, 14:03."""
    words = moment_words(moment)
    return words.rpartition(" ")[2] if local_day(moment) == local_today() else words


def date_range(first: dt.date, last: dt.date) -> str:
    """1 March to 30 April 2012: the year and the month are said once where they are shared."""
    first, last = local_day(first), local_day(last)
    if first == last:
        return date_words(first)
    if first.year != last.year:
        return f"{date_words(first)} to {date_words(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} to {date_words(last)}"
    return f"{first.day} to {date_words(last)}"


def _many(one: str) -> str:
    if re.search(r"[^aeiou]y$", one):
        return f"{one[:-1]}ies"
    return f"{one}es" if re.search(r"(s|x|z|ch|sh)$", one) else f"{one}s"


def plural(n: int, one: str, many: str = "") -> str:
    """1 award, 2 awards, 3 communities; `many` for what is irregular."""
    if n == 1:
        return f"1 {one}"
    return f"{n:,} {many or _many(one)}"


def about_minutes(minutes: int) -> str:
    """How long something takes, roughly: about 40 minutes, about 1 hour 15 minutes."""
    if minutes < 60:
        return f"about {plural(minutes, 'minute')}"
    hours, rest = divmod(5 * round(minutes / 5), 60)
    return f"about {plural(hours, 'hour')}" + (f" {plural(rest, 'minute')}" if rest else "")


def local_today() -> dt.date:
    """The date in London: deadlines are decided there, whatever the clock of the machine says."""
    return clock.today()


def days_left(due: dt.date, today: dt.date) -> str:
    """9 days left, due today, 7 days late."""
    days = (local_day(due) - local_day(today)).days
    if days == 0:
        return "due today"
    return f"{plural(days, 'day')} left" if days > 0 else f"{plural(-days, 'day')} late"


def relative(day: dt.date, today: dt.date) -> str:
    """In 9 days, tomorrow, today, 4 days ago; months and years where days would be many."""
    days = (local_day(day) - local_day(today)).days
    if abs(days) < 2:
        return ("yesterday", "today", "tomorrow")[days + 1]
    far = abs(days)
    months = round(far / 30.4)
    size = plural(far, "day") if far < 61 else plural(months, "month") if months < 24 else plural(months // 12, "year")
    return f"in {size}" if days > 0 else f"{size} ago"


# ---- Reckoning ---------------------------------------------------------------------------------------------------


def split_by_shares(amount: Decimal, shares: Sequence[Decimal | int]) -> list[Decimal]:
    """Split an amount to the penny by largest remainder: the parts add up; of equals the earlier gets more."""
    amount = Decimal(amount)
    weights = [Decimal(share) for share in shares]
    total = sum(weights, Decimal(0))
    if amount != amount.quantize(PENNY):
        raise ValueError(f"{amount} is not an amount in whole pence.")
    if any(weight < 0 for weight in weights) or total <= 0:
        raise ValueError("Shares must not be negative, and at least one must be more than nothing.")
    sign = -1 if amount < 0 else 1
    pence = int(abs(amount) * 100)
    # Whole numbers only, from here on: the context of Decimal would round a long quotient.
    scale = 10 ** max(0, *(-int(weight.normalize().as_tuple().exponent) for weight in weights))
    units = [int(weight * scale) for weight in weights]
    parts = [pence * unit // sum(units) for unit in units]
    by_remainder = sorted(range(len(units)), key=lambda i: (-(pence * units[i] % sum(units)), i))
    for i in by_remainder[: pence - sum(parts)]:
        parts[i] += 1
    return [Decimal(sign * part).scaleb(-2) for part in parts]


# ---- Reading -----------------------------------------------------------------------------------------------------


def parse_money(text: str) -> Decimal:
    """Read £1,000 or 1000.50 as pounds; nothing negative, no more than two decimals, nothing guessed."""
    typed = " ".join(text.split())
    bare = typed.removeprefix("£").strip()
    if not bare:
        raise ValueError("Give an amount in pounds, for example £1,000 or 1000.50")
    if re.fullmatch(NEGATIVE, typed):
        raise ValueError(f"{_quote(typed)} is negative. Give an amount of £0 or more, without a minus sign")
    if not re.fullmatch(r"[.,]*[0-9][0-9.,]*", bare):
        raise ValueError(f"{_quote(typed)} is not an amount. Use digits only, for example £1,000 or 1000.50")
    if not re.fullmatch(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]*)?", bare):
        raise ValueError(
            f"{_quote(typed)} can be read in more than one way. "
            "Put commas between thousands and a point before the pence, for example 1,000.50"
        )
    whole, _, decimals = bare.replace(",", "").partition(".")
    if len(decimals) > 2:
        raise ValueError(f"{_quote(typed)} has {len(decimals)} decimals. Give pounds and pence, for example 1000.50")
    if len(whole.lstrip("0")) > MOST_DIGITS:
        raise ValueError(f"{_quote(typed)} is more than this system can hold. Check the number of digits")
    return Decimal(f"{whole or 0}.{decimals or 0}").quantize(PENNY, rounding=ROUND_DOWN)


def parse_date(text: str) -> dt.date:
    """Read 03/07/2012, 3 July 2012 or 2012-07-03: the day always first, or the order of the standard."""
    typed = " ".join(text.split())
    if not typed:
        raise ValueError("Give a date, for example 3 July 2012")
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", typed):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"([0-9]{1,2})([/.\- ])([0-9]{1,2})\2([0-9]+)", typed):
        if len(found[4]) != 4:
            raise ValueError(f"{_quote(typed)} has no full year. Write it with four digits, for example 3 July 2012")
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]?([A-Za-z]{3,9})\.?,?(?:[ -]?([0-9]+))?", typed):
        month = _month(found[2])
        if not month:
            raise ValueError(f"{_quote(found[2])} is not a month. Write the date in full, for example 3 July 2012")
        if len(found[3] or "") != 4:
            raise ValueError(f"{_quote(typed)} has no full year. Write it with four digits, for example 3 July 2012")
        day, year = int(found[1]), int(found[3])
    else:
        raise ValueError(f"{_quote(typed)} is not a date. Write the day first, for example 3 July 2012 or 03/07/2012")
    if not 1 <= month <= 12:
        raise ValueError(f"{_quote(typed)} has no month {month}. Write the day first, for example 3 July 2012")
    if not 1900 <= year <= 2100:
        raise ValueError(f"The year {year} is out of reach. Check it, for example 3 July 2012")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"There is no {day} {MONTHS[month - 1]} in {year}. Check the day") from None


def _month(word: str) -> int:
    """The number of a month from its name or its first letters (Jul, Sept), or 0."""
    for number, name in enumerate(MONTHS, start=1):
        if name.lower() == word.lower() or (word.lower() in (name[:3].lower(), name[:4].lower())):
            return number
    return 0


def _quote(typed: str) -> str:
    """What was typed, in quotation marks and short enough to be read back."""
    return f"“{typed[:39]}…”" if len(typed) > 40 else f"“{typed}”"


# ---- Text --------------------------------------------------------------------------------------------------------

PASTED = str.maketrans(
    {
        "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n\n",  # lines, pages, paragraphs
        "\x1e": "-", "\u2011": "-", "\x1f": None, "\xad": None, "\u200b": None, "\u2060": None,  # where words part
        "\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf076": "•",  # bullets of the fonts Symbol and Wingdings
        **dict.fromkeys("\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    }
)  # fmt: skip
"""What word processors put between letters, and what plain text has in its place."""
OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Co", "Cs"}
TAKEN_OUT = {"Cc", "Cs"}
"""Control characters, and halves of characters, which no encoding can write"""


def visible(text: str) -> str:
    """A text without control characters and half characters, and without what turns the direction of writing; empty where
    nothing is seen.
    """
    text = "".join(one for one in text if one in "\n\r\t" or unicodedata.category(one) not in TAKEN_OUT).translate(
        OVERRIDES
    )
    return text if any(unicodedata.category(one) not in UNSEEN for one in text) else ""


def plain_text(text: str) -> str:
    """A text as it was pasted, in plain characters: every word, dash and quotation mark of it stays."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n").translate(PASTED))
