"""Addresses of pages that bring rooms together."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from grants.desk import views


class CodeConverter(StringConverter):
    """What people call a programme or an award: no slash, nothing that cannot be printed."""

    regex = r"[^/\x00-\x1f\x7f]+"


register_converter(CodeConverter, "code")

urlpatterns = [
    path("", views.home, name="home"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<slug:key>.ics", views.feed, name="calendar-feed"),
    path("help/<slug:name>/", views.help_page, name="help"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("programmes/", views.ProgrammesView.as_view(), name="programmes"),
    path("programmes/<code:code>/", views.ProgrammeView.as_view(), name="programme"),
    path("portfolio/", views.PortfolioView.as_view(), name="portfolio"),
    path("awards/", views.AwardsView.as_view(), name="awards"),
    path("awards/<code:reference>/", views.award, name="award"),
    path("awards/<code:reference>/history/", views.AwardHistoryView.as_view(), name="award-history"),
    path("awards/<code:reference>/messages/", views.AwardMessagesView.as_view(), name="award-messages"),
]
