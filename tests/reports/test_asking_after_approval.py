"""A figure that was asked of a school may come after the report was approved: the link works, and a figure update takes it in."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.awards.services import resume_award, suspend_award, terminate_award
from grants.desk.kinds import GRANTEE
from grants.formats import local_today
from grants.lifecycle.door import NotNow, NotYou
from grants.people.models import User
from grants.programmes.models import Indicator
from grants.reports import services
from grants.reports.models import FigureRequest, Report
from tests import factories
from tests.desk.homes import part
from tests.factories import Cast
from tests.reports.asking import answer, ask, words_of
from tests.reports.correcting import approve, give, send

AsUser = Callable[[User], Client]


@pytest.fixture
def awaited(award: Award, learners: Indicator, who: Cast) -> FigureRequest:
    """Asked of a school in a report that was approved with the figure awaited from it."""
    report = factories.report_in("draft", who, award)
    give(report, who.editor, "learners", None, status="awaited", awaited_from="St Mary’s", awaited_by=local_today())
    request = ask(report, learners, who.editor)
    approve(send(report, who), who)
    return FigureRequest.objects.get(pk=request.pk)


@pytest.fixture
def schools_asked(award: Award, who: Cast) -> FigureRequest:
    """How many schools take part, asked in a draft."""
    report = Report.objects.get(milestone__award=award, milestone__number=1)
    return ask(report, who.programme.indicators.get(code="schools"), who.editor)


def test_answer_to_an_approved_report_goes_into_its_figure_update(
    client: Client, as_user: AsUser, awaited: FigureRequest, learners: Indicator, who: Cast
) -> None:
    assert client.get(awaited.link).status_code == 200
    assert answer(client, awaited).status_code == 302
    page, address = as_user(who.editor), reverse("reports:request", args=[awaited.report_id, awaited.pk])
    shown = words_of(page.get(address))
    assert "begin a figure update" in shown
    assert "Accept it as final" not in shown
    assert page.post(address, {"choice": "final"}).status_code == 409
    update = services.begin_figure_update(awaited.report_id, by=who.editor, seen=None)
    beside = reverse("reports:request", args=[update.pk, awaited.pk])
    assert beside in words_of(page.get(reverse("reports:part", args=[update.pk, "figures"])))
    assert page.post(beside, {"choice": "final"}).status_code == 302
    awaited.refresh_from_db()
    assert awaited.state == "accepted"
    assert (update.results.get(indicator=learners).value, update.results.get(indicator=learners).status) == (
        34,
        "final",
    )
    assert awaited.report.results.get(indicator=learners).status == "awaited"


def test_link_of_an_approved_report_ends_with_the_award(client: Client, awaited: FigureRequest, who: Cast) -> None:
    terminate_award(awaited.report.award.pk, by=who.approver, seen=None, reason="It came to nothing.")
    for response in (client.get(awaited.link), answer(client, awaited)):
        assert response.status_code == 410
        assert "the report is finished" in words_of(response)


def test_link_of_an_approved_report_ends_with_a_final_number(client: Client, awaited: FigureRequest, who: Cast) -> None:
    update = services.begin_figure_update(awaited.report_id, by=who.editor, seen=None)
    give(update, who.editor, "learners", 310, status="provisional")
    approve(send(update, who), who)
    assert client.get(awaited.link).status_code == 200, "provisional: a better number may come"
    again = services.begin_figure_update(update.pk, by=who.editor, seen=None)
    give(again, who.editor, "learners", 310)
    approve(send(again, who), who)
    response = answer(client, awaited)
    assert response.status_code == 410
    assert "the report is finished" in words_of(response)


def test_link_of_an_approved_report_says_that_a_suspended_award_takes_no_answer_now(
    client: Client, awaited: FigureRequest, who: Cast
) -> None:
    award = awaited.report.award
    suspend_award(award.pk, by=who.approver, seen=None, reason="The <b>bank</b> wrote to us.")
    for response in (client.get(awaited.link), answer(client, awaited)):
        shown = words_of(response)
        assert response.status_code == 409
        assert "This link does not work now" in shown
        assert "the award is suspended. Try again later" in shown
        assert "bank" not in shown
    with pytest.raises(NotNow, match="suspended"):
        services.answer_request(awaited.token, answered_by="A. Teacher", value=Decimal(34))
    resume_award(award.pk, by=who.approver, seen=None)
    assert answer(client, awaited).status_code == 302


def test_link_of_an_open_report_takes_an_answer_while_the_award_is_suspended(
    client: Client, schools_asked: FigureRequest, who: Cast
) -> None:
    suspend_award(schools_asked.report.award.pk, by=who.approver, seen=None, reason="The bank wrote to us.")
    assert answer(client, schools_asked).status_code == 302


def test_question_of_an_approved_report_can_be_withdrawn_and_its_answer_set_aside(
    client: Client, awaited: FigureRequest, learners: Indicator, who: Cast
) -> None:
    with pytest.raises(NotYou):
        services.withdraw_request(awaited.pk, by=who.reviewer)
    services.withdraw_request(awaited.pk, by=who.editor)
    assert client.get(awaited.link).status_code == 410
    update = services.begin_figure_update(awaited.report_id, by=who.editor, seen=None)
    request = ask(update, learners, who.editor)
    answer(client, request)
    services.ask_for_sign_off(update.pk, by=who.editor, seen=None)
    assert services.set_answer_aside(request.pk, by=who.editor).state == "set_aside"


def test_figure_update_asks_nobody_for_a_figure_that_it_does_not_ask(
    as_user: AsUser, awaited: FigureRequest, likely: Indicator, learners: Indicator, who: Cast
) -> None:
    update = services.begin_figure_update(awaited.report_id, by=who.editor, seen=None)
    with pytest.raises(NotNow, match="does not ask that figure"):
        ask(update, likely, who.editor)
    page = as_user(who.editor)
    assert page.get(reverse("reports:ask", args=[update.pk, likely.pk])).status_code == 404
    assert page.get(reverse("reports:ask", args=[update.pk, learners.pk])).status_code == 200


def test_correction_counts_what_was_asked_in_the_report_that_it_corrects(
    schools_asked: FigureRequest, awaited: FigureRequest, learners: Indicator, who: Cast
) -> None:
    correction = services.begin_correction(awaited.report_id, by=who.editor, seen=None, reason="One came late.")
    assert ask(correction, learners, who.editor) == awaited
    for number in range(18):
        last = ask(correction, learners, who.editor, message=f"School {number}?")
    with pytest.raises(NotNow, match="20 questions of this report wait"):
        ask(correction, learners, who.editor, message="One more?")
    services.withdraw_request(last.pk, by=who.editor)
    for number in range(30):
        last = ask(correction, learners, who.editor, message=f"College {number}?")
        services.withdraw_request(last.pk, by=who.editor)
    with pytest.raises(NotNow, match="50 questions of this report were sent today"):
        ask(correction, learners, who.editor, message="And once more?")


def test_correction_asks_anew_what_the_report_that_it_corrects_does_not_want_any_more(
    client: Client, schools_asked: FigureRequest, awaited: FigureRequest, who: Cast
) -> None:
    correction = services.begin_correction(awaited.report_id, by=who.editor, seen=None, reason="One came late.")
    assert client.get(schools_asked.link).status_code == 410, "the approved figure is final"
    request = ask(correction, schools_asked.indicator, who.editor)
    assert request != schools_asked
    assert client.get(request.link).status_code == 200


def on_the_home(client: Client, request: FigureRequest) -> list[tuple[str, str]]:
    """The addresses and buttons of what the grantee's home says of a question."""
    due = part(client, GRANTEE)["due"]
    return [(item.url, item.button) for item in due if item.url.endswith(f"/asked/{request.pk}/")]


def page_of(report: Report, request: FigureRequest) -> str:
    return reverse("reports:request", args=[report.pk, request.pk])


def test_answer_asked_in_a_superseded_report_waits_on_the_home_with_the_approved_one(
    client: Client, as_user: AsUser, award: Award, learners: Indicator, who: Cast
) -> None:
    report = factories.report_in("draft", who, award)
    give(report, who.editor, "learners", None, status="awaited", awaited_from="St Mary’s", awaited_by=local_today())
    give(report, who.editor, "schools", 11, status="provisional")
    request = ask(report, learners, who.editor)
    approve(send(report, who), who)
    first = services.begin_figure_update(report.pk, by=who.editor, seen=None)
    give(first, who.editor, "schools", 12)
    approve(send(first, who), who)
    assert answer(client, request).status_code == 302
    home = as_user(who.editor)
    assert on_the_home(home, request) == [(page_of(first, request), "Read the answer")]
    for one in (report, first):
        shown = words_of(home.get(page_of(one, request)))
        assert f'begin a figure update on <a href="{first.get_absolute_url()}">' in shown
    second = services.begin_figure_update(first.pk, by=who.editor, seen=None)
    assert on_the_home(home, request) == [(page_of(second, request), "")]
    assert home.post(page_of(report, request), {"choice": "final"}).status_code == 302
    assert second.results.get(indicator=learners).value == 34
    assert on_the_home(home, request) == []


def test_answer_that_came_after_the_figure_was_typed_as_final_is_set_aside_or_corrected(
    client: Client, as_user: AsUser, award: Award, schools_asked: FigureRequest, who: Cast
) -> None:
    report = factories.report_in("draft", who, award)
    give(report, who.editor, "learners", None, status="awaited", awaited_from="St Mary’s", awaited_by=local_today())
    answer(client, schools_asked)
    approve(send(report, who), who)
    page, address = as_user(who.editor), page_of(report, schools_asked)
    assert on_the_home(page, schools_asked) == [(address, "Read the answer")]
    shown = words_of(page.get(address))
    assert "figure update" not in shown
    assert "correct the report" in shown
    update = services.begin_figure_update(report.pk, by=who.editor, seen=None)
    shown = words_of(page.get(page_of(update, schools_asked)))
    assert "The figure update does not ask this figure" in shown
    assert "Accept it as final" not in shown
    refused = page.post(address, {"choice": "final"})
    assert refused.status_code == 409
    assert "This update asks only the figures that were awaited or provisional" in words_of(refused)
    services.abandon_correction(update.pk, by=who.editor, seen=None, reason="Not this one")
    correction = services.begin_correction(report.pk, by=who.editor, seen=None, reason="The school knows better.")
    assert page.post(page_of(correction, schools_asked), {"choice": "final"}).status_code == 302
    assert correction.results.get(indicator=schools_asked.indicator).value == 34


def test_answer_of_a_report_that_was_waived_is_set_aside(
    client: Client, as_user: AsUser, schools_asked: FigureRequest, who: Cast
) -> None:
    answer(client, schools_asked)
    services.waive_report(schools_asked.report_id, by=who.approver, seen=None, reason="Enough")
    page, address = as_user(who.editor), page_of(schools_asked.report, schools_asked)
    assert on_the_home(page, schools_asked) == [(address, "Read the answer")]
    assert "no answer goes into it any more" in words_of(page.get(address))
    assert page.post(address, {"choice": "aside"}).status_code == 302
    assert on_the_home(page, schools_asked) == []


@pytest.mark.parametrize("choice", ["", "nonsense"])
def test_page_that_refuses_a_choice_offers_no_acceptance_that_cannot_be(
    client: Client, as_user: AsUser, awaited: FigureRequest, who: Cast, choice: str
) -> None:
    answer(client, awaited)
    response = as_user(who.editor).post(page_of(awaited.report, awaited), {"choice": choice})
    shown = words_of(response)
    assert response.status_code == 422
    assert "Set it aside" in shown
    assert "Accept it as final" not in shown
