"""Checks at start that every machine is complete."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class LifecycleConfig(AppConfig):
    """The room at the bottom."""

    name = "grants.lifecycle"

    def ready(self) -> None:
        """Every transition has a permission and the words for its button and its history."""
        from grants.lifecycle.machine import machines, transitions_of

        for model in machines():
            for row in transitions_of(model):
                if row.permission is None or not {"label", "done"} <= row.custom.keys():
                    raise ImproperlyConfigured(
                        f"{row.qualname} lacks its permission, its label or its history sentence"
                    )
