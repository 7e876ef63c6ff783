"""Parts of a community that change: after their sums were taken in, between versions, in corrections."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.lifecycle.door import NotNow, Stale
from grants.lifecycle.models import HistoryEntry, Notice
from grants.people.models import User
from grants.programmes.models import Section
from grants.reports import services
from grants.reports.members import members_in, members_of, turnout_in
from grants.reports.models import MemberFigure, Report, Result
from grants.reports.record import content_of
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
    save,
    sent_without_one,
)

AsUser = Callable[[User], Client]
OLD = "changed after their sums were taken into the report"


@pytest.fixture
def us(who: Cast) -> Together:
    return a_community_reports(who)


def learners(us: Together) -> Result:
    return us.report.results.get(indicator__code="learners")


def returned(us: Together, *forms: str) -> Report:
    """The report that was sent without Harbour Trust, returned for the parts of some forms."""
    report = sent_without_one(us)
    services.start_report_review(report.pk, by=us.who.reviewer, seen=None)
    codes = [one.code for one in report.asked_sections() if one.form in forms]
    return factories.send_back(report, us.who.reviewer, *codes)


def sent_again(us: Together) -> dict[str, Any]:
    """What the next version says of the members, by their names."""
    services.ask_for_sign_off(us.report.pk, by=us.who.editor, seen=None)
    services.submit_report(us.report.pk, by=us.who.signatory, seen=None)
    report = us.again()
    assert report.latest_version is not None
    assert content_of(report)["members"] == report.latest_version.content["members"]
    return {row["organisation"]: row for row in report.latest_version.content["members"]}


# --- After the sums were taken in ---------------------------------------------------------------------------------------


def test_a_member_that_opens_its_part_tells_the_lead_and_makes_the_sums_old(as_user: AsUser, us: Together) -> None:
    factories.fill(us.report, us.who.editor)
    all_but_one(us)
    services.take_in(us.report.pk, by=us.who.editor)
    page, check = as_user(us.who.editor), reverse("reports:check", args=[us.report.pk])
    assert OLD not in words_of(page.get(check))
    services.open_member_part(us.report.pk, us.members[0].pk, by=us.editors[0])
    assert (
        "Abbey Trust has opened its part again"
        in Notice.objects.get(person=us.who.editor, event__contains="/opened/").subject
    )
    for url in (check, us.report.get_absolute_url(), members_url(us)):
        assert OLD in words_of(page.get(url)), url
    confirm(us.report, us.members[0], us.editors[0], learners=500, part=(1, 2))
    services.take_in(us.report.pk, by=us.who.editor)
    assert learners(us).value == 623
    assert OLD not in words_of(page.get(check))


def test_the_reviewer_reads_that_the_sums_are_older_than_the_parts(as_user: AsUser, us: Together) -> None:
    factories.fill(us.report, us.who.editor)
    all_but_one(us)
    services.take_in(us.report.pk, by=us.who.editor)
    services.confirm_member_part(us.report.pk, us.members[3].pk, by=us.editors[3])
    sent_again(us)
    services.start_report_review(us.report.pk, by=us.who.reviewer, seen=None)
    assert OLD in words_of(as_user(us.who.reviewer).get(reverse("reports:review", args=[us.report.pk])))


def test_a_number_written_over_a_sum_is_its_own_and_stays_unless_it_is_ticked(as_user: AsUser, us: Together) -> None:
    all_but_one(us)
    services.take_in(us.report.pk, by=us.who.editor)
    indicator = learners(us).indicator
    row = factories.reports.figures([indicator])[0] | {"value": Decimal(99), "source": learners(us).source}
    services.save_results(us.report.pk, by=us.who.editor, rows=[row])
    assert learners(us).source == "", "the sum's source is not that of a number by hand"
    services.confirm_member_part(us.report.pk, us.members[3].pk, by=us.editors[3])
    page = as_user(us.who.editor).get(members_url(us))
    ticked = {cell.take: cell.ticked for table in page.context["tables"] for cell in table.sums}
    assert ticked == dict.fromkeys(every_sum(us), True) | {"learners": False}
    assert "written by hand" in words_of(page)
    chosen = [name for name in every_sum(us) if ticked[name]]
    sent = {"then": "take", "mark": page.context["mark"], "take": chosen}
    as_user(us.who.editor).post(members_url(us), sent)
    assert learners(us).value == 99
    assert us.report.results.get(indicator__code="schools").value == 9


def test_where_nothing_is_ticked_nothing_is_taken(as_user: AsUser, us: Together) -> None:
    all_but_one(us)
    mark = sums_of(us.report, members_in(us.report)).mark
    response = as_user(us.who.editor).post(members_url(us), {"then": "take", "mark": mark})
    assert (response.status_code, us.report.results.exists()) == (409, False)
    assert "Nothing is ticked" in words_of(response)


def test_a_sum_without_room_names_its_figure(us: Together) -> None:
    for number in (0, 1):
        confirm(us.report, us.members[number], us.editors[number], spent="9999999999.99")
    with pytest.raises(NotNow) as refusal:
        services.take_in(us.report.pk, by=us.who.editor)
    titles = us.award.budget_lines.values_list("title", flat=True)
    assert [said.split(":")[0] for said in refusal.value.sentences] == list(titles)


def test_a_forecast_below_the_sum_is_taken_out(us: Together) -> None:
    factories.fill(us.report, us.who.editor)
    us.report.spend.update(forecast=400)
    all_but_one(us)
    services.take_in(us.report.pk, by=us.who.editor)
    assert {(one.amount, one.forecast) for one in us.report.spend.all()} == {(Decimal("402.00"), None)}


def test_what_happened_to_a_part_stands_in_the_history(us: Together) -> None:
    all_but_one(us)
    services.open_member_part(us.report.pk, us.members[0].pk, by=us.who.signatory)
    services.take_in(us.report.pk, by=us.who.editor)
    rows = HistoryEntry.objects.filter(record=us.report.key).order_by("pk")
    assert [(row.sentence, row.actor) for row in rows][-4:] == [
        ("Confirmed the part of Beacon College", str(us.editors[1])),
        ("Confirmed the part of Castle Workshops", str(us.editors[2])),
        ("Opened the part of Abbey Trust again", str(us.who.signatory)),
        ("Took the members’ sums into the report", str(us.who.editor)),
    ]


def test_an_old_page_opens_and_confirms_nothing(as_user: AsUser, us: Together) -> None:
    confirm(us.report, us.members[0], us.editors[0])
    seen = mark_of(us.report, us.members[0])
    services.open_member_part(us.report.pk, us.members[0].pk, by=us.editors[0])
    with pytest.raises(Stale):
        services.confirm_member_part(us.report.pk, us.members[0].pk, by=us.editors[0], seen_mark=seen)
    confirm(us.report, us.members[0], us.editors[0], learners=11)
    response = as_user(us.who.editor).post(members_url(us), {"open": str(us.members[0].pk), "mark": seen})
    assert response.status_code == 409
    assert members_of(us.report)[1].is_in


def test_a_member_gives_only_what_its_report_asks(us: Together) -> None:
    foreign = factories.award_in("active")
    of_another = foreign.targets.select_related("indicator")[0].indicator
    rows = figures(us.report)
    part = {"by": us.editors[0], "spend": []}
    with pytest.raises(NotNow, match="that figure"):
        services.save_member_part(us.report.pk, us.members[0].pk, figures=[rows[0] | {"indicator": of_another}], **part)
    line = foreign.budget_lines.all()[0]
    with pytest.raises(NotNow, match="that budget line"):
        services.save_member_part(
            us.report.pk, us.members[0].pk, by=us.editors[0], figures=[], spend=[(line, Decimal(1))]
        )


def test_a_save_that_changes_nothing_leaves_who_wrote(us: Together) -> None:
    save(us.report, us.members[0], us.editors[0])
    colleague = factories.person("editor", us.members[0])
    save(us.report, us.members[0], colleague)
    assert us.report.member_parts.get().saved_by == us.editors[0]


# --- Between versions ---------------------------------------------------------------------------------------------------


def test_a_return_of_something_else_leaves_the_members_as_they_were_sent(as_user: AsUser, us: Together) -> None:
    report = sent_without_one(us)
    services.start_report_review(report.pk, by=us.who.reviewer, seen=None)
    factories.send_back(report, us.who.reviewer, "done")
    assert us.award.community is not None
    us.award.community.members.remove(us.members[0])
    us.award.community.members.add(factories.organisation(name="New Org"))
    again = sent_again(us)
    assert [name for name in again if name not in us.who.recipient.name] == [str(one) for one in us.members]
    assert again["Abbey Trust"]["figures"]
    shown = words_of(as_user(us.who.editor).get(members_url(us)))
    assert "3 of 4 members are in; missing: Harbour Trust." in shown
    assert "New Org" not in shown


def test_a_return_of_the_spend_brings_no_figure_of_a_member_that_comes_in_late(us: Together) -> None:
    report = returned(us, Section.Form.SPEND)
    services.confirm_member_part(report.pk, us.members[3].pk, by=us.editors[3])
    assert MemberFigure.objects.filter(organisation=us.members[3]).exists()
    harbour = sent_again(us)["Harbour Trust"]
    assert (harbour["state"], harbour["figures"], len(harbour["spend"])) == ("in", [], 2)


def test_a_return_of_the_activities_keeps_the_figures_of_a_part_that_is_open(us: Together) -> None:
    report = returned(us, Section.Form.ACTIVITIES)
    services.open_member_part(report.pk, us.members[0].pk, by=us.editors[0])
    abbey = sent_again(us)["Abbey Trust"]
    assert (abbey["state"], len(abbey["figures"]), len(abbey["spend"])) == ("missing", 3, 2)


def test_who_leaves_the_community_after_sending_stays_on_the_page_of_the_report(as_user: AsUser, us: Together) -> None:
    report = sent_without_one(us)
    assert us.award.community is not None
    us.award.community.members.clear()
    shown = words_of(as_user(us.who.editor).get(members_url(us)))
    assert "3 of 4 members are in; missing: Harbour Trust." in shown
    assert "Confirmed by Editor of Abbey Trust" in shown
    assert report.latest_version is not None


def test_a_figure_update_keeps_who_was_missing(us: Together) -> None:
    report = sent_without_one(us)
    services.start_report_review(report.pk, by=us.who.reviewer, seen=None)
    services.approve_report(report.pk, by=us.who.approver, seen=None, version=1)
    update = services.begin_figure_update(report.pk, by=us.who.editor, seen=None)
    found = turnout_in(content_of(update))
    assert found is not None
    assert found.words == "3 of 4 members are in; missing: Harbour Trust"


def test_a_report_that_asks_nothing_of_members_names_none_as_missing(us: Together) -> None:
    Section.objects.filter(form__in=["figures", "spend", "activities"]).delete()
    assert members_of(us.again()) == members_in(us.again()) == []


def test_activities_of_missing_members_are_said_to_count(as_user: AsUser, us: Together) -> None:
    factories.fill(us.report, us.who.editor)
    all_but_one(us)
    values = factories.activity(us.report, organisers=[us.members[3]])
    services.save_activity(us.report.pk, by=us.editors[3], values=values)
    said = "missing: Harbour Trust; 1 activity of theirs counts all the same."
    for url in (members_url(us), reverse("reports:check", args=[us.report.pk])):
        assert said in words_of(as_user(us.who.editor).get(url)), url
