"""What rooms above a page add to it: a person's own account, a report before it is signed. They register it when they are
loaded; the page says its place, which is the name of its address, and knows no room by name.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

Section = Callable[..., tuple[str, dict[str, Any]] | None]
_sections: dict[str, list[Section]] = defaultdict(list)


def section(place: str) -> Callable[[Section], Section]:
    """Register a section for a page: a function of the request and of what the page is about (nothing on an account, the
    report), which answers a template and its context, or None where there is nothing to show.
    """

    def register(show: Section) -> Section:
        if show not in _sections[place]:
            _sections[place].append(show)
        return show

    return register


def sections_for(place: str, request: HttpRequest, *about: Any) -> list[SafeString]:
    """The sections of a page as HTML, in the order of registration."""
    shown = (show(request, *about) for show in _sections[place])
    return [render_to_string(template, context, request) for template, context in filter(None, shown)]
