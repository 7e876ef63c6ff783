"""A community's members give a part each; the lead sees who is in, asks the others, takes the sums in, and may send without."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.lifecycle.door import NotNow, NotYou, Stale
from grants.lifecycle.models import Notice
from grants.people.models import User
from grants.reports import services
from grants.reports.members import members_in, members_of, standing
from grants.reports.models import Activity, MemberFigure, MemberPart, MemberSpend, Report, Result
from grants.reports.record import canonical, content_of
from grants.reports.sums import sums_of
from tests import factories
from tests.factories import Cast
from tests.reports.asking import words_of
from tests.reports.community import Together, a_community_reports, confirm, figures, mark_of, save, typed

AsUser = Callable[[User], Client]


@pytest.fixture
def us(who: Cast) -> Together:
    return a_community_reports(who)


def part_url(us: Together, number: int = 0) -> str:
    return reverse("reports:member-part", args=[us.report.pk, us.members[number].pk])


def members_url(us: Together) -> str:
    return reverse("reports:members", args=[us.report.pk])


def said(report: Report) -> str:
    found = standing(members_of(report))
    return found.words if found else ""


# --- A member's own part ----------------------------------------------------------------------------------------------


def test_a_member_fills_its_part_on_its_page_and_confirms_it(as_user: AsUser, us: Together) -> None:
    page = as_user(us.editors[0])
    shown = words_of(page.get(part_url(us)))
    for words in ("Abbey Trust", "Learners reached", "400", "Staff", "7,500", "Add an activity"):
        assert words in shown, words
    response = page.post(part_url(us), typed(us.report, mark_of(us.report, us.members[0]), then="stay"), follow=True)
    assert "Saved." in words_of(response)
    part = MemberPart.objects.get()
    assert (part.organisation, part.saved_by, part.confirmed_at) == (us.members[0], us.editors[0], None)
    likely = MemberFigure.objects.get(indicator__code="likely")
    assert (likely.value, likely.numerator, likely.denominator) == (75, 3, 4)
    sent = typed(us.report, mark_of(us.report, us.members[0]), learners="7", note="All from registers", then="confirm")
    assert "Confirmed." in words_of(page.post(part_url(us), sent, follow=True))
    assert MemberPart.objects.get().confirmed_by == us.editors[0]
    assert said(us.report) == "1 of 4 members are in; missing: Beacon College, Castle Workshops, Harbour Trust"
    told = Notice.objects.get(person=us.who.editor, event__contains="/in/")
    assert told.link == members_url(us)
    assert "1 of 4 members are in" in told.text


def test_the_first_save_of_a_member_begins_the_report(us: Together) -> None:
    assert us.report.begun_at is None
    save(us.report, us.members[0], us.editors[0])
    assert us.again().begun_at is not None


def test_a_part_that_lacks_something_is_saved_and_not_confirmed(as_user: AsUser, us: Together) -> None:
    sent = typed(us.report, "", learners="", learners_status="", spent="", then="confirm")
    response = as_user(us.editors[0]).post(part_url(us), sent | {"mark": mark_of(us.report, us.members[0])})
    assert response.status_code == 409
    shown = words_of(response)
    assert "Saved, but not confirmed." in shown
    assert "1 figure without a number or a status." in shown
    assert "1 budget line without an amount: nothing spent is 0." in shown
    assert MemberPart.objects.get().confirmed_at is None
    assert not MemberFigure.objects.filter(indicator__code="learners").exists(), "blank is no row"


def test_every_fault_is_said_and_nothing_typed_is_lost(as_user: AsUser, us: Together) -> None:
    sent = typed(us.report, "", learners="about ten", spent="-3", part="9", whole="4", note="Kept")
    response = as_user(us.editors[0]).post(part_url(us), sent)
    assert response.status_code == 422
    shown = words_of(response)
    assert "There are 3 faults" in shown
    for words in ("about ten", "-3", "Kept"):
        assert words in shown
    assert not MemberPart.objects.exists()


def test_a_confirmed_part_is_locked_until_it_is_opened_again(as_user: AsUser, us: Together) -> None:
    confirm(us.report, us.members[0], us.editors[0])
    with pytest.raises(NotNow, match="Open it again"):
        save(us.report, us.members[0], us.editors[0], learners=99)
    page = as_user(us.editors[0])
    shown = words_of(page.get(part_url(us)))
    assert "Open it again" in shown
    assert "Save and confirm" not in shown
    page.post(part_url(us), {"then": "again"})
    save(us.report, us.members[0], us.editors[0], learners=99)
    assert MemberFigure.objects.get(indicator__code="learners").value == 99
    with pytest.raises(NotNow, match="open already"):
        services.open_member_part(us.report.pk, us.members[0].pk, by=us.editors[0])


def test_somebody_else_s_change_is_said_with_both_texts(as_user: AsUser, us: Together) -> None:
    before = mark_of(us.report, us.members[0])
    save(us.report, us.members[0], us.editors[0], learners=31)
    response = as_user(us.editors[0]).post(part_url(us), typed(us.report, before, learners="13"))
    assert response.status_code == 409
    shown = words_of(response)
    assert "Editor of Abbey Trust changed this part while you were writing." in shown
    for number in ("31", "13"):
        assert number in shown
    assert MemberFigure.objects.get(indicator__code="learners").value == 31


def test_a_part_saves_itself(as_user: AsUser, us: Together) -> None:
    headers = {"Autosave": str(us.editors[0].pk)}
    sent = typed(us.report, mark_of(us.report, us.members[0]), learners="8")
    assert as_user(us.editors[0]).post(part_url(us), sent, headers=headers)["Autosave"] == "saved"
    assert MemberFigure.objects.get(indicator__code="learners").value == 8


def test_what_a_member_says_of_itself_without_a_number(us: Together) -> None:
    rows = [row | {"status": "not_applicable", "value": None, "numerator": None, "denominator": None}
            for row in figures(us.report)]  # fmt: skip
    services.save_member_part(us.report.pk, us.members[0].pk, by=us.editors[0], figures=rows, spend=[])
    assert set(MemberFigure.objects.values_list("status", "value")) == {("not_applicable", None)}


def test_the_lead_s_part_counts_as_it_is_saved(as_user: AsUser, us: Together) -> None:
    save(us.report, us.who.recipient, us.who.editor, learners=50)
    assert [row["organisation"] for row in members_in(us.report) if row["lead"]] == [us.who.recipient.name]
    with pytest.raises(NotNow, match="counts as it is saved"):
        services.confirm_member_part(us.report.pk, us.who.recipient.pk, by=us.who.editor)
    url = reverse("reports:member-part", args=[us.report.pk, us.who.recipient.pk])
    assert "Back to the members’ parts" in words_of(as_user(us.who.editor).get(url))


# --- Who may not ------------------------------------------------------------------------------------------------------


def test_nobody_else_writes_a_member_s_part(us: Together) -> None:
    for person in (us.editors[1], us.who.editor, us.who.reviewer, us.who.stranger):
        with pytest.raises(NotYou):
            save(us.report, us.members[0], person)
    with pytest.raises(NotNow):
        save(us.report, us.who.managing_body, us.editors[0])


def test_a_foreign_part_is_not_found(as_user: AsUser, us: Together) -> None:
    other = a_community_reports(names=("Far Away",))
    for person in (us.editors[1], us.who.editor, us.who.reviewer, us.who.stranger, other.editors[0]):
        page = as_user(person)
        for answer in (page.get(part_url(us)), page.post(part_url(us), {"then": "again"})):
            assert answer.status_code == 404, person


def test_a_member_sees_its_part_and_nothing_else_of_a_report_that_is_not_sent(as_user: AsUser, us: Together) -> None:
    report = factories.fill(us.report, us.who.editor)
    save(report, us.members[1], us.editors[1], note="Between us and the lead")
    page = as_user(us.editors[0])
    shown = words_of(page.get(part_url(us)))
    for hidden in (factories.reports.TEXT, "342", "Between us and the lead", "60 of 80", "250.50"):
        assert hidden not in shown, hidden
    code = report.asked_sections()[0].code
    for name, args in (
        ("report", []), ("check", []), ("members", []), ("part", [code]), ("comments", [code]), ("evidence", [code]),
        ("workbook", []), ("extension", []),
    ):  # fmt: skip
        assert page.get(reverse(f"reports:{name}", args=[report.pk, *args])).status_code == 404, name


def test_who_left_the_community_gives_no_part(us: Together) -> None:
    assert us.award.community is not None
    us.award.community.members.remove(us.members[0])
    with pytest.raises(NotYou):
        save(us.report, us.members[0], us.editors[0])
    assert [str(one.organisation) for one in members_of(us.again())[1:]] == [str(one) for one in us.members[1:]]


def test_only_communities_with_members_have_parts(as_user: AsUser, who: Cast, draft: Report) -> None:
    alone = a_community_reports(names=())
    for report, person in ((draft, who.editor), (alone.report, alone.who.editor)):
        assert members_of(report) == []
        page = as_user(person)
        assert page.get(reverse("reports:members", args=[report.pk])).status_code == 404
        assert "Members’ parts" not in words_of(page.get(report.get_absolute_url()))


# --- Activities -------------------------------------------------------------------------------------------------------


def activity_url(us: Together, activity: Activity | None = None) -> str:
    section = next(one for one in us.report.asked_sections() if one.form == "activities")
    args = [us.report.pk, section.code, *([activity.key] if activity else [])]
    return reverse("reports:activity" if activity else "reports:activity-new", args=args)


def held(us: Together, by: User, *organisers: Any, **more: Any) -> Activity:
    values = factories.activity(us.report, organisers=organisers, **more)
    return services.save_activity(us.report.pk, by=by, values=values)


def test_a_member_adds_what_it_held(as_user: AsUser, us: Together) -> None:
    page = as_user(us.editors[0])
    shown = words_of(page.get(activity_url(us)))
    assert "Parts of this report" not in shown
    kind = us.award.strand.programme.activity_types.all()[0]
    sent = {
        "type": kind.pk, "title": "Robots", "day": us.report.milestone.period_start.strftime("%-d %B %Y"),
        "organisers": [us.members[0].pk, us.members[1].pk], "then": "list",
    }  # fmt: skip
    response = page.post(activity_url(us), sent, follow=True)
    assert response.redirect_chain == [(part_url(us), 302)]
    assert "Robots" in words_of(response)
    assert "Robots" in words_of(as_user(us.editors[1]).get(part_url(us, 1))), "held together, it is one record"
    assert Activity.objects.count() == 1


def test_a_member_changes_its_own_activities_and_no_others(as_user: AsUser, us: Together) -> None:
    mine, theirs = held(us, us.editors[0], us.members[0]), held(us, us.editors[1], us.members[1], title="Theirs")
    of_the_lead = held(us, us.who.editor, title="Of the lead")
    values = factories.activity(us.report, organisers=[us.members[0]], title="Robots again")
    services.save_activity(us.report.pk, by=us.editors[0], values=values, key=mine.key)
    page = as_user(us.editors[0])
    assert page.get(activity_url(us, mine)).status_code == 200
    for other in (theirs, of_the_lead):
        with pytest.raises(NotYou):
            services.save_activity(us.report.pk, by=us.editors[0], values=values, key=other.key)
        with pytest.raises(NotYou):
            services.remove_activity(us.report.pk, other.key, by=us.editors[0])
        for answer in (page.get(activity_url(us, other)), page.post(activity_url(us, other), {"then": "remove"})):
            assert answer.status_code == 404
    with pytest.raises(NotNow, match="your own organisation"):
        held(us, us.editors[0], us.members[1])
    services.remove_activity(us.report.pk, mine.key, by=us.editors[0])
    assert set(Activity.objects.values_list("title", flat=True)) == {"Theirs", "Of the lead"}


def test_a_member_does_not_take_out_what_others_held_too(us: Together) -> None:
    shared = held(us, us.editors[0], us.members[0], us.members[1])
    with pytest.raises(NotNow, match="Others held this activity too"):
        services.remove_activity(us.report.pk, shared.key, by=us.editors[0])


def test_a_confirmed_part_takes_no_activities(as_user: AsUser, us: Together) -> None:
    confirm(us.report, us.members[0], us.editors[0])
    with pytest.raises(NotNow, match="confirmed"):
        held(us, us.editors[0], us.members[0])
    assert as_user(us.editors[0]).get(activity_url(us))["Location"] == part_url(us)
    held(us, us.who.editor, us.members[0])  # the lead writes the whole


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
    as_user(us.who.editor).post(members_url(us), {"open": str(us.members[0].pk)})
    assert MemberPart.objects.get().confirmed_at is None
    assert Notice.objects.get(person=us.editors[0], event__contains="/opened/").link == part_url(us)
    with pytest.raises(NotYou):
        services.open_member_part(us.report.pk, us.members[0].pk, by=us.editors[1])


# --- The sums ---------------------------------------------------------------------------------------------------------


def all_but_one(us: Together) -> None:
    """The lead and three of four give their part; the fourth has begun and not confirmed."""
    save(us.report, us.who.recipient, us.who.editor, learners=100, schools=1, part=(10, 20))
    for number, part in enumerate([(1, 2), (2, 4), (30, 34)]):
        confirm(us.report, us.members[number], us.editors[number], learners=10 + number, part=part)
    save(us.report, us.members[3], us.editors[3], learners=1000)


def test_the_sums_are_taken_in_with_where_they_come_from(as_user: AsUser, us: Together) -> None:
    all_but_one(us)
    page = as_user(us.who.editor)
    shown = words_of(page.get(members_url(us)))
    assert "133" in shown
    assert "71.67" in shown
    mark = sums_of(us.report, members_in(us.report)).mark
    response = page.post(members_url(us), {"then": "take", "mark": mark}, follow=True)
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


def sent_without_one(us: Together) -> Report:
    factories.fill(us.report, us.who.editor)
    all_but_one(us)
    services.take_in(us.report.pk, by=us.who.editor)
    services.ask_for_sign_off(us.report.pk, by=us.who.editor, seen=None)
    services.submit_report(us.report.pk, by=us.who.signatory, seen=None)
    return us.again()


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
