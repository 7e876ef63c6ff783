"""The demonstration is loaded once for this folder, committed as `make demo` has it, and thrown away after it.

Each test is rolled back, so that all of them see it as it was loaded.
"""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from config.demonstration import setting
from config.demonstration.loading import load
from grants import clock


@pytest.fixture(scope="package")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration, in the database of the tests."""
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
        assert load()
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def today(loaded: None) -> Iterator[None]:
    """The day on which the demonstration stands still."""
    with clock.on(setting.TODAY):
        yield
