"""What the pages of this room share: the programme, who may come, the way back, and how a refusal is said."""

from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views import View

from grants.lifecycle.door import NotYou, Refused
from grants.people.models import Role
from grants.programmes import permissions
from grants.programmes.models import Programme, Strand


class SetUpView(LoginRequiredMixin, View):
    """A page below a programme, for whoever administers it or a strand of it."""

    programme: Programme
    template_name: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Everybody else is told who does this."""
        if request.user.is_authenticated:
            code = kwargs["code"]
            if not code.isprintable():  # a NUL in an address would be an error of the database
                raise Http404
            self.programme = get_object_or_404(Programme.objects.select_related("managing_body"), code__iexact=code)
            if not self.may_come():
                raise PermissionDenied(permissions.administrator.__doc__)
        return super().dispatch(request, *args, **kwargs)

    def may_come(self) -> bool:
        """Whether the person administers the programme or a strand of it."""
        return permissions.administrator(self.programme, self.request.user) or bool(self.strands())

    def strands(self) -> list[Strand]:
        """The strands that the person administers."""
        user: Any = self.request.user
        strands = self.programme.strands.select_related("managing_body")
        if user.is_superuser:
            return list(strands)
        return list(strands.filter(managing_body__in=user.organisations_as(Role.ADMINISTRATOR)))

    def trail(self, *more: tuple[str, str]) -> list[tuple[str, str]]:
        """Home, the programme, and on from there."""
        return [
            ("Home", reverse("home")),
            (self.programme.code, reverse("programme", args=[self.programme.code])),
            *more,
        ]

    def url(self, name: str, *args: Any) -> str:
        """An address below the programme."""
        return reverse(f"programmes:{name}", args=[self.programme.code, *args])

    def page(self, refusal: Refused | None = None, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page; with the sentences of a refusal where there is one."""
        if refusal is not None:
            status = 403 if isinstance(refusal, NotYou) else 409
        context |= {"programme": self.programme, "refusals": refusal.sentences if refusal else []}
        return render(self.request, self.template_name, context, status=status)
