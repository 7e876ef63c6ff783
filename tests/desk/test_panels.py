"""Panels that rooms above register for a home."""

from collections.abc import Callable

import pytest
from django.test import Client

from grants.desk import panels
from grants.desk.kinds import FUNDER
from grants.people.models import User
from tests.factories import Cast


def test_panel_for_an_unknown_home_is_refused() -> None:
    with pytest.raises(ValueError, match="No home is for visitors"):
        panels.panel("visitors")


def test_panel_is_shown_on_its_home_alone_in_order(
    who: Cast, as_user: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(panels._panels, FUNDER, [])
    panels.panel(FUNDER)(lambda user: ("shared/empty.html", {"title": f"First for {user.name}"}))
    panels.panel(FUNDER)(lambda _: None)
    panels.panel(FUNDER)(lambda _: ("shared/empty.html", {"title": "Second"}))
    text = as_user(who.viewer).get("/").content.decode()
    assert 0 < text.index(f"First for {who.viewer.name}") < text.index("Second")
    assert "First for" not in as_user(who.editor).get("/").content.decode()
