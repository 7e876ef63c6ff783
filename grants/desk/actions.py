"""Actions as homes and the page of an award show them: read as one column of a query that is made anyway."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import JSONObject
from django.urls import reverse

from grants.awards.models import Action
from grants.desk.milestones import LIVE
from grants.people.models import GRANTEE_ROLES, User

MOST = 50


@dataclass(frozen=True)
class ShownAction:
    """One action: what, who, by when; and what was done."""

    text: str
    owner: str
    owner_key: int
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
        owner_key="owner",
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
            row["owner_key"],
            row["reference"],
            date.fromisoformat(row["due"]),
            datetime.fromisoformat(row["done"]) if row["done"] else None,
            row["word"],
            reverse("awards:action", args=[row["reference"], row["pk"]]),
        )
        for row in column
    ]


def on_the_home(user: User, side: str) -> QuerySet[Action]:
    """The open actions of live awards that stand on a person's home, the person's own first: of a grantee all those of its
    awards, of the managing body also those that the person agreed, and those of the awards that the person looks after.

    What stands on the home of somebody as grantee, who runs the award for the managing body too, does not stand there twice.
    """
    live = Action.objects.visible_to(user).open().filter(award__state__in=LIVE)
    of_own_awards = Q(award__organisation__in=user.organisations_as(*GRANTEE_ROLES))
    if side == Action.Side.RECIPIENT:
        found = live.filter(of_own_awards)
    else:
        concerned = Q(owner=user, side=side) | Q(raised_by=user) | Q(award__manager=user) | Q(award__cover=user)
        found = live.filter(concerned).exclude(of_own_awards)
    return found.order_by(Case(When(owner=user, then=0), default=1), "due_on", "pk")
