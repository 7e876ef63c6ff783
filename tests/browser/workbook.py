"""A small workbook as an administrator has one: one award that runs already, with all that hangs on it."""

import io
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook

from tests.factories import Cast

REFERENCE = "HH-2012-01"
IDENTIFIER = f"360G-accesshe-{REFERENCE}"


def one_award(who: Cast, today: date) -> bytes:
    """The file's bytes: an award of £4,000 to an organisation that is not known yet, its first payment made."""

    def day(days: int) -> date:
        return today + timedelta(days=days)

    sheets: dict[str, list[dict[str, Any]]] = {
        "grants": [
            {
                "Title": "Bridges and boats",
                "Description": "Six schools build bridges and boats with engineers.",
                "Currency": "GBP",
                "Amount Awarded": 4000,
                "Award Date": day(-60),
                "Planned Dates:Start Date": day(-45),
                "Planned Dates:End Date": day(200),
                "Recipient Org:Identifier": "GB-CHC-1156077",
                "Recipient Org:Name": "Hand in Hand",
                "Recipient Org:City": "Exeter",
                "Funding Org:Identifier": who.funder.identifier,
                "Funding Org:Name": who.funder.name,
                "Strand": who.exemplars.code,
                "Manager": who.reviewer.email,
            }
        ],
        "milestones": [
            {"Number": 1, "Period From": day(-45), "Period To": day(60), "Due On": day(74), "Promise": "Six workshops"}
        ],
        "tranches": [
            {"Number": 1, "Amount": 2500, "State": "paid", "Paid On": day(-40), "Reference": "BACS 4711"},
            {"Number": 2, "Milestone": 1, "Amount": 1500},
        ],
        "targets": [{"Indicator": "learners", "Value": 120}],
        "budget": [{"Heading": "Workshops", "Amount": 4000}],
    }
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        columns = list(dict.fromkeys(["Identifier", *(name for row in rows for name in row)]))
        sheet.append(columns)
        for row in rows:
            sheet.append([IDENTIFIER, *(row.get(name) for name in columns[1:])])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
