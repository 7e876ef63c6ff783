"""A quarter of a charity of two people and of two people at AccessHE: a figure that comes late, a return, a correction."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from grants.awards.models import Award
from grants.reports.models import FigureRequest, Report
from tests import factories
from tests.browser import reports
from tests.browser.beginning import day
from tests.browser.reports import FIRST_REPORT, LEARNERS
from tests.browser.somebody import SitDown, Somebody
from tests.factories import Cast

pytestmark = pytest.mark.browser

MILESTONE = "Bright Sparks: Milestone 1"
AGAIN = re.compile(f"^{MILESTONE}, ")
"""Its correction, or its figure update"""
SCHOOLS = "Schools taking part"
PARTS = "Parts of this report"


@dataclass(frozen=True)
class Four:
    """The charity's two people and AccessHE's two, and the award that they have between them."""

    award: Award
    editor: Somebody
    signatory: Somebody
    reviewer: Somebody
    approver: Somebody


@pytest.fixture
def four(who: Cast, somebody: SitDown) -> Iterator[Four]:
    """All of them signed in; the first report of the award is open."""
    who.programme.strands.update(recommended_from=None)
    award = factories.award_in("active", who)
    people = [somebody(person.email) for person in (who.editor, who.signatory, who.reviewer, who.approver)]
    for person in people:
        person.sign_in()
    yield Four(award, *people)
    for person in people:
        person.sign_out()


def test_a_quarter_in_which_one_figure_comes_late(four: Four, somebody: SitDown) -> None:
    reports.write(four.editor, FIRST_REPORT)
    a_school_is_asked(four.editor)
    four.editor.follow("Check answers")
    four.editor.reads("Nothing is missing.")
    reports.ask(four.editor)
    reports.sign(four.signatory)
    reports.start_review(four.reviewer, MILESTONE)
    four.reviewer.reads("Awaited")
    reports.decide(four.reviewer, "Recommend", 1, "One figure is still to come, from the school.")
    reports.approve(four.approver, MILESTONE, 1)
    the_school_answers(somebody("nobody@example.org"))
    the_figure_is_brought_up_to_date(four)
    its_page_says_where_it_comes_from(four.editor, four.award)


def a_school_is_asked(editor: Somebody) -> None:
    """By a message with a link, from the table of figures."""
    editor.follow("Figures", editor.place("navigation", PARTS))
    editor.follow(re.compile(f"^Ask someone for this figure.*{SCHOOLS}"))
    editor.write("Name of the school or partner", "Example High School")
    editor.write("E-mail address", "office@high-school.example")
    editor.write("By when", day(5))
    editor.look("quarter-ask")
    editor.press("Send the question")
    editor.reads("Asked:", "Example High School")
    editor.look("quarter-asked")
    editor.follow("Back to the report")


def the_school_answers(school: Somebody) -> None:
    """Somebody without an account, by the link of the message; once."""
    link = FigureRequest.objects.get().link
    school.go(link)
    school.look("quarter-answer")
    school.write("The figure", "eleven")
    school.write("Your name", "Head of sixth form")
    with school.is_refused(422):
        school.press("Send the figure")
        school.reads("There is 1 fault")
    school.write("The figure", "11")
    school.press("Send the figure")
    school.reads("has your figure", "11")
    with school.is_refused(410):
        school.go(link)
        school.reads("This figure has been given already.")


def the_figure_is_brought_up_to_date(four: Four) -> None:
    """The answer is accepted into a figure update, which is signed and read as every report."""
    editor = four.editor
    editor.home()
    due = editor.place("region", "What is due")
    expect(due).to_contain_text("An answer from Example High School: Schools taking part")
    editor.look("quarter-home-answered")
    editor.go(f"/reports/{Report.objects.get(state='approved').pk}/")
    editor.look("quarter-approved")
    editor.follow("Update the figures")
    editor.press("Update the figures")
    editor.follow("Figures", editor.place("navigation", PARTS))
    editor.follow(re.compile("^Accept or set aside"))
    editor.tick("Accept it as final")
    editor.look("quarter-settle")
    editor.press("Decide")
    editor.reads("11")
    editor.look("quarter-update")
    editor.follow("Back to the report")
    reports.ask(editor)
    reports.sign(four.signatory)
    reports.start_review(four.reviewer, AGAIN)
    reports.decide(four.reviewer, "Recommend", 2)
    four.reviewer.reads("Recommended the report.")
    four.reviewer.look("quarter-update-recommended")
    reports.approve(four.approver, AGAIN, 2)
    assert set(Report.objects.values_list("purpose", "state").filter(milestone__number=1)) == {
        ("report", "superseded"),
        ("figure_update", "approved"),
    }


def its_page_says_where_it_comes_from(editor: Somebody, award: Award) -> None:
    """The number, the version that is the record, and who gave it."""
    editor.go(f"/reports/numbers/award/{award.reference}/schools/")
    editor.reads("11", "Example High School", "version 2")
    editor.look("quarter-number")


def test_two_parts_are_returned_then_approved_with_an_action_and_corrected(four: Four, who: Cast) -> None:
    factories.report_in("in_review", who, four.award)
    reviewer = four.reviewer
    reports.go_on(reviewer, MILESTONE)
    reports.decide(
        reviewer, "Return for changes", 1, "The register of March says 338.", "Figures", "Changes to the plan"
    )
    reviewer.reads("Returned the report.")
    the_two_are_changed(four.editor)
    reports.sign(four.signatory)
    reports.start_review(reviewer, MILESTONE)
    the_difference_is_shown(reviewer)
    reports.decide(reviewer, "Recommend", 2)
    reviewer.reads("Recommended the report.")
    it_is_approved_with_an_action(four.approver, str(who.signatory.name))
    the_action_stands_on_both_homes(four)
    it_is_corrected(four)


def the_two_are_changed(editor: Somebody) -> None:
    """What is complete stays locked."""
    editor.home()
    editor.follow("Change the report")
    parts = editor.place("navigation", PARTS)
    expect(parts.get_by_text("Locked").first).to_be_visible()
    editor.follow("Figures", parts)
    editor.write(LEARNERS, "338")
    editor.press("Save")
    editor.reads("Saved: Figures.")
    editor.follow("Changes to the plan", parts)
    editor.write("This report", "None. Four learners stood twice in the register.")
    editor.press("Save")
    editor.follow("Back to the report")
    reports.ask(editor)


def the_difference_is_shown(reviewer: Somebody) -> None:
    """Of the figure and of the text what it was and what it is."""
    main = reviewer.page.get_by_role("main")
    expect(main.locator("del", has_text="342").first).to_be_visible()
    expect(main.locator("ins", has_text="338").first).to_be_visible()
    expect(main.locator("ins", has_text="Four learners stood twice").first).to_be_visible()
    reviewer.look("returned-difference")


def it_is_approved_with_an_action(approver: Somebody, owner: str) -> None:
    reports.go_on(approver, MILESTONE)
    decision = approver.page.locator(".decision")
    approver.tick("Approve with actions")
    decision.locator("summary", has_text="Actions that are agreed").click()
    first = approver.place("group", "Action 1")
    approver.write("What is to be done", "Send the register of March", first)
    approver.choose("Owner", owner, first)
    approver.write("By when", day(20), first)
    approver.look("returned-action")
    approver.press("Decide on version 2")
    approver.reads("Approved the report.", "as version 2")


def the_action_stands_on_both_homes(four: Four) -> None:
    """Of the charity on that of its owner and on that of the other, of AccessHE on that of whoever agreed it."""
    for person in (four.signatory, four.editor, four.approver):
        person.home()
        expect(person.place("region", "Open actions")).to_contain_text("Send the register of March")


def it_is_corrected(four: Four) -> None:
    """The editor finds a mistake in what was approved; both versions can be read afterwards."""
    editor = four.editor
    first = Report.objects.get(state="approved")
    editor.go(f"/reports/{first.pk}/")
    editor.follow("Correct this report")
    editor.write("Reason", "One school counted its learners twice.")
    editor.press("Correct this report")
    editor.follow("Figures", editor.place("navigation", PARTS))
    editor.write(LEARNERS, "330")
    editor.press("Save")
    editor.follow("Back to the report")
    editor.reads("What it corrects")
    editor.look("correction-to-send")
    reports.ask(editor)
    reports.sign(four.signatory)
    reports.start_review(four.reviewer, AGAIN)
    four.reviewer.reads("stays the record until this is approved", "One school counted its learners twice.")
    four.reviewer.look("correction-review")
    reports.decide(four.reviewer, "Recommend", 3)
    reports.approve(four.approver, AGAIN, 3)
    editor.go(f"/reports/{first.pk}/")
    editor.reads("took this report’s place", "338")
    editor.look("correction-before")
    editor.follow(re.compile("^Correction, version 3"))
    editor.reads("330", "Approved")
    editor.look("correction-after")
