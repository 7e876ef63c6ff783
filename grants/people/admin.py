"""Organisations and communities in the Django admin. People and roles have their own pages."""

from typing import ClassVar

from django.contrib import admin

from grants.lifecycle.admin import AdministratorAdmin
from grants.people.models import Community, Organisation


@admin.register(Organisation)
class OrganisationAdmin(AdministratorAdmin):
    """Bodies that give, receive, manage or take part."""

    list_display: ClassVar = ["name", "kind", "identifier", "city"]
    list_filter: ClassVar = ["kind"]
    search_fields: ClassVar = ["name", "identifier", "city"]


@admin.register(Community)
class CommunityAdmin(AdministratorAdmin):
    """Regional communities of practice."""

    list_display: ClassVar = ["name", "region", "lead"]
    list_select_related: ClassVar = ["lead"]
    search_fields: ClassVar = ["name", "region", "lead__name"]
    autocomplete_fields: ClassVar = ["lead", "members"]
    parts = (Community.members.through,)
