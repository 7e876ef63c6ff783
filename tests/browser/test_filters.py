"""Filters that answer as one types leave the list alone that somebody is about to click in."""

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import ComeIn

pytestmark = pytest.mark.browser


def test_slow_click_on_what_was_found_arrives(come_in: ComeIn) -> None:
    person = come_in("reviewer@accesshe.example")
    person.go("/awards/")
    person.page.get_by_role("searchbox").press_sequentially("robotics")
    expect(person.page.locator("#count")).to_contain_text("1 award")
    person.page.locator("#list tbody a").first.click(delay=300)
    person.reads("Robots at lunchtime", "Where it stands")


def test_filter_after_the_session_ended_leads_to_sign_in(come_in: ComeIn) -> None:
    person = come_in("reviewer@accesshe.example")
    person.go("/awards/")
    person.context.clear_cookies(name="sessionid")
    person.page.get_by_role("searchbox").press_sequentially("robotics")
    expect(person.page.get_by_role("heading", name="Sign in")).to_be_visible()
