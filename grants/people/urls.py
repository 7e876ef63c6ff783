"""Sign-in and sign-out; one's own account; people and roles."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from grants import autosave
from grants.people import views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-out/", autosave.forgets(LogoutView.as_view()), name="sign-out"),
    path("forgot-password/", views.ForgotPasswordView.as_view(), name="forgot-password"),
    path("set-password/<uidb64>/<token>/", views.SetPasswordView.as_view(), name="set-password"),
    path("account/", views.AccountView.as_view(), name="account"),
    path("account/password/", views.ChangePasswordView.as_view(), name="change-password"),
    path("account/messages/", views.NoticesView.as_view(), name="notices"),
    path("", views.PeopleView.as_view(), name="people"),
    path("new/", views.NewPersonView.as_view(), name="new"),
    path("<int:pk>/", views.PersonView.as_view(), name="person"),
    path("roles/<int:pk>/end/", views.EndRoleView.as_view(), name="end-role"),
]
