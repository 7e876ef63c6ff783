from django.apps import AppConfig


class MoneyConfig(AppConfig):
    """Payments."""

    name = "grants.money"

    def ready(self) -> None:
        """Load what follows from the moves of a payment."""
        from grants.money import services  # noqa: F401
