"""When a budget line wants to be explained."""

from decimal import Decimal

TENTH = Decimal("0.1")
MUCH = Decimal(1000)


def wants_explanation(budget: Decimal, to_date: Decimal, whole: Decimal | None) -> bool:
    """Whether more is spent than the budget has, or the whole will differ from it by more than a tenth and £1,000.

    `whole` is the forecast; in the final evaluation what is spent to date; None where no forecast is given.
    """
    return to_date > budget or (whole is not None and abs(whole - budget) > max(budget * TENTH, MUCH))
