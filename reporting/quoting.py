"""Which funder reports quote a report or a number, for their pages."""

import json
from dataclasses import dataclass
from typing import Any

from grants.people.models import User
from grants.reports.models import Report
from grants.reports.numbers import Number
from grants.reports.panels import NUMBER, REPORT, panel
from reporting.models import FigureSource, FunderReport

MOST = 5


@panel(REPORT)
def of_a_report(report: Report, user: User) -> tuple[str, dict[str, Any]] | None:
    """The released documents that quote the approved version: to whom and when, for everybody who reads the report. The
    documents themselves are linked for those who may have them.
    """
    if report.approved_version_id is None:
        return None
    quoting = FigureSource.objects.filter(version=report.approved_version_id).values("funder_report")
    sent = FunderReport.objects.filter(pk__in=quoting, state=FunderReport.State.RELEASED)
    documents = list(sent.select_related("funder").defer("snapshot")[:MOST])
    if not documents:
        return None
    seen = FunderReport.objects.visible_to(user).filter(pk__in=[one.pk for one in documents])
    return "reporting/panel_report.html", {"documents": documents, "seen": set(seen.values_list("pk", flat=True))}


@dataclass(frozen=True)
class Quoted:
    """A document that quotes a number, and at what value."""

    document: FunderReport
    shown: str
    """Empty where it quotes only what the number is made of"""


@panel(NUMBER)
def of_a_number(number: Number, user: User) -> tuple[str, dict[str, Any]] | None:
    """The documents that quote the indicator, of those that the person may have, with the value that each shows."""
    path = f"results/{number.indicator.code}/value"
    quoting = FigureSource.objects.filter(path=path, award__in=number.awards.order_by().values("pk"))
    documents = (
        FunderReport.objects.visible_to(user)
        .filter(pk__in=quoting.values("funder_report"))
        .exclude(snapshot="")
        .select_related("funder")[:MOST]
    )
    quoted = [Quoted(one, _shown(json.loads(one.snapshot), number)) for one in documents]
    return ("reporting/panel_number.html", {"quoted": quoted, "number": number}) if quoted else None


def _shown(snapshot: dict[str, Any], number: Number) -> str:
    """The figure as a document shows it: that of the award, or over all awards."""
    if number.award is None:
        rows, name = snapshot.get("summary", {}).get("indicators", []), "now"
    else:
        own = [one for one in snapshot.get("awards", []) if one["reference"] == number.award.reference]
        rows, name = [row for one in own for row in one["results"]], "value"
    key = next((row[name] for row in rows if row["name"] == number.indicator.title), None)
    return str(snapshot["figures"][key]["shown"]) if key else ""
