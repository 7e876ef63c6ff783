"""What rooms above this one show on a home, or on the page of an award or a programme. They register it when they are loaded;
the pages know none by name.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from grants.desk.kinds import ROLES

AWARD, PROGRAMME = "award", "programme"
PLACES = {*ROLES, AWARD, PROGRAMME}
Panel = Callable[..., tuple[str, dict[str, Any]] | None]
_panels: dict[str, list[Panel]] = defaultdict(list)


def panel(*places: str) -> Callable[[Panel], Panel]:
    """Register a panel for places: the homes of some kinds of people (`grants.desk.kinds`), AWARD or PROGRAMME.

    It gets what the page is about (nothing on a home, the award, the `Portfolio`) and the user, who sees that; it answers a
    template and its context, or None where there is nothing to show.
    """
    if unknown := set(places) - PLACES:
        raise ValueError(f"No home is for {', '.join(sorted(unknown))}, and no page")

    def register(show: Panel) -> Panel:
        for place in places:
            if show not in _panels[place]:
                _panels[place].append(show)
        return show

    return register


def panels_for(place: str, request: HttpRequest, *about: Any) -> list[SafeString]:
    """The panels of one place as HTML, in the order of registration."""
    shown = (show(*about, request.user) for show in _panels[place])
    return [render_to_string(template, context, request) for template, context in filter(None, shown)]
