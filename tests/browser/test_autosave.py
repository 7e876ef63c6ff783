"""What is typed into a report is not lost: it saves itself, and waits where it cannot be saved."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from grants.people.models import User
from grants.reports.models import Report
from tests import factories
from tests.browser.somebody import SitDown, Somebody
from tests.browser.watch import Watch
from tests.factories import Cast

pytestmark = pytest.mark.browser

FIRST, SECOND = "We met twice, in the library.", "We met three times, at school."
Opens = Callable[[User], Somebody]
NO_CONNECTION = re.compile("ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)")


@pytest.fixture
def address(who: Cast) -> str:
    """Where the first part of a report is written."""
    who.programme.strands.update(recommended_from=None)
    award = factories.award_in("active", who, reports=1)
    return f"/reports/{Report.objects.get(milestone__award=award, milestone__number=1).pk}/parts/done/"


@pytest.fixture
def opens(somebody: SitDown, address: str) -> Opens:
    """Puts a person before the part."""

    def sit_down(person: User) -> Somebody:
        one = somebody(person.email)
        one.come_in()
        one.go(address)
        return one

    return sit_down


def types(one: Somebody, text: str) -> None:
    """Write, and leave the field."""
    one.write("This report", text)
    one.page.keyboard.press("Tab")


def has(one: Somebody, text: str) -> None:
    """See that text in the field."""
    expect(one.field("This report")).to_have_value(text)


@contextmanager
def without_connection(one: Somebody) -> Iterator[None]:
    """The network is gone, and comes back."""
    one.context.set_offline(True)
    yield
    one.context.set_offline(False)
    one.watch.problems[:] = [problem for problem in one.watch.problems if not NO_CONNECTION.search(problem)]


def test_what_is_typed_is_saved_without_a_button(who: Cast, opens: Opens) -> None:
    editor = opens(who.editor)
    editor.reads("Saved as you type.")
    editor.look("autosave-idle")
    editor.field("This report").press_sequentially("We met")  # and goes on thinking: nothing is pressed, nothing left
    editor.reads("by you", "1 of 10 parts ready", "Saved with 2 words.")
    editor.look("autosave-saved")
    editor.page.reload()
    has(editor, "We met")
    editor.write("This report", FIRST)
    editor.follow("Back to the report")  # at once: it is saved first, and nobody is asked
    editor.reads("Next: Figures")
    editor.page.go_back()
    has(editor, FIRST)


def test_two_people_in_one_part_see_both_texts(who: Cast, opens: Opens) -> None:
    editor, signatory = opens(who.editor), opens(who.signatory)
    types(signatory, SECOND)
    signatory.reads("by you")
    with editor.is_refused(409):
        types(editor, FIRST)
        editor.reads(f"{who.signatory} saved this part while you were writing.")
    editor.look("autosave-both-texts")
    editor.press("Save")
    editor.press("Put both together")
    editor.reads("by you")
    signatory.page.reload()
    has(signatory, f"{FIRST}\n\n{SECOND}")


def test_session_that_ended_loses_nothing(who: Cast, opens: Opens) -> None:
    editor = opens(who.editor)
    editor.context.clear_cookies(name="sessionid")
    with editor.is_refused(401):
        types(editor, FIRST)
        editor.reads("Not saved: you were signed out.")
    editor.look("autosave-signed-out")
    editor.follow("Sign in again")
    editor.write("E-mail address", editor.email)
    editor.write("Password", factories.PASSWORD)
    editor.press("Sign in")
    editor.reads("that was not saved is put back", "by you")
    editor.look("autosave-put-back")
    editor.page.reload()
    has(editor, FIRST)


def test_connection_that_is_lost_is_waited_for(who: Cast, opens: Opens) -> None:
    editor = opens(who.editor)
    with without_connection(editor):
        types(editor, FIRST)
        editor.reads("Not saved: no connection.")
        editor.press("Save")  # the page stays, with what was typed
        editor.look("autosave-no-connection")
        has(editor, FIRST)
    editor.reads("by you")
    editor.page.reload()
    has(editor, FIRST)


def test_signing_out_leaves_nothing_in_the_browser(who: Cast, opens: Opens) -> None:
    editor = opens(who.editor)
    editor.page.evaluate("localStorage.setItem('autosave', 'a text')")
    editor.sign_out()
    assert editor.page.evaluate("localStorage.length") == 0


def test_without_scripting_the_button_saves(who: Cast, address: str, chromium: Browser, watch: Watch) -> None:
    editor = Somebody(chromium, watch, who.editor.email, java_script_enabled=False)
    editor.come_in()
    editor.go(address)
    editor.reads("You can save this at any time, finished or not.")
    editor.write("This report", FIRST)
    editor.press("Save")
    editor.reads("by you")
    has(editor, FIRST)
    editor.context.close()
