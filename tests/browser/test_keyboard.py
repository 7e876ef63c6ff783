"""Everything can be done by keyboard alone, and whoever does it sees where they are."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.completing import FORMS, Form
from tests.browser.keyboard import Keyboard
from tests.browser.places import Place
from tests.browser.somebody import ComeIn

pytestmark = pytest.mark.browser


def test_every_form_has_its_story(places: list[Place]) -> None:
    assert {form.name for form in FORMS} == {place.name for place in places if place.writes}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_form_is_completed(form: Form, places: list[Place], come_in: ComeIn) -> None:
    email, address = form.found_in(places)
    person = come_in(email)
    person.go(address)
    keyboard = Keyboard(person)
    form.before(keyboard)
    form.complete(keyboard)
    expect(person.page.get_by_role("main")).to_contain_text(form.says)
    expect(person.page.locator(".errors, .notice.late")).to_have_count(0)


def test_tab_goes_once_through_every_sort_of_page(places: list[Place], come_in: ComeIn) -> None:
    one_of_each = {place.name: place for place in reversed(places) if place.status == 200 and not place.download}
    people = {email: come_in(email) for email in {place.email for place in one_of_each.values()}}
    missed = {}
    for place in one_of_each.values():
        person = people[place.email]
        person.watch.expected = {410}  # a question that another test has settled meanwhile
        person.go(place.url)
        missed[str(place)] = Keyboard(person).walk()
    assert {name: stops for name, stops in missed.items() if stops} == {}


def test_first_stop_skips_to_the_content(come_in: ComeIn) -> None:
    person = come_in("reviewer@accesshe.example")
    person.go("/")
    skip = person.place("link", "Skip to the content")
    expect(skip).not_to_be_in_viewport()
    person.page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("main")).to_be_focused()
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_help_opens_by_its_key_and_gives_the_focus_back(come_in: ComeIn) -> None:
    person = come_in("editor@space-connections.example")
    person.go("/awards/")
    keyboard = Keyboard(person)
    stop = keyboard.to(person.place("link", "Calls"))
    keyboard.keys.press("?")
    help_text = person.place("dialog", re.compile("."))
    expect(help_text).to_be_visible()
    expect(help_text.get_by_role("heading").first).to_be_visible()
    assert help_text.evaluate("dialog => dialog.contains(document.activeElement)")
    keyboard.keys.press("Escape")
    expect(help_text).to_be_hidden()
    expect(stop).to_be_focused()


def test_help_key_is_a_question_mark_where_one_writes(come_in: ComeIn) -> None:
    person = come_in("editor@space-connections.example")
    person.go("/awards/")
    keyboard = Keyboard(person)
    words = person.page.get_by_role("searchbox").first
    keyboard.to(words)
    keyboard.keys.type("who?")
    expect(words).to_have_value("who?")
    expect(person.page.get_by_role("dialog")).to_have_count(0)


def test_list_is_filtered(come_in: ComeIn) -> None:
    person = come_in("reviewer@accesshe.example")
    person.go("/awards/")
    keyboard = Keyboard(person)
    keyboard.to(person.page.get_by_role("searchbox").first)
    keyboard.keys.type("robotics")
    keyboard.to(person.page.locator("summary[aria-labelledby^=filter_state_label]"))
    keyboard.keys.press("Space")
    keyboard.tick("Suspended")
    expect(person.page.locator("#count")).to_contain_text("1 award")
    person.reads("Example Robotics Club")
    expect(person.page).to_have_url(re.compile("state=suspended"))
    keyboard.press("Show")
    person.reads("Example Robotics Club")
