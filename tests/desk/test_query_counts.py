"""A page asks the database as often for thirty rows as for one."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards.models import Award, BudgetLine, Funding, Milestone, Target, Tranche
from grants.desk.context import shell
from grants.lifecycle.door import write_history
from grants.people.models import User
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
STATES = ("submitted", "in_review", "offered", "active", "evaluating")


def queries(client: Client, url: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def some_of_everything(who: Cast) -> None:
    """An award in each state in which it asks something of somebody, and one of a community of its own."""
    recipient = factories.organisation()
    for state in STATES:
        factories.award_in(state, who, reports=1)
    community = factories.a_community(who.recipient, who.recipient, recipient)
    award = factories.award_in("active", who, community=community, reports=1)
    factories.report_in("submitted", who, award)
    factories.import_in("faulty", who)
    other = replace(
        who,
        recipient=recipient,
        editor=factories.person("editor", recipient),
        signatory=factories.person("signatory", recipient),
    )
    late = factories.award_in("active", other, reports=1)
    Milestone.objects.filter(award=late).update(opens_on="2012-03-01", due_on="2012-03-14")


def test_homes_and_lists_ask_as_often_for_many_awards_as_for_few(who: Cast, as_user: AsUser) -> None:
    glance = reverse("programme", args=[who.programme.code])
    lists = (glance, reverse("programmes"), reverse("awards"), reverse("money:payments"))
    pages = [(role, "/") for role in ("editor", "signatory", "approver", "finance", "viewer", "administrator")]
    pages += [(role, url) for role in ("editor", "approver") for url in lists]
    pages += [("viewer", glance), ("viewer", reverse("portfolio"))]
    some_of_everything(who)
    begun = Report.objects.filter(milestone__award__organisation=who.recipient, state="draft").earliest("pk")
    factories.fill(begun, who.editor)
    clients = {role: as_user(getattr(who, role)) for role, _ in pages}
    assert all(queries(client, "/") <= 15 for client in clients.values())  # the first look at a home writes that down
    few = {(role, url): queries(clients[role], url) for role, url in pages}
    for _ in range(4):
        some_of_everything(who)
    assert Award.objects.count() == 35
    many = {(role, url): queries(clients[role], url) for role, url in pages}
    assert {page: count for page, count in many.items() if count > few[page]} == {}
    assert {page: count for page, count in few.items() if count > 15} == {}


@pytest.mark.parametrize("role", ["editor", "approver", "finance"])
def test_award_page_asks_as_often_for_many_rows_as_for_few(who: Cast, as_user: AsUser, role: str) -> None:
    community = factories.a_community(who.recipient, who.recipient)
    award = factories.award_in("active", who, community=community, reports=1, evaluation=False)
    client = as_user(getattr(who, role))
    few = queries(client, award.get_absolute_url())
    first = award.milestones.get()
    for number in range(2, 31):
        milestone = Milestone.objects.create(
            award=award,
            number=number,
            period_start=first.period_start,
            period_end=first.period_end,
            opens_on=first.opens_on,
            due_on=first.due_on,
        )
        Report.objects.create(milestone=milestone)
        Tranche.objects.create(award=award, number=number + 1, milestone=milestone, amount=0)
        BudgetLine.objects.create(award=award, title=f"Line {number}", amount=1)
        Funding.objects.create(award=award, funder=factories.organisation("funder"), amount=1)
        indicator = who.programme.indicators.create(code=f"i{number}", title=f"Indicator {number}", unit="people")
        Target.objects.create(award=award, indicator=indicator, value=1)
        community.members.add(factories.organisation())
        write_history(award, "tell", by=who.editor, sentence=f"Told number {number}")
    assert queries(client, award.get_absolute_url()) == few


def test_shell_asks_the_database_once(who: Cast, rf: pytest.FixtureRequest) -> None:
    request = rf.get("/")  # type: ignore[attr-defined]
    request.user = User.objects.get(pk=who.approver.pk)
    with CaptureQueriesContext(connection) as captured:
        assert shell(request)["shell"]["nav"]
    assert len(captured) == 1
