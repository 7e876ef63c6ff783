"""Page B: one award. What was promised and what was done, and the approved report that says so."""

from collections.abc import Sequence
from dataclasses import replace

from reportlab.platypus import Flowable

from reporting.pdf.charts import labelled_timeline, progress, timeline
from reporting.pdf.contract import Answer, Award, Concern, Judgement, Result, Snapshot
from reporting.pdf.dates import day, span
from reporting.pdf.figures import Figures
from reporting.pdf.flowables import Content, Entry, Heading, Item, Picture, Tag, Text, beside, gap, headed
from reporting.pdf.pages.shared import course_of, dues_of, name_of, place_of, said, years_of
from reporting.pdf.tables import Column, Row, Shortened, Table, fitting
from reporting.pdf.text import paragraphs, shortened
from reporting.pdf.theme import (
    ACCENT,
    CELL,
    HEAD,
    INK,
    LABEL,
    LARGE,
    MEASURE,
    NOTE,
    PROSE,
    RED,
    STRONG_BODY,
    TITLE,
    WIDTH,
    Style,
)

CLOSE = replace(HEAD, before=14)
MOST_TITLE = 200
SHORT_ANSWER = 350  # answers no longer than this stand side by side


def award_page(number: int, award: Award, snapshot: Snapshot, figures: Figures) -> list[Flowable]:
    """The page of one award, which goes on to further pages where answers are long."""
    concern = next((c for c in snapshot["summary"]["attention"] if c["reference"] == award["reference"]), None)
    level = 0 if snapshot["document"].get("kind") == "award" else 1  # a report of its own has no section above it
    return [
        *_head(number, award, level),
        *_facts(award, figures),
        *_milestones(award, snapshot),
        *_gap_block(award),
        *_concern(concern),
        *_judgements(award),
        *_promised_and_done(award),
        *_results(award["results"], figures),
        *_budget(award, figures),
        *_answers(award),
    ]


def _head(number: int, award: Award, level: int) -> list[Flowable]:
    name = name_of(award)
    kicker = " · ".join(shortened(t, 80) for t in (award["strand"], award["reference"], award["state_label"]) if t)
    entry = Entry(
        place_of(number),
        shortened(f"{award['reference']} {name}".strip(), 120),
        ", ".join(text for text in (shortened(award["strand"], 60), course_of(award)[1].lower()) if text),
        level=level,
    )
    subtitle = [award["title"]] if award["title"] != name else []
    in_full = [name] if len(name) > MOST_TITLE else []
    return [
        Text(kicker, LABEL),
        Heading(
            shortened(name, MOST_TITLE), 2, TITLE if len(name) <= 60 else Style(18, 21, TITLE.font, after=7), entry
        ),
        *(Text(text) for text in in_full),
        *(Text(text, replace(LARGE, after=3.5)) for text in subtitle if text),
        *(Text(text, replace(PROSE, after=0)) for text in paragraphs(award["description"])),
        *_report_line(award),
        gap(7),
    ]


def _report_line(award: Award) -> list[Flowable]:
    report = award["report"]
    if not report:
        return []
    approved = f"approved {day(report['approved'])} by {report['approved_by']}"
    line = f"From {report['name']}, {span(report['from'], report['to'])}, version {report['version']}, {approved}."
    texts = (shortened(line, 300), report.get("members", ""))
    return [Text(text, replace(NOTE, before=3.5)) for text in texts if text]


def _facts(award: Award, figures: Figures) -> list[Flowable]:
    dates = f"{day(award['starts'])} to {day(award['ends'])}"
    facts: list[tuple[str, Content]] = [
        ("Place", shortened(award["place"], 60) or "Not given"),
        ("Awarded", figures.cited(award["amount"], CELL)),
        ("This funder’s part", figures.cited(award["funder_part"], CELL)),
        ("Paid", figures.cited(award["paid"], CELL)),
        ("Dates", dates),
    ]
    columns = [[Text(label, LABEL), Text(value, CELL)] for label, value in facts]
    return beside(columns, [88, 82, 82, 82, WIDTH - 390], rule=INK)


def _milestones(award: Award, snapshot: Snapshot) -> list[Flowable]:
    """The line of time, and what comes next; where labels would touch each other, a table says what they would."""
    years, dues = years_of([award], snapshot["period"]), dues_of(award)
    following: list[Flowable] = (
        [Text(f"Next: {shortened(award['next'], 240)}", replace(STRONG_BODY, colour=ACCENT, before=3.5))]
        if award["next"]
        else []
    )
    if not years or not award["milestones"]:
        return following
    labelled = labelled_timeline(dues, years, WIDTH) if len(dues) == len(award["milestones"]) else None
    if labelled:
        return [gap(7), Picture(labelled, said(award)), *following]
    columns = [Column("Milestone", MEASURE / 2), Column("Due", 98), Column("State")]
    rows = [
        Row([shortened(m["name"], 80), day(m["due"]), Tag(m["state"], m["state_label"])]) for m in award["milestones"]
    ]
    line = timeline(dues, years, WIDTH)
    return [gap(10.5), Picture(line, said(award)), gap(3.5), Table(columns, rows), gap(3.5), *following]


def _gap_block(award: Award) -> list[Flowable]:
    """What is said where nothing was reported."""
    if not award["no_report"]:
        return []
    text = Text(award["no_report"], replace(STRONG_BODY, colour=RED, narrower=WIDTH - 21 - MEASURE))
    return [gap(10.5), *beside([[text]], wash=True)]


def _concern(concern: Concern | None) -> list[Flowable]:
    """What the trustees' page says of this award, in full."""
    if not concern:
        return []
    when = f"By {day(concern['by'])}" if concern["by"] else "No date yet"
    columns = [
        [Text("What is wrong", LABEL), Text(concern["wrong"] or "–", CELL)],
        [Text("What is being done", LABEL), Text(concern["doing"] or "–", CELL), Text(when, NOTE)],
    ]
    return [gap(10.5), *beside(columns)]


def _judgements(award: Award) -> list[Flowable]:
    """The grantee's judgement beside ours, or beside the course that this document takes it to be on."""
    theirs, ours = award["judgement"], award.get("our_judgement")
    columns = [
        _judgement(whose, judgement)
        for whose, judgement in (("The grantee’s judgement", theirs), ("Our judgement", ours))
        if judgement
    ]
    if not ours and award["course"] and award["course"] != (theirs["state"] if theirs else ""):
        columns.append([Text("Course", LABEL), gap(3.5), Tag(award["course"], award["course_label"], STRONG_BODY)])
    if not columns:
        return []
    columns += [[]] if len(columns) == 1 else []
    return [gap(10.5), *beside(columns)]


def _judgement(whose: str, judgement: Judgement) -> list[Flowable]:
    tag = Tag(judgement["state"], judgement["label"], STRONG_BODY)
    return [Text(whose, LABEL), gap(3.5), tag, *(Text(text, CELL) for text in paragraphs(judgement["reason"]))]


def _promised_and_done(award: Award) -> list[Flowable]:
    columns: list[list[Flowable]] = []
    for title, lines in (("Promised", award["promised"]), ("Done", award["done"])):
        if lines:
            of = object()
            columns.append([Heading(title, 3, CLOSE), *(Item(line, of=of) for line in lines)])
    if not columns:
        return []
    columns += [[]] if len(columns) == 1 else []
    return [gap(10.5), *beside(columns)]


def _results(results: Sequence[Result], figures: Figures) -> list[Flowable]:
    if not results:
        return []
    spill = Shortened()
    columns = [
        Column("Indicator"),
        fitting("Unit", (result["unit"] for result in results), most=60),
        fitting("Target", (figures.bare(result["target"]) for result in results), right=True, least=38, most=70),
        fitting("To date", (figures.bare(result["value"]) for result in results), right=True, least=38, most=70),
        Column("Of target", 74),
        Column("Status", 104),
        Column("Key", 36, right=True),
    ]
    rows = [
        Row(
            [
                spill(result["name"]),
                shortened(result["unit"], 40),
                figures.bare(result["target"]),
                figures.bare(result["value"]),
                _bar(result),
                [Tag(result["status"], result["status_label"]), *_note(result, spill)],
                figures.keys(result["target"], result["value"]),
            ]
        )
        for result in results
    ]
    return [*headed(Heading("Results", 3, CLOSE), Table(columns, rows)), *spill.notes()]


def _bar(result: Result) -> list[Flowable]:
    if result["target"] is None or result["part"] is None:
        return []
    return [Picture(progress(64, result["part"], full=1.2, lift=2.75))]


def _note(result: Result, spill: Shortened) -> list[Flowable]:
    return [Text(spill(result["note"]), NOTE)] if result["note"] else []


def _budget(award: Award, figures: Figures) -> list[Flowable]:
    if not award["budget"]:
        return []
    spill, total = Shortened(), award["budget_total"]
    every = [*award["budget"], total] if total else award["budget"]
    shown = {"Budget": [line["budget"] for line in every], "Spent": [line["spent"] for line in every]}
    forecasts = [line.get("forecast") for line in every]
    if any(forecasts):
        shown["Forecast"] = forecasts
    amounts = [fitting(title, map(figures.bare, keys), right=True, least=56) for title, keys in shown.items()]
    columns = [Column("Heading"), *amounts, Column("Key", 50, right=True)]
    names = [*(spill(line["name"]) for line in award["budget"]), "Total"]
    rows = [
        Row([name, *map(figures.bare, keys), figures.keys(*keys)], "total" if row is total else "plain")
        for name, row, keys in zip(names, every, zip(*shown.values(), strict=True), strict=False)
    ]
    return [*headed(Heading("Money, £", 3, CLOSE), Table(columns, rows, width=MEASURE)), *spill.notes()]


def _answers(award: Award) -> list[Flowable]:
    """What the grantee wrote: short answers side by side, long ones as prose that may run over pages."""
    answers = [answer for answer in award["answers"] if answer["text"]]
    if all(len(answer["text"]) <= SHORT_ANSWER and "\n" not in answer["text"] for answer in answers):
        return _short(answers)
    found: list[Flowable] = []
    for answer in answers:
        heading = Heading(shortened(answer["title"] or "Answer", MOST_TITLE), 3, CLOSE)
        found += headed(heading, *(Text(text, PROSE) for text in paragraphs(answer["text"])))
    return found


def _short(answers: Sequence[Answer]) -> list[Flowable]:
    found: list[Flowable] = []
    columns = [
        [Heading(shortened(answer["title"] or "Answer", MOST_TITLE), 3, LABEL), Text(answer["text"], CELL)]
        for answer in answers
    ]
    columns += [[]] if len(columns) % 2 else []
    for left, right in zip(columns[::2], columns[1::2], strict=True):
        found += [gap(14), *beside([left, right])]
    return found
