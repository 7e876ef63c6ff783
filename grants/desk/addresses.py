"""Addresses of pages of other rooms."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: Any) -> str:
    """The address of a page; empty where there is no such page, so that no link is shown."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
