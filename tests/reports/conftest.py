"""A report in the middle of an award, and everybody who has to do with it."""

from collections.abc import Callable

import pytest
from django.test import Client

from grants.awards.models import Award
from grants.people.models import User
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def award(who: Cast) -> Award:
    """Active, with three milestone reports and a final evaluation; not light."""
    return factories.award_in("active", who, reports=3)


@pytest.fixture
def draft(award: Award) -> Report:
    """The first milestone's report, in which nothing is written yet."""
    return Report.objects.named().get(milestone__award=award, milestone__number=1)


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    """The browser of somebody who is signed in."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in
