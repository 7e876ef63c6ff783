"""Sign-in, and the ways to a password."""

from django.contrib import messages
from django.contrib.auth.views import LoginView, PasswordChangeView, PasswordResetConfirmView
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.generic import FormView

from grants.people import services
from grants.people.forms import ChangePasswordForm, ForgotPasswordForm, NewPasswordForm, SignInForm
from grants.people.views.account import trail


class SignInView(LoginView):
    """Sign-in by e-mail address and password."""

    authentication_form = SignInForm
    template_name = "people/sign_in.html"
    redirect_authenticated_user = True


class ForgotPasswordView(FormView):
    """Somebody asks for a link to set a password. The answer is the same whether the address is known or not."""

    form_class = ForgotPasswordForm
    template_name = "people/forgot_password.html"

    def get_form_kwargs(self) -> dict[str, object]:
        """The form counts tries by where they come from."""
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: ForgotPasswordForm) -> HttpResponse:
        """Have the link sent, and say where it will be."""
        email = form.cleaned_data["email"]
        if not services.ask_for_password_link(email):
            form.add_error(None, "No mail can be sent at the moment. Try again in some minutes")
            return self.render_to_response(self.get_context_data(form=form), status=503)
        messages.success(
            self.request,
            f"If {email} belongs to an account, a message with a link is on its way. Nothing after five minutes? Look among "
            "unwanted mail, then ask your award manager or your administrator.",
        )
        return redirect("people:sign-in")

    def form_invalid(self, form: ForgotPasswordForm) -> HttpResponse:
        """Keep what was typed."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SetPasswordView(SuccessMessageMixin, PasswordResetConfirmView):
    """The page behind a link: somebody sets a password, once."""

    form_class = NewPasswordForm
    template_name = "people/set_password.html"
    success_url = reverse_lazy("people:sign-in")
    success_message = "Your password is set. Sign in with it."
    title = "Set your password"


class ChangePasswordView(SuccessMessageMixin, PasswordChangeView):
    """A new password for somebody who is signed in and knows the old one."""

    form_class = ChangePasswordForm
    template_name = "people/change_password.html"
    success_url = reverse_lazy("people:account")
    success_message = "Your password is changed. Other devices are signed out."
    title = "Change your password"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The way here."""
        return super().get_context_data(trail=trail(("Password", "")), **kwargs)
