"""Every room's addresses, each under its own word; awards have two, calls and awards. 400, 403, 404, 500 are templates."""

from django.contrib import admin
from django.urls import include, path

from config import health, signing_in
from reporting.views import verify

urlpatterns = [
    path("", include("grants.desk.urls")),
    path("people/", include("grants.people.urls")),
    path("programmes/", include("grants.programmes.urls")),
    path("", include("grants.awards.urls")),
    path("reports/", include("grants.reports.urls")),
    path("payments/", include("grants.money.urls")),
    path("imports/", include("grants.imports.urls")),
    path("documents/", include("reporting.urls")),
    path("verify/<slug:reference>/<slug:mark>/", verify, name="verify"),
    # One sign-in for all, with one brake on guessing
    path("administration/login/", signing_in.for_administration, name="administration-sign-in"),
    path("administration/", admin.site.urls),
    path("health/", health.health, name="health"),
]
