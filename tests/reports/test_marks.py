"""How a reviewer reads each part, what they ask, what the grantee answers; and the switch of what changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.lifecycle.door import NotNow, NotYou, Stale
from grants.lifecycle.models import Notice
from grants.people.models import User
from grants.reports import services
from grants.reports.models import Mark, Question, Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
QUESTION = "Do all 22 mentors still take part?"


def review(report: Report) -> str:
    return reverse("reports:review", args=[report.pk])


def mark(report: Report, code: str, verdict: str, words: str = "", **more: Any) -> tuple[str, dict[str, Any]]:
    address = reverse("reports:mark", args=[report.pk, code])
    return address, {"verdict": verdict, "words": words, "version": 1, **more}


def text_of(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


@pytest.fixture
def report(who: Cast, award: Award) -> Report:
    return factories.report_in("in_review", who, award)


@pytest.fixture
def question(who: Cast, report: Report) -> Question:
    services.mark_section(report.pk, by=who.reviewer, version=1, code="figures", verdict="ask", words=QUESTION)
    return Question.objects.get()


def test_marks_are_kept_by_person_and_the_latest_counts(as_user: AsUser, who: Cast, report: Report) -> None:
    page = as_user(who.reviewer)
    assert page.post(*mark(report, "copy", "change", "Attach the pack")).headers["Location"] == f"{review(report)}#copy"
    assert page.post(*mark(report, "copy", "change", "Attach the pack")).status_code == 302
    assert Mark.objects.count() == 1
    shown = text_of(page, review(report))
    assert "Needs change" in shown
    assert 'data-state="needs-change"' in shown
    as_user(who.approver).post(*mark(report, "copy", "fine"))
    assert [(one.verdict, one.by) for one in Mark.objects.order_by("pk")] == [
        ("change", who.reviewer),
        ("fine", who.approver),
    ]
    assert 'data-state="needs-change"' not in text_of(page, review(report))


def test_parts_that_need_change_prefill_the_return_and_its_message(as_user: AsUser, who: Cast, report: Report) -> None:
    page = as_user(who.reviewer)
    for code, words in (("done", "Say which schools"), ("copy", "Attach the <b>pack</b>")):
        page.post(*mark(report, code, "change", words))
    response = page.get(review(report))
    assert response.context["form"].named == {"done": "Say which schools", "copy": "Attach the <b>pack</b>"}
    shown = " ".join(response.content.decode().split())
    assert "Return 2 parts" in shown
    assert "What you planned and did: Say which schools" in shown
    assert "<b>pack" not in shown
    letter = response.context["letters"][0]
    sent = {"seen": report.revision, "version": 1, "verb": "return", "words": ""}
    sent |= {f"change-{code}": words for code, words in response.context["form"].named.items()}
    assert page.post(review(report), sent).status_code == 302
    told = Notice.objects.filter(person=who.editor).latest("pk")
    assert (told.subject, told.text) == (letter["subject"], letter["text"])


def test_message_is_shown_as_it_would_be_sent_with_the_words_that_are_typed(
    as_user: AsUser, who: Cast, report: Report
) -> None:
    sent = {"seen": report.revision, "version": 1, "verb": "return", "words": "Thank you", "then": "preview"}
    response = as_user(who.reviewer).post(review(report), sent | {"change-done": "Say which schools"})
    assert response.status_code == 200
    assert response.context["letters"][0]["text"].startswith("Thank you\n\nWhat you planned and did: Say which")
    assert Report.objects.get(pk=report.pk).state == "in_review"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"verdict": "", "words": "x"}, "Choose how you read this part"),
        ({"verdict": "ask", "words": " "}, "Write your question"),
        ({"verdict": "change", "words": ""}, "Say what needs to change"),
        ({"verdict": "fine", "words": "Do it again"}, "Take these words out"),
    ],
)
def test_mark_with_faults_keeps_what_was_typed(
    as_user: AsUser, who: Cast, report: Report, sent: dict[str, str], sentence: str
) -> None:
    address, data = mark(report, "copy", "fine")
    response = as_user(who.reviewer).post(address, data | sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert sent["words"].strip() in response.content.decode()
    assert not Mark.objects.exists()


def test_mark_is_for_the_version_that_was_read(who: Cast, report: Report) -> None:
    with pytest.raises(Stale):
        services.mark_section(report.pk, by=who.reviewer, version=2, code="done", verdict="fine")
    with pytest.raises(NotYou):
        services.mark_section(report.pk, by=who.finance, version=1, code="done", verdict="fine")
    with pytest.raises(NotNow):
        services.mark_section(report.pk, by=who.reviewer, version=1, code="weather", verdict="fine")
    factories.send_back(report, who.reviewer)
    with pytest.raises(NotNow, match="returned"):
        services.mark_section(report.pk, by=who.reviewer, version=1, code="done", verdict="fine")


def test_old_page_of_a_mark_says_so_and_keeps_the_words(as_user: AsUser, who: Cast, report: Report) -> None:
    response = as_user(who.reviewer).post(*mark(report, "copy", "change", "My long words", version=2))
    assert response.status_code == 409
    assert "Another version was submitted" in response.content.decode()
    assert "My long words" in response.content.decode()


def test_question_on_a_figure_reaches_the_grantee_without_a_return(as_user: AsUser, who: Cast, report: Report) -> None:
    learners = report.award.targets.get(indicator__code="learners").indicator
    page = as_user(who.reviewer)
    assert page.post(*mark(report, "figures", "ask", QUESTION, indicator=learners.pk)).status_code == 302
    question = Question.objects.get()
    assert question.about == "Figures, Learners reached"
    assert Report.objects.get(pk=report.pk).state == "in_review"
    assert "1 question" in text_of(page, review(report))
    address = reverse("reports:reply", args=[report.pk, question.pk])
    for person in (who.editor, who.signatory):
        assert Notice.objects.filter(person=person, link=address).count() == 1
    assert address in text_of(as_user(who.editor), report.get_absolute_url())


def test_answer_joins_the_record(as_user: AsUser, who: Cast, report: Report, question: Question) -> None:
    address = reverse("reports:reply", args=[report.pk, question.pk])
    page = as_user(who.editor)
    assert QUESTION in text_of(page, address)
    assert page.post(address, {"text": " "}).status_code == 422
    assert page.post(address, {"text": "All but <i>one</i>."}).status_code == 302
    again = page.post(address, {"text": "Twice"})
    assert again.status_code == 409
    assert "Twice" in again.content.decode()
    assert page.get(address).status_code == 302
    for person, place in ((who.editor, report.get_absolute_url()), (who.reviewer, review(report))):
        shown = text_of(as_user(person), place)
        assert "All but &lt;i&gt;one&lt;/i&gt;." in shown
        assert "<i>one" not in shown
    assert Notice.objects.filter(person=who.reviewer, subject__startswith="Your question is answered").count() == 1
    factories.send_back(report, who.reviewer)
    assert QUESTION in text_of(as_user(who.signatory), report.get_absolute_url())


def test_question_and_answer_are_written_once(who: Cast, report: Report, question: Question) -> None:
    services.answer_question(question.pk, by=who.signatory, text="All of them.")
    for rows in (Question.objects.all(), type(question.reply).objects.all(), Mark.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.update(text="Other")
    with pytest.raises(NotNow, match="has answered this already"):
        services.answer_question(question.pk, by=who.editor, text="Again")


def test_only_the_grantee_answers_and_not_after_approval(who: Cast, report: Report, question: Question) -> None:
    for person in (who.reviewer, who.stranger):
        with pytest.raises(NotYou):
            services.answer_question(question.pk, by=person, text="I know")
    services.approve_report(report.pk, by=who.approver, seen=None, version=1)
    with pytest.raises(NotNow, match="approved"):
        services.answer_question(question.pk, by=who.editor, text="Late")


def test_questions_of_another_report_are_not_here(as_user: AsUser, who: Cast, question: Question) -> None:
    other = factories.report_in("in_review", who)
    page = as_user(who.editor)
    assert page.get(reverse("reports:reply", args=[other.pk, question.pk])).status_code == 404
    assert page.get(reverse("reports:reply", args=[question.version.report_id, 0])).status_code == 404


def test_changes_are_shown_since_the_last_report(as_user: AsUser, who: Cast, award: Award) -> None:
    factories.report_in("approved", who, award, 1)
    report = factories.report_in("draft", who, award, 2)
    section = report.asked_sections()[0]
    services.save_answer(report.pk, section, by=who.editor, text="We did what we planned, and nine schools came.")
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    page = as_user(who.reviewer)
    assert "<ins>" not in text_of(page, review(report))
    since = text_of(page, f"{review(report)}?changes=report")
    assert "<ins>nine</ins>" in since
    assert "<del>the</del>" in since
    factories.send_back(report, who.reviewer)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    shown = text_of(page, review(report))
    for words in ("Since version 1", "Since the last report", "No changes shown"):
        assert words in shown
    assert page.get(f"{review(report)}?changes=nonsense").status_code == 200


def test_mark_of_a_report_that_moved_meanwhile_is_refused_with_what_was_typed(
    as_user: AsUser, who: Cast, report: Report
) -> None:
    factories.send_back(report, who.approver, "done")
    answer = as_user(who.reviewer).post(*mark(report, "copy", "ask", QUESTION))
    assert answer.status_code == 409
    assert "The report is returned: its parts are not marked now." in answer.content.decode()
    assert QUESTION in answer.content.decode()


def test_mark_of_an_old_version_comes_back_for_the_one_that_is_shown(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("submitted", who, award)
    services.recall_submission(report.pk, by=who.signatory, seen=None)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    page = as_user(who.reviewer)
    answer = page.post(*mark(report, "copy", "ask", QUESTION))
    assert answer.status_code == 409
    form = next(row for row in answer.context["sections"] if row["code"] == "copy")["form_of_mark"]
    assert (form["words"].value(), form["version"].value()) == (QUESTION, "2")
    assert page.post(*mark(report, "copy", "ask", QUESTION, version=2)).status_code == 302
