"""Pages of people: their own account, sign-in and passwords; and people and roles for administrators."""

from grants.people.views.account import AccountView, NoticesView
from grants.people.views.administration import EndRoleView, NewPersonView, PersonView
from grants.people.views.listing import PeopleView
from grants.people.views.passwords import ChangePasswordView, ForgotPasswordView, SetPasswordView, SignInView

__all__ = [
    "AccountView",
    "ChangePasswordView",
    "EndRoleView",
    "ForgotPasswordView",
    "NewPersonView",
    "NoticesView",
    "PeopleView",
    "PersonView",
    "SetPasswordView",
    "SignInView",
]
