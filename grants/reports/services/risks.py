"""What could keep a project from what it promised, as a report's writers see it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from grants.lifecycle.door import NotNow
from grants.people.models import User
from grants.programmes.models import Section
from grants.reports.models import Risk
from grants.reports.services.writing import checked_mark, note_who_wrote, writable

FIELDS = ("what", "likelihood", "impact", "response", "who")


@transaction.atomic
def save_risks(pk: int, *, by: User, rows: Iterable[Mapping[str, Any]], seen_mark: str | None = None) -> None:
    """Store the risks: a mapping for each `position` with the fields of Risk. A row in which nothing is written takes its
    risk out; positions that are not given stay. Raises as `save_results` does.
    """
    report = writable(pk, by, Section.Form.RISKS)
    sections = [section for section in report.asked_sections() if section.form == Section.Form.RISKS]
    if not sections:
        raise NotNow("This report does not ask that part.")
    before = checked_mark(report, Section.Form.RISKS, seen_mark)
    given = list(rows)
    if any(not 1 <= row["position"] <= Risk.MOST for row in given):
        raise NotNow(f"A report has at most {Risk.MOST} risks.")
    written = [row for row in given if any(row[name] for name in FIELDS)]
    kept = {row["position"] for row in written}
    report.risks.filter(position__in=[row["position"] for row in given if row["position"] not in kept]).delete()
    Risk.objects.bulk_create(
        [Risk(report=report, **row) for row in written],
        update_conflicts=True,
        unique_fields=["report", "position"],
        update_fields=FIELDS,
    )
    note_who_wrote(report, Section.Form.RISKS, by, before)
