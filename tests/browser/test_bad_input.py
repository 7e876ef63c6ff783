"""What goes wrong in a browser: forms with every field wrong, buttons pressed twice, and pages that refuse."""

from unittest.mock import patch

import pytest
from playwright.sync_api import Locator, Request, expect

from config.demonstration import setting
from grants.people.models import User
from reporting import services
from reporting.models import FunderReport
from tests.browser.completing import FORMS, Form
from tests.browser.keyboard import Keyboard
from tests.browser.places import Place
from tests.browser.somebody import ComeIn, Somebody

pytestmark = pytest.mark.browser

NONSENSE = "nonsense"
NOTHING_CAN_BE_WRONG = {
    "awards:calls": "has one button",
    "awards:extension": "takes any answer, and none, where it is granted",
    "awards:managers": "has lists to choose from",
    "imports:step discard": "has one button",
    "reports:members": "has buttons",
    "reports:part narrative": "takes any text, and none",
    "reports:part activities": "takes any text, and none",
    "reports:part risks": "has lists to choose from, and takes any text",
    "reports:part follow_up": "takes any text, and none",
    "reports:part judgement": "keeps what was chosen, and takes any text",
    "reports:step recall-submission": "has one button",
    "programmes:set": "has buttons",
    "reports:step update-figures": "has one button",
    "reporting:step release": "has one button",
}
CONTROLS = "input:not([type=hidden]), textarea, select"
OF_THE_WHOLE = "people:sign-in nonsense"
"""Which of the two is wrong is not said to strangers"""
UNLINKED = """() => [...document.querySelectorAll("main [aria-invalid=true]")]
  .map(one => one.type === "radio" ? document.querySelector(`[name="${one.name}"]`) : one)
  .filter(one => !document.querySelector(`.errors a[href="#${CSS.escape(one.id)}"]`)).map(one => one.outerHTML.slice(0, 150))"""
ASTRAY = """() => [...document.querySelectorAll(".errors a")].filter(one => {
  const target = document.querySelector(one.getAttribute("href"));
  return !target || !(target.matches("input, select, textarea, [tabindex]") || target.querySelector("input, select, textarea"));
}).map(one => one.outerHTML)"""


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_form_with_every_field_wrong_says_so(form: Form, places: list[Place], come_in: ComeIn) -> None:
    email, address = form.found_in(places)
    person = come_in(email)
    person.watch.expected = {422}
    refused = 0
    person.go(address)
    form.before(Keyboard(person))
    begun = person.page.url.removeprefix(person.watch.home)
    for words in ("", NONSENSE):
        person.go(begun)
        typed = spoil(person, words)
        if typed is None:
            break
        with person.page.expect_navigation():
            the_form(person).locator("button").first.click()
        if person.page.locator(".errors").count():
            refused += 1
            says_what_is_wrong(person, f"{form} {words or 'empty'}", typed)
    assert bool(refused) != (str(form) in NOTHING_CAN_BE_WRONG)


def the_form(person: Somebody) -> Locator:
    """The first form of the page with something to fill in, if there is one."""
    forms = person.page.locator("main form[method=post]")
    return forms.filter(has=person.page.locator(CONTROLS), visible=True).first if forms.count() > 1 else forms


def spoil(person: Somebody, words: str) -> dict[str, str] | None:
    """Write the same into every field, choose nothing in lists and no file; returns what stands where, None without fields."""
    typed = {}
    controls = [one for one in the_form(person).locator(CONTROLS).all() if one.is_visible() and one.is_enabled()]
    for control in controls:
        kind = control.get_attribute("type") or control.evaluate("one => one.tagName.toLowerCase()")
        if kind == "select" and control.locator("option[value='']").count():
            control.select_option("")
        if kind in ("file", "radio", "checkbox", "select") or not control.is_editable():
            continue
        control.fill(words)
        if kind != "password":
            typed[str(control.get_attribute("name"))] = words
    return typed if controls else None


def says_what_is_wrong(person: Somebody, name: str, typed: dict[str, str]) -> None:
    """The summary has the focus, links to every faulty field, and everything typed is still there."""
    page, summary = person.page, person.page.locator(".errors")
    expect(summary).to_be_focused()
    assert page.evaluate(UNLINKED) == []
    assert page.evaluate(ASTRAY) == []
    for field, words in typed.items():
        expect(the_form(person).locator(f"[name='{field}']")).to_have_value(words)
    person.look(name)
    link = summary.get_by_role("link").first
    if name.startswith(OF_THE_WHOLE):
        expect(link).to_have_count(0)
        return
    target = page.locator(str(link.get_attribute("href")))
    link.press("Enter")
    expect(target.or_(target.locator("input")).first).to_be_in_viewport()
    assert target.evaluate("one => one === document.activeElement || one.contains(document.activeElement)")


def test_button_pressed_twice_sends_once(come_in: ComeIn) -> None:
    person, sent = come_in("editor@teach-first.example"), list[Request]()
    person.go("/people/account/")
    person.page.route("**/people/account/", lambda route: (sent.append(route.request), route.fulfill(status=204)))
    button = person.place("button", "Save")
    button.focus()
    for _ in range(3):
        person.page.keyboard.press("Enter")
    working = person.place("button", "Working…")
    expect(working).to_have_attribute("aria-disabled", "true")
    working.click(force=True)
    assert len(sent) == 1  # and the next page never comes
    person.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")  # somebody came back to this page
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()
    expect(working).to_be_visible()
    assert len(sent) == 2


def test_what_is_withdrawn_says_so(come_in: ComeIn) -> None:
    report = FunderReport.objects.get(state="released")
    approver = User.objects.get(email=setting.address("approver", "accesshe"))
    services.withdraw_report(report.pk, by=approver, seen=None, reason="A figure of one award was wrong.")
    viewer = come_in("viewer@sw-spoke.example")
    viewer.watch.expected = {410}
    assert viewer.go(f"/documents/{report.pk}/report.pdf").status == 410
    viewer.reads("it is withdrawn")
    viewer.look("withdrawn")
    viewer.follow("See what became of it")
    viewer.reads("A figure of one award was wrong.")


def test_page_that_cannot_be_read_says_so(come_in: ComeIn) -> None:
    viewer = come_in("viewer@sw-spoke.example")
    viewer.watch.expected = {400}
    assert viewer.go("/awards/?" + "a=&" * 10_001).status == 400
    viewer.look("cannot be read")


def test_form_without_its_cookie_says_so(come_in: ComeIn) -> None:
    viewer = come_in("viewer@sw-spoke.example")
    viewer.go("/people/account/")
    viewer.context.clear_cookies(name="csrftoken")
    with viewer.is_refused(403):
        viewer.press("Save")
        expect(viewer.page.get_by_role("heading", level=1)).to_be_visible()
        viewer.look("without its cookie")


def test_failure_says_so(come_in: ComeIn) -> None:
    viewer = come_in("viewer@sw-spoke.example")
    with patch("grants.desk.context.kinds_of", side_effect=ValueError), viewer.is_refused(500):
        assert viewer.go("/awards/").status == 500
    viewer.look("failure")
