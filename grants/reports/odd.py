"""Numbers that may be right and are odd: they are asked about, never refused. What is impossible, forms and the database refuse."""

from decimal import Decimal

from grants.programmes.models import Indicator
from grants.reports.figures import Figure, shown

TIMES = 10
"""More than so many times what was promised, or reported before, is perhaps a slip of the finger."""


def odd_about(figure: Figure, value: Decimal | None) -> str:
    """What is odd about a number for a figure, as a sentence; empty where nothing is, or where there is no number."""
    if value is None:
        return ""
    before = figure.before.value if figure.before else None
    if figure.target and figure.target.value:
        if value > TIMES * figure.target.value:
            return f"{shown(value)} is more than ten times the target, {figure.target}."
    elif before and value > TIMES * before:
        return f"{shown(value)} is more than ten times what was reported before, {figure.before}."
    counts_to_date = figure.indicator.over_time == Indicator.OverTime.LATEST and not figure.indicator.is_ratio
    if counts_to_date and before and value < before:
        return f"{shown(value)} is less than the {figure.before} reported before, and this is the count to date."
    return ""
