"""A form that saves itself as one types: what its view answers. The browser's side is static/autosave.js.

The script posts the form to the page's own address with the header `Autosave`, which names the person that the page was made
for, and gets a small piece in place of a page. A view says at each of its ends which:

    if not form.is_valid():
        return autosave.not_yet(request, form) if autosave.asked(request) else page(request, form, status=422)
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm, BoundField, CheckboxInput, Textarea
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from grants import clock
from grants.differences import Piece, compare
from grants.faults import faults_of

HEADER = "Autosave"

View = Callable[..., HttpResponseBase]


def asked(request: HttpRequest) -> bool:
    """Whether the script saves, and not a person who pressed a button."""
    return HEADER in request.headers


def page(view: View) -> View:
    """Outermost around a view whose form saves itself: nothing is saved in the name of somebody else than who typed it, a
    session that ended is told, and a browser that goes back fetches what is stored now.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if asked(request) and request.headers[HEADER] != str(request.user.pk):
            sign_in = redirect_to_login(request.get_full_path()).url
            return _piece(request, "signed_out", status=401, sign_in=sign_in)
        return view(request, *args, **kwargs)

    return never_cache(answered)


def forgets(view: View) -> View:
    """Around signing out: the browser forgets what it kept of unsaved texts, since others may use it next."""

    @wraps(view)
    def forgotten(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response.headers["Clear-Site-Data"] = '"storage"'
        return response

    return forgotten


def saved(request: HttpRequest, mark: str, also: str = "", **context: Any) -> HttpResponse:
    """It is stored; `mark` is what the page knows from now on. `also` is a template whose elements take the place of those
    of the same id on the page (hx-swap-oob), for what follows from the text, such as what is still missing.
    """
    given: dict[str, Any] = {"mark": mark, "saved_at": clock.now(), "saved_by": request.user, "also": also}
    return _piece(request, "saved", **given, **context)


def not_yet(request: HttpRequest, *forms: BaseForm) -> HttpResponse:
    """Something cannot be stored as it is typed, perhaps because it is half typed: a calm word, and no error."""
    return _piece(request, "not_yet", faults=faults_of(*forms))


def refused(request: HttpRequest, sentences: Sequence[str], *, status: int) -> HttpResponse:
    """It cannot be stored now, or not by this person."""
    return _piece(request, "refused", status=status, sentences=sentences)


def stale(
    request: HttpRequest, sentences: Sequence[str], *, mark: str, typed: Sequence[BaseForm], stored: Sequence[BaseForm]
) -> HttpResponse:
    """Somebody else stored something meanwhile: both are shown, and the person chooses. `typed` are the valid forms as they
    were sent, `stored` the same forms as they are stored now. Where they say the same, it is saved.
    """
    differences = differences_of(typed, stored)
    if not differences:
        return saved(request, mark)
    context = {
        "mark": mark,
        "texts": [one for one in differences if one.is_text],
        "values": [one for one in differences if not one.is_text],
        "stored": json.dumps(_values(stored)),
    }
    return _piece(request, "stale", status=409, sentences=sentences, **context)


def _piece(request: HttpRequest, kind: str, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, "shared/autosaved.html", context | {"kind": kind}, status=status)
    response.headers[HEADER] = kind
    return response


# ---- Both texts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A field that is typed in one way and stored in another."""

    label: str
    typed: str
    stored: str
    is_text: bool

    @property
    def paragraphs(self) -> list[list[Piece]]:
        """The stored text, with what is only in it and what is only in the typed one."""
        return compare(self.typed, self.stored)


def differences_of(typed: Sequence[BaseForm], stored: Sequence[BaseForm]) -> list[Difference]:
    """Every field whose typed value is not the one that is stored, in the order of the page."""
    found = []
    for given, kept in zip(typed, stored, strict=True):
        for field in given.visible_fields():
            if _same(given.cleaned_data.get(field.name), kept[field.name].initial):
                continue
            is_text = isinstance(field.field.widget, Textarea)
            found.append(Difference(str(field.label), _shown(field), _shown(kept[field.name]), is_text))
    return found


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same; nothing typed is nothing stored, but zero is not nothing."""
    one, other = (None if value == "" else value for value in (one, other))
    return bool(one == other)


def _shown(field: BoundField) -> str:
    """A field's value in words, as its page shows it."""
    value = field.value()
    words = {str(key): str(label) for key, label in getattr(field.field, "choices", [])}
    return words.get(str(value), "" if value is None else str(value))


def _values(forms: Sequence[BaseForm]) -> list[tuple[str, str]]:
    """What the fields hold as their page would send it, name by name."""
    pairs = []
    for field in (field for form in forms for field in form):
        widget, value = field.field.widget, field.value()
        if isinstance(widget, CheckboxInput):
            shown: Any = ["on"] if widget.check_test(value) else []
        else:
            shown = widget.format_value(value)
        pairs += [(field.html_name, one or "") for one in (shown if isinstance(shown, list) else [shown])]
    return pairs
