"""What no request may bring, and the content security policy, which Django 5.2 does not have built in."""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

# Only our own files: no inline script, no eval (htmx: `allowEval: false`, `includeIndicatorStyles: false`). Style
# attributes are let through, since the width of a bar is data; style elements are not.
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; style-src-attr 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


ADMINISTRATION = "/administration/"


class OnlyUtf8:
    """Refuses a request that says that it is written in anything but UTF-8, with 400 and the usual page.

    Browsers send nothing else. UTF-7 and its like bring in half characters, which neither the database nor a page can hold.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_utf8((request.content_params or {}).get("charset", "utf-8")):
            raise BadRequest("A request is written in UTF-8")
        return self.get_response(request)


def _is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name == "utf-8"
    except (LookupError, ValueError):
        return False


class ContentSecurityPolicy:
    """Adds the policy to every answer that has not set a stricter one of its own, as downloads do. Refuses a NUL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ADMINISTRATION) and "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("An address has no NUL in it")  # Django's admin would hand it to the database
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
