"""The two import files, made in memory: one of January 2012, one of August, when the communities began."""

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from config.demonstration import setting
from config.demonstration.promises import AUGUST, JANUARY, Promise, day
from config.demonstration.titles import TITLES

FILES = {"stem-tso-january-2012.xlsx": JANUARY, "stem-tso-august-2012.xlsx": AUGUST}
"""The files by name, each with the awards that it brings in."""

GRANTS = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Planned Dates:Start Date",
    "Planned Dates:End Date", "Recipient Org:Identifier", "Recipient Org:Name", "Recipient Org:City",
    "Beneficiary Location:Name", "Funding Org:Identifier", "Funding Org:Name", "Grant Programme:Code", "Strand",
    "State", "Ended On", "Manager", "Community", "Managed",
)  # fmt: skip
MILESTONES = (
    "Identifier", "Number", "Kind", "Title", "Period From", "Period To", "Opens On", "Due On", "Promise", "Settled On",
)  # fmt: skip
TRANCHES = ("Identifier", "Number", "Milestone", "Amount", "State", "Paid On", "Reference")


def content(name: str) -> bytes:
    """The bytes of a file."""
    awards = FILES[name]
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "grants", GRANTS, map(_grant, awards))
    _sheet(book, "milestones", MILESTONES, (row for award in awards for row in _milestones(award)))
    _sheet(book, "tranches", TRANCHES, (row for award in awards for row in _tranches(award)))
    targets = ([_identifier(award), *target] for award in awards for target in award.targets.items())
    _sheet(book, "targets", ("Identifier", "Indicator", "Value"), targets)
    lines = ([_identifier(award), *line] for award in awards for line in award.budget.items())
    _sheet(book, "budget", ("Identifier", "Heading", "Amount"), lines)
    _sheet(book, "fundings", ("Identifier", "Funder", "Amount"), (_funding(award) for award in awards if award.funder))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet(book: Workbook, title: str, titles: tuple[str, ...], rows: Iterable[list[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(titles)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append(row)


def _identifier(award: Promise) -> str:
    return f"360G-accesshe-{award.reference}"


def _grant(award: Promise) -> list[Any]:
    title, description, place = TITLES[award.reference]
    names = {short: (name, city) for short, name, _, _, city, *_ in setting.BODIES}
    manager = setting.address("reviewer", "bath" if award.strand == "CP" else "accesshe")
    return [
        _identifier(award), title, description, "GBP", award.amount, day(award.awarded), day(award.starts),
        day(award.ends), setting.identifier_of(award.body), *names[award.body], place,
        setting.identifier_of("accesshe"), names["accesshe"][0], setting.CODE, award.strand, award.state or None, None,
        manager, award.community or None, "Yes" if award.managed else "No",
    ]  # fmt: skip


def _milestones(award: Promise) -> Iterable[list[Any]]:
    for number, stage in enumerate(award.stages, 1):
        dates = (day(one) for one in (stage.start, stage.end, stage.opens, stage.due))
        yield [_identifier(award), number, stage.kind, None, *dates, stage.promise, None]


def _tranches(award: Promise) -> Iterable[list[Any]]:
    first = ["paid", day(award.paid), f"BACS {award.reference}/1"] if award.paid else ["released", None, None]
    for number, amount in enumerate(award.parts):
        state = first if number == 0 else ["scheduled", None, None]
        yield [_identifier(award), number + 1, number or None, amount, *state]


def _funding(award: Promise) -> list[Any]:
    return [_identifier(award), setting.identifier_of(award.funder), award.amount]
