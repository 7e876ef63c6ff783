"""What happens to a funder report: people ask for it and release it, a worker builds it."""

from reporting.services import building
from reporting.services.releasing import (
    cancel_report,
    hand_over,
    release_report,
    request_report,
    retry_report,
    withdraw_report,
)

__all__ = [
    "building",
    "cancel_report",
    "hand_over",
    "release_report",
    "request_report",
    "retry_report",
    "withdraw_report",
]
