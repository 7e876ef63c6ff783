"""What an award lacks before it can be closed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from grants.awards.models import Award
from grants.formats import local_today
from grants.money import services as money
from grants.people.models import User
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def checks(client: Client, award: Award) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(award.get_absolute_url()).context["closing"]
    return found


def test_what_is_missing_is_listed_and_then_no_longer(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("evaluating", who, reports=1)
    evaluation, payments, unspent = checks(as_user(who.approver), award)
    assert (evaluation["title"], evaluation["state"]) == ("Final evaluation", "not_due")
    assert "is released" in payments["hint"]
    assert unspent["title"] == "£11,999 of £12,500 is not spent, as the approved reports say"
    factories.report_in("approved", who, award, 2)
    for tranche in award.tranches.filter(state="released"):
        money.record_payment(tranche.pk, by=who.finance, seen=None, paid_on=local_today())
    assert [check["state"] for check in checks(as_user(who.editor), award)] == ["approved", "ready", ""]


@pytest.mark.parametrize("state", ["active", "closed", "terminated"])
def test_award_that_cannot_be_closed_has_no_such_list(who: Cast, as_user: AsUser, state: str) -> None:
    assert checks(as_user(who.approver), factories.award_in(state, who)) == []
