"""How a page of this room gets its award."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from grants.awards.models import Award


def award_or_404(request: HttpRequest, reference: str) -> Award:
    """The award of that reference, whatever its case, where the person may see it."""
    if not reference.isprintable():  # a NUL in an address would be an error of the database
        raise Http404
    visible = Award.objects.visible_to(request.user).named()  # type: ignore[arg-type]
    return get_object_or_404(visible.select_related("call", "manager", "cover"), reference__iexact=reference)
