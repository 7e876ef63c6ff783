"""A cast with a record for each word of the matrix, among three hundred awards; and what a page answers to each role."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from pytest_django import Settings

from grants.awards import services as awards
from grants.formats import local_today
from grants.people.models import Membership, Role
from grants.programmes.models import SectionSet
from grants.reports import services as reports
from grants.reports.models import FigureRequest, Question, Report
from tests import factories
from tests.factories import Cast
from tests.factories.many import many
from tests.reports.community import a_community_reports
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
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the files of the records are kept, as long as these."""
    return str(tmp_path_factory.mktemp("media"))


@pytest.fixture(autouse=True)
def media(folder: str, settings: Settings) -> None:
    settings.MEDIA_ROOT = folder


@pytest.fixture(scope="package")
def stage(django_db_setup: None, django_db_blocker: Any, folder: str) -> Iterator[Stage]:
    """The cast and its records, made once for this folder and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=folder):
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
    chosen = SectionSet.objects.get(strand=who.communities, kind="report", used_at=None)
    later = {"by": who.editor, "until": active.ends, "reason": "A school answers late."}
    activity = reports.save_activity(drafts[0].pk, by=who.editor, values=factories.activity(drafts[0]))
    report = factories.report_in("draft", who)
    evidence = reports.add_evidence(
        report.pk, report.asked_sections()[0], by=who.editor, name="proof.pdf", content=b"%PDF-1.4"
    )
    report = factories.move_report(report, "in_review", who)
    asked, answered = (_ask(drafts[0], who, school) for school in ("hill", "lake"))
    reports.answer_request(answered.token, answered_by="A. Teacher", value=Decimal(34))
    reports.mark_section(report.pk, by=who.reviewer, version=1, code="done", verdict="ask", words="Who came?")
    agreed = [awards.Agreed("Send the register", who.signatory, local_today())]
    (action,) = awards.raise_actions(active, by=who.approver, agreed=agreed, raised_in="")
    document = factories.funder_report_in("released", who)
    return {
        "programme": who.programme.code,
        "active": active.reference,
        "submitted": factories.award_in("submitted", who).reference,
        "in_review": factories.award_in("in_review", who).reference,
        "released": active.tranches.get(state="released").pk,
        "draft_report": drafts[0].pk,
        "community_report": a_community_reports(who).report.pk,
        "lead": who.recipient.pk,
        "part": drafts[0].asked_sections()[0].code,
        "activity": activity.key,
        "indicator": asked.indicator_id,
        "request": asked.pk,
        "token_to_answer": asked.token,
        "token_answered": answered.token,
        "report": report.pk,
        "extension": reports.ask_for_extension(drafts[1].pk, **later).pk,
        "set": chosen.pk,
        "section": chosen.sections.all()[0].pk,
        "evidence": evidence.key,
        "question": Question.objects.get(version__report=report).pk,
        "action": action.pk,
        "import": factories.import_in("ready", who).pk,
        "funder_report": document.pk,
        "document": document.reference,
        "mark": document.snapshot_sha256[:16],
        "person": who.editor.pk,
        "membership": Membership.objects.get(person=who.editor, role=Role.EDITOR).pk,
        "uid": "MQ",
    }


def _ask(report: Report, who: Cast, school: str) -> FigureRequest:
    """The number of learners, asked of a school."""
    return reports.ask_for_figure(
        report.pk,
        report.award.targets.get(indicator__code="learners").indicator,
        by=who.editor,
        to_name=f"{school.title()} School",
        email=f"office@{school}.example",
        message="How many came?",
        wanted_by=local_today() + timedelta(days=9),
    )
