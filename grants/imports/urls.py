"""Addresses of this room."""

from django.urls import path

from grants.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.NewImportView.as_view(), name="new"),
    path("blank/", views.blank, name="blank"),
    path("<int:pk>/", views.one_import, name="import"),
    path("<int:pk>/<slug:verb>/", views.ImportStepView.as_view(), name="step"),
]
