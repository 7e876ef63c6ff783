"""A report in the middle of an award, and everybody who has to do with it."""

from collections.abc import Callable

import pytest
from django.test import Client

from grants.awards.models import Award
from grants.people.models import User
from grants.programmes.models import Indicator
from grants.reports.models import FigureRequest, Report
from tests import factories
from tests.factories import Cast
from tests.reports.asking import ask


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


@pytest.fixture
def learners(who: Cast) -> Indicator:
    """The indicator that counts people."""
    return Indicator.objects.get(programme=who.programme, code="learners")


@pytest.fixture
def likely(who: Cast) -> Indicator:
    """The indicator that is a ratio."""
    return Indicator.objects.get(programme=who.programme, code="likely")


@pytest.fixture
def asked(draft: Report, learners: Indicator, who: Cast) -> FigureRequest:
    """The number of learners, asked of a school."""
    return ask(draft, learners, who.editor)
