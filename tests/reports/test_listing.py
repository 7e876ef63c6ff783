"""The list of reports: which are open, which are late, and whose turn it is."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from grants.awards.models import Award, Milestone
from grants.formats import date_words, local_today
from grants.people.models import User
from grants.reports import services
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def shown(client: Client, **asked: Any) -> list[Report]:
    """The reports on the first page of the list."""
    return [row.record for row in client.get("/reports/", asked).context["table"].paginated_rows]


def numbers(client: Client, **asked: Any) -> list[int]:
    """Their milestones' numbers."""
    return [report.milestone.number for report in shown(client, **asked)]


def shift(award: Award, number: int, days: int) -> None:
    """Let a milestone's report be due so many days from today."""
    due = local_today() + timedelta(days=days)
    Milestone.objects.filter(award=award, number=number).update(opens_on=due - timedelta(days=14), due_on=due)


@pytest.fixture
def spread(award: Award) -> Award:
    """One report is late, one is due soon, one in two months, the evaluation in a year."""
    for number, days in ((1, -9), (2, 7), (3, 60), (4, 365)):
        shift(award, number, days)
    return award


def test_list_shows_the_open_reports_the_earliest_due_first(who: Cast, spread: Award, as_user: AsUser) -> None:
    factories.report_in("approved", who, spread, number=2)
    client = as_user(who.reviewer)
    assert numbers(client) == [1, 3, 4]
    assert numbers(client, state="any") == [1, 2, 3, 4]
    assert numbers(client, state=["approved", "waived"]) == [2]
    assert numbers(client, sort="-due") == [4, 3, 1]
    text = client.get("/reports/").content.decode()
    assert "9 days late" in text
    assert 'href="?state=any"' in text
    assert "Show all" not in client.get("/reports/", {"state": "any"}).content.decode()


def test_list_narrows_to_what_is_late_or_due_soon(who: Cast, spread: Award, as_user: AsUser) -> None:
    client = as_user(who.editor)
    assert numbers(client, due="late") == [1]
    assert numbers(client, due="soon") == [2]
    month = [row.number for row in spread.milestones.all() if f"{row.due_on:%Y%m}" == f"{local_today():%Y%m}"]
    assert numbers(client, due="month") == month


def test_report_that_was_sent_is_late_no_longer(who: Cast, spread: Award, as_user: AsUser) -> None:
    factories.report_in("submitted", who, spread)
    client = as_user(who.reviewer)
    assert numbers(client, due="late") == []
    assert "days late" not in client.get("/reports/").content.decode()
    assert "Came in today" in client.get("/reports/").content.decode()


def test_list_says_whose_turn_it_is(who: Cast, spread: Award, as_user: AsUser) -> None:
    report = factories.report_in("awaiting_sign_off", who, spread)
    client = as_user(who.reviewer)

    def turns() -> list[str]:
        lines = csv.reader(StringIO(client.get("/reports/", {"_export": "csv"}).content.decode("utf-8-sig")))
        head, *rows = lines
        return [dict(zip(head, row, strict=True))["Waiting for"] for row in rows]

    opens = date_words(spread.milestones.get(number=3).opens_on)
    assert turns()[:3] == ["A signatory, to sign", "The grantee, to write", f"Nobody before {opens}"]
    assert numbers(client, waits="grantee") == [1, 2]
    services.submit_report(report.pk, by=who.signatory, seen=None)
    assert turns()[0] == "The managing body, to review"
    assert numbers(client, waits="managing_body") == [1]
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    factories.send_back(report, who.reviewer)
    assert turns()[0] == "The grantee, to change it"


def test_list_waits_for_me_where_i_can_do_something(who: Cast, spread: Award) -> None:
    def mine(user: User) -> list[int]:
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        return numbers(client, waits="me")

    assert mine(who.editor) == [1, 2]
    assert mine(who.reviewer) == []
    report = factories.report_in("awaiting_sign_off", who, spread)
    assert mine(who.editor) == [2]
    assert mine(who.signatory) == [1, 2]
    Report.objects.filter(pk=report.pk).update(asked_by=who.signatory)
    assert mine(who.signatory) == [2]  # a second person signs
    assert mine(who.second_signatory) == [1, 2]
    services.submit_report(report.pk, by=who.second_signatory, seen=None)
    assert mine(who.second_signatory) == [2]
    assert mine(who.reviewer) == mine(who.approver) == [1]
    assert mine(who.finance) == []
    factories.member(who.reviewer, "editor", who.recipient)
    assert mine(who.reviewer) == [2]  # of a party now: writes, and reviews it no longer


def test_light_report_waits_also_for_the_signatory_who_asked(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who, amount=factories.LIGHT)
    shift(award, 1, 3)
    report = factories.report_in("awaiting_sign_off", who, award)
    assert report.asked_by == who.signatory
    assert 1 in numbers(as_user(who.signatory), waits="me")


def test_list_says_how_long_a_report_waits(who: Cast, spread: Award, as_user: AsUser) -> None:
    report = factories.report_in("submitted", who, spread)
    assert report.submitted_at
    Report.objects.filter(pk=report.pk).update(submitted_at=report.submitted_at - timedelta(days=12))
    client = as_user(who.approver)
    assert "Waiting 12 days" in client.get("/reports/").content.decode()
    lines = list(csv.reader(StringIO(client.get("/reports/", {"_export": "csv"}).content.decode("utf-8-sig"))))
    line = dict(zip(lines[0], lines[1], strict=True))
    assert line["Days waiting"] == "12"
    assert line["Due"] == spread.milestones.get(number=1).due_on.isoformat()
    assert line["Reference"] == spread.reference


def test_list_is_found_by_words_and_strand(who: Cast, spread: Award, as_user: AsUser) -> None:
    community = factories.a_community(who.recipient, name="Western community")
    other = factories.award_in("active", who, community=community)
    client = as_user(who.approver)
    assert {row.award for row in shown(client, words="western")} == {other}
    assert {row.award for row in shown(client, words=spread.reference)} == {spread}
    assert {row.award for row in shown(client, strand=other.strand.pk)} == {other}


def test_list_shows_to_a_member_of_a_community_what_was_approved(who: Cast, as_user: AsUser) -> None:
    member = factories.organisation()
    community = factories.a_community(who.recipient, member)
    award = factories.award_in("active", who, community=community)
    report = factories.report_in("approved", who, award)
    client = as_user(factories.person("editor", member))
    assert shown(client, state="any") == [report]
    assert shown(client) == []


def test_list_of_nobody_says_that_nothing_is_open(who: Cast, spread: Award, as_user: AsUser) -> None:
    for user in (who.stranger, who.outsider, who.viewer):
        client = as_user(user)
        assert "No report is open" in client.get("/reports/").content.decode()
        assert "No reports yet" in client.get("/reports/", {"state": "any"}).content.decode()
