from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages that bring rooms together."""

    name = "grants.desk"

    def ready(self) -> None:
        """Load what this room adds to a person's own account."""
        from grants.desk import account  # noqa: F401
