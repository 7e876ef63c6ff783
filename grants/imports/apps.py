from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Reading, checking, previewing and applying workbooks."""

    name = "grants.imports"
