"""The lead of a community sees who is in, asks the others, takes the sums into the report, and may send it without one."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.lifecycle.door import NotNow, NotYou, Stale
from grants.lifecycle.models import Notice
from grants.people.models import User
from grants.reports import services
from grants.reports.members import members_in
from grants.reports.models import MemberFigure, MemberPart, MemberSpend, Result
from grants.reports.record import canonical, content_of
from grants.reports.sums import sums_of
from tests import factories
from tests.factories import Cast
from tests.reports.asking import words_of
from tests.reports.community import (
    Together,
    a_community_reports,
    all_but_one,
    confirm,
    every_sum,
    figures,
    mark_of,
    members_url,
    part_url,
    save,
    sent_without_one,
    typed,
)

AsUser = Callable[[User], Client]


@pytest.fixture
def us(who: Cast) -> Together:
    return a_community_reports(who)


# --- The lead: who is in, and asking ----------------------------------------------------------------------------------


def test_the_lead_sees_who_is_in_and_only_what_is_confirmed(as_user: AsUser, us: Together) -> None:
    confirm(us.report, us.members[0], us.editors[0], learners=31, note="From registers")
    save(us.report, us.members[1], us.editors[1], learners=77_707, note="Not yet")
    shown = words_of(as_user(us.who.editor).get(members_url(us)))
    for words in ("1 of 4 members are in", "Editor of Abbey Trust", "Started", "Not started", "From registers"):
        assert words in shown, words
    for hidden in ("77,707", "Not yet"):
        assert hidden not in shown
    assert words_of(as_user(us.who.editor).get(us.report.get_absolute_url())).count("1 of 4 members are in") == 1


def test_asking_takes_as_many_queries_for_many_members_as_for_one(as_user: AsUser, us: Together) -> None:
    few = a_community_reports(us.who, names=("Only One",))
    asked = []
    for some in (few, us):
        for of, editor in zip(some.members, some.editors, strict=True):
            confirm(some.report, of, editor)
        page = as_user(some.who.editor)
        page.get(members_url(some))
        with CaptureQueriesContext(connection) as captured:
            assert page.get(members_url(some)).status_code == 200
        asked.append(len(captured))
    assert asked[0] == asked[1]


def test_a_member_is_asked_once_a_day(as_user: AsUser, us: Together) -> None:
    signatory = factories.person("signatory", us.members[0])
    page = as_user(us.who.editor)
    response = page.post(members_url(us), {"nudge": str(us.members[0].pk)}, follow=True)
    assert "Asked Abbey Trust for its part." in words_of(response)
    told = Notice.objects.filter(event__contains="/nudge/")
    assert {notice.person for notice in told} == {us.editors[0], signatory}
    notice = told[0]
    assert notice.link == part_url(us)
    assert notice.due == us.report.milestone.due_on
    assert notice.reply_to == us.who.editor.email
    assert "Your part is wanted by" in notice.subject
    response = page.post(members_url(us), {"nudge": str(us.members[0].pk)})
    assert response.status_code == 409
    assert "was asked today already" in words_of(response)
    assert told.count() == 2
    assert us.editors[0].notices.visible_to(us.editors[0]).filter(pk__in=told).exists()


def test_who_is_in_is_not_asked_nor_who_has_no_account(us: Together) -> None:
    confirm(us.report, us.members[0], us.editors[0])
    with pytest.raises(NotNow, match="is in already"):
        services.nudge_member(us.report.pk, us.members[0].pk, by=us.who.editor)
    us.editors[1].memberships.all().delete()
    with pytest.raises(NotNow, match="Nobody at Beacon College"):
        services.nudge_member(us.report.pk, us.members[1].pk, by=us.who.editor)
    with pytest.raises(NotYou):
        services.nudge_member(us.report.pk, us.members[2].pk, by=us.editors[0])


def test_the_lead_opens_a_part_again_and_the_member_is_told(as_user: AsUser, us: Together) -> None:
    confirm(us.report, us.members[0], us.editors[0])
    seen = mark_of(us.report, us.members[0])
    as_user(us.who.editor).post(members_url(us), {"open": str(us.members[0].pk), "mark": seen})
    assert MemberPart.objects.get().confirmed_at is None
    assert Notice.objects.get(person=us.editors[0], event__contains="/opened/").link == part_url(us)
    with pytest.raises(NotYou):
        services.open_member_part(us.report.pk, us.members[0].pk, by=us.editors[1])


# --- The sums ---------------------------------------------------------------------------------------------------------


def test_the_sums_are_taken_in_with_where_they_come_from(as_user: AsUser, us: Together) -> None:
    all_but_one(us)
    page = as_user(us.who.editor)
    shown = words_of(page.get(members_url(us)))
    assert "133" in shown
    assert "71.67" in shown
    mark = sums_of(us.report, members_in(us.report)).mark
    response = page.post(members_url(us), {"then": "take", "mark": mark, "take": every_sum(us)}, follow=True)
    assert "Taken into the report: 3 figures and 2 budget lines." in words_of(response)
    results = {result.indicator.code: result for result in us.report.results.select_related("indicator")}
    assert results["learners"].value == 133
    assert results["schools"].value == 7
    assert (results["likely"].value, results["likely"].numerator, results["likely"].denominator) == (
        Decimal("71.67"), 43, 60,
    )  # fmt: skip
    assert {(one.status, one.source) for one in results.values()} == {("provisional", "Lead and 3 of 4 members")}
    assert set(us.report.spend.values_list("amount", flat=True)) == {Decimal("402.00")}
    assert us.report.answers.get(section__form="figures").saved_by == us.who.editor


def test_with_everybody_in_the_sums_are_final(us: Together) -> None:
    all_but_one(us)
    services.confirm_member_part(us.report.pk, us.members[3].pk, by=us.editors[3])
    services.take_in(us.report.pk, by=us.who.editor)
    assert set(us.report.results.values_list("status", "source")) == {("final", "Lead and 4 of 4 members")}


def test_a_provisional_number_makes_the_sum_provisional_and_none_is_not_zero(us: Together) -> None:
    save(us.report, us.who.recipient, us.who.editor)
    for number, status in enumerate(["final", "provisional", "not_applicable", "not_collected"]):
        rows = [
            row if status in Result.KNOWN else row | {"value": None, "numerator": None, "denominator": None}
            for row in figures(us.report)
        ]
        spend = [(line, Decimal(0)) for line in us.award.budget_lines.all()]
        services.save_member_part(
            us.report.pk, us.members[number].pk, by=us.editors[number], spend=spend,
            figures=[row | {"status": status} for row in rows],
        )  # fmt: skip
        services.confirm_member_part(us.report.pk, us.members[number].pk, by=us.editors[number])
    services.take_in(us.report.pk, by=us.who.editor)
    learners = us.report.results.get(indicator__code="learners")
    assert (learners.value, learners.status, learners.source) == (30, "provisional", "Lead and 3 of 4 members")


def test_what_is_not_added_over_awards_is_only_shown(as_user: AsUser, us: Together) -> None:
    us.who.programme.indicators.filter(code="likely").update(across="none")
    all_but_one(us)
    services.take_in(us.report.pk, by=us.who.editor)
    assert not us.report.results.filter(indicator__code="likely").exists()
    assert "Not added over organisations: More likely to study" in words_of(as_user(us.who.editor).get(members_url(us)))


def test_nothing_is_taken_that_the_page_did_not_show(as_user: AsUser, us: Together) -> None:
    all_but_one(us)
    mark = sums_of(us.report, members_in(us.report)).mark
    services.open_member_part(us.report.pk, us.members[0].pk, by=us.editors[0])
    confirm(us.report, us.members[0], us.editors[0], learners=500)
    response = as_user(us.who.editor).post(members_url(us), {"then": "take", "mark": mark})
    assert response.status_code == 409
    assert "nothing was taken" in words_of(response)
    assert not us.report.results.exists()
    with pytest.raises(Stale):
        services.take_in(us.report.pk, by=us.who.editor, seen_mark=mark)


def test_where_nobody_gave_anything_there_is_nothing_to_take(us: Together) -> None:
    with pytest.raises(NotNow, match="nothing to take in"):
        services.take_in(us.report.pk, by=us.who.editor)
    with pytest.raises(NotYou):
        services.take_in(us.report.pk, by=us.editors[0])


def test_the_lead_writes_over_a_sum_by_hand_and_a_forecast_stays(us: Together) -> None:
    factories.fill(us.report, us.who.editor)
    all_but_one(us)
    services.take_in(us.report.pk, by=us.who.editor)
    assert set(us.report.spend.values_list("explanation", flat=True)) == {"Prices changed."}
    assert all(one.forecast is not None for one in us.report.spend.all())
    learners = us.who.programme.indicators.get(code="learners")
    services.save_results(us.report.pk, by=us.who.editor, rows=factories.reports.figures([learners]))
    assert us.report.results.get(indicator=learners).value == 342


# --- The record -------------------------------------------------------------------------------------------------------


def test_before_it_is_sent_the_report_says_who_is_missing(as_user: AsUser, us: Together) -> None:
    factories.fill(us.report, us.who.editor)
    all_but_one(us)
    check = words_of(as_user(us.who.editor).get(reverse("reports:check", args=[us.report.pk])))
    assert "3 of 4 members are in; missing: Harbour Trust." in check
    assert "You can still send" in check


def test_a_report_is_sent_without_a_member_which_the_version_names(as_user: AsUser, us: Together) -> None:
    report = sent_without_one(us)
    version = report.latest_version
    assert version is not None
    members = version.content["members"]
    assert [(row["organisation"], row["state"]) for row in members] == [
        (us.who.recipient.name, "in"), ("Abbey Trust", "in"), ("Beacon College", "in"), ("Castle Workshops", "in"),
        ("Harbour Trust", "missing"),
    ]  # fmt: skip
    assert members[4]["figures"] == members[4]["spend"] == []
    assert members[1]["spend"] == [{"line": line.title, "amount": "100.50"} for line in us.award.budget_lines.all()]
    assert version.canonical == canonical(content_of(report))
    services.start_report_review(report.pk, by=us.who.reviewer, seen=None)
    for name in ("review", "report"):
        shown = words_of(as_user(us.who.reviewer).get(reverse(f"reports:{name}", args=[report.pk])))
        assert "3 of 4 members are in; missing: Harbour Trust." in shown, name


WRITES = [
    f"{verb} reports_{table} {rest}"
    for table, change in (
        ("memberpart", "note = 'x'"),
        ("memberfigure", "status = status"),
        ("memberspend", "amount = 1"),
    )
    for verb, rest in (("UPDATE", f"SET {change} WHERE report_id = %s"), ("DELETE FROM", "WHERE report_id = %s"))
]


@pytest.mark.parametrize("sql", WRITES)
def test_what_members_gave_is_frozen_with_the_report(us: Together, sql: str) -> None:
    report = sent_without_one(us)
    with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [report.pk])


def test_after_sending_a_part_is_read_only(as_user: AsUser, us: Together) -> None:
    sent_without_one(us)
    missing = words_of(as_user(us.editors[3]).get(part_url(us, 3)))
    assert "the report names Harbour Trust as missing" in missing
    page = as_user(us.editors[0])
    assert "Open it again" not in words_of(page.get(part_url(us)))
    response = page.post(part_url(us), typed(us.report, "", then="stay"))
    assert response.status_code == 409
    assert "copy it before you leave" in words_of(response)
    with pytest.raises(NotNow):
        services.open_member_part(us.report.pk, us.members[0].pk, by=us.editors[0])


def test_a_return_opens_what_it_names(as_user: AsUser, us: Together) -> None:
    report = sent_without_one(us)
    services.start_report_review(report.pk, by=us.who.reviewer, seen=None)
    factories.send_back(report, us.who.reviewer, "done")
    with pytest.raises(NotNow, match="names nothing that members give"):
        save(report, us.members[3], us.editors[3])
    assert "Nothing that members give can change now" in words_of(as_user(us.editors[3]).get(part_url(us, 3)))


def test_a_return_of_the_figures_takes_figures_and_no_spend(us: Together) -> None:
    report = sent_without_one(us)
    services.start_report_review(report.pk, by=us.who.reviewer, seen=None)
    code = next(one.code for one in report.asked_sections() if one.form == "figures")
    report = factories.send_back(report, us.who.reviewer, code)
    save(report, us.members[3], us.editors[3], learners=8, spent="9")
    assert MemberFigure.objects.get(organisation=us.members[3], indicator__code="learners").value == 8
    assert set(MemberSpend.objects.filter(organisation=us.members[3]).values_list("amount", flat=True)) == {
        Decimal("100.50")
    }
    services.confirm_member_part(report.pk, us.members[3].pk, by=us.editors[3])
    services.take_in(report.pk, by=us.who.editor)
    assert report.results.get(indicator__code="learners").value == 141


def test_a_correction_begins_with_what_members_gave(us: Together) -> None:
    report = sent_without_one(us)
    services.start_report_review(report.pk, by=us.who.reviewer, seen=None)
    services.approve_report(report.pk, by=us.who.approver, seen=None, version=1)
    correction = services.begin_correction(report.pk, by=us.who.editor, seen=None, reason="One was late.")
    assert members_in(correction) == members_in(us.again())
    services.confirm_member_part(correction.pk, us.members[3].pk, by=us.editors[3])
    services.open_member_part(correction.pk, us.members[0].pk, by=us.editors[0])
    assert MemberPart.objects.filter(report=report, confirmed_at=None).count() == 2, "the lead's, and the missing one's"
