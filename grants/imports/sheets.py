"""Workbooks that we hand out."""

import io

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from grants.imports.layout import GRANTS, LINKED


def blank_workbook() -> bytes:
    """An empty workbook with every sheet and title that an import reads; the titles of required columns are bold."""
    workbook = Workbook()
    workbook.remove(workbook.active)  # type: ignore[arg-type]
    for layout in (GRANTS, *LINKED):
        sheet = workbook.create_sheet(layout.name)
        sheet.append(layout.titles)
        sheet.freeze_panes = "B2"
        for number, title in enumerate(layout.titles, start=1):
            sheet.cell(1, number).font = Font(bold=title in layout.required)
            sheet.column_dimensions[get_column_letter(number)].width = max(12, len(title) + 2)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
