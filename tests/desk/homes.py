"""What tests of the homes share."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from grants.awards.models import Award, Milestone
from grants.formats import local_today
from grants.people.models import User
from tests import factories

AsUser = Callable[[User], Client]


def part(client: Client, kind: str, **query: str) -> dict[str, Any]:
    """What the home shows to one kind of people."""
    parts = {found["kind"]: found for found in client.get("/", query).context["parts"]}
    return dict(parts[kind])


def make_late(award: Award, days: int) -> Milestone:
    """The award's first report was due some days ago."""
    milestone = factories.milestone_of(award, 1)
    milestone.due_on = local_today() - timedelta(days=days)
    milestone.opens_on = milestone.due_on - timedelta(days=14)
    milestone.save()
    return milestone


def was_here(user: User, **at: Any) -> None:
    """When somebody was here (`here_at`), and when the visit before that ended (`here_since`)."""
    User.objects.filter(pk=user.pk).update(**at)
