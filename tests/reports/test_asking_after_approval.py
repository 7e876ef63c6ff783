"""A figure that was asked of a school may come after the report was approved: the link works, and a figure update takes it in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.formats import local_today
from grants.lifecycle.door import NotNow, NotYou
from grants.people.models import User
from grants.programmes.models import Indicator
from grants.reports import services
from grants.reports.models import FigureRequest
from tests import factories
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


def test_link_of_an_approved_report_ends_with_the_award_and_with_a_final_number(
    client: Client, awaited: FigureRequest, who: Cast
) -> None:
    Award.objects.filter(pk=awaited.report.award.pk).update(state="suspended")
    assert client.get(awaited.link).status_code == 410
    Award.objects.filter(pk=awaited.report.award.pk).update(state="active")
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
