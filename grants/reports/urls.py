"""Addresses of this room."""

from django.urls import path

from grants.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.ReportsView.as_view(), name="reports"),
    path("<int:pk>/", views.report_page, name="report"),
    path("<int:pk>/check/", views.check_page, name="check"),
    path("<int:pk>/review/", views.review_page, name="review"),
    path("<int:pk>/do/<slug:verb>/", views.ReportStep.as_view(), name="step"),
    path("<int:pk>/parts/<slug:code>/", views.part_page, name="part"),
]
