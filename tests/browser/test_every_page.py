"""Every page of the demonstration, as everybody who can come to it finds it, narrow and wide, by day and by night."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.places import KINDS, NO_PAGES, Place, names
from tests.browser.somebody import Somebody, each_with_their_own
from tests.browser.visits import VISITS, Visits
from tests.browser.watch import ALL_RULES, WITHOUT_COLOURS, Watch

pytestmark = pytest.mark.browser


def test_every_address_is_visited(places: list[Place]) -> None:
    assert set(names()) - {place.name for place in places if place.status == 200} == set(NO_PAGES)


def test_no_page_fails_and_no_link_leads_to_a_refusal(places: list[Place]) -> None:
    wrong = [place for place in places if place.status >= 500 or (place.found_on and place.status != 200)]
    assert [f"{place} as {place.email}, {place.url} from {place.found_on}" for place in wrong] == []


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_fit(
    kind: str, standing: str, places: list[Place], chromium: Browser, record_property: Callable[[str, object], None]
) -> None:
    watch, began = Watch(standing), time.monotonic()
    visited = [place for place in places if place.kind == kind and not place.download]
    for person, own in each_with_their_own(visited, watch, chromium):
        for place in own:
            visit(person, place)
    axe, console = (sum(one.startswith(f"{what}:") for one in watch.problems) for what in ("axe", "console"))
    record_property(
        VISITS,
        Visits(
            kind=kind,
            names=[place.name for place in visited],
            downloads=sum(place.download for place in places if place.kind == kind),
            axe=axe,
            console=console,
            others=len(watch.problems) - axe - console,
            seconds=time.monotonic() - began,
        ),
    )
    assert not watch.problems, "\n".join(watch.problems)


def visit(person: Somebody, place: Place) -> None:
    """Go there and look."""
    watch = person.watch
    watch.expected = {place.status}
    answer = person.go(place.url)
    if answer.status != place.status:
        watch.problems.append(f"{place}: {answer.status} in the browser, {place.status} before")
    if place.first:
        watch.look(person.page, str(place), narrow=ALL_RULES, dark=True)
    else:
        watch.look(person.page, str(place), wide=WITHOUT_COLOURS)
