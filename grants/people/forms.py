"""What is typed about people and their roles."""

from typing import Any, cast

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest

from grants.formats import local_today
from grants.forms import DayField, PlainForm
from grants.people import brake
from grants.people.models import GRANTEE_ROLES, MANAGING_ROLES, Mail, Membership, Organisation, Role, User
from grants.people.services import fits

ROLE_GROUPS = [
    ("Of whoever receives or takes part", [(role.value, role.label) for role in GRANTEE_ROLES]),
    ("Of a managing body", [(role.value, role.label) for role in MANAGING_ROLES]),
    ("Of a funder", [(Role.VIEWER.value, Role.VIEWER.label)]),
]


class SignInForm(PlainForm, AuthenticationForm):
    """E-mail address and password; after some wrong ones, a pause."""

    def clean(self) -> dict[str, Any]:
        """Look whether there are tries left before the password is looked at."""
        email, request = self.cleaned_data.get("username") or "", cast("HttpRequest", self.request)
        if refusal := brake.hold_back("sign-in", request, email):
            raise forms.ValidationError(refusal)
        cleaned: dict[str, Any] = super().clean()
        if self.user_cache is not None:
            brake.release("sign-in", request, email)
        return cleaned


class ForgotPasswordForm(PlainForm, forms.Form):
    """The address to which a link to set a password is sent, if it is somebody's."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_email(self) -> str:
        """Nobody's letter box is filled."""
        email: str = self.cleaned_data["email"]
        if refusal := brake.hold_back("link", self.request, email):
            raise forms.ValidationError(refusal)
        return email


class NewPasswordForm(PlainForm, SetPasswordForm):
    """A password that the person chooses, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        again = self.fields["new_password2"]
        again.label, again.help_text = "The same password again", ""


class ChangePasswordForm(NewPasswordForm, PasswordChangeForm):
    """The old password, and a new one twice."""

    field_order = ["old_password", "new_password1", "new_password2"]


class AccountForm(PlainForm, forms.Form):
    """What people change about themselves."""

    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    telephone = forms.CharField(
        max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    mail = forms.ChoiceField(
        label="Mail about your messages",
        choices=[
            (Mail.AT_ONCE.value, "As it happens: at most one message in ten minutes"),
            (Mail.DAILY.value, "Once a day, at half past seven in the morning, if there is anything"),
            (Mail.NONE.value, "None: you look here yourself"),
        ],
        widget=forms.RadioSelect,
        help_text="Links to set a password are always sent",
    )


class DetailsForm(PlainForm, forms.Form):
    """Who somebody is."""

    name = forms.CharField(max_length=200)
    email = forms.EmailField(label="E-mail address", help_text="The person signs in with it", max_length=254)
    telephone = forms.CharField(max_length=40, required=False)

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        """Nobody else's, whatever the case."""
        email: str = self.cleaned_data["email"]
        others = User.objects.exclude(pk=self.person.pk) if self.person else User.objects.all()
        if others.filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody with this e-mail address has an account already")
        return email


class RoleForm(PlainForm, forms.Form):
    """A role in an organisation, from a day on."""

    organisation = forms.ModelChoiceField(Organisation.objects.all(), empty_label="Choose an organisation")
    role = forms.ChoiceField(choices=[("", "Choose a role"), *ROLE_GROUPS])
    starts = DayField(label="From", initial=local_today)

    def clean(self) -> dict[str, Any]:
        """The role exists in an organisation of that kind."""
        cleaned = super().clean() or self.cleaned_data
        organisation, role = cleaned.get("organisation"), cleaned.get("role")
        if organisation and role and not fits(role, organisation):
            kind = organisation.get_kind_display().lower()
            self.add_error("role", f"This role does not exist in a {kind}. Choose another role or organisation")
        return cleaned


class NewPersonForm(RoleForm, DetailsForm):
    """Somebody new, with a first role."""

    field_order = ["name", "email", "telephone", "organisation", "role", "starts"]


class EndRoleForm(PlainForm, forms.Form):
    """The last day of a role."""

    last_day = DayField(label="Last day", help_text="The role counts on this day, and no longer", initial=local_today)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if membership.starts > local_today():
            del self.fields["last_day"]


class ReasonForm(PlainForm, forms.Form):
    """Why an account is closed."""

    reason = forms.CharField(label="Reason", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
