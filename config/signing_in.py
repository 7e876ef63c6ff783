"""What becomes of a request whose session has ended."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django_htmx.http import HttpResponseClientRedirect

NOT_SAVED = (
    "What you sent was not saved: you were signed out. Sign in, then go back in your browser until you see it again, and "
    "send it once more."
)


class SignInAgain:
    """Leads to the page for signing in: the whole window, where a piece of a page was asked for; with a word, where
    something was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        where = response.headers.get("Location", "")
        if response.status_code != 302 or not where.startswith(f"{resolve_url(settings.LOGIN_URL)}?"):
            return response
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(where)
        if request.method == "POST":
            messages.warning(request, NOT_SAVED)
        return response


def for_administration(request: HttpRequest) -> HttpResponse:
    """Where Django's administration sends whom it does not let in: to the one sign-in, or to nothing else but a refusal."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("The administration is for administrators.")
    query = request.META.get("QUERY_STRING", "")
    return redirect(resolve_url(settings.LOGIN_URL) + (f"?{query}" if query else ""))
