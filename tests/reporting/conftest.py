"""Two awards of one programme: one has reported, one has not. Isolation is tested, so transactions are real."""

import datetime
from dataclasses import dataclass

import pytest

from grants.awards.models import Award
from grants.reports.models import Report
from reporting import services
from reporting.models import FunderReport
from tests import factories
from tests.factories import Cast


@dataclass
class Programme:
    """A programme with two awards, and the people in it."""

    who: Cast
    reported: Award
    silent: Award

    def request(self, **more: datetime.date) -> FunderReport:
        """A report to the larger funder about everything so far."""
        period = {
            "period_start": self.reported.starts - datetime.timedelta(days=400),
            "period_end": self.reported.ends + datetime.timedelta(days=400),
        } | more
        return services.request_report(self.who.programme, self.who.funder, by=self.who.reviewer, **period)


@pytest.fixture
def programme(transactional_db: None) -> Programme:
    """One award with its first report approved, and one that has not reported."""
    who = factories.cast()
    reported, silent = factories.award_in("active", who), factories.award_in("active", who)
    first = Report.objects.filter(milestone__award=reported).order_by("milestone__number")[0]
    factories.move_report(first, "approved", who)
    return Programme(who, factories.award_again(reported), silent)
