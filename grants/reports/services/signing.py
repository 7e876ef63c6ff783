"""A report on its way to its signature, and from there to whoever reviews it."""

from grants.lifecycle.door import advance
from grants.people.models import User
from grants.reports.models import Report


def ask_for_sign_off(pk: int, *, by: User, seen: int | None) -> Report:
    """Hand the report to the signatory. Awaited figures do not block."""
    return advance(Report, pk, "ask_for_sign_off", by=by, seen=seen)


def recall_report(pk: int, *, by: User, seen: int | None) -> Report:
    """Take the report back from sign-off."""
    return advance(Report, pk, "recall", by=by, seen=seen)


def decline_sign_off(pk: int, *, by: User, seen: int | None, reason: str) -> Report:
    """Give the report back to its editors unsigned."""
    return advance(Report, pk, "decline_sign_off", by=by, seen=seen, reason=reason)


def submit_report(pk: int, *, by: User, seen: int | None) -> Report:
    """Sign and submit: a Version is frozen."""
    return advance(Report, pk, "submit", by=by, seen=seen)


def recall_submission(pk: int, *, by: User, seen: int | None) -> Report:
    """Take a submitted report back, as long as nobody reviews it."""
    return advance(Report, pk, "recall_submission", by=by, seen=seen)
