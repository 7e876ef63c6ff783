"""A part of a report that saves itself: what is stored, what is answered, and that nothing else happens."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards.models import Award
from grants.lifecycle.models import HistoryEntry
from grants.people.models import User
from grants.reports import services
from grants.reports.models import Answer, Report
from tests import factories
from tests.factories import Cast
from tests.reports.test_pages import widen

AsUser = Callable[[User], Client]
TEXT = "We met twice, in the library."


def url(report: Report, code: str = "done") -> str:
    return reverse("reports:part", args=[report.pk, code])


def autosave(client: Client, person: User, report: Report, code: str = "done", **typed: Any) -> HttpResponse:
    """What the script of that person's page sends."""
    return client.post(url(report, code), typed, headers={"Autosave": str(person.pk)})  # type: ignore[return-value]


def words_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def figure(report: Report, **values: str) -> dict[str, str]:
    """What the table of figures sends of the number of learners."""
    learners = report.award.targets.get(indicator__code="learners").indicator_id
    given = {f"figure{learners}-{name}": text for name, text in values.items()}
    return {"mark": services.mark_of(report, "figures"), **given}


def test_text_is_stored_and_a_small_piece_is_answered(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    response = autosave(page, who.editor, draft, text=TEXT, mark="")
    answer = draft.answers.get()
    assert (response.status_code, response.headers["Autosave"]) == (200, "saved")
    assert (answer.text, answer.saved_by) == (TEXT, who.editor)
    words = words_of(response)
    assert f'data-mark="{answer.saved_at.isoformat()}"' in words
    assert "by you" in words
    assert "1 of 10 parts ready" in words
    assert "Saved with 6 words." in words
    assert "<html" not in words
    again = autosave(page, who.editor, draft, text=f"{TEXT} Again.", mark=answer.saved_at.isoformat())
    assert again.headers["Autosave"] == "saved"


def test_nothing_is_said_on_the_next_page_and_no_history_is_written(as_user: AsUser, who: Cast, draft: Report) -> None:
    lines = HistoryEntry.objects.count()
    response = autosave(as_user(who.editor), who.editor, draft, text=TEXT, mark="")
    assert not list(get_messages(response.wsgi_request))  # type: ignore[attr-defined]
    assert HistoryEntry.objects.count() == lines


def test_button_that_puts_the_last_text_in_is_not_pressed_by_the_script(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    autosave(as_user(who.editor), who.editor, draft, text=TEXT, mark="", then="keep")
    assert draft.answers.get().text == TEXT


def test_half_typed_number_is_no_error_and_changes_nothing(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    response = autosave(page, who.editor, draft, "figures", **figure(draft, value="34 <"))
    assert (response.status_code, response.headers["Autosave"]) == (200, "not_yet")
    assert "“34 &lt;” is not a number" in words_of(response)
    assert not draft.results.exists()
    response = autosave(page, who.editor, draft, "figures", **figure(draft, value="342"))
    assert response.headers["Autosave"] == "saved"
    assert draft.results.get().value == 342


def test_text_that_somebody_else_stored_meanwhile_is_shown_with_the_typed_one(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    services.save_answer(draft.pk, draft.asked_sections()[0], by=who.signatory, text="We met <twice>, at school.")
    response = autosave(as_user(who.editor), who.editor, draft, text=TEXT, mark="")
    words = words_of(response)
    assert (response.status_code, response.headers["Autosave"]) == (409, "stale")
    assert f"{who.signatory} saved this part while you were writing" in words
    assert f"<p>{TEXT}</p>" in words
    assert "<ins>&lt;twice&gt;, at school.</ins>" in words
    assert json.loads(response.context["stored"]) == [["text", "We met <twice>, at school."]]  # type: ignore[attr-defined]
    assert draft.answers.get().text == "We met <twice>, at school."


def test_figure_that_somebody_else_stored_meanwhile_is_shown_with_who_did_it(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    typed = figure(draft, value="15")
    targets = draft.award.targets.select_related("indicator")
    services.save_results(draft.pk, by=who.signatory, rows=factories.figures(target.indicator for target in targets))
    page = as_user(who.editor)
    response = autosave(page, who.editor, draft, "figures", **typed)
    words = words_of(response)
    assert response.status_code == 409
    assert f"{who.signatory} saved this part while you were writing" in words
    assert "Learners reached, this period" in words
    assert f"{who.signatory}</span>" in words_of(page.get(url(draft, "figures")))  # type: ignore[arg-type]


def test_answer_that_never_came_back_is_no_conflict_with_oneself(as_user: AsUser, who: Cast, draft: Report) -> None:
    page, typed = as_user(who.editor), figure(draft, value="342", source="registers")
    for _ in range(2):
        assert autosave(page, who.editor, draft, "figures", **typed).headers["Autosave"] == "saved"
    assert draft.results.get().source == "registers"


@pytest.mark.parametrize("state", ["awaiting_sign_off", "submitted"])
def test_report_that_left_its_writer_says_so(as_user: AsUser, who: Cast, award: Award, state: str) -> None:
    report = factories.report_in(state, who, award)
    response = autosave(as_user(who.editor), who.editor, report, text=TEXT, mark="")
    assert (response.status_code, response.headers["Autosave"]) == (409, "refused")
    assert f"The report is {report.get_state_display().lower()}" in words_of(response)
    assert TEXT not in report.answers.get(section__code="done").text


def test_report_of_a_suspended_award_is_written_all_the_same(as_user: AsUser, who: Cast) -> None:
    award = factories.award_in("suspended", who)
    report = Report.objects.named().filter(milestone__award=award, state="draft")[0]
    assert autosave(as_user(who.editor), who.editor, report, text=TEXT, mark="").headers["Autosave"] == "saved"


def test_session_that_ended_is_told_and_stores_nothing(client: Client, who: Cast, draft: Report) -> None:
    response = autosave(client, who.editor, draft, text=TEXT, mark="")
    assert (response.status_code, response.headers["Autosave"]) == (401, "signed_out")
    assert f"/people/sign-in/?next={url(draft)}" in words_of(response)
    assert not Answer.objects.exists()


def test_nothing_is_stored_in_the_name_of_whoever_signed_in_meanwhile(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    response = autosave(as_user(who.signatory), who.editor, draft, text=TEXT, mark="")
    assert (response.status_code, response.headers["Autosave"]) == (401, "signed_out")
    assert "somebody else is signed in now" in words_of(response)
    assert not Answer.objects.exists()


def test_only_the_grantee_saves(as_user: AsUser, who: Cast, draft: Report) -> None:
    for person, status in ((who.reviewer, 403), (who.stranger, 404)):
        response = autosave(as_user(person), person, draft, text=TEXT, mark="")
        assert response.status_code == status
        assert "Autosave" not in response.headers
    assert not Answer.objects.exists()


def test_page_is_fetched_anew_when_one_comes_back_and_forgotten_by_signing_out(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    page = as_user(who.editor)
    assert "no-store" in page.get(url(draft)).headers["Cache-Control"]
    assert page.post(reverse("people:sign-out")).headers["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize("code", ["done", "figures", "spend"])
def test_queries_do_not_grow_with_what_is_saved(as_user: AsUser, who: Cast, code: str) -> None:
    counts = []
    for number in (3, 30):
        award = factories.award_in("active", who, reports=2)
        widen(award, number)
        report = factories.report_in("draft", who, award)
        lines = {f"line{pk}-amount": "9" for pk in award.budget_lines.values_list("pk", flat=True)}
        given = {f"figure{pk}-value": "9" for pk in award.targets.values_list("indicator", flat=True)}
        answer = report.answers.filter(section__code="done").first()
        mark = answer.saved_at.isoformat() if code == "done" else services.mark_of(report, code)
        page = as_user(who.editor)
        with CaptureQueriesContext(connection) as queries:
            response = autosave(page, who.editor, report, code, text=TEXT, mark=mark, **lines, **given)
        counts.append(len(queries))
        assert response.headers["Autosave"] == "saved", words_of(response)
    assert counts[0] == counts[1]
    assert counts[0] <= 40
