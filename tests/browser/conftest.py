"""The stage: a real server, chromium, and people who have nothing but their accounts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from config.celery import app
from grants.formats import local_today
from tests import factories
from tests.browser.somebody import SitDown, Somebody, Watch
from tests.browser.workbook import one_award
from tests.factories import Cast

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 15_000  # milliseconds


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


@pytest.fixture
def somebody(who: Cast, watch: Watch) -> Iterator[SitDown]:
    """Sits a person down before a browser. Asked for last: while it runs, this thread keeps away from the database."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)

        def sit_down(email: str) -> Somebody:
            one = Somebody(browser, watch, email)
            one.context.set_default_timeout(PATIENCE)
            return one

        yield sit_down
        browser.close()
