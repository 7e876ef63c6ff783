"""Sign-in and sign-out; people and roles."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from grants.people import views
from grants.people.forms import SignInForm

app_name = "people"
urlpatterns = [
    path(
        "sign-in/",
        LoginView.as_view(
            template_name="people/sign_in.html", authentication_form=SignInForm, redirect_authenticated_user=True
        ),
        name="sign-in",
    ),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("set-password/<uidb64>/<token>/", views.SetPasswordView.as_view(), name="set-password"),
    path("", views.PeopleView.as_view(), name="people"),
    path("new/", views.NewPersonView.as_view(), name="new"),
    path("<int:pk>/", views.PersonView.as_view(), name="person"),
    path("roles/<int:pk>/end/", views.EndRoleView.as_view(), name="end-role"),
]
