"""Workbooks and CSV files as people send them, for a programme of the tests."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook

from grants.imports.layout import BUDGET, FUNDINGS, GRANTS, MILESTONES, TARGETS, TRANCHES
from grants.programmes.models import Programme
from tests.factories import Cast

LAYOUTS = {layout.name: layout for layout in (GRANTS, MILESTONES, TRANCHES, TARGETS, FUNDINGS, BUDGET)}
Row = dict[str, Any]
Sheets = dict[str, list[Row]]


def grant(programme: Programme, reference: Any = "A1", **more: Any) -> Row:
    """A row of the sheet grants in which all is well; `more` by the titles of columns."""
    return {
        "Identifier": f"360G-accesshe-{reference}",
        "Title": "Science clubs",
        "Description": "Science clubs in six schools.",
        "Currency": "GBP",
        "Amount Awarded": 12500,
        "Award Date": "03/07/2012",
        "Planned Dates:Start Date": "01/08/2012",
        "Planned Dates:End Date": "31/07/2013",
        "Recipient Org:Identifier": "GB-CHC-1156000",
        "Recipient Org:Name": "Generating Genius",
        "Funding Org:Identifier": programme.managing_body.identifier,
        "Funding Org:Name": programme.managing_body.name,
        "Strand": programme.strands.all()[0].code,
        **more,
    }


def milestone(number: Any = 1, reference: Any = "A1", **more: Any) -> Row:
    """A row of the sheet milestones in which all is well."""
    return {
        "Identifier": f"360G-accesshe-{reference}",
        "Number": number,
        "Kind": "report",
        "Period From": "01/08/2012",
        "Period To": "31/10/2012",
        "Due On": "14/11/2012",
        **more,
    }


def tranche(number: int, amount: Any, reference: Any = "A1", **more: Any) -> Row:
    """A row of the sheet tranches in which all is well."""
    return {"Identifier": f"360G-accesshe-{reference}", "Number": number, "Amount": amount, **more}


def whole(who: Cast, **more: Any) -> Sheets:
    """An award with something in every sheet."""
    first, second = (share.funder.identifier for share in who.programme.shares.all())
    lead = {"Recipient Org:Identifier": who.recipient.identifier, "Recipient Org:Name": "Otherwise known"}
    return {
        "grants": [grant(who.programme, **lead, **more)],
        "milestones": [milestone(1), milestone(2, Kind="evaluation", Title="The end")],
        "tranches": [tranche(1, 8500), tranche(2, 4000, Milestone=1)],
        "targets": [{"Identifier": "A1", "Indicator": "learners", "Value": 250}],
        "fundings": [
            {"Identifier": "A1", "Funder": first, "Amount": 10000},
            {"Identifier": "A1", "Funder": second, "Amount": 2500},
        ],
        "budget": [
            {"Identifier": "A1", "Heading": "Staff", "Amount": 9000},
            {"Identifier": "A1", "Heading": "Venues", "Amount": 3500},
        ],
    }


def titles(name: str, rows: Iterable[Row]) -> list[str]:
    """The columns that some row has, in the order of the layout, others last."""
    used = {title for row in rows for title in row}
    known = [title for title in LAYOUTS[name].titles if title in used] if name in LAYOUTS else []
    return known + sorted(used - set(known))


def xlsx(**sheets: list[Row]) -> bytes:
    """A workbook of these sheets."""
    workbook = Workbook()
    workbook.remove(workbook.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        header = titles(name, rows)
        sheet.append(header)
        for row in rows:
            sheet.append([row.get(title) for title in header])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def comma_separated(rows: list[Row], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The rows as a CSV file."""
    out = io.StringIO()
    header = titles("grants", rows)
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows([row.get(title, "") for title in header] for row in rows)
    return out.getvalue().encode(encoding)


def cell(title: str, row: int, **sheets: list[Row]) -> str:
    """The address of a cell of the first of these sheets; rows from 1, the titles."""
    name, rows = next(iter(sheets.items()))
    return f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[titles(name, rows).index(title)]}{row}"
