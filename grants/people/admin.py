"""Organisations and communities in the Django admin. People and roles have their own pages."""

from django.contrib import admin
from django.db import models

from grants.lifecycle.admin import AdministratorAdmin
from grants.people.models import Community, Organisation


@admin.register(Organisation)
class OrganisationAdmin(AdministratorAdmin):
    """Bodies that give, receive, manage or take part."""

    list_display = ["name", "kind", "identifier", "city"]
    list_filter = ["kind"]
    search_fields = ["name", "identifier", "city"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Community)
class CommunityAdmin(AdministratorAdmin):
    """Regional communities of practice."""

    list_display = ["name", "region", "lead"]
    list_select_related = ["lead"]
    search_fields = ["name", "region", "lead__name"]
    autocomplete_fields = ["lead", "members"]
    parts = (Community.members.through,)
