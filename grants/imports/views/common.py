"""What the pages of imports share: whom they are for."""

from typing import Any

from django.http import Http404, HttpRequest

from grants.people.models import User


def administrator(request: HttpRequest) -> User:
    """The person, who administers something; to everybody else there are no imports."""
    user: Any = request.user
    if not user.organisations_as("administrator"):
        raise Http404
    return user
