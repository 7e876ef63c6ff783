"""The import as django-import-export's admin calls it: its formats and its resource, with our checking behind them."""

from types import SimpleNamespace
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from import_export.formats.base_formats import Format
from import_export.resources import Resource
from import_export.results import Error, Result, RowResult

from grants.imports import services
from grants.imports.checking import Checked, check
from grants.imports.faults import Fault
from grants.imports.layout import GRANTS
from grants.imports.plans import PlannedAward
from grants.imports.reading import Sheet, read
from grants.programmes.models import Programme

KINDS = {
    "made": RowResult.IMPORT_TYPE_NEW,
    "changed": RowResult.IMPORT_TYPE_UPDATE,
    "unchanged": RowResult.IMPORT_TYPE_SKIP,
}
SHOWN = {"reference": "Award", "title": "Title", "recipient": "Recipient", "amount": "Amount, £"}


class Workbook(tablib.Dataset):
    """A dataset that keeps every sheet of its file, and the file."""

    def __init__(self, content: bytes, sheets: list[Sheet]) -> None:
        super().__init__()
        self.content = content
        self.sheets = sheets

    def __len__(self) -> int:
        """Rows under the titles of the first sheet."""
        return max(0, len(self.sheets[0].rows) - 1)

    def __bool__(self) -> bool:
        """A file that could be read is never passed over: what it lacks is said with its cell."""
        return True


class WorkbookFormat(Format):
    """A file that our reader reads, quickly or not at all."""

    EXTENSION = "xlsx"
    CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, encoding: str | None = None) -> None:
        """The encoding is the reader's business."""

    def get_title(self) -> str:
        """What the list of formats calls it; also how the page guesses it from the file's name."""
        return self.EXTENSION

    def get_extension(self) -> str:
        """The file name's ending."""
        return self.EXTENSION

    def get_content_type(self) -> str:
        """Its kind, as the web names it."""
        return self.CONTENT_TYPE

    def can_import(self) -> bool:
        """That is all it does."""
        return True

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Workbook:
        """The file with all of its sheets. Raises Unreadable."""
        return Workbook(in_stream, read(f"file.{self.EXTENSION}", in_stream))


class XLSX(WorkbookFormat):
    """A workbook, every sheet of it."""


class CSV(WorkbookFormat):
    """The sheet grants alone."""

    EXTENSION = "csv"
    CONTENT_TYPE = "text/csv"


class ImportResult(Result):
    """The result with our faults in it, each with its cell."""

    def __init__(self, checked: Checked) -> None:
        super().__init__()
        self.checked = checked
        self.diff_headers = list(SHOWN.values())
        self.total_rows = checked.counts["rows"]


class AwardResource(Resource):
    """Awards from a workbook, for one programme: checked whole, applied whole."""

    def __init__(self, *, programme: Programme | None = None, **kwargs: Any) -> None:
        super().__init__()
        self.programme = programme

    @classmethod
    def get_display_name(cls) -> str:
        """What the page calls it."""
        return "Awards"

    def get_user_visible_fields(self) -> list[Any]:
        """The titles of the sheet grants, for the page to list."""
        return [SimpleNamespace(column_name=title) for title in GRANTS.titles]

    def import_data(self, dataset: Workbook, *args: Any, dry_run: bool = False, **kwargs: Any) -> ImportResult:
        """Check the workbook; without `dry_run`, apply it in the name of `user`. Raises what the services raise."""
        if self.programme is None:
            raise ValueError("An import belongs to a programme")
        checked = check(self.programme, dataset.sheets)
        if not dry_run and not checked.faults:
            by, name = kwargs["user"], kwargs.get("file_name") or "upload.xlsx"
            record = services.upload(self.programme, name, dataset.content, by)
            services.apply_import(record.pk, by=by, seen=record.revision)
        return result_of(checked)


def result_of(checked: Checked) -> ImportResult:
    """Our faults and plan in the words of import-export."""
    result = ImportResult(checked)
    if checked.faults:
        for fault in checked.faults:
            _add_fault(result, fault)
        return result
    for planned in checked.plan.awards:
        row = RowResult()
        row.import_type = KINDS[planned.outcome]
        row.diff = list(_shown(planned).values())
        row.row_values = _shown(planned)
        row.object_repr = planned.reference
        result.append_row_result(row)
        result.increment_row_result_total(row)
    return result


def _add_fault(result: ImportResult, fault: Fault) -> None:
    """A fault of a title concerns the whole file; any other its row."""
    number = int("".join(letter for letter in fault.cell if letter.isdigit()) or 0)
    sentence = f"{fault.sheet} {fault.cell}: {fault.fault} {fault.mend}"
    if number <= 1:
        result.append_base_error(Error(ValidationError(sentence)))
        return
    place = fault.cell if fault.sheet.lower() == GRANTS.name else f"{fault.sheet} {fault.cell}"
    result.append_invalid_row(number, {}, ValidationError({place or NON_FIELD_ERRORS: f"{fault.fault} {fault.mend}"}))
    result.totals[RowResult.IMPORT_TYPE_INVALID] += 1


def _shown(planned: PlannedAward) -> dict[str, str]:
    amount = planned.values["amount"]
    return {
        "reference": planned.reference,
        "title": planned.values["title"] or "",
        "recipient": str(planned.row.value("Recipient Org:Name") or ""),
        "amount": f"{amount:,.2f}" if amount is not None else "",
    }
