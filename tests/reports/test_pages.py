"""The pages of a report before each role, and what of it each may read."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards.models import Award, BudgetLine, Target
from grants.people.models import User
from grants.programmes.models import Indicator
from grants.programmes.services import REPORT, Asked, ask
from grants.reports import services
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
TEXT = "We did what we planned, and the schools came."
STATES = [
    "draft", "awaiting_sign_off", "submitted", "in_review", "returned", "approved", "waived", "abandoned", "superseded",
]  # fmt: skip
UNSENT = ("draft", "awaiting_sign_off")
NEVER_SENT = (*UNSENT, "waived", "abandoned")


def page_of(report: Report, name: str = "report", *more: str) -> str:
    return reverse(f"reports:{name}", args=[report.pk, *more])


def text_of(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("state", STATES)
def test_report_in_each_state_before_each_person(as_user: AsUser, who: Cast, state: str) -> None:
    report = factories.report_in(state, who)
    seen = {name: as_user(person).get(page_of(report)) for name, person in who.everybody().items()}
    for name in ("viewer", "stranger", "outsider"):
        assert seen[name].status_code == 404, name
    for name in ("editor", "signatory", "second_signatory"):
        assert seen[name].status_code == 200, name
    for name in ("reviewer", "approver", "second_approver", "finance", "administrator"):
        assert seen[name].status_code == 200, name
        assert (TEXT in seen[name].content.decode()) == (state not in NEVER_SENT), name


def test_address_asks_for_sign_in(client: Client, draft: Report) -> None:
    for address in (page_of(draft), page_of(draft, "check"), page_of(draft, "review"), page_of(draft, "part", "done")):
        assert client.get(address).headers["Location"].startswith("/people/sign-in/")


def test_draft_tells_its_writer_what_is_next_and_what_is_missing(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = text_of(as_user(who.editor), page_of(draft))
    assert "Milestone 1 of 4, due" in page
    assert "9 days left" in page
    assert "0 of 10 parts ready" in page
    assert "Next: What you planned and did" in page
    assert "Ask the signatory to sign" in page
    assert "Nothing is written yet" in page
    assert "is released" in page


def test_writer_reads_how_long_it_takes_and_what_is_left(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    shown = text_of(page, page_of(draft))
    assert "About 2 hours 15 minutes</span>" in shown
    assert shown.count("About 15 minutes</span>") == 2
    services.save_answer(draft.pk, draft.asked_sections()[0], by=who.editor, text=TEXT)
    shown = text_of(page, page_of(draft))
    assert "About 1 hour 55 minutes left, of about 2 hours 15 minutes" in shown
    assert shown.count("About 15 minutes</span>") == 2
    report = factories.move_report(Report.objects.get(pk=draft.pk), "awaiting_sign_off", who)
    assert "minutes" not in text_of(page, page_of(report))


def test_awaited_figures_are_counted_and_do_not_block(as_user: AsUser, who: Cast, draft: Report) -> None:
    report = factories.fill(draft, who.editor)
    rows = [
        {
            "indicator": target.indicator,
            "status": "awaited",
            "awaited_from": "school",
            "awaited_by": report.milestone.due_on,
        }
        for target in report.award.targets.select_related("indicator")[:2]
    ]
    cleared = [row | {"value": None, "numerator": None, "denominator": None} for row in rows]
    services.save_results(report.pk, by=who.editor, rows=cleared)
    page = as_user(who.editor)
    assert "2 figures awaited; you can still send" in text_of(page, page_of(report)).replace("</span>", " ")
    assert page.post(page_of(report, "step", "ask"), {"seen": report.revision}).status_code == 302


def test_reason_of_the_return_stands_on_the_report_and_on_its_parts(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("returned", who, award)
    page = as_user(who.editor)
    for address in (page_of(report), page_of(report, "part", "done"), page_of(report, "check")):
        assert factories.REASON in text_of(page, address)


def test_managing_body_reads_the_sent_version_while_a_returned_report_is_changed(
    as_user: AsUser, who: Cast, award: Award
) -> None:
    report = factories.report_in("returned", who, award)
    section = report.asked_sections()[0]
    services.save_answer(report.pk, section, by=who.editor, text="Half a sen")
    for name in ("report", "review"):
        page = text_of(as_user(who.reviewer), page_of(report, name))
        assert TEXT in page
        assert "Half a sen" not in page


def test_managing_body_does_not_read_a_recalled_version(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("submitted", who, award)
    services.recall_submission(report.pk, by=who.signatory, seen=None)
    page = as_user(who.approver)
    assert TEXT not in text_of(page, page_of(report))
    assert TEXT not in text_of(page, page_of(report, "review"))
    assert TEXT not in text_of(page, page_of(report, "check"))


def test_why_a_signatory_declined_is_between_the_grantee_s_people(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("awaiting_sign_off", who, award)
    services.decline_sign_off(report.pk, by=who.signatory, seen=None, reason="The budget is not right")
    assert "The budget is not right" in text_of(as_user(who.editor), page_of(report))
    assert "The budget is not right" not in text_of(as_user(who.reviewer), page_of(report))


def test_recommendation_s_note_is_the_managing_body_s_own(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("in_review", who, award)
    services.recommend_report(report.pk, by=who.reviewer, seen=None, note="Weak on evidence")
    assert "Weak on evidence" in text_of(as_user(who.approver), page_of(report))
    assert "Weak on evidence" not in text_of(as_user(who.editor), page_of(report))


def test_member_of_a_community_sees_approved_reports_only(as_user: AsUser, who: Cast) -> None:
    partner = factories.organisation("higher_education")
    partner_editor = factories.person("editor", partner)
    community = factories.a_community(who.recipient, partner)
    award = factories.award_in("active", who, community=community)
    approved = factories.report_in("approved", who, award, 1)
    draft = Report.objects.get(milestone__award=award, milestone__number=2)
    page = as_user(partner_editor)
    assert page.get(page_of(draft)).status_code == 404
    shown = text_of(page, page_of(approved))
    assert TEXT in shown
    assert "What happened" not in shown
    assert "It is the record" in shown
    assert page.get(page_of(approved, "review")).status_code == 403


def test_versions_show_their_hash_and_who_signed(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("approved", who, award)
    version = report.latest_version
    assert version is not None
    page = text_of(as_user(who.editor), page_of(report))
    assert version.sha256 in page
    for person, part in ((who.editor, "asked for sign-off"), (who.signatory, "signed"), (who.approver, "approved")):
        assert f"{person} {part}" in page


def test_signatory_checks_the_answers_and_signs(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("awaiting_sign_off", who, award)
    page = as_user(who.signatory)
    assert TEXT in text_of(page, page_of(report, "check"))
    step = text_of(page, page_of(report, "step", "sign"))
    assert page_of(report, "check") in step
    assert "Your signature says" in step
    assert page.post(page_of(report, "step", "sign"), {"seen": report.revision}).status_code == 302
    assert Report.objects.get(pk=report.pk).state == "submitted"


def test_incomplete_report_says_what_is_missing_when_asked_for(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    shown = text_of(page, page_of(draft, "step", "ask"))
    assert "What you planned and did: nothing is written yet" in shown
    assert page_of(draft, "part", "figures") in shown
    response = page.post(page_of(draft, "step", "ask"), {"seen": draft.revision})
    assert response.status_code == 409


def test_approver_waives_a_draft_that_they_do_not_read(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.approver)
    shown = text_of(page, page_of(draft))
    assert page_of(draft, "step", "waive") in shown
    assert "not sent yet" in shown
    response = page.post(page_of(draft, "step", "waive"), {"seen": draft.revision, "reason": "A micro-award"})
    assert response.status_code == 302
    assert Report.objects.get(pk=draft.pk).state == "waived"


def test_old_page_of_a_step_keeps_the_reason(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.approver)
    response = page.post(page_of(draft, "step", "waive"), {"seen": draft.revision + 1, "reason": "A micro-award"})
    assert response.status_code == 409
    assert "A micro-award" in response.content.decode()


def widen(award: Award, number: int) -> None:
    """Give an award many targets and budget lines, and its reports many parts."""
    programme = award.strand.programme
    have = award.targets.count()
    for position in range(have, number):
        indicator = Indicator.objects.create(
            programme=programme, code=f"i{position}", title=f"Indicator {position}", unit="x"
        )
        Target.objects.create(award=award, indicator=indicator, value=Decimal(400))
        BudgetLine.objects.create(award=award, title=f"Line {position}", amount=Decimal(1000))
    more = (Asked(f"s{position}", f"Part {position}") for position in range(len(REPORT), number + 7))
    ask(award.strand, "report", (*REPORT, *more))


PAGES = [
    ("draft", "editor", "report"),
    ("draft", "editor", "check"),
    ("draft", "editor", "done"),
    ("draft", "editor", "figures"),
    ("draft", "editor", "spend"),
    ("draft", "editor", "since"),
    ("draft", "approver", "report"),
    ("awaiting_sign_off", "signatory", "check"),
    ("submitted", "editor", "report"),
    ("in_review", "reviewer", "review"),
    ("approved", "reviewer", "report"),
]


@pytest.mark.parametrize(("state", "name", "page"), PAGES)
def test_queries_do_not_grow_with_targets_and_parts(
    as_user: AsUser, who: Cast, state: str, name: str, page: str
) -> None:
    counts = []
    for number in (1, 30):
        award = factories.award_in("active", who, reports=3)
        if number == 1:
            award.targets.exclude(indicator__code="learners").delete()
            award.budget_lines.exclude(title="Staff").delete()
        else:
            widen(award, number)
        factories.report_in("approved", who, award, 1)
        report = factories.report_in(state, who, award, 2)
        address = page_of(report, page) if page in ("report", "check", "review") else page_of(report, "part", page)
        browser = as_user(getattr(who, name))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < (20 if page == "review" else 60)


def test_figures_of_two_hundred_and_ten_targets_are_saved_by_their_page(as_user: AsUser, who: Cast) -> None:
    award = factories.award_in("active", who)
    widen(award, 210)
    report = Report.objects.named().get(milestone__award=award, milestone__number=1)
    page, address = as_user(who.editor), page_of(report, "part", "figures")
    shown = page.get(address)
    form = shown.context["form"]
    typed = {field.html_name: "" for row in form.rows for field in row}
    typed |= {row["value"].html_name: "7" for row in form.rows if "value" in row.fields}
    assert len(typed) > 1000
    assert page.post(address, {**typed, "mark": shown.context["mark"]}).status_code == 302
    assert report.results.count() == 209
