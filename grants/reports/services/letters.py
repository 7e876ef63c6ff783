"""What the grantee is told of a decision: the same words on the reviewer's page, in the history and in the message."""

from collections.abc import Iterable, Sequence

from django.utils.text import Truncator

from grants.awards.models import Tranche
from grants.awards.services import Agreed
from grants.formats import date_words, money, plural
from grants.lifecycle.notices import TEXT
from grants.reports.models import Report

TOLD_AS = {
    Report.State.DRAFT: "Not signed",
    Report.State.RETURNED: "Returned, to be mended",
    Report.State.APPROVED: "Approved",
    Report.State.WAIVED: "No longer asked for",
}
"""What the recipient is told of a report that is now in a state."""


def subject_of(report: Report, state: str) -> str:
    """The subject of the message about a report that is now in a state."""
    return f"{TOLD_AS[Report.State(state)]}: {report}"


def as_sent(text: str) -> str:
    """The text as it goes out: a message has room for so much, and leads to the report, which has all of it."""
    return Truncator(text.strip()).chars(TEXT)


def of_a_return(named: Sequence[tuple[str, str]], asked: int, note: str = "") -> str:
    """Which of the parts that were asked should change, each by its title with the reason, after a note on the whole."""
    parts = [f"{title} {reason}" if title.endswith("?") else f"{title}: {reason}" for title, reason in named]
    others = asked - len(named) if named else 0
    kept = f"The other {plural(others, 'part')} stay as they are." if others > 1 else ""
    return "\n\n".join(one for one in (note.strip(), *parts, kept) if one)


def of_an_approval(
    report: Report, version: int, payments: Iterable[Tranche], agreed: Iterable[Agreed], hold: str = ""
) -> str:
    """What is approved, what becomes of the payments, and what was agreed. On a correction no payment depends."""
    sentences = [f"Version {version} is approved."]
    if report.corrects_id is not None:
        sentences.append("It takes the place of what was approved before.")
        payments = []
    for payment in payments:
        amount = money(payment.amount, pence=False)
        held = payment.state == "held" or (hold and payment.state == "scheduled")
        if held:
            sentences.append(f"{amount} is held: {hold}" if hold else f"{amount} is held.")
        elif payment.state in ("scheduled", "released"):
            sentences.append(f"{amount} is released.")
    actions = [f"Agreed: {one.text} {one.owner}, by {date_words(one.due_on)}." for one in agreed]
    return "\n\n".join([" ".join(sentences), *actions])
