"""The stage: the demonstration behind a real server. It is loaded once a run; every test plays on a copy of its database."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from config.demonstration import setting, story, workbook
from config.demonstration.loading import funder_report, load
from grants.imports.services import upload
from grants.people.models import User
from grants.people.services import new_feed_key
from grants.programmes.models import Programme
from reporting.services import building, request_report
from tests.browser.places import Place, every_place

MODEL = "exemplar_demonstration"
"""The database that copies are made of; all workers of a run share it."""


def folder() -> Path:
    """What a run keeps beside that database; tests/plugin.py throws it away."""
    return Path(os.environ["EXEMPLAR_DATA"])


def the_day() -> override_settings:
    """Today stands still, as `make demo` has it, for the server's threads too."""
    return override_settings(TODAY=setting.TODAY, DEMONSTRATION=True, MEDIA_ROOT=str(folder() / "demonstration"))


def make_ready() -> list[Place]:
    """Load the demonstration and list its pages, unless another worker of this run has done so."""
    listed = folder() / "places.json"
    with (folder() / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not listed.exists():
            with copy(MODEL, of="template0", kept=True), the_day():
                _load()
                places = every_place()
            listed.write_text(json.dumps([vars(place) for place in places]))
    return [Place(**place) for place in json.loads(listed.read_text())]


def _load() -> None:
    """The demonstration, with what its workers would have done by now, and with states that pass quickly."""
    call_command("migrate", interactive=False, verbosity=0)
    assert load()
    waiting = funder_report(story.AUTUMN)
    assert waiting is not None
    assert building.build(waiting.pk, worker="stage")
    programme = Programme.objects.get(code=setting.CODE)
    editor, reviewer, administrator = (
        User.objects.get(email=setting.address(role, body))
        for role, body in (("editor", "space-connections"), ("reviewer", "accesshe"), ("administrator", "accesshe"))
    )
    again = next(iter(workbook.FILES))
    assert upload(programme, again, workbook.content(again), administrator).state == "ready"
    assert upload(programme, "faults.csv", b"Identifier,Title\n360G-1,\n", administrator).state == "faulty"
    request_report(programme, setting.body("example-foundation"), date(2012, 1, 1), story.AUTUMN, by=reviewer)
    new_feed_key(editor)


def forget() -> None:
    """Throw the shared database away: for the process that started the workers."""
    if (folder() / "places.json").exists():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{MODEL}" WITH (FORCE)')


@contextmanager
def copy(name: str, of: str, *, kept: bool = False) -> Iterator[None]:
    """Within this block every thread works with a copy of a database."""
    here = connection.settings_dict
    before = here["NAME"]
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')
    here["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        here["NAME"] = before
        if not kept:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def standing() -> Iterator[str]:
    """Within this block a copy of the demonstration stands behind a server, on its day; gives the address."""
    with copy(f"{MODEL}_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}", of=MODEL), the_day():
        server = LiveServer("127.0.0.1")
        try:
            yield server.url
        finally:
            server.stop()
