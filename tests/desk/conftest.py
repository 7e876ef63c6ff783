"""Everybody who has a part."""

import pytest

from tests import factories
from tests.factories import Cast


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()
