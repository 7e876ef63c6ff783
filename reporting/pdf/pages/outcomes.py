"""What the programme came to, in the words of its final evaluations: question by question, award by award."""

from dataclasses import replace

from reportlab.platypus import Flowable

from reporting.pdf.contract import Said, Snapshot
from reporting.pdf.dates import counted
from reporting.pdf.flowables import Entry, Heading, Text, headed
from reporting.pdf.pages.shared import linked, place_of
from reporting.pdf.text import paragraphs, shortened
from reporting.pdf.theme import NOTE, PROSE, STRONG_BODY, TITLE

NAME = replace(STRONG_BODY, before=7)


def outcomes(snapshot: Snapshot) -> list[Flowable]:
    """The section, or nothing where no final evaluation has answered."""
    questions = [question for question in snapshot.get("outcomes", []) if question["answers"]]
    if not questions:
        return []
    places = {award["reference"]: place_of(number) for number, award in enumerate(snapshot["awards"])}
    awards = len({said["reference"] for question in questions for said in question["answers"]})
    what = f"In the words of {counted(awards, 'final evaluation', 'final evaluations').lower()}"
    page: list[Flowable] = [
        Heading("What was achieved and learned", 2, TITLE, Entry("outcomes", "What was achieved and learned", what)),
        Text(f"{what}.", PROSE),
    ]
    for question in questions:
        first, *others = [_said(said, places) for said in question["answers"]]
        page += headed(Heading(shortened(question["title"], 120), 3), *first)
        page += [flowable for said in others for flowable in said]
    return page


def _said(said: Said, places: dict[str, str]) -> list[Flowable]:
    """One award's answer below its name; then a link to its page."""
    reference, place = said["reference"], places.get(said["reference"], "")
    where = Text(linked(reference, place, NOTE) if place else reference, NOTE)
    answer = [Text(text, PROSE) for text in paragraphs(said["text"])]
    return headed(Heading(shortened(said["name"] or reference, 120), 4, NAME), *answer, where)
