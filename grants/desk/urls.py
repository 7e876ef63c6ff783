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
    path("programmes/", views.programmes, name="programmes"),
    path("programmes/<code:code>/", views.programme, name="programme"),
    path("awards/<code:reference>/", views.award, name="award"),
]
