"""A figure is asked of somebody without an account: the link, the answer, and who takes it into the report."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.formats import date_words, local_today
from grants.lifecycle.door import NotNow, NotYou
from grants.lifecycle.models import Notice
from grants.people.models import User
from grants.programmes.models import Indicator
from grants.reports import services
from grants.reports.models import FigureRequest, Report
from tests import factories
from tests.factories import Cast
from tests.reports.asking import answer, ask, words_of

AsUser = Callable[[User], Client]
State = FigureRequest.State


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_editor_asks_on_the_page_and_the_figure_is_awaited(
    as_user: AsUser, who: Cast, draft: Report, learners: Indicator
) -> None:
    day = local_today() + timedelta(days=9)
    page = as_user(who.editor)
    response = page.post(
        reverse("reports:ask", args=[draft.pk, learners.pk]),
        {"to_name": "St Mary’s School", "email": "office@st-marys.example", "message": "How many came?",
         "wanted_by": date_words(day), "set_awaited": "on"},
        follow=True,
    )  # fmt: skip
    request = FigureRequest.objects.get()
    assert (request.report, request.indicator, request.asked_by, request.state) == (
        draft,
        learners,
        who.editor,
        "waiting",
    )
    result = draft.results.get()
    assert (result.status, result.awaited_from, result.awaited_by) == ("awaited", "St Mary’s School", day)
    shown = words_of(response)
    assert "Asked St Mary’s School" in shown
    assert "office@st-marys.example" not in shown
    assert reverse("reports:request", args=[draft.pk, request.pk]) in shown


def test_every_fault_of_a_question_is_said(as_user: AsUser, who: Cast, draft: Report, learners: Indicator) -> None:
    typed = {"email": "not an address", "wanted_by": "1 January 2010", "message": " "}
    response = as_user(who.editor).post(reverse("reports:ask", args=[draft.pk, learners.pk]), typed)
    shown = words_of(response)
    assert response.status_code == 422
    assert "Give the name of the school or partner" in shown
    assert "This is not an e-mail address" in shown
    assert "Say in a sentence what you want to know" in shown
    assert "1 January 2010 has passed" in shown
    assert 'value="not an address"' in shown
    assert not FigureRequest.objects.exists()


def test_a_figure_that_has_a_number_keeps_it(who: Cast, draft: Report, learners: Indicator) -> None:
    factories.fill(draft, who.editor)
    ask(draft, learners, who.editor, set_awaited=True)
    assert draft.results.get(indicator=learners).value == 342


def test_twenty_questions_of_a_report_wait_at_most(who: Cast, draft: Report, learners: Indicator) -> None:
    for number in range(20):
        last = ask(draft, learners, who.editor, message=f"School {number}?")
    with pytest.raises(NotNow, match="20 questions of this report wait"):
        ask(draft, learners, who.editor)
    services.withdraw_request(last.pk, by=who.editor)
    assert ask(draft, learners, who.editor)


def test_the_same_asked_twice_is_one_question_and_one_letter(
    who: Cast, draft: Report, learners: Indicator, likely: Indicator
) -> None:
    first = ask(draft, learners, who.editor)
    assert ask(draft, learners, who.signatory, email="Office@St-Marys.example") == first
    others = [
        ask(draft, learners, who.editor, message="And how many schools?"),
        ask(draft, learners, who.editor, email="head@st-marys.example"),
        ask(draft, learners, who.editor, wanted_by=local_today() + timedelta(days=20)),
        ask(draft, likely, who.editor),
    ]
    assert len({first.pk, *(one.pk for one in others)}) == 5
    services.withdraw_request(first.pk, by=who.editor)
    assert ask(draft, learners, who.editor) != first


def test_the_same_asked_twice_sets_the_figure_to_awaited_the_second_time_too(
    who: Cast, draft: Report, learners: Indicator
) -> None:
    first = ask(draft, learners, who.editor)
    assert not draft.results.exists()
    assert ask(draft, learners, who.editor, set_awaited=True) == first
    assert draft.results.get().status == "awaited"


def test_fifty_letters_of_a_report_leave_in_a_day_whatever_became_of_them(
    who: Cast, draft: Report, learners: Indicator
) -> None:
    for number in range(50):
        last = ask(draft, learners, who.editor, message=f"School {number}?")
        services.withdraw_request(last.pk, by=who.editor)
    with pytest.raises(NotNow, match="50 questions of this report were sent today"):
        ask(draft, learners, who.editor)
    FigureRequest.objects.update(asked_at=last.asked_at - timedelta(days=1))
    assert ask(draft, learners, who.editor)


def test_only_those_who_write_the_report_ask(who: Cast, draft: Report, learners: Indicator) -> None:
    for person in (who.reviewer, who.stranger):
        with pytest.raises(NotYou):
            ask(draft, learners, person)


@pytest.mark.parametrize("state", ["awaiting_sign_off", "submitted", "approved"])
def test_a_report_that_left_its_writers_asks_nothing(who: Cast, award: Award, learners: Indicator, state: str) -> None:
    with pytest.raises(NotNow):
        ask(factories.report_in(state, who, award), learners, who.editor)


def test_another_programme_s_figure_is_not_asked(as_user: AsUser, who: Cast, draft: Report) -> None:
    foreign = Indicator.objects.create(programme=factories.cast().programme, code="x", title="X", unit="x")
    with pytest.raises(NotNow):
        ask(draft, foreign, who.editor)
    assert as_user(who.editor).get(reverse("reports:ask", args=[draft.pk, foreign.pk])).status_code == 404


# --- Answering --------------------------------------------------------------------------------------------------------


def test_anybody_with_the_link_reads_what_is_asked_and_by_whom(client: Client, asked: FigureRequest, who: Cast) -> None:
    response = client.get(asked.link)
    shown = words_of(response)
    assert response.status_code == 200
    for words in (
        "Learners reached", "How many of your learners came?", str(who.recipient), "Robots in the library",
        str(who.editor), date_words(asked.wanted_by), "St Mary’s School",
    ):  # fmt: skip
        assert words in shown, words
    assert "office@st-marys.example" not in shown
    assert "no-store" in response.headers["Cache-Control"]


def test_an_answer_is_kept_writes_nothing_into_the_report_and_is_told(
    client: Client, asked: FigureRequest, who: Cast
) -> None:
    response = answer(client, asked)
    assert (response.status_code, response["Location"]) == (302, f"{asked.link}thanks/")
    shown = words_of(client.get(response["Location"]))
    assert "has your figure for Learners reached: <strong>34</strong>" in shown
    asked.refresh_from_db()
    assert (asked.state, asked.value, asked.answered_by, asked.note) == (
        "answered", Decimal(34), "A. Teacher", "From registers",
    )  # fmt: skip
    assert not asked.report.results.exists()
    told = Notice.objects.get(person=who.editor, event__contains="/answer/")
    assert "/draft/" in told.event, "what is not sent yet is not told to the managing body"
    assert told.subject == "An answer from St Mary’s School: Learners reached"
    assert told.link == reverse("reports:request", args=[asked.report_id, asked.pk])


def test_a_ratio_is_answered_by_its_parts(client: Client, draft: Report, likely: Indicator, who: Cast) -> None:
    request = ask(draft, likely, who.editor)
    for wrong in ({"numerator": "9", "denominator": "0"}, {"numerator": "9", "denominator": "8"}, {"numerator": "9"}):
        assert client.post(request.link, {**wrong, "answered_by": "A. Teacher"}).status_code == 422
    client.post(request.link, {"numerator": "3", "denominator": "8", "answered_by": "A. Teacher"})
    request.refresh_from_db()
    assert (request.value, request.numerator, request.denominator) == (Decimal("37.50"), 3, 8)


def test_every_fault_of_an_answer_is_said_and_nothing_typed_is_lost(client: Client, asked: FigureRequest) -> None:
    response = answer(client, asked, value="-3", answered_by="", note="As counted")
    shown = words_of(response)
    assert response.status_code == 422
    assert "“-3” is negative" in shown
    assert "Give your name" in shown
    assert 'value="-3"' in shown
    assert "As counted" in shown
    assert client.post(asked.link).status_code == 422
    assert FigureRequest.objects.get().answered_at is None


def test_an_answer_sent_twice_counts_once(client: Client, asked: FigureRequest) -> None:
    answer(client, asked)
    again = answer(client, asked, value="99")
    assert again.status_code == 410
    assert "has been given already" in words_of(again)
    assert FigureRequest.objects.get().value == 34
    assert Notice.objects.filter(event__contains="/answer/").count() == 1
    with pytest.raises(services.Gone):
        services.answer_request(asked.token, answered_by="B", value=Decimal(1))


def test_a_link_works_until_the_end_of_its_day(client: Client, asked: FigureRequest) -> None:
    FigureRequest.objects.update(wanted_by=local_today())
    assert client.get(asked.link).status_code == 200
    FigureRequest.objects.update(wanted_by=local_today() - timedelta(days=1))
    for response in (client.get(asked.link), answer(client, asked)):
        assert response.status_code == 410
        assert "This link worked until" in words_of(response)
    assert FigureRequest.objects.get().answered_at is None


def test_a_withdrawn_link_says_so(client: Client, asked: FigureRequest, who: Cast) -> None:
    services.withdraw_request(asked.pk, by=who.editor)
    for response in (client.get(asked.link), answer(client, asked)):
        assert response.status_code == 410
        assert "the question was withdrawn" in words_of(response)


def test_a_finished_report_wants_no_answer(client: Client, asked: FigureRequest, who: Cast) -> None:
    services.waive_report(asked.report_id, by=who.approver, seen=None, reason="Enough")
    for response in (client.get(asked.link), answer(client, asked)):
        assert response.status_code == 410
        assert "the report is finished" in words_of(response)


def test_an_altered_link_leads_nowhere(
    client: Client, asked: FigureRequest, draft: Report, likely: Indicator, who: Cast
) -> None:
    other = ask(draft, likely, who.editor)
    key, signature = asked.token.split(":")
    for token in (f"{other.pk}:{signature}", f"{key}:{signature[:-1]}", key, f"{key}:", f"999999:{signature}", "x:y:z"):
        for name in ("answer", "answered"):
            assert client.get(reverse(f"reports:{name}", args=[token])).status_code == 404, token
        assert client.post(reverse("reports:answer", args=[token]), {"value": "1"}).status_code == 404
    assert client.get(reverse("reports:answered", args=[asked.token])).status_code == 404  # nothing to thank for yet


def test_the_database_holds_who_answered_and_who_settled(asked: FigureRequest) -> None:
    for wrong in (
        {"value": 3},
        {"state": "answered"},
        {"state": "withdrawn"},
        {"state": "elsewhere"},
        {"mail": "sent"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FigureRequest.objects.update(**wrong)


# --- What becomes of an answer ----------------------------------------------------------------------------------------


def test_editor_reads_the_answer_beside_the_figure_and_accepts_it(
    client: Client, as_user: AsUser, asked: FigureRequest, who: Cast
) -> None:
    answer(client, asked)
    page, report = as_user(who.editor), asked.report
    shown = words_of(page.get(reverse("reports:part", args=[report.pk, "figures"])))
    source = f"St Mary’s School, A. Teacher, {date_words(local_today())}"
    assert f"{source}: <strong>34</strong>" in shown
    address = reverse("reports:request", args=[report.pk, asked.pk])
    assert "office@st-marys" in words_of(page.get(address)).replace("<wbr>", "")
    assert page.post(address, {}).status_code == 422
    assert page.post(address, {"choice": "provisional"}).status_code == 302
    result = report.results.get()
    assert (result.status, result.value, result.source) == ("provisional", 34, source)
    asked.refresh_from_db()
    assert (asked.state, asked.settled_by) == ("accepted", who.editor)


def test_editor_sets_an_answer_aside_and_the_report_stays(
    client: Client, as_user: AsUser, asked: FigureRequest, who: Cast
) -> None:
    answer(client, asked)
    address = reverse("reports:request", args=[asked.report_id, asked.pk])
    as_user(who.editor).post(address, {"choice": "aside"})
    asked.refresh_from_db()
    assert asked.state == "set_aside"
    assert not asked.report.results.exists()
    refused = as_user(who.editor).post(address, {"choice": "final"})
    assert refused.status_code == 409
    assert "the question is set aside" in words_of(refused)


def test_withdrawing_what_was_answered_meanwhile_is_refused(
    client: Client, as_user: AsUser, asked: FigureRequest, who: Cast
) -> None:
    answer(client, asked)
    address = reverse("reports:request", args=[asked.report_id, asked.pk])
    refused = as_user(who.editor).post(address, {"withdraw": "1"})
    assert refused.status_code == 409
    assert FigureRequest.objects.get().state == "answered"


@pytest.mark.parametrize("state", ["awaiting_sign_off", "submitted", "in_review"])
def test_an_answer_arrives_but_is_not_taken_in_while_the_report_is_with_somebody_else(
    client: Client, as_user: AsUser, award: Award, learners: Indicator, who: Cast, state: str
) -> None:
    request = ask(factories.report_in("draft", who, award), learners, who.editor)
    report = factories.report_in(state, who, award)
    assert answer(client, request).status_code == 302
    with pytest.raises(NotNow):
        services.accept_answer(request.pk, by=who.editor, status="final")
    address = reverse("reports:request", args=[report.pk, request.pk])
    page = as_user(who.editor)
    shown = words_of(page.get(address))
    assert "nothing in it can change now" in shown
    assert "Accept it as final" not in shown
    assert page.post(address, {"choice": "final"}).status_code == 409
    assert page.post(address, {"choice": "aside"}).status_code == 302
    request.refresh_from_db()
    assert request.state == "set_aside"
    assert report.results.get(indicator=learners).value == 342


def test_the_managing_body_and_strangers_settle_nothing(as_user: AsUser, asked: FigureRequest, who: Cast) -> None:
    address = reverse("reports:request", args=[asked.report_id, asked.pk])
    for person, status in ((who.reviewer, 403), (who.stranger, 404)):
        page = as_user(person)
        assert page.get(address).status_code == status
        assert page.post(address, {"withdraw": "1"}).status_code == status
    with pytest.raises(NotYou):
        services.withdraw_request(asked.pk, by=who.reviewer)
    assert FigureRequest.objects.get().state == State.WAITING


def test_answer_waits_on_the_home_until_it_is_settled(who: Cast, as_user: AsUser, draft: Report) -> None:
    request = ask(draft, draft.award.targets.get(indicator__code="schools").indicator, who.editor)
    home = as_user(who.signatory)
    assert "An answer from" not in words_of(home.get("/"))
    services.answer_request(request.token, answered_by="A. Teacher", value=Decimal(11))
    page = words_of(home.get("/"))
    assert f'href="/reports/{draft.pk}/asked/{request.pk}/"' in page
    assert "An answer from St Mary’s School: Schools taking part" in page
    assert "An answer from" not in words_of(as_user(who.stranger).get("/"))
    services.accept_answer(request.pk, by=who.editor, status="final")
    assert "An answer from" not in words_of(home.get("/"))


@pytest.mark.parametrize("state", ["awaiting_sign_off", "submitted", "in_review"])
def test_answer_waits_on_the_home_while_the_report_is_with_somebody_else(
    who: Cast, as_user: AsUser, award: Award, learners: Indicator, state: str
) -> None:
    request = ask(factories.report_in("draft", who, award), learners, who.editor)
    services.answer_request(request.token, answered_by="A. Teacher", value=Decimal(11))
    factories.report_in(state, who, award)
    page = words_of(as_user(who.signatory).get("/"))
    assert "An answer from St Mary’s School: Learners reached" in page
    assert "The report cannot change now: accept it later, or set it aside" in page
    services.set_answer_aside(request.pk, by=who.editor)
    assert "An answer from" not in words_of(as_user(who.signatory).get("/"))
