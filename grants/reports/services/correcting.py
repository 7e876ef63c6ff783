"""After approval: a correction of a report, or a short update of figures that were awaited. Until it is approved itself, the
approved report is the record.
"""

from typing import Any

from django.db import models, transaction

from grants import clock
from grants.lifecycle.door import NotNow, NotYou, advance, check_fresh, fresh, lock, write_history
from grants.people.models import User
from grants.reports import permissions
from grants.reports.models import (
    Activity,
    ActivityOrganiser,
    Answer,
    Evidence,
    FollowUp,
    MemberFigure,
    MemberPart,
    MemberSpend,
    Report,
    Result,
    ResultPart,
    Risk,
    Spend,
)

COPIED: dict[type[models.Model], str] = {
    Answer: "report",
    Result: "report",
    ResultPart: "report",
    Spend: "report",
    Activity: "report",
    ActivityOrganiser: "activity__report",
    Evidence: "report",
    Risk: "report",
    FollowUp: "report",
    MemberPart: "report",
    MemberFigure: "report",
    MemberSpend: "report",
}
"""Everything that is written in a report, each model with its way to the report; what hangs on another comes after it."""
ARRIVED = "Figures that were awaited or provisional have come."


def begin_correction(pk: int, *, by: User, seen: int | None, reason: str) -> Report:
    """Begin a correction of an approved report: a draft for the same milestone, in which everything stands as it was approved.

    Raises Stale, NotYou, and NotNow where there is nothing to correct, or a correction is open already.
    """
    return _begin(pk, by=by, seen=seen, purpose=Report.Purpose.CORRECTION, why=reason.strip())


def begin_figure_update(pk: int, *, by: User, seen: int | None) -> Report:
    """Begin a correction that asks only the figures that were awaited or provisional. Raises as `begin_correction` does."""
    return _begin(pk, by=by, seen=seen, purpose=Report.Purpose.FIGURE_UPDATE, why=ARRIVED)


def abandon_correction(pk: int, *, by: User, seen: int | None, reason: str) -> Report:
    """Give a correction up: the approved report stays the record."""
    return advance(Report, pk, "abandon", by=by, seen=seen, reason=reason)


@transaction.atomic
def _begin(pk: int, *, by: User, seen: int | None, purpose: Report.Purpose, why: str) -> Report:
    approved = lock(Report, pk)
    check_fresh(approved, seen)
    if not permissions.editor_or_signatory(approved, fresh(by)):
        raise NotYou(permissions.editor_or_signatory.__doc__ or "")
    unmet = hindrances(approved, purpose)
    if not why:
        unmet.append("Give a reason: the people concerned read it.")
    if unmet:
        raise NotNow(*unmet)
    report = Report.objects.create(
        milestone=approved.milestone,
        purpose=purpose,
        corrects=approved,
        why=why,
        section_set=approved.section_set,
        size=approved.size,
        taken_in=approved.taken_in,
        begun_at=clock.now(),
    )
    copy_content(approved, report)
    write_history(report, "correct", by=by, sentence=f"Began a {report.get_purpose_display().lower()}", reason=why)
    return report


def hindrances(report: Report, purpose: Report.Purpose) -> list[str]:
    """Why a report cannot be corrected now, a sentence each."""
    if report.state != Report.State.APPROVED:
        return [f"Only an approved report can be corrected: this one is {report.get_state_display().lower()}."]
    unmet = []
    if report.award.state not in ("active", "evaluating"):
        state = report.award.get_state_display().lower()
        unmet.append(f"The award is {state}: its reports are corrected only while it is active or being evaluated.")
    if Report.objects.filter(milestone=report.milestone_id, state__in=Report.OPEN).exists():
        unmet.append("A correction of this report is under way already: go on with that one, or abandon it first.")
    if purpose == Report.Purpose.FIGURE_UPDATE and not report.results.filter(status__in=Report.TO_COME).exists():
        unmet.append("No figure of this report is awaited or provisional. Where one is wrong, correct the report.")
    return unmet


def copy_content(old: Report, new: Report) -> None:
    """Copy everything that is written in a report into another one; rows that hang on others hang on their copies."""
    copies: dict[tuple[Any, int], Any] = {}
    for model, way in COPIED.items():
        rows: list[Any] = list(model._default_manager.filter(**{way: old}).order_by("pk"))
        keys = [row.pk for row in rows]
        above = [field for field in model._meta.concrete_fields if field.related_model in COPIED]
        for row in rows:
            row.pk = None
            if way == "report":
                row.report = new
            for field in above:
                if (copy := copies.get((field.related_model, getattr(row, field.attname)))) is not None:
                    setattr(row, field.name, copy)
        model._default_manager.bulk_create(rows)
        copies |= {(model, key): row for key, row in zip(keys, rows, strict=True)}
