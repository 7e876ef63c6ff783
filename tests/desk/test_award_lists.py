"""What happened with an award, and what was sent about it, as whole lists: who sees which lines, and how they are narrowed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards import services as awards
from grants.awards.models import Award
from grants.formats import date_words, local_today
from grants.lifecycle.door import write_history
from grants.lifecycle.notices import notify
from grants.people.models import User
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
SECRET = "The numbers are wrong"
LISTS = ("award-history", "award-messages")


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Cast, Report]]:
    """The cast and a report that was sent back by its signatory, then submitted, recommended and approved; the award was
    then judged off course. Made once for this module and rolled back after it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        who = factories.cast()
        report = factories.report_in("awaiting_sign_off", who)
        reports.decline_sign_off(report.pk, by=who.signatory, seen=None, reason=SECRET)
        factories.walk(report, [("ask_for_sign_off", who.editor, {})])
        reports.submit_report(report.pk, by=who.signatory, seen=None)
        reports.start_report_review(report.pk, by=who.reviewer, seen=None)
        reports.recommend_report(report.pk, by=who.reviewer, seen=None, note="Sound")
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)
        awards.judge(
            report.award.pk, by=who.reviewer, course="off_course", reason="Too few schools", next_step="Hold it"
        )
        yield who, Report.objects.named().get(pk=report.pk)
        transaction.set_rollback(True)


@pytest.fixture
def who(stage: tuple[Cast, Report], db: None) -> Cast:
    return stage[0]


@pytest.fixture
def award(stage: tuple[Cast, Report], db: None) -> Award:
    return factories.award_again(stage[1].award)


def page_of(award: Award, name: str) -> str:
    return reverse(name, args=[award.reference])


def rows(client: Client, award: Award, name: str, **query: Any) -> list[Any]:
    page = client.get(page_of(award, name), query)
    assert page.status_code == 200
    return [row.record for row in page.context["table"].paginated_rows]


def said(client: Client, award: Award, **query: Any) -> list[str]:
    return [entry.sentence for entry in rows(client, award, "award-history", **query)]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["viewer", "stranger", "outsider"])
def test_lists_of_an_award_are_not_found_by_others(
    who: Cast, award: Award, as_user: AsUser, role: str, name: str
) -> None:
    client = as_user(getattr(who, role))
    assert client.get(page_of(award, name)).status_code == 404
    assert client.get(reverse(name, args=["none"])).status_code == 404


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_an_award_are_found_whatever_the_case(who: Cast, award: Award, as_user: AsUser, name: str) -> None:
    client = as_user(who.editor)
    assert client.get(reverse(name, args=[award.reference.lower()])).status_code == 200


# --- What happened ----------------------------------------------------------------------------------------------------


def test_history_shows_each_side_its_own_lines(who: Cast, award: Award, as_user: AsUser) -> None:
    grantee, body = said(as_user(who.editor), award), said(as_user(who.approver), award)
    assert "Declined to sign" in grantee
    assert "Declined to sign" not in body
    assert "Recommended the report" in body
    assert "Recommended the report" not in grantee
    for role, secret in (("approver", SECRET), ("editor", "Sound")):
        assert secret not in as_user(getattr(who, role)).get(page_of(award, "award-history")).content.decode()


def test_history_names_and_links_reports_and_names_payments(who: Cast, award: Award, as_user: AsUser) -> None:
    text = as_user(who.editor).get(page_of(award, "award-history")).content.decode()
    report = Report.objects.get(milestone__award=award, milestone__number=1)
    assert f'Approved the report: <a href="{report.get_absolute_url()}">Milestone 1</a>.' in text
    assert "Released a payment: Milestone 1, £3,125." in text


def test_history_is_filtered_by_what_who_when_and_words(who: Cast, award: Award, as_user: AsUser) -> None:
    client = as_user(who.approver)
    write_history(award, "tell", by=who.finance, sentence="Told of a change", reason="The bank moved")
    everything = said(client, award)
    assert set(said(client, award, what="awards.tranche")) == {"Released a payment"}
    assert "Approved the report" in said(client, award, what="reports.report")
    assert "Began the application" in said(client, award, what="awards.award")
    assert said(client, award, person=who.finance.pk) == ["Told of a change"]
    assert said(client, award, words="BANK moved") == ["Told of a change"]
    today, tomorrow = date_words(local_today()), date_words(local_today() + timedelta(days=1))
    assert said(client, award, since=today, until=today) == everything
    assert said(client, award, since=tomorrow) == []


@pytest.mark.parametrize("query", [{"what": "people.user"}, {"person": "0"}, {"since": "soon"}, {"page": "x"}])
def test_history_shows_all_where_the_filter_makes_no_sense(
    who: Cast, award: Award, as_user: AsUser, query: dict[str, str]
) -> None:
    client = as_user(who.editor)
    assert said(client, award, **query) == said(client, award)


def test_history_is_sorted_by_time_and_by_person(who: Cast, award: Award, as_user: AsUser) -> None:
    client = as_user(who.editor)
    newest = said(client, award)
    assert said(client, award, sort="at") == newest[::-1]
    actors = [entry.actor for entry in rows(client, award, "award-history", sort="actor")]
    assert actors == sorted(actors)


def test_history_comes_as_a_file_of_what_is_filtered(who: Cast, award: Award, as_user: AsUser) -> None:
    url = page_of(award, "award-history")
    file = as_user(who.approver).get(url, {"what": "awards.tranche", "_export": "csv"}).content.decode()
    assert "Released a payment: Milestone 1, £3,125." in file
    assert "Approved the report" not in file
    assert SECRET not in as_user(who.approver).get(url, {"_export": "csv"}).content.decode()


# --- What was sent ----------------------------------------------------------------------------------------------------


def test_messages_show_the_managing_body_all_but_what_is_among_grantees(
    who: Cast, award: Award, as_user: AsUser
) -> None:
    found = rows(as_user(who.finance), award, "award-messages")
    assert {who.signatory, who.editor, who.reviewer, who.approver} <= {notice.person for notice in found}
    assert not any("/draft/" in notice.event for notice in found)
    assert SECRET not in as_user(who.finance).get(page_of(award, "award-messages")).content.decode()


def test_messages_show_a_grantee_what_its_own_people_got(who: Cast, award: Award, as_user: AsUser) -> None:
    found = rows(as_user(who.editor), award, "award-messages")
    assert found
    assert {notice.person for notice in found} <= {who.editor, who.signatory, who.second_signatory}


def test_messages_keep_a_judgement_from_the_grantee_also_where_its_reader_has_joined_them(
    who: Cast, award: Award, as_user: AsUser
) -> None:
    factories.member(who.approver, "editor", who.recipient)
    page = as_user(who.editor).get(page_of(award, "award-messages")).content.decode()
    assert who.approver.name in page
    assert "Off course" not in page
    assert "Off course" in as_user(who.finance).get(page_of(award, "award-messages")).content.decode()


def test_messages_say_to_whom_in_which_role_and_whether_they_went(who: Cast, award: Award, as_user: AsUser) -> None:
    text = as_user(who.finance).get(page_of(award, "award-messages")).content.decode()
    assert f"{who.signatory}<span" in text
    assert f"Signatory, {who.recipient}" in text
    assert 'data-state="waiting"' in text


def test_messages_are_filtered(who: Cast, award: Award, as_user: AsUser) -> None:
    client = as_user(who.finance)
    found = rows(client, award, "award-messages", person=who.signatory.pk)
    assert {notice.person for notice in found} == {who.signatory}
    assert rows(client, award, "award-messages", state="failed") == []
    assert {notice.subject[:10] for notice in rows(client, award, "award-messages", words="off course")} == {
        "Off course"
    }


def test_messages_escape_what_people_wrote(who: Cast, award: Award, as_user: AsUser) -> None:
    notify([who.editor], award, "evil", "", "/", subject="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in as_user(who.editor).get(page_of(award, "award-messages")).content.decode()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["editor", "approver"])
def test_lists_of_an_award_ask_as_often_for_many_as_for_few(
    who: Cast, award: Award, as_user: AsUser, role: str, name: str
) -> None:
    client = as_user(getattr(who, role))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page_of(award, name)).status_code == 200
        return len(captured)

    few = queries()
    for number in range(40):
        write_history(award, "tell", by=who.editor, sentence=f"Told number {number}")
        notify([who.editor], award, f"tell-{number}", "", "/", subject=f"Told number {number}")
    assert queries() == few <= 15
