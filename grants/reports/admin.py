"""Reports and their versions in the Django admin: to be looked at. What is written in a draft is not shown here."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from grants.lifecycle.admin import ReadOnlyAdmin
from grants.reports.models import Report, Version


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports: whose they are, and how far."""

    list_display = ["__str__", "state", "submitted_at", "approved_at"]
    list_select_related = ["milestone__award"]
    list_filter = ["state", "milestone__kind"]
    search_fields = ["milestone__award__reference", "milestone__award__title"]


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    """What was submitted, as it was frozen."""

    list_display = ["__str__", "number", "sha256", "at"]
    list_select_related = ["report__milestone__award"]
    search_fields = ["sha256", "report__milestone__award__reference"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Those of the reports that the person may read."""
        readable: Any = Report.objects.visible_to(request.user).exclude(state__in=Report.UNSENT)  # type: ignore[arg-type]
        return super().get_queryset(request).filter(report__in=readable)
