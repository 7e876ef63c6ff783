"""Addresses of this room."""

from django.urls import path

from grants.money import views

app_name = "money"
urlpatterns = [
    path("", views.PaymentsView.as_view(), name="payments"),
    path("<int:pk>/<slug:verb>/", views.PaymentStepView.as_view(), name="step"),
]
