"""With scripting off everything still works: pages say the same, and what is done with them is done by links and buttons."""

import pytest
from playwright.sync_api import expect

from tests.browser.places import Place
from tests.browser.somebody import ComeIn

pytestmark = pytest.mark.browser

WITH_IT = ".autosave"
"""Where a page says something else with scripting"""


def test_every_sort_of_page_says_the_same(places: list[Place], come_in: ComeIn) -> None:
    one_of_each = {place.name: place for place in reversed(places) if place.status == 200 and not place.download}
    emails = {place.email for place in one_of_each.values()}
    scripted = {email: come_in(email) for email in emails}
    plain = {email: come_in(email, java_script_enabled=False) for email in emails}
    different = {}
    for name, place in one_of_each.items():
        said = {
            line
            for person, where in ((plain, "main"), (scripted, WITH_IT))
            for text in person[place.email].at(place.url).locator(where).all_inner_texts()
            for line in text.splitlines()
        }
        shown = scripted[place.email].page.get_by_role("main").inner_text().splitlines()
        different[name] = [line for line in shown if line not in said]
    assert {name: lines for name, lines in different.items() if lines} == {}


def test_report_part_is_saved(come_in: ComeIn) -> None:
    editor = come_in("editor@space-connections.example", java_script_enabled=False)
    editor.go("/")
    editor.follow("Continue the report")
    editor.follow("What you planned and did", editor.place("navigation", "Parts of this report"))
    editor.write("This report", "Eleven workshops, in ten schools.")
    editor.press("Save")
    editor.reads("Saved: What you planned and did.")
    expect(editor.field("This report")).to_have_value("Eleven workshops, in ten schools.")
    editor.press("Save and go to the next part")
    editor.reads("Figures")
    editor.write("Learners reached, this period", "about three hundred")
    with editor.is_refused(422):
        editor.press("Save")
        editor.reads("There is 1 fault", "is not a number")
    expect(editor.field("Learners reached, this period")).to_have_value("about three hundred")


def test_list_is_filtered_sorted_and_paged(come_in: ComeIn) -> None:
    finance = come_in("finance@accesshe.example", java_script_enabled=False)
    finance.go("/payments/")
    finance.follow("Next page")
    assert "page=2" in finance.page.url
    finance.follow("Award")
    assert "sort=recipient" in finance.page.url
    finance.page.locator("summary[aria-labelledby^=filter_state_label]").click()
    finance.tick("Held")
    finance.press("Show")
    finance.reads("1 payment.", "Example Science Trust")
    finance.follow("Show all")
    assert "state=" not in finance.page.url


def test_step_is_done(come_in: ComeIn) -> None:
    reviewer = come_in("reviewer@accesshe.example", java_script_enabled=False)
    reviewer.go("/awards/EX-2012-14/")
    reviewer.follow("Start the review")
    reviewer.press("Start the review")
    reviewer.reads("Started the review.", "In review")


def test_help_is_a_page(come_in: ComeIn) -> None:
    reviewer = come_in("reviewer@accesshe.example", java_script_enabled=False)
    reviewer.go("/awards/")
    reviewer.follow("Help")
    expect(reviewer.page.get_by_role("heading", level=1)).to_be_visible()
    assert "/help/" in reviewer.page.url
