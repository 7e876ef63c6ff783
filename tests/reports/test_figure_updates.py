"""A figure update: only what was awaited is asked, and everything else is carried over; and how its day is told of."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.formats import local_today
from grants.lifecycle.door import NotNow
from grants.lifecycle.models import Notice
from grants.people.models import User
from grants.reports import services
from grants.reports.models import Report
from grants.reports.reminders import remind
from tests import factories
from tests.factories import Cast
from tests.factories.reports import TEXT
from tests.reports.correcting import approve, give, send

AsUser = Callable[[User], Client]


@pytest.fixture
def awaited(who: Cast, award: Award) -> Report:
    """Approved; it awaits the number of learners, which were to come yesterday."""
    report = factories.report_in("draft", who, award)
    yesterday = local_today() - timedelta(days=1)
    give(report, who.editor, "learners", None, status="awaited", awaited_from="the schools", awaited_by=yesterday)
    return approve(send(report, who), who)


def test_figure_update_asks_what_was_awaited_and_carries_over_the_rest(who: Cast, awaited: Report) -> None:
    update = services.begin_figure_update(awaited.pk, by=who.editor, seen=None)
    learners, schools = (awaited.award.targets.get(indicator__code=code).indicator for code in ("learners", "schools"))
    assert [section.form for section in update.asked_sections()] == ["figures"]
    assert update.asked_indicators == {learners.pk}
    narrative = next(section for section in update.sections() if section.form == "narrative")
    with pytest.raises(NotNow, match="does not ask"):
        services.save_follow_ups(update.pk, by=who.editor, given={"milestone": ("It was done otherwise.", False)})
    with pytest.raises(NotNow, match="does not ask"):
        services.save_answer(update.pk, narrative, by=who.editor, text="Another text")
    with pytest.raises(NotNow, match="does not ask"):
        services.save_spend(update.pk, by=who.editor, rows=[])
    with pytest.raises(NotNow, match="asks only the figures"):
        give(update, who.editor, "schools", 9)
    give(update, who.editor, "learners", 310, source="registers")
    update = approve(send(update, who), who)
    assert awaited.approved_version is not None
    assert update.approved_version is not None
    before, after = awaited.approved_version.content, update.approved_version.content
    assert before["sections"] == after["sections"]
    assert before["spend"] == after["spend"]
    assert [update.approved_version.value_of(one.code) for one in (learners, schools)] == [310, 342]


def test_nothing_to_update_is_said(who: Cast, award: Award) -> None:
    approved = factories.report_in("approved", who, award)
    with pytest.raises(NotNow, match="No figure of this report is awaited"):
        services.begin_figure_update(approved.pk, by=who.editor, seen=None)


def test_page_of_an_update_shows_only_what_is_asked(as_user: AsUser, who: Cast, awaited: Report) -> None:
    page = as_user(who.editor)
    assert "Update the figures" in page.get(awaited.get_absolute_url()).content.decode()
    begun = page.post(reverse("reports:step", args=[awaited.pk, "update-figures"]), {"seen": awaited.revision})
    update = Report.objects.get(corrects=awaited)
    assert begun.headers["Location"] == update.get_absolute_url()
    figures = page.get(reverse("reports:part", args=[update.pk, "figures"])).content.decode()
    assert "Learners reached" in figures
    assert "Schools" not in figures
    assert page.get(reverse("reports:part", args=[update.pk, "spend"])).status_code == 404
    check = page.get(reverse("reports:check", args=[update.pk])).content.decode()
    assert TEXT in check, "what is carried over can be read before it is signed"


def test_awaited_figure_whose_day_has_come_is_due_and_told_of_once(as_user: AsUser, who: Cast, awaited: Report) -> None:
    home = as_user(who.editor).get("/").content.decode()
    assert "Update 1 figure: Milestone 1" in home
    assert remind(local_today()) == 1
    assert remind(local_today()) == 0
    notices = Notice.objects.filter(event__startswith=f"{awaited.key}/figures/")
    assert set(notices.values_list("person", flat=True)) >= {who.editor.pk, who.signatory.pk}
    services.begin_figure_update(awaited.pk, by=who.editor, seen=None)
    home = as_user(who.editor).get("/").content.decode()
    assert "Update 1 figure" not in home
    assert "Continue the figure update" in home


def test_awaited_figure_is_not_asked_for_where_a_later_report_counted(who: Cast, award: Award, awaited: Report) -> None:
    indicator = award.targets.get(indicator__code="learners").indicator
    type(indicator).objects.filter(pk=indicator.pk).update(over_time="latest")
    assert remind(local_today() + timedelta(days=1)) == 1
    factories.report_in("approved", who, award, 2)
    Notice.objects.filter(event__contains="/figures/").delete()
    assert remind(local_today()) == 0
