"""Messages owed, and the time that passes until they are sent."""

from datetime import timedelta
from typing import Any

from grants.awards.models import Award
from grants.lifecycle import notices
from grants.lifecycle.models import Notice
from grants.people.models import User


def owe(person: User, award: Award, event: str = "e1", subject: str = "Something to do", **more: Any) -> Notice:
    notices.owe([person], award.key, event, subject, more.pop("text", ""), award.get_absolute_url(), **more)
    return Notice.objects.get(event=event, person=person)


def later(**passed: float) -> None:
    """Let time go by for what waits, and for what was sent."""
    for notice in Notice.objects.all():
        for name in ("send_at", "sent_at", "claimed_until"):
            if (moment := getattr(notice, name)) is not None:
                setattr(notice, name, moment - timedelta(**passed))
        notice.save()
