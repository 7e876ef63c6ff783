"""What the lead and the members of a community do with a report in the story."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from config.demonstration import setting
from config.demonstration.verbs import somebody
from grants.people.models import Role
from grants.reports import services as reports
from grants.reports.figures import per_cent
from grants.reports.models import Report


def _report(reference: str, number: int) -> Report:
    reports_of = Report.objects.named().filter(milestone__award__reference=reference, milestone__number=number)
    return reports_of.latest("pk")


def give(
    reference: str,
    number: int,
    short: str,
    figures: Mapping[str, int | tuple[int, int]],
    spend: Iterable[int],
    note: str = "",
    *,
    confirmed: bool = False,
) -> None:
    """An editor of a community's lead or member gives its part: numbers by indicator, the others were not collected, and pounds
    by budget line; then confirms it, or does not yet.
    """
    report, body = _report(reference, number), setting.body(short)
    editor, rows = somebody(Role.EDITOR, body.pk), []
    for target in report.award.targets.select_related("indicator"):
        given = figures.get(target.indicator.code)
        row: dict[str, Any] = {"indicator": target.indicator, "status": "not_collected" if given is None else "final"}
        if isinstance(given, tuple):
            top, bottom = map(Decimal, given)
            row |= {"value": per_cent(top, bottom), "numerator": top, "denominator": bottom}
        else:
            row |= {"value": None if given is None else Decimal(given)}
        rows.append(row)
    amounts = list(zip(report.award.budget_lines.all(), map(Decimal, spend), strict=True))
    reports.save_member_part(report.pk, body.pk, by=editor, figures=rows, spend=amounts, note=note)
    if confirmed:
        reports.confirm_member_part(report.pk, body.pk, by=editor)


def nudge(reference: str, number: int, short: str) -> None:
    """The lead's editor asks a member for its part."""
    report = _report(reference, number)
    reports.nudge_member(report.pk, setting.body(short).pk, by=somebody(Role.EDITOR, report.award.organisation_id))
