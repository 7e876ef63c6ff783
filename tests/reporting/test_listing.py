"""The list of funder reports, before the managing body and before the funder."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from grants.people.models import User
from reporting.models import Download, FunderReport
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.django_db
LIST = "/documents/"


@pytest.fixture
def who() -> Cast:
    return factories.cast()


def get(client: Client, user: User, **asked: Any) -> Any:
    client.force_login(user)
    return client.get(LIST, asked)


def shown(page: Any) -> list[FunderReport]:
    return [row.record for row in page.context["table"].paginated_rows]


def test_funder_reports_are_filtered_by_state_funder_and_period(who: Cast, client: Client) -> None:
    built, released = factories.funder_report_in("built", who), factories.funder_report_in("released", who)
    assert shown(get(client, who.reviewer)) == [released, built]
    assert shown(get(client, who.reviewer, state="built")) == [built]
    assert shown(get(client, who.reviewer, sort="number")) == [built, released]
    assert shown(get(client, who.reviewer, since=released.period_end)) == [released, built]
    assert shown(get(client, who.reviewer, until="1 May 2001")) == []


def test_funder_sees_what_was_released_and_not_who_asked_or_took_it(who: Cast, client: Client) -> None:
    factories.funder_report_in("built", who)
    released = factories.funder_report_in("released", who)
    Download.objects.create(funder_report=released, person=who.viewer)
    page = get(client, who.viewer, sort="requested_by")
    assert shown(page) == [released]
    assert who.reviewer.name not in page.content.decode()
    head, *lines = csv.reader(StringIO(get(client, who.viewer, _export="csv").content.decode("utf-8-sig")))
    assert not {"Asked for by", "Downloads"} & set(head)
    assert len(lines) == 1


def test_managing_body_sees_who_asked_and_how_often_it_was_taken(who: Cast, client: Client) -> None:
    released = factories.funder_report_in("released", who)
    for _ in range(3):
        Download.objects.create(funder_report=released, person=who.viewer)
    head, line = csv.reader(StringIO(get(client, who.approver, _export="csv").content.decode("utf-8-sig")))
    found = dict(zip(head, line, strict=True))
    assert found["Asked for by"] == str(who.reviewer)
    assert found["Downloads"] == "3"
    assert found["Reference"] == released.reference
    assert found["Period to"] == released.period_end.isoformat()


def test_list_without_reports_says_what_comes(who: Cast, client: Client) -> None:
    assert "The first can be made when" in get(client, who.reviewer).content.decode()
    assert "You get a notice here" in get(client, who.viewer).content.decode()


def test_list_does_not_read_the_documents(who: Cast, client: Client, django_assert_max_num_queries: Any) -> None:
    factories.funder_report_in("released", who)
    client.force_login(who.approver)
    with django_assert_max_num_queries(15) as captured:
        client.get(LIST)
    assert not any('"snapshot",' in query["sql"] for query in captured.captured_queries)
