"""The proof of a number, as a ZIP: the canonical JSON of each version that counts, their SHA-256 sums, and the contributions.

The same records give the same bytes.
"""

import re
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from grants.files import as_csv
from grants.formats import local_day
from grants.reports.numbers import Contribution, Number, Part, every_part

HEADINGS = [
    "Award", "Recipient", "Milestone", "Version", "Approved on", "Approved by", "Value", "Numerator", "Denominator",
    "Status", "Source", "File", "SHA-256",
]  # fmt: skip


def proof_of(number: Number) -> IO[bytes]:
    """The ZIP as an open file, which is gone when it is closed. `sha256sum --check SHA256SUMS` checks it."""
    file = TemporaryFile()  # noqa: SIM115  whoever gets it closes it
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        rows: list[list[Any]] = [HEADINGS]
        sums = []
        for one in _counted(every_part(number.indicator, number.awards)):
            name = _name(one)
            _add(archive, name, one.version.canonical.encode())
            sums.append(f"{one.version.sha256}  {name}\n")
            rows.append(_row(one, name))
        _add(archive, "SHA256SUMS", "".join(sums).encode())
        _add(archive, "contributions.csv", as_csv(rows))
    file.seek(0)
    return file


def _counted(parts: Iterable[Part]) -> Iterator[Contribution]:
    return (one for part in parts for one in part.counted)


def _name(one: Contribution) -> str:
    """EX-2012-01-milestone-2-version-3.json; where a reference has signs that no file can have, its number in their place."""
    award, milestone = one.report.award, one.report.milestone
    plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", award.reference)
    return f"{award.reference if plain else f'award.{award.pk}'}-milestone-{milestone.number}-version-{one.version.number}.json"


def _row(one: Contribution, name: str) -> list[Any]:
    report, result = one.report, one.result
    return [
        report.award.reference, report.award.recipient, report.milestone.name, one.version.number,
        local_day(report.approved_at) if report.approved_at else None, f"approver, {report.award.strand.managing_body}",
        result.value, result.numerator, result.denominator, result.get_status_display(), result.source, name,
        one.version.sha256,
    ]  # fmt: skip


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    entry = ZipInfo(name)  # dated 1980, whenever it is made
    entry.compress_type = ZIP_DEFLATED
    archive.writestr(entry, content)
