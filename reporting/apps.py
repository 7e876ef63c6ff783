from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Everything that others read."""

    name = "reporting"

    def ready(self) -> None:
        """Load what follows from the moves of a funder report, and what other pages show of them."""
        from reporting import panels, quoting, services  # noqa: F401
