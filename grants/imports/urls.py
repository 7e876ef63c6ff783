"""Addresses of this room."""

from django.urls import path

from grants.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.ImportsView.as_view(), name="imports"),
    path("new/", views.NewImportView.as_view(), name="new"),
    path("blank/", views.blank, name="blank"),
    path("<int:pk>/", views.ImportView.as_view(), name="import"),
    path("<int:pk>/<slug:verb>/", views.ImportStepView.as_view(), name="step"),
]
