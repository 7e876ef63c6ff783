"""Who of a community is missing from what a funder reads: of the latest report and of each before it."""

import io
import json

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from grants.awards.models import Award
from grants.people.models import Organisation
from grants.reports.models import Report
from reporting import services
from reporting.models import FunderReport
from reporting.services import building
from reporting.snapshot.award import page
from reporting.snapshot.draft import as_if_approved
from reporting.snapshot.figures import Figures
from reporting.snapshot.records import records_of
from tests import factories
from tests.factories import Cast
from tests.reports.community import Together, a_community_reports, confirm

FIRST = "3 of 4 members are in; missing: Harbour Trust."
LATER = f"4 of 4 members are in. Milestone 1: {FIRST}"


def report_of(us: Together, number: int) -> Report:
    return Report.objects.named().get(milestone__award=us.award, milestone__number=number)


def reported(us: Together, number: int, of: int = 4, state: str = "approved") -> Report:
    """A report to which so many of the members gave their part."""
    report = report_of(us, number)
    for member, editor in zip(us.members[:of], us.editors[:of], strict=True):
        confirm(report, member, editor)
    return factories.move_report(report, state, us.who)


def said(us: Together, until: Report, funder: Organisation) -> str:
    record = records_of(Award.objects.filter(pk=us.award.pk), funder)[0]
    made = page(record, Figures(), funder, until.milestone.period_end, until.milestone.due_on)
    return str(made["report"].get("members", ""))


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


def test_each_report_that_somebody_is_missing_from_says_so(who: Cast) -> None:
    """A total to date is without what was missing from its first period, whoever gave the second."""
    us = a_community_reports(who, reports=3)
    first, second = reported(us, 1, of=3), reported(us, 2)
    assert said(us, first, who.funder) == FIRST
    assert said(us, second, who.funder) == LATER
    third = reported(us, 3, of=2)
    assert said(us, second, who.funder) == LATER, "what came after is not told"
    assert said(us, third, who.funder) == (
        f"2 of 4 members are in; missing: Castle Workshops, Harbour Trust. Milestone 1: {FIRST}"
    )


def test_where_all_are_in_nothing_is_told_of_earlier_reports(who: Cast) -> None:
    us = a_community_reports(who)
    reported(us, 1)
    assert said(us, reported(us, 2), who.funder) == "4 of 4 members are in."


def test_an_award_of_one_organisation_has_no_such_sentence(who: Cast) -> None:
    award = factories.award_in("active", who)
    report = factories.move_report(
        Report.objects.named().get(milestone__award=award, milestone__number=1), "approved", who
    )
    record = records_of(Award.objects.filter(pk=award.pk), who.funder)[0]
    made = page(record, Figures(), who.funder, report.milestone.period_end, report.milestone.due_on)
    assert "members" not in made["report"]


def test_the_preview_says_it_before_it_is_sent(who: Cast, client: Client) -> None:
    us = a_community_reports(who)
    reported(us, 1, of=3)
    second = reported(us, 2, state="awaiting_sign_off")
    assert as_if_approved(second, who.funder).page["report"]["members"] == LATER
    client.force_login(who.signatory)
    shown = " ".join(client.get(reverse("reporting:preview", args=[second.pk])).content.decode().split())
    assert LATER in shown


def test_the_document_and_the_funders_page_say_it(transactional_db: None, client: Client) -> None:
    us = a_community_reports(factories.cast())
    reported(us, 1, of=3)
    second = reported(us, 2)
    asked = services.request_report(
        us.who.programme,
        us.who.funder,
        us.award.starts,
        second.milestone.period_end,
        by=us.who.reviewer,
    )
    building.build(asked.pk, "one")
    report = FunderReport.objects.get(pk=asked.pk)
    assert json.loads(report.snapshot)["awards"][0]["report"]["members"] == LATER
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(bytes(report.document.content))).pages)
    assert LATER in " ".join(text.split())
    services.release_report(report.pk, by=us.who.approver, seen=None)
    client.force_login(us.who.viewer)
    assert LATER in " ".join(client.get(report.get_absolute_url()).content.decode().split())
