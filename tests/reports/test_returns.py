"""A return names parts: they are open, with the reason beside them; the others stay complete and locked until approval."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.lifecycle.door import NotNow, NotYou
from grants.lifecycle.models import Notice
from grants.people.models import User
from grants.reports import services
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
WHY = "Please say which schools came."


def page_of(report: Report, name: str = "report", *more: str) -> str:
    return reverse(f"reports:{name}", args=[report.pk, *more])


def text_of(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def returned(report: Report, who: Cast, *codes: str) -> Report:
    factories.send_back(report, who.reviewer, *codes, reason=WHY)
    return Report.objects.named().get(pk=report.pk)


@pytest.fixture
def report(who: Cast, award: Award) -> Report:
    return returned(factories.report_in("in_review", who, award), who, "done", "spend")


def write_all(report: Report, by: User) -> dict[str, str]:
    """Try to write into each sort of part; what came of it, by code."""
    sections = {section.code: section for section in report.asked_sections()}
    rows = factories.figures(target.indicator for target in report.award.targets.select_related("indicator"))
    lines = [(line, Decimal(9), line.amount) for line in report.award.budget_lines.all()]
    tries: dict[str, Callable[[], object]] = {
        "done": lambda: services.save_answer(report.pk, sections["done"], by=by, text="Nine schools came."),
        "copy": lambda: services.save_answer(report.pk, sections["copy"], by=by, text="Nothing."),
        "judgement": lambda: services.save_answer(
            report.pk, sections["judgement"], by=by, text="Late", choice="at_risk"
        ),
        "figures": lambda: services.save_results(report.pk, by=by, rows=rows),
        "spend": lambda: services.save_spend(report.pk, by=by, rows=lines),
        "since": lambda: services.save_follow_ups(report.pk, by=by, given={"milestone": ("Other words", False)}),
    }
    found = {}
    for code, attempt in tries.items():
        try:
            attempt()
            found[code] = "saved"
        except NotNow as refusal:
            found[code] = refusal.sentences[0]
    return found


LOCKED = "The return does not name this part: it stays as it was sent."


def test_only_the_named_parts_can_be_written(who: Cast, report: Report) -> None:
    assert write_all(report, who.editor) == {
        "done": "saved",
        "copy": LOCKED,
        "judgement": LOCKED,
        "figures": LOCKED,
        "spend": "saved",
        "since": LOCKED,
    }


def test_the_others_stay_locked_in_a_draft_after_a_declined_or_recalled_signature(who: Cast, report: Report) -> None:
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.decline_sign_off(report.pk, by=who.signatory, seen=None, reason="Not yet")
    again = Report.objects.named().get(pk=report.pk)
    assert again.state == "draft"
    assert [code for code, what in write_all(again, who.editor).items() if what == "saved"] == ["done", "spend"]
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.recall_submission(report.pk, by=who.signatory, seen=None)
    again = Report.objects.named().get(pk=report.pk)
    assert [code for code, what in write_all(again, who.editor).items() if what == "saved"] == ["done", "spend"]


def test_the_latest_return_counts(who: Cast, report: Report) -> None:
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    again = returned(report, who, "figures", "since")
    assert [code for code, what in write_all(again, who.editor).items() if what == "saved"] == ["figures", "since"]


WRITES = {
    "copy": "UPDATE reports_answer SET text = 'x' WHERE report_id = {report} AND section_id = {copy}",
    "moved": "UPDATE reports_answer SET section_id = {copy} WHERE report_id = {report} AND section_id = {done}",
    "gone": "DELETE FROM reports_answer WHERE report_id = {report} AND section_id = {copy}",
    "figures": "UPDATE reports_result SET value = 1 WHERE report_id = {report}",
    "since": "UPDATE reports_followup SET text = 'x' WHERE report_id = {report}",
}


@pytest.mark.parametrize("write", WRITES)
def test_database_refuses_to_write_into_a_locked_part(who: Cast, report: Report, write: str) -> None:
    keys = {section.code: section.pk for section in report.asked_sections()}
    sql = WRITES[write].format(report=report.pk, copy=keys["copy"], done=keys["done"])
    refused = pytest.raises(DatabaseError, match="does not name this part")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_database_lets_the_named_parts_be_written(who: Cast, report: Report) -> None:
    assert report.answers.filter(section__code="done").update(text="Nine schools") == 1
    assert report.spend.update(amount=Decimal(7)) > 0


def test_return_names_at_least_one_part_that_is_asked(who: Cast, award: Award) -> None:
    report = factories.report_in("in_review", who, award)
    with pytest.raises(NotNow, match="At least one part must be named"):
        services.return_report(report.pk, by=who.reviewer, seen=None, sections={}, reason="All of it")
    with pytest.raises(NotNow, match="At least one part must be named"):
        services.return_report(report.pk, by=who.reviewer, seen=None, sections={"done": "  "}, reason="All of it")
    with pytest.raises(NotNow, match="does not ask weather"):
        services.return_report(report.pk, by=who.reviewer, seen=None, sections={"weather": WHY})
    with pytest.raises(NotYou):
        services.return_report(report.pk, by=who.finance, seen=None, sections={"done": WHY})
    assert not report.returned_sections.exists()


def test_what_a_return_names_stays_as_it_is(who: Cast, report: Report) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        report.returned_sections.update(reason="Nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        report.returned_sections.all().delete()


def test_grantee_is_told_which_parts_and_why(who: Cast, report: Report) -> None:
    told = Notice.objects.filter(person=who.editor, subject__startswith="Returned").latest("pk")
    assert f"What you planned and did: {WHY}" in told.text
    assert "The other 8 parts stay as they are." in told.text


def test_pages_say_what_is_open_and_what_is_locked(as_user: AsUser, who: Cast, report: Report) -> None:
    page = as_user(who.editor)
    shown = text_of(page, page_of(report))
    assert shown.count("To change") == 2
    assert shown.count("Locked") == 8
    assert WHY in text_of(page, page_of(report, "part", "done"))
    locked = text_of(page, page_of(report, "part", "copy"))
    assert "This part is locked." in locked
    assert factories.TEXT in locked
    assert "<textarea" not in locked
    check = text_of(page, page_of(report, "check"))
    assert page_of(report, "part", "done") in check
    assert check.count(">Change<") == 2
    assert check.count("What should change here") == 2
    answer = report.answers.get(section__code="done")
    services.save_answer(report.pk, answer.section, by=who.editor, text="Nine schools came.")
    assert text_of(page, page_of(report)).count("To change") == 1


def test_locked_part_refuses_and_keeps_what_was_typed(as_user: AsUser, who: Cast, report: Report) -> None:
    response = as_user(who.editor).post(page_of(report, "part", "copy"), {"text": "All of my words", "mark": ""})
    assert response.status_code == 409
    assert "All of my words" in response.content.decode()
    assert LOCKED in response.content.decode()


def test_locked_part_stays_complete_though_more_is_asked_meanwhile(who: Cast, report: Report) -> None:
    indicator = who.programme.indicators.create(code="new", title="New", unit="people")
    report.award.targets.create(indicator=indicator, value=3)
    assert services.ask_for_sign_off(report.pk, by=who.editor, seen=None).state == "awaiting_sign_off"
