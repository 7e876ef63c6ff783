"""Addresses of funder reports."""

from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.FunderReportsView.as_view(), name="funder-reports"),
    path("new/", views.new, name="new"),
    path("as-the-funder-sees-it/<int:pk>/", views.preview, name="preview"),
    path("<int:pk>/", views.funder_report, name="funder-report"),
    path("<int:pk>/report.pdf", views.document, {"form": "pdf"}, name="pdf"),
    path("<int:pk>/report.xlsx", views.document, {"form": "xlsx"}, name="xlsx"),
    path("<int:pk>/report.json", views.document, {"form": "json"}, name="json"),
    path("<int:pk>/<slug:verb>/", views.ReportStep.as_view(), name="step"),
]
