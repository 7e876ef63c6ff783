"""What this room adds to a person's own account: the private address of their calendar."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from grants.people.sections import section


@section("people:account")
def calendar_address(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """The address, where there is one, and the buttons that make and remove it."""
    user: Any = request.user
    feed = request.build_absolute_uri(reverse("calendar-feed", args=[user.feed_key])) if user.feed_key else ""
    return "desk/account_calendar.html", {"feed": feed}
