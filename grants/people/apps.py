from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, organisations, memberships, communities, sign-in."""

    name = "grants.people"
