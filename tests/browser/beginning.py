"""How an award begins: brought in from a file, or applied for, planned, offered and accepted."""

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from grants.formats import date_words, local_today
from tests.browser.people import People
from tests.browser.somebody import Somebody

TITLE = "Robots in the library"


def day(days: int) -> str:
    """A day from today, as people write it."""
    return date_words(local_today() + timedelta(days=days))


def an_award_is_brought_in(administrator: Somebody, workbook: Path) -> None:
    administrator.sign_in()
    administrator.look("home-of-administrator")
    administrator.follow("Imports")
    administrator.look("imports-none")
    administrator.follow("Import awards")
    administrator.look("import-new")
    administrator.field("Workbook or CSV file").set_input_files(workbook)
    administrator.press("Check the file")
    administrator.reads("Ready", "Bridges and boats", "Hand in Hand", "£4,000")
    administrator.look("import-preview")
    administrator.follow("Apply")
    administrator.look("import-apply")
    administrator.press("Apply")
    administrator.reads("The file was applied", "Applied")
    administrator.look("import-applied")


def a_person_is_added(people: People) -> None:
    administrator, editor = people.administrator, people.editor
    administrator.follow("People")
    administrator.look("people")
    administrator.follow("Add a person")
    administrator.write("Name", "Ffion Rees")
    administrator.write("E-mail address", editor.email)
    administrator.choose("Organisation", "Bright Sparks")
    administrator.choose("Role", "Editor")
    administrator.look("person-new")
    administrator.press("Add the person")
    administrator.reads("Ffion Rees was added.", "Editor")
    administrator.look("person-added")
    link = administrator.field("Link to set a password").input_value()
    editor.page.goto(link)
    editor.look("set-password")
    for label in ("New password", "The same password again"):
        editor.page.get_by_label(label, exact=True).fill("robots in the reading room")
    editor.press("Set the password")
    editor.reads("Your password is set.")
    editor.sign_in("robots in the reading room")


def an_application_is_written_and_signed(people: People) -> str:
    """Returns the award's reference."""
    editor, signatory = people.editor, people.signatory
    editor.look("home-of-editor-new")
    editor.follow("Read the open calls")
    editor.look("calls")
    editor.press("Begin an application for Bright Sparks")
    editor.look("application-begun")
    editor.write("Title of the project", TITLE)
    editor.write("First day", "yesterday")
    with editor.is_refused(422):
        editor.press("Save")
        editor.reads("There is 1 fault")
    editor.look("application-fault")
    editor.write("First day", day(-60))
    editor.press("Save")
    editor.reads("Saved.", "things still to do before it can be signed")
    editor.home()
    editor.look("home-of-editor-draft")
    editor.follow("Go on writing")
    editor.write("What is it for?", "Ten schools build robots with engineers, in the library.")
    editor.write("What will you do?", "Monthly workshops, a summer school, and a survey before and after.")
    editor.write("Where does it happen?", "Bristol")
    editor.write("Last day", day(14))
    editor.write("Amount that you ask for", "£12,500")
    editor.press("Save")
    editor.reads("It is ready to be signed.")
    editor.look("application-ready")
    signatory.sign_in()
    signatory.follow("Go on writing")
    signatory.look("application-to-sign")
    signatory.press("Save and go on to sign")
    signatory.look("application-sign")
    signatory.press("Sign and submit")
    signatory.reads("Signed and submitted the application.", "Submitted")
    signatory.look("award-submitted-signatory")
    return editor.place("navigation", "Where you are").get_by_role("link").nth(1).inner_text()


def it_is_planned_and_recommended(reviewer: Somebody, name: str) -> None:
    reviewer.sign_in()
    reviewer.look("home-of-reviewer")
    reviewer.follow("Bright Sparks: application")
    reviewer.look("award-submitted-reviewer")
    reviewer.follow("Start the review")
    reviewer.look("application-start-review")
    reviewer.press("Start the review")
    reviewer.look("award-in-review-reviewer")
    reviewer.follow("Plan the award")
    reviewer.look("plan-suggested")
    reviewer.choose("Award manager", name)
    first, final = (reviewer.place("group", f"Milestone {number}") for number in (1, 2))
    for place, days in ((first, (-60, -10, -9, 5)), (final, (-9, 0, 0, 20))):
        for label, at in zip(("Period from", "Period to", "Opens on", "Due on"), days, strict=True):
            reviewer.write(label, day(at), place)
        reviewer.write("What will have been done by then", "Ten workshops held", place)
    for number, (on, amount) in enumerate(
        (("Acceptance", "5,000"), ("Milestone 1", "5,000"), ("Milestone 2", "2,500"))
    ):
        reviewer.choose(f"Paid on, payment {number + 1}", on)
        reviewer.write(f"Amount, payment {number + 1}", amount)
    targets = (("Learners reached (people)", "400"), ("Schools taking part (schools)", "10"),
               ("More likely to study a STEM subject (% of those asked)", "60"))  # fmt: skip
    for number, (indicator, value) in enumerate(targets, 1):
        reviewer.choose(f"Indicator, target {number}", indicator)
        reviewer.write(f"Target to the end, target {number}", value)
    for number, (heading, amount) in enumerate((("Staff", "7,500"), ("Travel and materials", "5,000")), 1):
        reviewer.write(f"Heading, budget line {number}", heading)
        reviewer.write(f"Amount, budget line {number}", amount)
    reviewer.press("Save the plan")
    reviewer.reads("The plan is saved. The award can be offered.", "the payments add up to £12,500")
    reviewer.look("plan-saved")
    reviewer.follow("Back, and change nothing")
    reviewer.look("award-planned-reviewer")
    reviewer.follow("Recommend")
    reviewer.write("Why you recommend it", "Strong partners, and a plan that fits the money.")
    reviewer.look("application-recommend")
    reviewer.press("Recommend")
    reviewer.reads("Recommended the application.")
    reviewer.is_not_offered("Offer the award")


def it_is_offered_and_accepted(people: People) -> None:
    approver, signatory = people.approver, people.signatory
    approver.sign_in()
    approver.look("home-of-approver")
    approver.follow("Bright Sparks: application")
    approver.look("award-in-review-approver")
    approver.follow("Offer the award")
    approver.reads("£12,500 to Bright Sparks, in 3 payments, with 2 reports.", "Strong partners")
    approver.look("application-offer")
    approver.press("Offer the award")
    approver.reads("Offered the award.")
    approver.look("award-offered-approver")
    signatory.home()
    signatory.look("home-of-signatory-offer")
    signatory.follow("See the offer")
    signatory.look("award-offered-signatory")
    signatory.follow("Accept the offer")
    signatory.reads("A payment of £5,000 is released.")
    signatory.look("offer-accept")
    signatory.press("Accept the offer")
    signatory.reads("Accepted the offer.")
    expect(signatory.place("row", re.compile("^On acceptance"))).to_contain_text("Released")
    signatory.look("award-active-signatory")
