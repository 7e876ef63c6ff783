"""People and their roles, for administrators."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from grants.formats import local_today, plural
from grants.lifecycle.door import NotYou, Refused
from grants.lifecycle.machine import key_of
from grants.lifecycle.models import HistoryEntry
from grants.people import permissions, services
from grants.people.forms import (
    DetailsForm,
    EndRoleForm,
    NewPersonForm,
    ReasonForm,
    RoleForm,
)
from grants.people.models import Membership, User

LINES_OF_HISTORY = 50


class AdministratorView(LoginRequiredMixin, View):
    """A page for administrators of a managing body."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Everybody else is told who does this."""
        if request.user.is_authenticated and not permissions.administrator(request.user):
            raise PermissionDenied(permissions.administrator.__doc__)
        return super().dispatch(request, *args, **kwargs)


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this room."""
    return [("Home", reverse("home")), ("People", reverse("people:people") if more else ""), *more]


class NewPersonView(AdministratorView):
    """Somebody new, with a first role."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self._page(request, NewPersonForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add the person, and make the link to set a password."""
        form = NewPersonForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            person = services.add_person(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            make_link(request, person)
        except Refused as refusal:
            status = 403 if isinstance(refusal, NotYou) else 409
            return self._page(request, form, status=status, refusals=refusal.sentences)
        messages.success(request, f"{person} was added.")
        return redirect("people:person", person.pk)

    @staticmethod
    def _page(
        request: HttpRequest, form: NewPersonForm, *, status: int = 200, refusals: list[str] | None = None
    ) -> HttpResponse:
        context = {"title": "Add a person", "trail": trail(("Add", "")), "form": form, "refusals": refusals or []}
        return render(request, "people/new.html", context, status=status)


class PersonView(AdministratorView):
    """One person: details, roles with their dates, account, history. Each form posts with the word of what it does."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the person."""
        return self._page(request, get_object_or_404(User, pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the form asks: details, role, close, open or link."""
        person = get_object_or_404(User, pk=pk)
        what = request.POST.get("what", "")
        form = self._form(what, person, request.POST)
        if form is not None and not form.is_valid():
            return self._page(request, person, {what: form}, status=422)
        try:
            said = self._do(request, what, person, form.cleaned_data if form is not None else {})
        except Refused as refusal:
            status = 403 if isinstance(refusal, NotYou) else 409
            return self._page(request, person, {what: form}, status=status, refusals=refusal.sentences)
        messages.success(request, said)
        return redirect("people:person", pk)

    @staticmethod
    def _form(what: str, person: User, data: Any = None) -> Any:
        """The form behind a word; None for what asks nothing."""
        made: dict[str, Callable[[], Any]] = {
            "details": lambda: DetailsForm(
                data,
                person=person,
                initial={"name": person.name, "email": person.email, "telephone": person.telephone},
                auto_id="details-%s",
            ),
            "role": lambda: RoleForm(data, auto_id="role-%s"),
            "close": lambda: ReasonForm(data, auto_id="close-%s"),
        }
        return made[what]() if what in made else None

    @staticmethod
    def _do(request: HttpRequest, what: str, person: User, values: dict[str, Any]) -> str:
        """Call the service behind a word, and say what was done."""
        by: Any = request.user
        if what == "details":
            services.change_details(person.pk, by=by, **values)
            return "The details are saved."
        if what == "role":
            services.give_role(person.pk, by=by, **values)
            return "The role is given."
        if what == "close":
            services.close_account(person.pk, by=by, **values)
            return f"The account of {person} is closed."
        if what == "open":
            services.open_account(person.pk, by=by)
            return f"The account of {person} is open again."
        if what == "link":
            make_link(request, person)
            return "The link is made."
        raise Http404

    def _page(
        self,
        request: HttpRequest,
        person: User,
        refused: dict[str, Any] | None = None,
        *,
        status: int = 200,
        refusals: list[str] | None = None,
    ) -> HttpResponse:
        own = person.pk == request.user.pk
        looks_after = permissions.looks_after(person, request.user)
        given = {what: form for what, form in (refused or {}).items() if form is not None}
        history = HistoryEntry.objects.filter(root=key_of(User, person.pk))[:LINES_OF_HISTORY]
        context = {
            "title": person.name,
            "under": person.email,
            "trail": trail((person.name, "")),
            "person": person,
            "memberships": self._memberships(request, person),
            "details": given.get("details") or self._form("details", person) if looks_after else None,
            "role": None if own else given.get("role") or self._form("role", person),
            "close": given.get("close") or self._form("close", person),
            "looks_after": looks_after and not own,
            "link": request.session.pop(f"password-link-{person.pk}", ""),
            "link_days": plural(settings.PASSWORD_RESET_TIMEOUT // 86400, "day"),
            "history": [
                {"at": line.at, "who": line.actor, "sentence": line.sentence, "reason": line.reason} for line in history
            ],
            "form": next(iter(given.values()), None),
            "refusals": refusals or [],
        }
        return render(request, "people/person.html", context, status=status)

    @staticmethod
    def _memberships(request: HttpRequest, person: User) -> list[tuple[Membership, str, bool]]:
        """Each role with the word of its state, and whether this administrator may end it."""
        today = local_today()
        rows = []
        for held in person.memberships.select_related("organisation").order_by("-starts", "pk"):
            over = held.ends is not None and held.ends < today
            state = "ended" if over else "not_begun" if held.starts > today else "active"
            rows.append((held, state, not over and permissions.gives_roles_in(held.organisation, request.user)))
        return rows


class EndRoleView(AdministratorView):
    """The end of a role, confirmed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the last day."""
        membership = self._membership(pk)
        return self._page(request, membership, EndRoleForm(membership=membership))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it."""
        membership = self._membership(pk)
        form = EndRoleForm(request.POST, membership=membership)
        if not form.is_valid():
            return self._page(request, membership, form, status=422)
        last_day = form.cleaned_data.get("last_day") or local_today()
        try:
            services.end_role(pk, by=request.user, last_day=last_day)  # type: ignore[arg-type]
        except Refused as refusal:
            status = 403 if isinstance(refusal, NotYou) else 409
            return self._page(request, membership, form, status=status, refusals=refusal.sentences)
        messages.success(request, "The role is ended.")
        return redirect("people:person", membership.person_id)

    @staticmethod
    def _membership(pk: int) -> Membership:
        return get_object_or_404(Membership.objects.select_related("person", "organisation"), pk=pk)

    @staticmethod
    def _page(
        request: HttpRequest,
        membership: Membership,
        form: EndRoleForm,
        *,
        status: int = 200,
        refusals: list[str] | None = None,
    ) -> HttpResponse:
        person = membership.person
        context = {
            "title": "End a role",
            "under": f"{person}: {membership}",
            "trail": trail((person.name, reverse("people:person", args=[person.pk])), ("End a role", "")),
            "membership": membership,
            "form": form,
            "begun": membership.starts <= local_today(),
            "back": reverse("people:person", args=[person.pk]),
            "refusals": refusals or [],
        }
        return render(request, "people/end_role.html", context, status=status)


def make_link(request: HttpRequest, person: User) -> None:
    """Make a link to set a password, and keep it for the next page, which shows it once."""
    path = services.password_link(person.pk, by=request.user)  # type: ignore[arg-type]
    request.session[f"password-link-{person.pk}"] = request.build_absolute_uri(path)
