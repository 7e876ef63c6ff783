"""A report through a browser: what is written, part by part; then signed, read, decided."""

from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.browser.somebody import Somebody

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


FIRST_REPORT = Written(
    texts={
        "What you planned and did": "Ten workshops were planned and ten were held.\n\nThe engineers came to seven.",
        "Figures": "",
        "Spend": "",
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
)
EVALUATION = Written(
    texts={
        "What was achieved": "Ten schools build robots, and six go on without us.",
        "Figures": "",
        "Spend": "",
        "What was learned": "Short visits with one task work best.",
        "What could be replicated, and how": "Everything: two people and £900 for kits.",
        "What goes on after the award": "The library keeps the kits and lends them.",
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
            editor.look("report-part-spend")
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
            editor.page.get_by_text("If it is awaited: from whom, by when, Schools taking part").click()
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


def start_review(reviewer: Somebody, title: str) -> None:
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


def decide(person: Somebody, choice: str, version: int, words: str = "") -> None:
    """Decide on the version that the review page shows."""
    person.tick(choice)
    if words:
        person.write("Reason, or note", words)
    person.press(f"Decide on version {version}")
