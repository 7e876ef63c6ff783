"""A community's members give a part of its report each, confirm it, and see nothing else before it is approved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.lifecycle.door import NotNow, NotYou
from grants.lifecycle.models import Notice
from grants.people.models import User
from grants.reports import services
from grants.reports.members import members_in, members_of
from grants.reports.models import Activity, MemberFigure, MemberPart, Report
from tests import factories
from tests.factories import Cast
from tests.reports.asking import words_of
from tests.reports.community import (
    Together,
    a_community_reports,
    confirm,
    figures,
    mark_of,
    members_url,
    part_url,
    said,
    save,
    typed,
)

AsUser = Callable[[User], Client]


@pytest.fixture
def us(who: Cast) -> Together:
    return a_community_reports(who)


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


def test_a_member_does_not_drop_who_held_it_too(as_user: AsUser, us: Together) -> None:
    """Else it could take the activity out next. Its own organisation alone goes, where another of its own stays."""
    shared = held(us, us.editors[0], us.members[0], us.members[1], us.who.recipient)
    sent = {
        "type": shared.type.pk, "title": "Mine alone", "day": shared.day.strftime("%-d %B %Y"),
        "organisers": [us.members[0].pk], "then": "list", "mark": services.mark_of_activity(us.report, shared.key),
    }  # fmt: skip
    answer = as_user(us.editors[0]).post(activity_url(us, shared), sent)
    assert answer.status_code == 409
    shown = words_of(answer)
    assert f"Ask the lead to take off who held it too: Beacon College, {us.who.recipient}." in shown
    assert "Mine alone" in shown, "nothing typed is lost"
    assert shared.organisers.count() == 3
    factories.member(us.editors[0], "editor", us.members[1])
    sent["organisers"] = [us.members[1].pk, us.who.recipient.pk]
    assert as_user(us.editors[0]).post(activity_url(us, shared), sent).status_code == 302
    assert set(shared.organisers.all()) == {us.members[1], us.who.recipient}


def test_a_confirmed_part_takes_no_activities(as_user: AsUser, us: Together) -> None:
    confirm(us.report, us.members[0], us.editors[0])
    with pytest.raises(NotNow, match="confirmed"):
        held(us, us.editors[0], us.members[0])
    assert as_user(us.editors[0]).get(activity_url(us))["Location"] == part_url(us)
    held(us, us.who.editor, us.members[0])  # the lead writes the whole
