"""A report through a browser: what is written, part by part; then signed, read, decided."""

from dataclasses import dataclass, field

from playwright.sync_api import expect

from grants.formats import date_words
from grants.reports.models import Report
from tests.browser.somebody import Name, Somebody

LEARNERS = "Learners reached, this period"


@dataclass
class Written:
    """What somebody writes into a report."""

    texts: dict[str, str]
    """By the title of the part."""
    learners: str
    figures: dict[str, str]
    """What else is filled in, by label."""
    lists: dict[str, str] = field(default_factory=dict)
    spend: tuple[str, str] = ("4,100", "1,250.50")
    forecasts: dict[str, str] = field(default_factory=dict)
    """By budget line; the final evaluation is not asked for any."""


FIRST_REPORT = Written(
    texts={
        "What you planned and did": "Ten workshops were planned and ten were held.\n\nThe engineers came to seven.",
        "Figures": "",
        "Spend": "",
        "Activities": "All of it took place in the library.",
        "Since last time": "The workshops were held.",
        "Changes to the plan": "None.",
        "What was hard, what you learned": "Kits must be in the building a week before.",
        "What others can copy": "The kit list, and the agreement with the library.",
        "Is the project on course?": "",
        "Next period": "The summer school, and the survey after it.",
    },
    learners="342",
    lists={"Schools taking part, status": "Awaited"},
    figures={
        "Schools taking part, awaited from whom": "the partner university",
        "Schools taking part, awaited by when": "8 June 2031",
        "More likely to study a STEM subject, this period, how many": "60",
        "More likely to study a STEM subject, this period, of how many": "80",
        "Learners reached, source": "registers",
    },
    forecasts={"Staff": "7,500", "Travel and materials": "5,000"},
)
EVALUATION = Written(
    texts={
        "Case study": "Robots in the library. Leader: the project lead. Ten schools, one university.",
        "What was achieved": "Ten schools build robots, and six go on without us.",
        "Figures": "",
        "Spend": "",
        "What was learned": "Short visits with one task work best.",
        "What could be replicated, and how": "Everything: two people and £900 for kits.",
        "What goes on after the award": "The library keeps the kits and lends them.",
        "Learning for others, to be published": "Begin with the library, and let the kits stay there.",
        "Is the project on course?": "",
    },
    learners="96",
    figures={
        "Schools taking part, this period": "11",
        "More likely to study a STEM subject, this period, how many": "66",
        "More likely to study a STEM subject, this period, of how many": "80",
    },
    spend=("3,400", "3,749.50"),
)


def write(editor: Somebody, report: Written) -> None:
    """Begin the report from the home page and write every part, in the order in which it is asked."""
    editor.home()
    editor.look("report-home-of-editor")
    editor.follow("Begin the report")
    editor.look("report-to-write")
    editor.follow("Begin this part")
    last = list(report.texts)[-1]
    for title, text in report.texts.items():
        expect(editor.page.locator("#part")).to_contain_text(title)
        if title == "Figures":
            _figures(editor, report)
        elif title == "Spend":
            editor.write("Staff, this period", report.spend[0])
            editor.write("Travel and materials, this period", report.spend[1])
            for line, whole in report.forecasts.items():
                editor.write(f"{line}, forecast of the whole", whole)
            editor.look("report-part-spend")
        elif title == "Activities":
            _activity(editor)
            editor.write("A word on them", text)
            editor.look("report-part-activities")
        elif title == "Since last time":
            for field in editor.page.locator("main textarea").all():
                field.fill(text)
            editor.look("report-part-since")
        elif title == "Is the project on course?":
            editor.tick("On course")
            editor.look("report-part-judgement")
        else:
            editor.write("This report", text)
            editor.look("report-part-words")
        editor.press("Save and check answers" if title == last else "Save and go to the next part")
    editor.reads("Check answers", "Nothing is missing.")
    editor.look("report-check-answers")


def _figures(editor: Somebody, report: Written) -> None:
    """The table of figures: first with a word where a number belongs."""
    for label, choice in report.lists.items():
        editor.choose(label, choice)
    for label, text in report.figures.items():
        if not editor.field(label).is_visible():
            editor.page.get_by_text("If it is awaited: from whom, by when, or ask someone, Schools taking part").click()
        editor.write(label, text)
    editor.write(LEARNERS, "about three hundred")
    with editor.is_refused(422):
        editor.press("Save and go to the next part")
        editor.reads("There is 1 fault", "is not a number")
    assert editor.field(LEARNERS).input_value() == "about three hundred"
    for label, text in report.figures.items():
        assert editor.field(label).input_value() == text
    editor.look("report-part-figures-fault")
    editor.write(LEARNERS, report.learners)


def _activity(editor: Somebody) -> None:
    """One activity, on a page of its own: first with more learners than attendances."""
    editor.follow("Add an activity")
    editor.choose("Type of activity", "Workshop")
    editor.write("What it was", "Robots, ten times")
    number = editor.page.url.partition("/reports/")[2].partition("/")[0]
    editor.write("Day", date_words(Report.objects.get(pk=number).milestone.period_start))
    editor.write("Hours", "2")
    editor.write("Learners", "342")
    editor.write("Attendances", "34")
    with editor.is_refused(422):
        editor.press("Save")
        editor.reads("There is 1 fault", "These are more than the attendances")
    editor.look("report-activity-fault")
    editor.write("Attendances", "410")
    editor.press("Save")
    editor.reads("Saved: Robots, ten times.", "684", "410")


def ask(editor: Somebody) -> None:
    """Ask for the signature."""
    editor.follow("Ask the signatory to sign")
    editor.look("report-ask")
    editor.press("Ask the signatory to sign")
    editor.reads("Asked for sign-off.")
    editor.look("report-asked")


def sign(signatory: Somebody) -> None:
    """Read the report and sign it."""
    signatory.home()
    signatory.look("report-home-of-signatory")
    signatory.follow("Read and sign")
    signatory.look("report-to-sign")
    signatory.follow("Sign and submit")
    signatory.look("report-sign")
    signatory.press("Sign and submit")
    signatory.reads("Signed and submitted the report.")
    signatory.look("report-signed")


def start_review(reviewer: Somebody, title: Name) -> None:
    """Find the report on the home page and take it into review."""
    reviewer.home()
    reviewer.look("report-home-of-reviewer")
    reviewer.follow(title)
    reviewer.look("report-submitted")
    reviewer.follow("Start the review")
    reviewer.look("report-start-review")
    reviewer.press("Start the review")
    reviewer.reads("Your decision")
    reviewer.look("report-review")


def decide(person: Somebody, choice: str, version: int, words: str = "", *parts: str) -> None:
    """Decide on the version that the review page shows; a return names the parts in which something should change."""
    person.tick(choice)
    decision = person.page.locator(".decision")
    if parts:
        decision.locator("summary", has_text="What should change, part by part").click()
        for part in parts:
            decision.locator("summary", has_text=part).click()
            person.write(f"What should change: {part}", words, decision)
    elif words:
        person.write("Reason, or note", words, decision)
    person.press(f"Decide on version {version}")


def go_on(person: Somebody, title: Name) -> None:
    """Find a report that is in review on the home page, and read on."""
    person.home()
    person.follow(title)
    person.follow("Go on with the review")


def approve(approver: Somebody, title: Name, version: int) -> None:
    """Find a report that is in review, and approve the version that is before one."""
    go_on(approver, title)
    decide(approver, f"Approve version {version}", version)
    approver.reads("Approved the report.", f"as version {version}")
