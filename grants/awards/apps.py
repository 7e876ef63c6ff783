from django.apps import AppConfig


class AwardsConfig(AppConfig):
    """The award and its machine."""

    name = "grants.awards"

    def ready(self) -> None:
        """Load what follows from the moves of an award."""
        from grants.awards import services  # noqa: F401
