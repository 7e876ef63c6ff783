"""What every page's frame shows: where one can go, who is signed in, whether this is the demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from grants.desk.addresses import address
from grants.desk.kinds import ADMINISTRATOR, FUNDER, GRANTEE, MANAGING_BODY, in_words, kinds_of, roles_by_organisation
from grants.people.models import User

NAVIGATION = [
    ("Home", "home", {GRANTEE, MANAGING_BODY, FUNDER, ADMINISTRATOR}),
    ("Awards", "awards", {GRANTEE, MANAGING_BODY, ADMINISTRATOR}),
    ("What you fund", "portfolio", {FUNDER}),
    ("Calls", "awards:calls", {GRANTEE}),
    ("Programmes", "programmes", {MANAGING_BODY}),
    ("Reports", "reports:reports", {GRANTEE, MANAGING_BODY}),
    ("Payments", "money:payments", {GRANTEE, MANAGING_BODY}),
    ("Calendar", "calendar", {GRANTEE, MANAGING_BODY, FUNDER}),
    ("Imports", "imports:imports", {ADMINISTRATOR}),
    ("People", "people:people", {ADMINISTRATOR}),
    ("Settings", "admin:index", {ADMINISTRATOR}),
]


def place_after(other: str, title: str, name: str, readers: set[str]) -> None:
    """Give a page of a room above this one its place in the navigation, once."""
    if all(known != name for _, known, _ in NAVIGATION):
        NAVIGATION.insert([known for known, _, _ in NAVIGATION].index(other) + 1, (title, name, readers))


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor. It asks the database once, for the person's memberships."""
    user = getattr(request, "user", None)
    frame: dict[str, Any] = {"nav": [], "who": "", "help": "", "demonstration": settings.DEMONSTRATION}
    if isinstance(user, User):
        frame |= {"nav": _navigation(request, user), "who": _who(user), "help": _help(request)}
    return {"shell": frame}


def _navigation(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    kinds = set(kinds_of(user))
    items = []
    for title, name, readers in NAVIGATION:
        url = address(name) if readers & kinds else ""
        if url:
            current = request.path == url or (name != "home" and request.path.startswith(url))
            items.append({"title": title, "url": url, "current": current})
    return items


def _who(user: User) -> str:
    held = roles_by_organisation(user)
    return "; ".join(f"{in_words(roles)}, {name}" for name, roles in held.items()) or user.name


def _help(request: HttpRequest) -> str:
    """The address of this page's help; of the general one where the page has no name, as an error's has none."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return "" if name == "help" else address("help", name.replace(":", "-") or "general")
