"""One's own account, and everything that one was told."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from grants.lifecycle.models import Notice
from grants.people import services
from grants.people.forms import AccountForm
from grants.people.sections import sections_for

ON_A_PAGE = 25


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of one's own account."""
    return [("Home", reverse("home")), ("Your account", reverse("people:account") if more else ""), *more]


class AccountView(LoginRequiredMixin, View):
    """Who one is here, how mail is sent, and the private address of one's calendar."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the account."""
        user: Any = request.user
        return self._page(request, AccountForm({name: getattr(user, name) for name in AccountForm.base_fields}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the details, or make or remove the calendar's address."""
        user: Any = request.user
        what = request.POST.get("what", "")
        if what == "details":
            form = AccountForm(request.POST)
            if not form.is_valid():
                return self._page(request, form, status=422)
            services.change_own_account(user, **form.cleaned_data)
            messages.success(request, "Your account is saved.")
        elif what == "new-feed":
            services.new_feed_key(user)
            messages.success(request, "The address of your calendar is made. Paste it into your own calendar.")
        elif what == "drop-feed":
            services.drop_feed_key(user)
            messages.success(request, "The address of your calendar is removed.")
        else:
            raise Http404
        return redirect("people:account")

    @staticmethod
    def _page(request: HttpRequest, form: AccountForm, *, status: int = 200) -> HttpResponse:
        user: Any = request.user
        context = {
            "title": "Your account",
            "under": user.email,
            "trail": trail(),
            "form": form,
            "roles": user.live_memberships,
            "sections": sections_for("people:account", request),
        }
        return render(request, "people/account.html", context, status=status)


class NoticesView(LoginRequiredMixin, View):
    """What Exemplar told the person, on pages and by mail."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the messages, newest first."""
        notices = Notice.objects.visible_to(request.user)
        context = {
            "title": "What Exemplar told you",
            "trail": trail(("Messages", "")),
            "page": Paginator(notices, ON_A_PAGE).get_page(request.GET.get("page")),
        }
        return render(request, "people/notices.html", context)
