from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What grantees write."""

    name = "grants.reports"

    def ready(self) -> None:
        """Load what follows from the moves of a report, and what a report does when an award moves."""
        from grants.reports import services  # noqa: F401
