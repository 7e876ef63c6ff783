from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Programmes, funders' shares, strands, calls, indicators, what each report asks."""

    name = "grants.programmes"
