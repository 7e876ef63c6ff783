from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages that bring rooms together."""

    name = "grants.desk"
