"""How a report and its corrections hang together, for the pages of both: why, how far, and what is not as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grants.differences import Piece, compare
from grants.reports.models import Report
from grants.reports.views.common import Reading
from grants.reports.views.comparing import Change, changed_rows


@dataclass(frozen=True)
class Rewritten:
    """A part whose words are not what they were."""

    title: str
    was_choice: str
    choice: str
    paragraphs: list[list[Piece]]


def corrections(reading: Reading, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What corrects the report; and of a correction, where its content is given, what changes in what was approved."""
    report = reading.report
    context: dict[str, Any] = {"corrected_by": _corrected_by(reading)}
    if report.corrects is None or content is None or report.corrects.approved_version is None:
        return context
    before = report.corrects.approved_version.content
    return context | {
        "was": report.corrects,
        "rewritten": rewritten(before, content),
        "changed": changed(before, content),
    }


def _corrected_by(reading: Reading) -> list[Report]:
    """The corrections that the person sees of this report, the last first; not those that were given up."""
    if reading.report.state not in (Report.State.APPROVED, Report.State.SUPERSEDED):
        return []
    seen = Report.objects.visible_to(reading.user).filter(corrects=reading.report)
    return list(
        seen.exclude(state=Report.State.ABANDONED)
        .select_related("milestone__award", "approved_version")
        .order_by("-pk")
    )


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The figures and amounts that differ."""
    tables = (("results", "indicator"), ("spend", "line"))
    return [change for name, key in tables for change in changed_rows(before[name], after[name], key)]


def rewritten(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Rewritten]:
    """The parts whose text or choice differs."""
    old = {section["code"]: section for section in before["sections"]}
    found = []
    for section in after["sections"]:
        was = old.get(section["code"], {"text": "", "choice": ""})
        if (was["text"], was["choice"]) != (section["text"], section["choice"]):
            said_before = was["choice"] if was["choice"] != section["choice"] else ""
            words = compare(was["text"], section["text"])
            found.append(Rewritten(section["title"], said_before, section["choice"], words))
    return found
