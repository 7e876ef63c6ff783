"""What rooms above this one show on a home. They register it when they are loaded; the homes know none by name."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from grants.desk.kinds import ROLES
from grants.people.models import User

Panel = Callable[[User], tuple[str, dict[str, Any]] | None]
_panels: dict[str, list[Panel]] = defaultdict(list)


def panel(*kinds: str) -> Callable[[Panel], Panel]:
    """Register a panel for the homes of some kinds of people (`grants.desk.kinds`).

    It gets the user, and answers a template and its context, or None where there is nothing to show.
    """
    if unknown := set(kinds) - set(ROLES):
        raise ValueError(f"No home is for {', '.join(sorted(unknown))}")

    def register(show: Panel) -> Panel:
        for kind in kinds:
            if show not in _panels[kind]:
                _panels[kind].append(show)
        return show

    return register


def panels_for(kind: str, request: HttpRequest) -> list[SafeString]:
    """The panels of one home as HTML, in the order of registration."""
    shown = (show(request.user) for show in _panels[kind])  # type: ignore[arg-type]
    return [render_to_string(template, context, request) for template, context in filter(None, shown)]
