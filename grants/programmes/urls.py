"""Addresses of this room, each below that of its programme."""

from django.urls import path

from grants.programmes import views

app_name = "programmes"
urlpatterns = [
    path("<str:code>/asked/", views.AskedView.as_view(), name="asked"),
    path("<str:code>/asked/<int:pk>/", views.SetView.as_view(), name="set"),
    path("<str:code>/asked/<int:pk>/new/", views.SectionView.as_view(), name="new-section"),
    path("<str:code>/asked/<int:pk>/<int:section>/", views.SectionView.as_view(), name="section"),
    path("<str:code>/indicators/", views.IndicatorsView.as_view(), name="indicators"),
    path("<str:code>/indicators/new/", views.IndicatorView.as_view(), name="new-indicator"),
    path("<str:code>/indicators/<int:pk>/", views.IndicatorView.as_view(), name="indicator"),
]
