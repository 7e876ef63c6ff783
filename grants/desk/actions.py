"""Actions as homes and the page of an award show them: read as one column of a query that is made anyway."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from grants.awards.models import Action
from grants.people.models import User

MOST = 50


@dataclass(frozen=True)
class ShownAction:
    """One action: what, who, by when; and what was done."""

    text: str
    owner: str
    reference: str
    due_on: date
    done_at: datetime | None
    word: str
    url: str

    @property
    def get_absolute_url(self) -> str:
        """Its page."""
        return self.url


def in_a_column(actions: QuerySet[Action]) -> ArraySubquery:
    """The first few of some actions as a column; `read` makes them from it."""
    row = JSONObject(
        pk="pk",
        text="text",
        owner="owner__name",
        reference="award__reference",
        due="due_on",
        done="done_at",
        word="word",
    )
    return ArraySubquery(actions.values(row=row)[:MOST])


def read(column: list[dict[str, Any]]) -> list[ShownAction]:
    """What a column holds."""
    return [
        ShownAction(
            row["text"],
            row["owner"],
            row["reference"],
            date.fromisoformat(row["due"]),
            datetime.fromisoformat(row["done"]) if row["done"] else None,
            row["word"],
            reverse("awards:action", args=[row["reference"], row["pk"]]),
        )
        for row in column
    ]


def of_the_owner(user: User, side: str) -> ArraySubquery:
    """The open actions that a person owns as somebody of the recipient, or of the managing body."""
    return in_a_column(Action.objects.visible_to(user).open().filter(owner=user, side=side))
