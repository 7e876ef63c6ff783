"""The stage: a real server, chromium, and people who have nothing but their accounts."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import blocking_manager_key

from config.celery import app
from grants.formats import local_today
from tests import factories
from tests.browser import stage
from tests.browser.places import Place
from tests.browser.somebody import ComeIn, SitDown, Somebody
from tests.browser.visits import VISITS, summed_up
from tests.browser.watch import Watch
from tests.browser.workbook import one_award
from tests.factories import Cast

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 15_000  # milliseconds
LONGEST_FIRST = ("test_whole_life", "test_a_quarter", "test_every_page")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker is left alone with it."""
    items.sort(key=lambda item: LONGEST_FIRST.index(item.path.stem) if item.path.stem in LONGEST_FIRST else 9)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that started the workers clears the stage behind them."""
    if not hasattr(session.config, "workerinput"):
        with session.config.stash[blocking_manager_key].unblock():
            stage.forget()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests found out, on whichever worker: the sum of the pages that they visited."""
    ended = [one for found in terminalreporter.stats.values() for one in found if getattr(one, "when", "") == "call"]
    visits = [value for report in ended for name, value in report.user_properties if name == VISITS]
    if visits:
        terminalreporter.write_line(summed_up(visits))


@pytest.fixture
def who(transactional_db: None) -> Cast:
    """Everybody who has a part in a programme, and an open call. Nothing has been applied for."""
    body = factories.organisation("managing_body", "AccessHE")
    programme = factories.a_programme(body, code="STEM", title="STEM through the third sector")
    programme.strands.update(recommended_from=10_000)
    people = factories.cast(programme, factories.organisation("third_sector", "Bright Sparks", city="Bristol"))
    app.control.purge()
    return people


@pytest.fixture
def workbook(who: Cast, tmp_path: Path) -> Path:
    """A file that an administrator has."""
    path = tmp_path / "awards-running.xlsx"
    path.write_bytes(one_award(who, local_today()))
    return path


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    """What is kept an eye on, and must have found nothing; pictures go where EXEMPLAR_SHOTS says."""
    shots = os.environ.get("EXEMPLAR_SHOTS")
    if shots:
        Path(shots).mkdir(parents=True, exist_ok=True)
    watch = Watch(live_server.url, Path(shots) if shots else None)
    yield watch
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each person in it has cookies of their own."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def places(django_db_blocker: DjangoDbBlocker) -> list[Place]:
    """The pages of the demonstration; with them it is loaded."""
    with django_db_blocker.unblock():
        return stage.make_ready()


@pytest.fixture(scope="module")
def standing(places: list[Place], django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The demonstration behind a server: a copy for each module, which may change it; gives the address."""
    with django_db_blocker.unblock(), stage.standing() as address:
        yield address


@pytest.fixture
def somebody(who: Cast, watch: Watch, chromium: Browser) -> Iterator[SitDown]:
    """Sits a person down before a browser."""
    people: list[Somebody] = []

    def sit_down(email: str) -> Somebody:
        one = Somebody(chromium, watch, email)
        one.context.set_default_timeout(PATIENCE)
        people.append(one)
        return one

    yield sit_down
    for one in people:
        one.context.close()


@pytest.fixture
def come_in(standing: str, chromium: Browser) -> Iterator[ComeIn]:
    """Lets somebody of the demonstration come in, signed in; what they meet is watched."""
    watch, people = Watch(standing), list[Somebody]()

    def come_in(email: str, **more: Any) -> Somebody:
        one = Somebody(chromium, watch, email, **more)
        one.context.set_default_timeout(PATIENCE)
        one.come_in()
        people.append(one)
        return one

    yield come_in
    for one in people:
        one.context.close()
    assert not watch.problems, "\n".join(watch.problems)
