"""A later due date, as both sides read it, and as the managing body decides it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from grants.awards import permissions, services
from grants.awards.forms import DecideExtensionForm
from grants.awards.models import Award, Extension
from grants.awards.models.extensions import DECIDED_WHILE
from grants.awards.services.extensions import OWN, SETTLED
from grants.awards.views.lookup import award_or_404
from grants.awards.views.watching import way_to
from grants.formats import date_words
from grants.lifecycle.door import NotYou, Refused


class ExtensionView(LoginRequiredMixin, View):
    """What was asked, by whom and why; a button to grant it and one to refuse it, while nobody has decided."""

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        """Show it."""
        award = award_or_404(request, reference)
        return self._page(request, award, self._extension(request, award, pk), DecideExtensionForm())

    def post(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        """Decide it: "grant" or "refuse"."""
        award = award_or_404(request, reference)
        extension = self._extension(request, award, pk)
        if not permissions.reviewer_or_approver(award, request.user):  # type: ignore[arg-type]
            raise PermissionDenied(permissions.reviewer_or_approver.__doc__)
        form = DecideExtensionForm(request.POST)
        if not form.is_valid():
            return self._page(request, award, extension, form, status=422)
        granted, answer = "grant" in request.POST, form.cleaned_data["answer"]
        if granted == ("refuse" in request.POST):
            form.add_error(None, "Press “Grant” or “Refuse”: nothing was decided yet")
            return self._page(request, award, extension, form, status=422)
        try:
            services.decide_extension(pk, by=request.user, granted=granted, answer=answer)  # type: ignore[arg-type]
        except Refused as refusal:
            status = 403 if isinstance(refusal, NotYou) else 409
            extension = self._extension(request, award, pk)
            return self._page(request, award, extension, form, refusals=refusal.sentences, status=status)
        until = date_words(extension.until)
        messages.success(request, f"Granted: it is due on {until}." if granted else "Refused. The due date stays.")
        return redirect(award)

    @staticmethod
    def _extension(request: HttpRequest, award: Award, pk: int) -> Extension:
        found = Extension.objects.visible_to(request.user).filter(milestone__award=award)  # type: ignore[arg-type]
        return get_object_or_404(found.select_related("milestone", "asked_by", "decided_by"), pk=pk)

    @staticmethod
    def _page(
        request: HttpRequest,
        award: Award,
        extension: Extension,
        form: DecideExtensionForm,
        *,
        refusals: list[str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        title = f"A later due date for {extension.milestone.name}"
        decides = extension.is_open and permissions.reviewer_or_approver(award, request.user)  # type: ignore[arg-type]
        hindrance = hindrance_of(award, extension, request.user) if decides else ""
        context = {
            "title": title,
            "under": f"{award.reference}, {award.title or award.recipient}",
            "trail": way_to(award, title),
            "award": award,
            "extension": extension,
            "form": form,
            "decides": decides and not hindrance,
            "hindrance": hindrance,
            "refusals": refusals or [],
        }
        return render(request, "awards/extension.html", context, status=status)


def hindrance_of(award: Award, extension: Extension, user: Any) -> str:
    """Why somebody who decides such things does not decide this one now; empty where they can."""
    if extension.milestone.settled_at is not None:
        return SETTLED
    if award.state not in DECIDED_WHILE:
        return f"The award is {award.get_state_display().lower()}, so this is not decided now."
    return OWN if extension.asked_by_id == user.pk else ""
