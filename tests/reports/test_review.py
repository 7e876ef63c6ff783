"""The reviewer's page: what changed, the decision, and what happens to an old page."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.formats import local_today
from grants.people.models import User
from grants.reports import services
from grants.reports.models import Report
from grants.reports.views.comparing import Change, changed_rows
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def url(report: Report) -> str:
    return reverse("reports:review", args=[report.pk])


@pytest.fixture
def in_review(who: Cast, award: Award) -> Report:
    return factories.report_in("in_review", who, award)


def second_version(report: Report, who: Cast, text: str) -> Report:
    """Return the report, change its first part, send it again and take it into review."""
    named = {report.asked_sections()[0].code: "Say more", "figures": "Count again"}
    services.return_report(report.pk, by=who.reviewer, seen=None, sections=named)
    services.save_answer(report.pk, report.asked_sections()[0], by=who.editor, text=text)
    learners = report.award.targets.get(indicator__code="learners").indicator
    row = {"indicator": learners, "status": "final", "value": Decimal(360), "source": "registers"}
    services.save_results(report.pk, by=who.editor, rows=[row])
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    return Report.objects.named().get(pk=report.pk)


def decision(report: Report, verb: str, words: str = "", version: int = 1, **more: Any) -> dict[str, Any]:
    return {"seen": report.revision, "version": version, "verb": verb, "words": words, **more}


def test_strip_and_facts_stand_on_the_page(as_user: AsUser, who: Cast, in_review: Report) -> None:
    page = " ".join(as_user(who.reviewer).get(url(in_review)).content.decode().split())
    for text in ("£12,500", "£2,500 on approval", "0 days", "On course", "3 of 3", "4%", "Ten workshops held", "342"):
        assert text in page, text


def test_submitted_report_offers_to_start_the_review(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("submitted", who, award)
    page = as_user(who.reviewer)
    content = page.get(url(report)).content.decode()
    step = reverse("reports:step", args=[report.pk, "start-review"])
    assert step in content
    assert 'name="verb"' not in content
    assert page.post(step, {"seen": report.revision}).headers["Location"] == url(report)


@pytest.mark.parametrize("name", ["finance", "administrator", "editor"])
def test_review_is_for_reviewers_and_approvers(as_user: AsUser, who: Cast, in_review: Report, name: str) -> None:
    page = as_user(getattr(who, name))
    assert page.get(url(in_review)).status_code == 403
    assert page.post(url(in_review), decision(in_review, "approve")).status_code == 403


def test_recommendation_then_approval_by_another_person(as_user: AsUser, who: Cast, in_review: Report) -> None:
    page = as_user(who.approver)
    assert page.post(url(in_review), decision(in_review, "recommend", "Good")).status_code == 302
    shown = page.get(url(in_review)).content.decode()
    assert "You recommended this yourself, so another person must do this step. You can still return it." in shown
    assert [verb for verb in ("recommend", "approve", "return") if f'value="{verb}"' in shown] == ["return"]
    response = page.post(url(in_review), decision(in_review, "approve"))
    assert response.status_code == 403
    assert "another person must do this step" in response.content.decode()
    assert as_user(who.second_approver).post(url(in_review), decision(in_review, "approve")).status_code == 302
    assert Report.objects.get(pk=in_review.pk).state == "approved"
    assert in_review.milestone.tranches.get().state == "released"


def test_reviewer_cannot_approve(as_user: AsUser, who: Cast, in_review: Report) -> None:
    page = as_user(who.reviewer)
    assert "Approve version" not in page.get(url(in_review)).content.decode()
    response = page.post(url(in_review), decision(in_review, "approve"))
    assert response.status_code == 403
    assert "An approver of the managing body does this" in response.content.decode()


def test_return_needs_a_reason(as_user: AsUser, who: Cast, in_review: Report) -> None:
    page = as_user(who.reviewer)
    response = page.post(url(in_review), decision(in_review, "return"))
    assert response.status_code == 422
    assert "Say of at least one part what needs to change" in response.content.decode()
    sent = decision(in_review, "return", "Thank you", **{"change-done": "More on schools"})
    assert page.post(url(in_review), sent).status_code == 302
    report = Report.objects.get(pk=in_review.pk)
    assert report.state == "returned"
    assert [row.reason for row in report.named.values()] == ["More on schools"]


def test_old_page_does_not_approve_another_version(as_user: AsUser, who: Cast, in_review: Report) -> None:
    old = decision(in_review, "return", "Typed for a long time", **{"change-done": "Say more"})
    report = second_version(in_review, who, "Now nine schools.")
    page = as_user(who.approver)
    response = page.post(url(report), old)
    assert response.status_code == 409
    assert "Typed for a long time" in response.content.decode()
    approval = decision(report, "approve", version=1)
    response = page.post(url(report), approval)
    assert response.status_code == 409
    assert "Another version was submitted" in response.content.decode()
    assert response.context["shown_version"] == "2"
    assert page.post(url(report), decision(report, "approve", version=2)).status_code == 302


def test_words_typed_for_a_report_that_somebody_returned_meanwhile_are_kept(
    as_user: AsUser, who: Cast, in_review: Report
) -> None:
    factories.send_back(in_review, who.approver, reason="First")
    sent = decision(in_review, "return", "My long reason", **{"change-copy": "And where the pack is"})
    response = as_user(who.reviewer).post(url(in_review), sent)
    assert response.status_code == 409
    assert "My long reason" in response.content.decode()
    assert "And where the pack is" in response.content.decode()


def test_actions_and_reason_typed_for_a_report_that_somebody_returned_meanwhile_are_kept(
    as_user: AsUser, who: Cast, in_review: Report
) -> None:
    factories.send_back(in_review, who.second_approver, reason="First")
    typed = {"actions-TOTAL_FORMS": 3, "actions-INITIAL_FORMS": 0, "actions-0-text": "Send the agreement"}
    typed |= {"hold": "on", "hold_reason": "The bank wrote to us", "actions-0-owner": who.signatory.pk}
    typed |= {"actions-0-due_on": local_today().isoformat()}
    response = as_user(who.approver).post(url(in_review), decision(in_review, "agree", **typed))
    assert response.status_code == 409
    assert "Send the agreement" in response.content.decode()
    assert "The bank wrote to us" in response.content.decode()


def test_return_for_a_reason_that_nobody_sees_is_refused(as_user: AsUser, who: Cast, in_review: Report) -> None:
    sent = decision(in_review, "return", **{"change-done": "\u200b"})
    assert as_user(who.reviewer).post(url(in_review), sent).status_code == 422


def test_approval_step_s_page_names_the_version_it_shows(as_user: AsUser, who: Cast, in_review: Report) -> None:
    step = reverse("reports:step", args=[in_review.pk, "approve"])
    page = as_user(who.approver)
    content = page.get(step).content.decode()
    assert 'name="version" value="1"' in content
    assert "£2,500 is released." in content
    assert page.post(step, {"seen": in_review.revision}).status_code == 422
    response = page.post(step, {"seen": in_review.revision, "version": 2})
    assert response.status_code == 409
    assert 'name="version" value="1"' in response.content.decode()
    assert page.post(step, {"seen": in_review.revision, "version": 1}).status_code == 302


def test_changes_since_the_version_before_are_shown_and_escaped(as_user: AsUser, who: Cast, in_review: Report) -> None:
    report = second_version(in_review, who, "We did what we <i>planned</i>, and nine schools came.")
    page = as_user(who.reviewer)
    content = " ".join(page.get(url(report)).content.decode().split())
    assert "<ins>&lt;i&gt;planned&lt;/i&gt;,</ins>" in content
    assert "<del>planned,</del>" in content
    assert "<ins>nine</ins>" in content
    assert "Learners reached: <del>342</del> <ins>360</ins>" in content
    assert "<i>planned" not in content
    plain = page.get(f"{url(report)}?changes=0").content.decode()
    assert "<ins>" not in plain


def test_changed_rows_say_what_was_and_what_is() -> None:
    row = {"indicator": "a", "title": "A", "status": "final", "value": "5.00", "denominator": None, "source": "x"}
    awaited = row | {"status": "awaited", "value": None, "awaited_from": "school", "awaited_by": "2013-06-08"}
    assert changed_rows([row], [row], "indicator") == []
    assert changed_rows([awaited], [row], "indicator") == [Change("A", "awaited, school, 2013-06-08", "5, final")]
    assert changed_rows([], [row], "indicator")[0].was == "nothing"
    assert changed_rows([{"line": "Staff", "amount": "1250.50"}], [], "line") == [Change("Staff", "1,250.5", "nothing")]
