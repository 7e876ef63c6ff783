from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Everything that others read."""

    name = "reporting"

    def ready(self) -> None:
        """Load what follows from the moves of a funder report, and what the homes show of them."""
        from reporting import panels, services  # noqa: F401
