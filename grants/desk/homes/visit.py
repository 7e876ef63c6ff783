"""Somebody looks at their home: what each part of it needs to know."""

from dataclasses import dataclass
from datetime import date, datetime

from grants.people.models import User


@dataclass(frozen=True)
class Visit:
    """Who looks, when, and at what."""

    user: User
    today: date
    since: datetime | None = None
    """When the visit before this one ended; None on the first"""
    mine: bool = False
    """Whether only the awards that the person manages or covers are asked for"""
