"""How each form is completed by keyboard alone: one story for each address that has a form, three more for parts of a report."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from config.demonstration import setting, workbook
from grants.formats import date_words
from grants.people.models import Membership
from tests.browser.about_reports import (
    accept_an_answer,
    activity,
    answer,
    ask_for_a_figure,
    by_workbook,
    change_activity,
    comment,
    correct,
    decide,
    evidence,
    figures,
    give_a_figure,
    judgement,
    mark,
    member_part,
    note_on_activities,
    risks,
    since,
    spend,
    take_in,
    update_figures,
    words,
)
from tests.browser.keyboard import Keyboard, Story
from tests.browser.places import NOBODY, Place

NEW_PASSWORD = "robots in the reading room"
FILE = "stem-tso-august-2012.xlsx"
PROGRAMME = "Collaborating with the Third Sector in STEM Outreach"
DAY = date_words(setting.TODAY)


def at_once(keyboard: Keyboard) -> None:
    """The page has the form already."""


@dataclass(frozen=True)
class Form:
    """A form: whose, where, how it is completed, and what stands on the page then."""

    kind: str
    name: str
    complete: Story
    says: str
    detail: str = ""
    state: str = ""
    at: Callable[[], str] | None = None
    """Where it is, if that is not the first such page of the demonstration."""
    before: Story = at_once
    """How one comes from there to the form."""

    def __str__(self) -> str:
        return " ".join(word for word in (self.name, self.detail) if word)

    def found_in(self, places: list[Place]) -> tuple[str, str]:
        """Whose it is, and its address."""
        found = next(
            place
            for place in places
            if (place.kind, place.name, place.detail) == (self.kind, self.name, self.detail)
            and place.status == 200
            and (not self.state or place.state == self.state)
        )
        return found.email, self.at() if self.at else found.url


def sign_in(keyboard: Keyboard) -> None:
    keyboard.write("E-mail address", setting.address("editor", "example-makers"))
    keyboard.write("Password", setting.PASSWORD)
    keyboard.press("Sign in")


def forgot_password(keyboard: Keyboard) -> None:
    keyboard.write("E-mail address", setting.address("editor", "example-makers"))
    keyboard.press("Send the link")


def set_password(keyboard: Keyboard) -> None:
    keyboard.write("New password", NEW_PASSWORD)
    keyboard.write("The same password again", NEW_PASSWORD)
    keyboard.press("Set the password")


def change_password(keyboard: Keyboard) -> None:
    keyboard.write("Old password", setting.PASSWORD)
    keyboard.write("New password", NEW_PASSWORD)
    keyboard.write("The same password again", NEW_PASSWORD)
    keyboard.press("Change the password")


def account(keyboard: Keyboard) -> None:
    keyboard.write("Telephone", "020 7946 0199")
    keyboard.tick("Once a day")
    keyboard.press("Save")


def begin(keyboard: Keyboard) -> None:
    keyboard.press("Begin an application for Generating Genius")


def application(keyboard: Keyboard) -> None:
    keyboard.write("What will you do?", "Twenty journeys, two circuits each.")
    keyboard.write("First day", "7 January 2013")
    keyboard.write("Amount that you ask for", "£13,500")
    keyboard.press("Save")


def to_the_plan(keyboard: Keyboard) -> None:
    keyboard.press("Start the review")
    keyboard.follow("Plan the award")


def plan(keyboard: Keyboard) -> None:
    first = keyboard.person.place("group", "Milestone 1")
    keyboard.write("What will have been done by then", "Four youth clubs have begun", first)
    keyboard.press("Save the plan")


def managers(keyboard: Keyboard) -> None:
    keyboard.choose("In their absence", "Approver, AccessHE")
    keyboard.press("Save")


def notes(keyboard: Keyboard) -> None:
    keyboard.write("Day", DAY)
    keyboard.write("With whom", "the head of the club")
    keyboard.write("What was said", "They begin in January.")
    keyboard.press("Keep the note")


def judge(keyboard: Keyboard) -> None:
    keyboard.tick("At risk")
    keyboard.write("Why", "A school has left.")
    keyboard.write("Next step", "Call the other schools")
    keyboard.press("Keep the judgement")


def ask_for_later(keyboard: Keyboard) -> None:
    keyboard.write("New due date", "14 December 2012")
    keyboard.write("Why you need it", "The last school sends its register in December.")
    keyboard.press("Ask for this day")


def refuse_later(keyboard: Keyboard) -> None:
    keyboard.write("Answer", "The funder meets before that day.")
    keyboard.press("Refuse")


def step_with_a_reason(keyboard: Keyboard) -> None:
    keyboard.write("Reason", "The landowner has not answered yet.")
    keyboard.press("Return for changes")


def pay(keyboard: Keyboard) -> None:
    keyboard.write("Date of payment", DAY)
    keyboard.write("Payment reference", "BACS 1411")
    keyboard.press("Record the payment")


def recall(keyboard: Keyboard) -> None:
    keyboard.press("Recall the submission")


def action(keyboard: Keyboard) -> None:
    keyboard.write("What was done", "All partners have signed.")
    keyboard.press("Mark as done")


def conflict(keyboard: Keyboard) -> None:
    keyboard.write("Why", "My sister works for the recipient.")
    keyboard.press("Declare a conflict")


def person(keyboard: Keyboard) -> None:
    keyboard.write("Telephone", "020 7946 0198")
    keyboard.press("Save the details")


def new_person(keyboard: Keyboard) -> None:
    keyboard.write("Name", "Editor, for a while")
    keyboard.write("E-mail address", "for-a-while@example.org")
    keyboard.choose("Organisation", "Example Makers")
    keyboard.choose("Role", "Editor")
    keyboard.press("Add the person")


def end_role(keyboard: Keyboard) -> None:
    keyboard.write("Last day", "30 November 2012")
    keyboard.press("End the role")


def upload(keyboard: Keyboard) -> None:
    keyboard.choose("Programme", PROGRAMME)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    keyboard.hand_in("Workbook or CSV file", {"name": FILE, "mimeType": kind, "buffer": workbook.content(FILE)})
    keyboard.press("Check the file")


def discard(keyboard: Keyboard) -> None:
    keyboard.press("Discard")


def request(keyboard: Keyboard) -> None:
    keyboard.choose("Programme and funder", f"{PROGRAMME}: Example Education Foundation")
    keyboard.write("Period from", "1 January 2012")
    keyboard.write("Period to", "31 August 2012")
    keyboard.press("Make the report")


def set_of_sections(keyboard: Keyboard) -> None:
    keyboard.press(re.compile("^Move down What you planned and did"))


def section(keyboard: Keyboard) -> None:
    keyboard.write("Title", "Who came")
    keyboard.write("Guidance", "How many, and who.")
    keyboard.write("Words at most", "300")
    keyboard.choose("Read by", "the managing body")
    keyboard.press("Save the part")


def indicator(keyboard: Keyboard) -> None:
    keyboard.write("Title", "Teachers trained")
    keyboard.press("Save the indicator")


def new_indicator(keyboard: Keyboard) -> None:
    keyboard.write("Title", "Teachers trained")
    keyboard.write("Code", "teachers")
    keyboard.write("Unit", "people")
    keyboard.choose("What is counted", "People")
    keyboard.press("Save the indicator")


def release(keyboard: Keyboard) -> None:
    keyboard.press("Release to the funder")


def role_of_an_editor() -> str:
    """Where an administrator ends it."""
    held = Membership.objects.get(person__email=setting.address("editor", "example-star-parties"))
    return reverse("people:end-role", args=[held.pk])


FORMS = (
    Form(NOBODY, "people:sign-in", sign_in, "You are signed in as"),
    Form(NOBODY, "people:forgot-password", forgot_password, ""),
    Form(NOBODY, "people:set-password", set_password, "Your password is set."),
    Form("finance", "people:change-password", change_password, ""),
    Form("editor", "people:account", account, ""),
    Form("editor", "awards:calls", begin, "is begun."),
    Form("editor", "awards:application", application, "Saved.", state="draft"),
    Form(
        "reviewer",
        "awards:plan",
        plan,
        "The plan is saved.",
        at=lambda: "/awards/EX-2012-14/start-review/",
        before=to_the_plan,
    ),
    Form("reviewer", "awards:managers", managers, ""),
    Form("reviewer", "awards:notes", notes, "They begin in January.", state="active"),
    Form("reviewer", "awards:judge", judge, "A school has left.", state="active"),
    Form("reviewer", "awards:extension", refuse_later, "Refused. The due date stays.", state="open"),
    Form("reviewer", "awards:conflict", conflict, "It is declared", state="active"),
    Form("signatory", "awards:action", action, "The action is done."),
    Form("reviewer", "awards:step", step_with_a_reason, "", "return"),
    Form("finance", "money:step", pay, "Recorded a payment.", "pay"),
    Form("editor", "reports:part", words, "Saved", "narrative", "draft"),
    Form("signatory", "reports:part", comment, "The comment is kept.", "narrative", "draft"),
    Form("editor", "reports:extension", ask_for_later, "Asked for 14 December 2012.", state="draft"),
    Form("editor", "reports:part", figures, "Saved", "figures", "draft"),
    Form("editor", "reports:part", spend, "Saved", "spend", "draft"),
    Form("editor", "reports:part", judgement, "Saved", "judgement", "draft"),
    Form("editor", "reports:from-workbook", by_workbook, "Put in from the workbook: 1 part."),
    Form("editor", "reports:part", note_on_activities, "Saved", "activities", "draft"),
    Form("editor", "reports:part", risks, "Saved", "risks", "draft"),
    Form("editor", "reports:activity-new", activity, "Saved: Robots in the library.", state="draft"),
    Form("editor", "reports:activity", change_activity, "Saved", state="draft"),
    Form("editor", "reports:evidence", evidence, "Added: register.csv.", state="draft"),
    Form("editor", "reports:ask", ask_for_a_figure, "Asked Example High School."),
    Form("editor", "reports:request", accept_an_answer, "Accepted:"),
    Form(NOBODY, "reports:answer", give_a_figure, "Thank you"),
    Form("editor", "reports:member-part", member_part, "Confirmed by", state="returned"),
    Form("editor", "reports:members", take_in, "Taken into the report:", state="returned"),
    Form("editor", "reports:part", since, "Saved", "follow_up", "draft"),
    Form("reviewer", "reports:review", mark, "Marked as needing change", state="in_review"),
    Form("reviewer", "reports:review", decide, "Returned the report.", state="in_review"),
    Form("editor-of-managed", "reports:reply", answer, "The answer is sent."),
    Form("signatory", "reports:step", recall, "", "recall-submission"),
    Form("administrator", "programmes:set", set_of_sections, "Add a part", state="unused"),
    Form("administrator", "programmes:new-section", section, "Saved: Who came."),
    Form("administrator", "programmes:section", section, "Saved: Who came."),
    Form("administrator", "programmes:indicator", indicator, "Saved: Teachers trained."),
    Form("administrator", "programmes:new-indicator", new_indicator, "Saved: Teachers trained."),
    Form("editor", "reports:step", correct, "What it corrects", "correct"),
    Form("editor", "reports:step", update_figures, "What it corrects", "update-figures"),
    Form("administrator", "people:person", person, ""),
    Form("administrator", "people:new", new_person, "was added."),
    Form("administrator", "people:end-role", end_role, "", at=role_of_an_editor),
    Form("administrator", "imports:new", upload, ""),
    Form("administrator", "imports:step", discard, "", "discard", "faulty"),
    Form("reviewer", "reporting:new", request, "Waiting for its turn."),
    Form("approver", "reporting:step", release, "Released the report.", "release"),
)
