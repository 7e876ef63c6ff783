"""What every test may need. Services come from tests/plugin.py, before this is read."""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis
from pytest_django import Settings

from grants.people.models import User
from tests.factories import memory

hypothesis.register_profile("exemplar", deadline=None)  # no test is timed
hypothesis.load_profile("exemplar")


def pytest_configure() -> None:
    # The real hasher takes a tenth of a second; nothing is collected, static files come straight from their folders
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser of its own for somebody who is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def worlds() -> Iterator[None]:
    """What factories make in a test they need not make again in the next."""
    with memory.a_new_test():
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def media(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))


@pytest.fixture
def child_environment(transactional_db: None) -> dict[str, str]:
    """The environment for a process of its own (a worker, say) that shall see this test's database and files."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return os.environ | {
        "DATABASE_URL": address._replace(path=f"/{name}").geturl(),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
