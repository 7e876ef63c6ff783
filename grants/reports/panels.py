"""What rooms above this one show on the page of a report, or of a number. They register it when they are loaded."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

REPORT, NUMBER = "report", "number"
Panel = Callable[..., tuple[str, dict[str, Any]] | None]
_panels: dict[str, list[Panel]] = {REPORT: [], NUMBER: []}


def panel(place: str) -> Callable[[Panel], Panel]:
    """Register a panel. It gets what the page is about (a Report, a `numbers.Number`) and the user, who sees that; it answers
    a template and its context, or None where there is nothing to show.
    """

    def register(show: Panel) -> Panel:
        if show not in _panels[place]:
            _panels[place].append(show)
        return show

    return register


def panels_for(place: str, request: HttpRequest, about: Any) -> list[SafeString]:
    """The panels of one place as HTML, in the order of registration."""
    shown = (show(about, request.user) for show in _panels[place])
    return [render_to_string(template, context, request) for template, context in filter(None, shown)]
