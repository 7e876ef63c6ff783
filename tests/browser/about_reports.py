"""How each form of a report is completed by keyboard alone, and those of its review."""

import re
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.keyboard import Keyboard


def words(keyboard: Keyboard) -> None:
    keyboard.write("This report", "Ten workshops, in ten schools.")
    keyboard.press("Save")


def comment(keyboard: Keyboard) -> None:
    keyboard.write("Comment", "Were it ten schools, or eleven?")
    keyboard.press("Add the comment")


def figures(keyboard: Keyboard) -> None:
    keyboard.write("Learners reached, this period", "312")
    keyboard.choose("Learners reached, status", "Final")
    keyboard.write("Learners reached, source", "registers")
    keyboard.write("Learners reached, Years 10 and 11, this period", "88")
    keyboard.press("Save")


def ask_for_a_figure(keyboard: Keyboard) -> None:
    keyboard.write("Name of the school or partner", "Example High School")
    keyboard.write("E-mail address", "office@example-high-school.example")
    keyboard.write("By when", "30 November 2012")
    keyboard.press("Send the question")


def accept_an_answer(keyboard: Keyboard) -> None:
    keyboard.tick("Accept it as provisional")
    keyboard.press("Decide")


def give_a_figure(keyboard: Keyboard) -> None:
    keyboard.write("The figure", "34")
    keyboard.write("Your name", "Head of sixth form")
    keyboard.press("Send the figure")


def spend(keyboard: Keyboard) -> None:
    first = keyboard.page.locator("main input[inputmode=decimal]").first
    keyboard.to(first)
    keyboard.keys.press("Control+A")
    keyboard.keys.type("1,250.50")
    keyboard.press("Save")


def member_part(keyboard: Keyboard) -> None:
    for title in ("Learners reached", "Schools taking part", "Resources published", "Attendances"):
        keyboard.write(f"{title}, this period", "12")
    keyboard.choose("Learners who meet a criterion, status", "Not collected")
    for line in ("Coordination", "Joint outreach", "Events and travel"):
        keyboard.write(f"{line}, this period", "0")
    keyboard.press("Save and confirm")


def take_in(keyboard: Keyboard) -> None:
    keyboard.press("Take these into the report")


def note_on_activities(keyboard: Keyboard) -> None:
    keyboard.write("A word on them", "All of it took place in libraries.")
    keyboard.press("Save")


def activity(keyboard: Keyboard) -> None:
    keyboard.choose("Type of activity", "Workshop")
    keyboard.write("What it was", "Robots in the library")
    keyboard.write("Day", "3 September 2012")
    keyboard.write("Hours", "2.5")
    keyboard.write("Learners", "20")
    keyboard.write("Attendances", "35")
    keyboard.press("Save")


def change_activity(keyboard: Keyboard) -> None:
    keyboard.write("Attendances", "2,000")
    keyboard.press("Save")


def evidence(keyboard: Keyboard) -> None:
    file = {"name": "register.csv", "mimeType": "text/csv", "buffer": b"session,counted\n1,20\n"}
    keyboard.hand_in("File", file)
    keyboard.press("Add the file")


def risks(keyboard: Keyboard) -> None:
    first = keyboard.person.place("group", "Risk 1")
    keyboard.write("What could happen", "The stands are not ready", first)
    keyboard.choose("How likely", "Low", first)
    keyboard.press("Save")


def judgement(keyboard: Keyboard) -> None:
    keyboard.tick("At risk")
    keyboard.write("Why", "A school has left.")
    keyboard.press("Save")


def by_workbook(keyboard: Keyboard) -> None:
    sent = keyboard.page.request.get(keyboard.page.url.replace("/workbook/", "/workbook.xlsx"))
    book = load_workbook(BytesIO(sent.body()))
    page: Any = book["Texts"]
    page.cell(2, page.max_column).value = "Written in a spreadsheet, on the train."
    stream = BytesIO()
    book.save(stream)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    keyboard.hand_in("Filled workbook", {"name": "filled.xlsx", "mimeType": kind, "buffer": stream.getvalue()})
    keyboard.press("Look through the workbook")
    expect(keyboard.page.get_by_role("main")).to_contain_text("What filled.xlsx changes")
    keyboard.press("Put into the report")


def since(keyboard: Keyboard) -> None:
    first = keyboard.page.locator("main textarea").first
    keyboard.to(first)
    keyboard.keys.press("Control+A")
    keyboard.keys.type("Both groups began in September.")
    keyboard.press("Save")


def mark(keyboard: Keyboard) -> None:
    part = keyboard.page.locator("#copy")
    keyboard.to(part.locator("summary"))
    keyboard.keys.press("Enter")
    keyboard.tick("Needs change", part)
    keyboard.write("Your question, or what needs to change", "Please name the other regions.", part)
    keyboard.press(re.compile("^Keep"), part)


def decide(keyboard: Keyboard) -> None:
    decision = keyboard.page.locator(".decision")
    keyboard.tick("Return", decision)
    part = decision.locator("details > details", has=keyboard.page.locator("[name=change-copy]"))
    if not part.is_visible():
        keyboard.to(decision.locator("summary").first)
        keyboard.keys.press("Enter")
    if not part.locator("textarea").is_visible():  # it is open where the part was marked
        keyboard.to(part.locator("summary"))
        keyboard.keys.press("Enter")
    keyboard.to(part.locator("textarea"))
    keyboard.keys.type("Please say where the pack can be found.")
    keyboard.press("Decide on version 1")


def correct(keyboard: Keyboard) -> None:
    keyboard.write("Reason", "One school was counted twice.")
    keyboard.press("Correct this report")


def update_figures(keyboard: Keyboard) -> None:
    keyboard.press("Update the figures")


def answer(keyboard: Keyboard) -> None:
    keyboard.write("Your answer", "On the website of the university.")
    keyboard.press("Send the answer")
