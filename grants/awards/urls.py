"""Addresses of this room: calls under their own word, so that no reference of an award can hide them."""

from django.urls import path

from grants.awards import views

app_name = "awards"
urlpatterns = [
    path("calls/", views.CallsView.as_view(), name="calls"),
    path("awards/<str:reference>/application/", views.ApplicationView.as_view(), name="application"),
    path("awards/<str:reference>/plan/", views.PlanView.as_view(), name="plan"),
    path("awards/<str:reference>/manager/", views.ManagersView.as_view(), name="managers"),
    path("awards/<str:reference>/notes/", views.NotesView.as_view(), name="notes"),
    path("awards/<str:reference>/judgement/", views.JudgementView.as_view(), name="judge"),
    path("awards/<str:reference>/extensions/<int:pk>/", views.ExtensionView.as_view(), name="extension"),
    path("awards/<str:reference>/actions/<int:number>/", views.ActionView.as_view(), name="action"),
    path("awards/<str:reference>/conflict/", views.ConflictView.as_view(), name="conflict"),
    path("awards/<str:reference>/<slug:verb>/", views.AwardStepView.as_view(), name="step"),
]
