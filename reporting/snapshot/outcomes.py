"""What the final evaluations of a programme say, question by question, as plain data."""

import datetime
from collections.abc import Sequence
from typing import Any

from reporting.snapshot.records import AwardRecord

EVALUATION = "evaluation"


def outcomes(records: Sequence[AwardRecord], until: datetime.date) -> list[dict[str, Any]]:
    """Each question that final evaluations answer in words for the funder, in the order in which it is asked, with the answer of
    each award that gave one.
    """
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        latest = record.latest(until)
        if latest is None or latest.milestone.kind != EVALUATION:
            continue
        for part in latest.for_the_funder:
            if part["form"] == "narrative" and part["text"].strip():
                question = found.setdefault(part["code"], {"title": part["title"], "answers": []})
                question["answers"].append(
                    {"reference": record.award.reference, "name": record.award.recipient, "text": part["text"]}
                )
    return list(found.values())
