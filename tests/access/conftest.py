"""A cast with a record for each word of the matrix, among three hundred awards; and what a page answers to each role."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.people.models import Membership, Role
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast
from tests.factories.many import many
from tests.weights import bytes_of

AWARDS = 300


@dataclass(frozen=True)
class Seen:
    """What a page answered to somebody: how it went, how often it asked the database, how large its first load is."""

    status: int
    queries: int
    size: int
    """In bytes; 0 for what is no page"""


Look = Callable[[str, str], Seen]
Stage = tuple[Cast, dict[str, Any]]


@pytest.fixture(scope="package")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """The cast and its records, made once for this folder and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        who = many(AWARDS).who
        yield who, make_records(who)
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def seen() -> dict[tuple[str, str], Seen]:
    """What was looked at already, by address and role: each page is fetched once for all that is asked of it."""
    return {}


@pytest.fixture
def who(stage: Stage, db: None) -> Cast:
    return stage[0]


@pytest.fixture
def records(stage: Stage, db: None) -> dict[str, Any]:
    return stage[1]


@pytest.fixture
def look(who: Cast, seen: dict[tuple[str, str], Seen]) -> Look:
    """Fetch a page as somebody of the cast, or as nobody."""

    def fetch(url: str, role: str) -> Seen:
        if (url, role) not in seen:
            client = Client()
            if role != "nobody":
                client.force_login(getattr(who, role))
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(url)
            is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
            seen[url, role] = Seen(answer.status_code, len(captured), bytes_of(answer.content) if is_page else 0)
        return seen[url, role]

    return fetch


def make_records(who: Cast) -> dict[str, Any]:
    """A record of the cast for each word in the matrix."""
    active = factories.award_in("active", who)
    drafts = Report.objects.filter(milestone__award=active)
    report = factories.report_in("in_review", who)
    return {
        "programme": who.programme.code,
        "active": active.reference,
        "submitted": factories.award_in("submitted", who).reference,
        "in_review": factories.award_in("in_review", who).reference,
        "released": active.tranches.get(state="released").pk,
        "draft_report": drafts[0].pk,
        "part": drafts[0].asked_sections()[0].code,
        "report": report.pk,
        "import": factories.import_in("ready", who).pk,
        "funder_report": factories.funder_report_in("released", who).pk,
        "person": who.editor.pk,
        "membership": Membership.objects.get(person=who.editor, role=Role.EDITOR).pk,
        "uid": "MQ",
    }
