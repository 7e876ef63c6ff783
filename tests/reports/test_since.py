"""Since last time: what the last report promised, what this milestone promises, which actions of the grantee are open."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Action, Award
from grants.awards.services import Agreed, mark_action_done
from grants.formats import local_today
from grants.lifecycle.door import Stale
from grants.people.models import User
from grants.reports import services
from grants.reports.models import Report
from grants.reports.since import items_of
from grants.reports.views.sections import changes_in
from tests import factories
from tests.factories import Cast
from tests.reports.correcting import approve, send

AsUser = Callable[[User], Client]


@pytest.fixture
def second(who: Cast, award: Award) -> Report:
    """The second milestone's report, after a first one that was approved with an action for each side."""
    first = factories.report_in("in_review", who, award)
    agreed = [
        Agreed("Send the agreement", who.signatory, local_today() + timedelta(days=9)),
        Agreed("Bring the two of you together", who.reviewer, local_today()),
    ]
    services.approve_report(first.pk, by=who.approver, seen=None, version=1, actions=agreed)
    return Report.objects.named().get(milestone__award=award, milestone__number=2)


def lacks(report: Report) -> str:
    return {section.code: words for section, words in Report.objects.named().get(pk=report.pk).missing()}.get(
        "since", ""
    )


def test_asks_after_promises_and_the_grantee_s_open_actions(second: Report) -> None:
    assert [(item.about, item.asked) for item in items_of(second)] == [
        ("last", factories.TEXT),
        ("milestone", second.milestone.promise),
        ("action", "Send the agreement"),
    ]
    assert second.milestone.promise


def test_is_complete_where_each_is_answered_or_done(who: Cast, second: Report) -> None:
    action = items_of(second)[-1].key
    assert lacks(second) == "Say what became of 3 promises and actions"
    given = {"last": ("Done", False), "milestone": ("Half", False), action: ("", False), "nonsense": ("x", True)}
    services.save_follow_ups(second.pk, by=who.editor, given=given)
    assert lacks(second) == "Say what became of 1 promise or action"
    services.save_follow_ups(second.pk, by=who.editor, given={action: ("", True), "last": ("Done", True)})
    assert lacks(second) == ""
    assert not second.follow_ups.get(about="last").done


def test_is_complete_where_nothing_is_open(who: Cast, award: Award) -> None:
    award.milestones.update(promise="")
    report = Report.objects.named().get(milestone__award=award, milestone__number=1)
    assert items_of(report) == []
    assert lacks(report) == ""
    filled = factories.fill(report, who.editor)
    assert services.ask_for_sign_off(filled.pk, by=who.editor, seen=None).state == "awaiting_sign_off"


def test_is_frozen_with_the_words_that_it_answers_and_approval_closes_what_is_done(who: Cast, second: Report) -> None:
    factories.fill(second, who.editor)
    action = Action.objects.get(side="recipient")
    services.save_follow_ups(second.pk, by=who.editor, given={f"action-{action.pk}": ("Sent on Monday.", True)})
    services.ask_for_sign_off(second.pk, by=who.editor, seen=None)
    services.submit_report(second.pk, by=who.signatory, seen=None)
    version = second.latest_version
    assert version is not None
    row = version.content["follow_up"][-1]
    assert (row["asked"], row["text"], row["done"]) == ("Send the agreement", "Sent on Monday.", True)
    services.start_report_review(second.pk, by=who.reviewer, seen=None)
    assert Action.objects.get(pk=action.pk).done_at is None
    services.approve_report(second.pk, by=who.approver, seen=None, version=1)
    done = Action.objects.get(pk=action.pk)
    assert (done.done_by, done.word) == (who.approver, "Sent on Monday.")


def test_action_that_the_report_speaks_of_stays_in_it_when_it_is_done_meanwhile(who: Cast, second: Report) -> None:
    factories.fill(second, who.editor)
    mark_action_done(Action.objects.get(side="recipient").pk, by=who.signatory, word="Sent")
    assert [item.about for item in items_of(second)] == ["last", "milestone", "action"]
    third = Report.objects.named().get(milestone__award=second.award, milestone__number=3)
    assert "action" not in [item.about for item in items_of(third)]


def test_page_keeps_what_is_typed_and_refuses_an_old_mark(as_user: AsUser, who: Cast, second: Report) -> None:
    address = reverse("reports:part", args=[second.pk, "since"])
    page = as_user(who.editor)
    response = page.get(address)
    shown = " ".join(response.content.decode().split())
    for words in ("Promised in the last report, Milestone 1", "Promised for this milestone", "Send the agreement"):
        assert words in shown
    mark = response.context["mark"]
    assert page.post(address, {"last-text": "All <i>done</i>", "mark": mark}).status_code == 302
    assert second.follow_ups.get(about="last").text == "All <i>done</i>"
    old = page.post(address, {"last-text": "Mine", "mark": mark})
    assert old.status_code == 409
    assert "Mine" in old.content.decode()
    with pytest.raises(Stale):
        services.save_follow_ups(second.pk, by=who.signatory, given={}, seen_mark=mark)


def test_versions_from_before_it_was_asked_are_read(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("in_review", who, award)
    version = report.latest_version
    assert version is not None
    content = version.content
    del content["follow_up"]

    section = next(row for row in content["sections"] if row["code"] == "since")
    assert changes_in(section, content, version.content)["is_changed"]


def test_locked_part_stays_as_it_was_sent_though_an_action_is_agreed_since(who: Cast, award: Award) -> None:
    first, second = (factories.report_in("in_review", who, award, number) for number in (1, 2))
    factories.send_back(second, who.reviewer, "done")
    agreed = [Agreed("Send the agreement", who.signatory, local_today())]
    services.approve_report(first.pk, by=who.approver, seen=None, version=1, actions=agreed)
    services.ask_for_sign_off(second.pk, by=who.editor, seen=None)
    services.submit_report(second.pk, by=who.signatory, seen=None)
    was, now = (version.content["follow_up"] for version in second.versions.order_by("number"))
    assert was == now
    third = Report.objects.named().get(milestone__award=award, milestone__number=3)
    assert "Send the agreement" in [item.asked for item in items_of(third)]


def test_correction_is_not_asked_about_what_was_agreed_with_the_approval(who: Cast, award: Award) -> None:
    report = factories.report_in("in_review", who, award)
    agreed = [Agreed("Send the agreement", who.signatory, local_today())]
    services.approve_report(report.pk, by=who.approver, seen=None, version=1, actions=agreed)
    correction = services.begin_correction(report.pk, by=who.editor, seen=None, reason="One school stood twice.")
    assert "Send the agreement" not in [item.asked for item in items_of(correction)]
    assert not Report.objects.get(pk=correction.pk).missing()
    following = Report.objects.named().get(milestone__award=award, milestone__number=2)
    assert "Send the agreement" in [item.asked for item in items_of(following)]


def test_correction_is_not_asked_about_a_promise_that_was_approved_after_its_report(who: Cast, award: Award) -> None:
    first, second = (factories.report_in("in_review", who, award, number) for number in (1, 2))
    for report in (second, first):
        services.approve_report(report.pk, by=who.approver, seen=None, version=1)
    correction = services.begin_correction(second.pk, by=who.editor, seen=None, reason="One school stood twice.")
    correction = Report.objects.named().get(pk=correction.pk)
    assert [item.key for item in items_of(correction)] == ["milestone"]
    assert not correction.missing()
    services.save_follow_ups(correction.pk, by=who.editor, given={"milestone": ("", False), "last": ("x", False)})
    assert lacks(correction) == "Say what became of 1 promise or action"
    assert not correction.follow_ups.filter(about="last").exists()


def test_correction_is_asked_about_all_in_the_words_that_its_report_was_asked(who: Cast, second: Report) -> None:
    factories.fill(second, who.editor)
    approved = approve(send(second, who), who)
    assert approved.approved_version
    asked = approved.approved_version.content["follow_up"]
    first = Report.objects.get(milestone__award=second.award, milestone__number=1)
    other = services.begin_correction(first.pk, by=who.editor, seen=None, reason="We promised something else.")
    section = next(section for section in other.asked_sections() if section.code == "next")
    services.save_answer(other.pk, section, by=who.editor, text="Something else")
    approve(send(other, who), who)
    correction = services.begin_correction(second.pk, by=who.editor, seen=None, reason="One school stood twice.")
    assert [(item.key, item.title, item.asked, item.text, item.done) for item in items_of(correction)] == [
        (row["key"], row["title"], row["asked"], row["text"], row["done"]) for row in asked
    ]
    assert [item.key for item in items_of(correction)][:2] == ["last", "milestone"]
