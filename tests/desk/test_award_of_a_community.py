"""What other members of a community see of its award, and what stays between the lead and the managing body."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.services import suspend_award, terminate_award
from grants.money import services as money
from grants.people.models import User
from grants.reports import services as reports
from grants.reports.models import Question
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def test_award_page_of_a_member_links_only_approved_reports(who: Cast, as_user: AsUser) -> None:
    charity = factories.organisation()
    member = factories.person("editor", charity)
    community = factories.a_community(who.recipient, who.recipient, charity)
    award = factories.award_in("active", who, community=community)
    factories.report_in("approved", who, award)
    client = as_user(member)
    links = [row["url"] for row in client.get(award.get_absolute_url()).context["milestones"]]
    assert [bool(url) for url in links] == [True, False, False]
    assert client.get(links[0]).status_code == 200
    assert "Member" in client.get(award.get_absolute_url()).content.decode()


def test_award_page_keeps_what_lead_and_managing_body_say_from_other_members(who: Cast, as_user: AsUser) -> None:
    charity = factories.organisation()
    member = factories.person("editor", charity)
    award = factories.award_in("active", who, community=factories.a_community(who.recipient, charity))
    report = factories.report_in("in_review", who, award)
    said = {"question": "Was it Ms Example?", "change": "Take the names out.", "hold": "The bank wrote to us."}
    reports.mark_section(report.pk, by=who.reviewer, version=1, code="done", verdict="ask", words=said["question"])
    reports.answer_question(Question.objects.get().pk, by=who.editor, text="It was.")
    factories.send_back(report, who.reviewer, "done", reason=said["change"])
    money.hold_payment(award.tranches.get(milestone__number=2).pk, by=who.approver, seen=None, reason=said["hold"])
    addresses = [award.get_absolute_url(), reverse("award-history", args=[award.reference])]
    for person, sees in ((member, False), (who.editor, True), (who.reviewer, True)):
        client = as_user(person)
        pages = "".join(client.get(address).content.decode() for address in addresses)
        assert "Accepted the offer" in pages
        assert [words in pages for words in said.values()] == [sees] * 3
    assert "Was it Ms Example?" not in as_user(member).get("/").content.decode()


@pytest.mark.parametrize(
    ("stop", "sentence"), [(suspend_award, "Suspended the award"), (terminate_award, "Terminated the award")]
)
def test_members_read_that_their_award_was_stopped_and_only_the_lead_reads_why(
    who: Cast, as_user: AsUser, stop: Callable[..., object], sentence: str
) -> None:
    charity = factories.organisation()
    member = factories.person("editor", charity)
    award = factories.award_in("active", who, community=factories.a_community(who.recipient, charity))
    stop(award.pk, by=who.approver, seen=None, reason="Solvency in doubt")
    page, listed = award.get_absolute_url(), reverse("award-history", args=[award.reference])
    for person, sees in ((member, False), (who.editor, True), (who.reviewer, True)):
        client = as_user(person)
        for address in (page, listed, f"{listed}?_export=csv"):
            shown = client.get(address).content.decode()
            assert sentence in shown, address
            assert ("Solvency in doubt" in shown) is sees, address
        assert (sentence in client.get(listed, {"words": "solvency"}).content.decode()) is sees
        assert sees or "Solvency" not in client.get("/").content.decode()


def test_award_that_was_suspended_long_ago_tells_members_no_reason(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("grants.desk.glance.page"), "ENOUGH", 0)
    charity = factories.organisation()
    award = factories.award_in("active", who, community=factories.a_community(who.recipient, charity))
    suspend_award(award.pk, by=who.approver, seen=None, reason="Solvency in doubt")
    for person, sees in ((factories.person("editor", charity), False), (who.editor, True)):
        shown = as_user(person).get(award.get_absolute_url()).content.decode()
        assert ("Solvency in doubt" in shown) is sees
