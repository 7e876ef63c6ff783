"""How many there are of what a home shows only the first few of, and the way to all of them.

What a home asks must cost the same for ten awards and for ten thousand, so nothing is counted beyond `MOST`.
"""

from typing import Any

from django.db.models import DecimalField, IntegerField, QuerySet, Subquery
from django.urls import reverse

from grants.formats import money, plural
from grants.people.models import User

MOST = 100
PAYMENTS = 20 * MOST
"""Those of as many awards: an award has few"""


class Counted(Subquery):
    """How many rows a query finds, up to one more than `MOST`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    empty_result_set_value = 0

    def __init__(self, found: QuerySet[Any]) -> None:
        super().__init__(found.order_by().values("pk")[: MOST + 1], output_field=IntegerField())


class Summed(Subquery):
    """What the payments or awards that a query finds come to, as far as they are counted."""

    template = "(SELECT COALESCE(SUM(amount), 0) FROM (%(subquery)s) AS summed)"
    empty_result_set_value = 0

    def __init__(self, found: QuerySet[Any], most: int = MOST) -> None:
        super().__init__(found.order_by().values("amount")[:most], output_field=DecimalField())


def first_of(*slices: QuerySet[Any]) -> QuerySet[Any]:
    """The keys of what stands in one of several short lists, to fetch all of it in one query.

    Such a query joins at most six tables beside: with more, PostgreSQL plans no longer by these few keys.
    """
    first, *others = (found.values("pk") for found in slices)
    return first.union(*others, all=True)


def counted(user: User, **wanted: Subquery) -> dict[str, Any]:
    """All that is counted and summed for one home, by its name, in one query."""
    return User.objects.order_by().filter(pk=user.pk).annotate(**wanted).values(*wanted).get()


def how_many(number: int) -> str:
    """312, or "over 100": a figure."""
    return f"{number:,}" if number <= MOST else f"over {MOST}"


def sum_of(number: int, total: Any) -> str:
    """What some payments come to; where they were too many to be added up, how many they are."""
    return money(total, pence=False) if number <= MOST else f"over {MOST} payments"


def all_of(number: int, thing: str, name: str, **query: Any) -> dict[str, str]:
    """The link to a list: See all 12 reports."""
    words = plural(number, thing) if number <= MOST else f"of over {MOST} {plural(2, thing)[2:]}"
    return {"words": f"See all {words}", "url": reverse(name, query=query)}
