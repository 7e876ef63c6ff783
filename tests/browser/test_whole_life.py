"""One award from the call to its end, and one brought in from a spreadsheet, as eight people go about it in browsers."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser import beginning, reports
from tests.browser.beginning import TITLE, day
from tests.browser.people import People
from tests.browser.reports import EVALUATION, FIRST_REPORT
from tests.browser.somebody import SitDown, Somebody
from tests.crash.test_worker import worker
from tests.factories import Cast

pytestmark = pytest.mark.browser

REASON = "Learners: the register of March says 338, the report says 342. Please check, and say what changed in May."
MILESTONE, FINAL = "Bright Sparks: Milestone 1", "Bright Sparks: Final evaluation"


def test_the_whole_life_of_one_award(
    who: Cast, workbook: Path, child_environment: dict[str, str], tmp_path: Path, somebody: SitDown
) -> None:
    people = People(
        administrator=somebody(who.administrator.email),
        editor=somebody("ffion.rees@example.org"),
        signatory=somebody(who.signatory.email),
        reviewer=somebody(who.reviewer.email),
        approver=somebody(who.approver.email),
        second_approver=somebody(who.second_approver.email),
        finance=somebody(who.finance.email),
        viewer=somebody(who.viewer.email),
    )
    beginning.an_award_is_brought_in(people.administrator, workbook)
    beginning.a_person_is_added(people)
    reference = beginning.an_application_is_written_and_signed(people)
    beginning.it_is_planned_and_recommended(people.reviewer, who.reviewer.name)
    beginning.it_is_offered_and_accepted(people)
    a_report_is_returned_and_sent_again(people)
    its_second_version_is_approved(people)
    the_award_is_suspended_and_resumed(people, reference)
    the_final_evaluation_is_approved(people)
    everything_is_paid(people.finance)
    the_award_is_closed(people)
    document = a_funder_report_is_made(people, who, child_environment, tmp_path)
    text = " ".join(word for page in PdfReader(document).pages for word in page.extract_text().split())
    for said in (reference, "Bright Sparks", "Awarded £12,500", "Learners reached people 400 434 Final"):
        assert said in text, text
    for person in people.all():
        person.sign_out()


def a_report_is_returned_and_sent_again(people: People) -> None:
    editor, signatory, reviewer = people.editor, people.signatory, people.reviewer
    reports.write(editor, FIRST_REPORT)
    reports.ask(editor)
    reports.sign(signatory)
    reports.start_review(reviewer, MILESTONE)
    reports.decide(reviewer, "Return for changes", 1, REASON, "Figures", "Changes to the plan")
    reviewer.reads("Returned the report.")
    reviewer.look("report-returned-reviewer")
    editor.home()
    editor.look("home-of-editor-returned")
    editor.follow("Change the report")
    editor.reads(REASON)
    editor.look("report-returned-editor")
    editor.follow("Figures", editor.place("navigation", "Parts of this report"))
    editor.write(reports.LEARNERS, "338")
    editor.press("Save")
    editor.reads("Saved: Figures.")
    editor.look("report-part-figures-returned")
    editor.follow("Changes to the plan", editor.place("navigation", "Parts of this report"))
    editor.write("This report", "None. Four learners stood twice in the register, and are counted once now.")
    editor.press("Save")
    editor.follow("Back to the report")
    reports.ask(editor)
    reports.sign(signatory)


def its_second_version_is_approved(people: People) -> None:
    reviewer, approver, second = people.reviewer, people.approver, people.second_approver
    reports.start_review(reviewer, MILESTONE)
    reviewer.reads("Changed")
    reviewer.look("report-review-again")
    reports.decide(reviewer, "Recommend", 2, "The figure is right now.")
    reviewer.reads("Recommended the report.")
    second.sign_in()
    second.follow(MILESTONE)
    second.follow("Go on with the review")
    approver.home()
    approver.look("home-of-approver-report")
    approver.follow(MILESTONE)
    approver.look("report-in-review-approver")
    approver.follow("Go on with the review")
    approver.reads("The figure is right now.")
    approver.look("report-review-approver")
    reports.decide(approver, "Approve version 2", 2)
    approver.reads("Approved the report.", "as version 2")
    approver.look("report-approved")
    with second.is_refused(409):
        reports.decide(second, "Approve version 2", 2)
        second.reads("This was not done.", "This has changed since you opened the page")
    second.look("report-review-refused")


def the_award_is_suspended_and_resumed(people: People, reference: str) -> None:
    approver, editor = people.approver, people.editor
    approver.follow(reference)
    approver.reads("Evaluating")
    approver.look("award-evaluating-approver")
    approver.follow("Suspend")
    approver.write("Reason", "The library is closed after the flood.")
    approver.look("award-suspend")
    approver.press("Suspend")
    approver.reads("Suspended the award.")
    approver.look("award-suspended-approver")
    editor.home()
    editor.reads("The award is suspended: you can write, but not send")
    editor.look("home-of-editor-suspended")
    approver.follow("Resume")
    approver.look("award-resume")
    approver.press("Resume")
    approver.reads("Resumed the award.", "Evaluating")


def the_final_evaluation_is_approved(people: People) -> None:
    reports.write(people.editor, EVALUATION)
    reports.ask(people.editor)
    reports.sign(people.signatory)
    reports.start_review(people.reviewer, FINAL)
    people.reviewer.look("evaluation-review")
    reports.decide(people.reviewer, "Recommend", 1)
    people.reviewer.reads("Recommended the report.")
    reports.approve(people.second_approver, FINAL, 1)


def everything_is_paid(finance: Somebody) -> None:
    finance.sign_in()
    finance.look("home-of-finance")
    finance.follow("Payments")
    finance.look("payments")
    for name in ("On acceptance", "Milestone 1", "Final evaluation"):
        finance.home()
        finance.follow(re.compile(f"^Record the payment of .*{name}$"))
        finance.write("Payment reference", f"BACS {name}")
        finance.look("payment-record")
        finance.press("Record the payment")
        finance.reads("Recorded a payment.")
    finance.look("award-paid-finance")
    finance.home()
    finance.reads("No payment is released and unpaid.")
    finance.look("home-of-finance-paid")


def the_award_is_closed(people: People) -> None:
    approver = people.approver
    approver.home()
    approver.follow("Programmes")
    approver.look("programmes")
    approver.follow("STEM through the third sector")
    approver.look("programme")
    approver.follow(TITLE)
    approver.look("award-to-close")
    approver.follow("Close")
    approver.look("award-close")
    approver.press("Close")
    approver.reads("Closed the award.")
    approver.look("award-closed-approver")
    people.signatory.home()
    people.signatory.look("home-of-signatory-closed")


def a_funder_report_is_made(people: People, who: Cast, environment: dict[str, str], folder: Path) -> Path:
    reviewer, approver, viewer = people.reviewer, people.approver, people.viewer
    reviewer.home()
    reviewer.follow("Funder reports")
    reviewer.look("funder-reports-none")
    reviewer.follow("Make a funder report")
    reviewer.choose("Programme and funder", f"{who.programme.title}: {who.funder.name}")
    reviewer.write("Period from", day(-90))
    reviewer.write("Period to", day(0))
    reviewer.look("funder-report-new")
    reviewer.press("Make the report")
    reviewer.reads("Waiting for its turn.")
    reviewer.look("funder-report-waiting")
    with worker(environment, folder / "worker.log"):
        expect(reviewer.page.get_by_text("The report is built.")).to_be_visible(timeout=60_000)
    reviewer.follow("Show the report")
    reviewer.reads("£12,500")
    reviewer.look("funder-report-built-reviewer")
    reviewer.is_not_offered("Release to the funder")
    approver.home()
    approver.look("home-of-approver-built")
    approver.follow(who.programme.title, approver.place("region", "Funder reports in the making"))
    approver.look("funder-report-built-approver")
    approver.follow("Release to the funder")
    approver.look("funder-report-release")
    approver.press("Release to the funder")
    approver.reads("Released the report.")
    viewer.sign_in()
    viewer.look("home-of-funder")
    viewer.follow(who.programme.title, viewer.place("region", "Your reports"))
    viewer.reads("£12,500", "434")
    viewer.look("funder-report-funder")
    with viewer.page.expect_download() as download:
        viewer.follow("Download the PDF")
    document = folder / "report.pdf"
    download.value.save_as(document)
    return document
