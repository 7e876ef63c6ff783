"""A funder report's tables as sheets: the same snapshot as the document, its figures as numbers where they are numbers."""

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from grants.files import Row, as_workbook

Content = Mapping[str, Any]
Sheet = tuple[str, list[Row]]


def workbook_of(content: Content) -> bytes:
    """All tables of a snapshot as an XLSX file."""
    return as_workbook(sheets_of(content))


def sheets_of(content: Content) -> Iterator[Sheet]:
    """What it is, its figures over all awards, then award by award, and where each figure comes from."""
    figures = Figures(content["figures"])
    yield "About", list(_about(content))
    yield "Indicators", list(_indicators(content, figures))
    yield "Awards", list(_awards(content, figures))
    yield "Results", list(_results(content, figures))
    yield "Budget and spend", list(_budget(content, figures))
    yield "Milestones", list(_milestones(content))
    yield "Where figures come from", list(_sources(content, figures))


class Figures:
    """The figures of a snapshot by their keys, as a spreadsheet counts with them: what is protected stays a text."""

    def __init__(self, nodes: Mapping[str, Mapping[str, str]]) -> None:
        self.nodes = nodes

    def __call__(self, key: str | None) -> Any:
        if key is None:
            return None
        shown = self.nodes[key]["shown"]
        try:
            return Decimal(shown.removeprefix("£").removesuffix("%").replace(",", ""))
        except InvalidOperation:
            return shown


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _about(content: Content) -> Iterator[Row]:
    document, programme, period = content["document"], content["programme"], content["period"]
    yield ["What", "Is"]
    yield ["Reference", document["reference"]]
    yield ["Version", document["version"]]
    yield ["Date", _day(document["date"])]
    yield ["Programme", programme["title"]]
    yield ["About", document.get("about") or "The whole programme"]
    yield ["Managing body", programme["managing_body"]]
    yield ["Funder", content["funder"]["name"]]
    yield ["Period from", _day(period["from"])]
    yield ["Period to", _day(period["to"])]
    yield ["How figures about people are protected", document["profile"]]
    yield ["In short", content["summary"]["headline"]]
    yield ["How complete", content["summary"]["complete"]]
    if document["illustrative"]:
        yield ["Note", "All amounts, results and judgements are illustrative."]


def _indicators(content: Content, figures: Figures) -> Iterator[Row]:
    yield ["Indicator", "Unit", "Target", "Before", "Now", "Keys", "Note"]
    for row in content["summary"]["indicators"]:
        keys = [row[name] for name in ("target", "before", "now")]
        yield [row["name"], row["unit"], *map(figures, keys), _keys(keys), row["note"]]


def _awards(content: Content, figures: Figures) -> Iterator[Row]:
    yield [
        "Reference", "Title", "Recipient", "Strand", "Place", "State", "Course", "Starts", "Ends", "Awarded, £",
        "This funder’s part, £", "Paid, £", "Keys", "Last approved report", "Approved on", "What is lacking",
    ]  # fmt: skip
    for one in content["awards"]:
        report, keys = one["report"] or {}, [one[name] for name in ("amount", "funder_part", "paid")]
        yield [
            *(one[name] for name in ("reference", "title", "recipient", "strand", "place", "state_label", "course_label")),
            _day(one["starts"]), _day(one["ends"]), *map(figures, keys), _keys(keys), report.get("name"),
            _day(report.get("approved")), one["no_report"],
        ]  # fmt: skip


def _results(content: Content, figures: Figures) -> Iterator[Row]:
    yield ["Reference", "Indicator", "Unit", "Target", "To date", "Status", "Note", "Keys"]
    for one in content["awards"]:
        for row in one["results"]:
            keys = [row["target"], row["value"]]
            said = [row["status_label"], row["note"], _keys(keys)]
            yield [one["reference"], row["name"], row["unit"], *map(figures, keys), *said]


def _budget(content: Content, figures: Figures) -> Iterator[Row]:
    yield ["Reference", "Budget line", "Budget, £", "Spent, £", "Forecast, £", "Keys"]
    for one in content["awards"]:
        for row in one["budget"]:
            keys = [row["budget"], row["spent"], row.get("forecast")]
            yield [one["reference"], row["name"], *map(figures, keys), _keys(keys)]


def _milestones(content: Content) -> Iterator[Row]:
    yield ["Reference", "Milestone", "Kind", "Due", "State"]
    for one in content["awards"]:
        for row in one["milestones"]:
            yield [one["reference"], row["name"], row["kind"], _day(row["due"]), row["state_label"]]


def _sources(content: Content, figures: Figures) -> Iterator[Row]:
    names = ("figure", "what", "reference", "version", "approved_by", "date", "rule", "rounding")
    yield ["Key", "Figure", "Shown", "Award", "Version", "Approved by", "Date", "Rule", "Rounding"]
    for row in content["annex"]:
        key, what, reference, version, by, date, rule, rounding = (row[name] for name in names)
        yield [key, what, figures.nodes[key]["shown"], reference, version, by, _day(date), rule, rounding]


def _keys(keys: list[str | None]) -> str:
    return ", ".join(key for key in keys if key)
