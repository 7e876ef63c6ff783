"""Brings up PostgreSQL and Redis before pytest-django reads the settings (`-p tests.plugin` in pyproject.toml).

Given DATABASE_URL and REDIS_URL are used as they are. Otherwise both run embedded on a temporary folder, and PostgreSQL
does not wait for the disk. pytest-xdist's workers inherit the addresses; each has its own database and Redis numbers.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from config import embedded

SHARED = {"demonstration", "access", "pdf"}
"""Folders whose tests share one costly setting"""
NUMBERS = {"REDIS_URL": 0, "CACHE_URL": 1}


@pytest.hookimpl(wrapper=True)  # wrappers come before pytest-django's own hook
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        bring_up(early_config)
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    for name, offset in NUMBERS.items():
        os.environ[name] = at_number(os.environ.get(name) or os.environ["REDIS_URL"], 2 * number + offset)
    return (yield)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Keep the tests of a folder that shares a setting on one worker, so that it is made once."""
    return ByFolder(config, log)


class ByFolder(LoadScopeScheduling):
    """Gives a worker all tests of a folder in SHARED, and of the others one at a time."""

    def _split_scope(self, nodeid: str) -> str:
        folder = Path(nodeid.partition("::")[0]).parent.name
        return folder if folder in SHARED else nodeid


def bring_up(config: pytest.Config) -> None:
    data = Path(tempfile.mkdtemp(prefix="exemplar-tests-"))
    # Cleanups run last in, first out: the folder goes after the lease
    config.add_cleanup(lambda: shutil.rmtree(data, ignore_errors=True))
    os.environ.setdefault("SECRET_KEY", "only for tests")
    os.environ["EXEMPLAR_DATA"] = str(data)
    os.environ["EXEMPLAR_EMBEDDED"] = "1"  # plain HTTP, local hosts
    os.environ["DATABASE_CONN_MAX_AGE"] = "0"  # a connection that outlives its thread holds the test database open
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        lease = embedded.take(data, temporary=True)
        config.add_cleanup(lease.close)
        embedded.hand_down(lease)


def at_number(address: str, number: int) -> str:
    """The same Redis, another of its numbered databases."""
    if address.startswith("unix:"):
        return re.sub(r"\?db=\d+|$", f"?db={number}", address, count=1)
    return re.sub(r"(://[^/]+)(/\d*)?", rf"\g<1>/{number}", address, count=1)


def pytest_sessionstart() -> None:
    from django.db import connection

    assert connection.vendor == "postgresql", "the tests need PostgreSQL: half of the rules live in it"
