"""An award, its people, and one of them to whom nothing is owed yet."""

import pytest

from grants.awards.models import Award
from grants.lifecycle.models import Notice
from grants.people.models import User
from tests import factories
from tests.factories import Cast


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def award(who: Cast) -> Award:
    return factories.award_in("active", who)


@pytest.fixture
def editor(who: Cast, award: Award) -> User:
    """Somebody to whom nothing is owed yet."""
    Notice.objects.all().delete()
    return who.editor
