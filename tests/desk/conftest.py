"""Everybody who has a part, and their browsers."""

from collections.abc import Callable

import pytest
from django.test import Client

from grants.people.models import User
from tests import factories
from tests.factories import Cast


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser of its own for somebody who is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
