"""What rooms above this one add to a person's own account. They register it when they are loaded."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

Section = Callable[[HttpRequest], tuple[str, dict[str, Any]]]
_sections: list[Section] = []


def section(show: Section) -> Section:
    """Register a section: a function of the request that answers a template and its context."""
    if show not in _sections:
        _sections.append(show)
    return show


def sections_for(request: HttpRequest) -> list[SafeString]:
    """The sections as HTML, in the order of registration."""
    return [render_to_string(template, context, request) for template, context in (show(request) for show in _sections)]
