"""Pages of what is agreed: one action, and the conflicts of interest of an award."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from grants.awards import permissions, services
from grants.awards.forms import ConflictForm, DoneForm
from grants.awards.models import Action, Award
from grants.awards.views.lookup import award_or_404
from grants.awards.views.watching import watched_or_404, way_to
from grants.lifecycle.door import NotYou, Refused


class ActionView(LoginRequiredMixin, View):
    """One action: what was agreed, and the form by which it is marked as done."""

    def get(self, request: HttpRequest, reference: str, number: int) -> HttpResponse:
        """Show the action."""
        return self._page(request, self._action(request, reference, number))

    def post(self, request: HttpRequest, reference: str, number: int) -> HttpResponse:
        """Mark it as done."""
        action, form = self._action(request, reference, number), DoneForm(request.POST)
        if not form.is_valid():
            return self._page(request, action, form, status=422)
        try:
            services.mark_action_done(action.pk, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            status = 403 if isinstance(refusal, NotYou) else 409
            action = self._action(request, reference, number)
            return self._page(request, action, form, refusals=refusal.sentences, status=status)
        messages.success(request, "The action is done.")
        return redirect(action)

    @staticmethod
    def _action(request: HttpRequest, reference: str, number: int) -> Action:
        award = award_or_404(request, reference)
        seen = Action.objects.visible_to(request.user).filter(award=award)  # type: ignore[arg-type]
        action = get_object_or_404(seen.select_related("owner", "raised_by", "done_by"), pk=number)
        action.award = award
        return action

    @staticmethod
    def _page(
        request: HttpRequest,
        action: Action,
        form: DoneForm | None = None,
        *,
        refusals: list[str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        user: Any = request.user
        can = action.done_at is None and services.can_do(action, user)
        context = {
            "title": "Action",
            "under": f"{action.award.reference}, {action.award.title or action.award.recipient}",
            "trail": way_to(action.award, "Action"),
            "award": action.award,
            "action": action,
            "form": form or DoneForm(),
            "can": can or bool(refusals),
            "refusals": refusals or [],
        }
        return render(request, "awards/action.html", context, status=status)


class ConflictView(LoginRequiredMixin, View):
    """The conflicts of interest that people of the managing body declared, and the form for one's own."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show what was declared."""
        return self._page(request, watched_or_404(request, reference), ConflictForm())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Declare a conflict, or withdraw the one that is declared: as the button said that was pressed."""
        award, form = watched_or_404(request, reference), ConflictForm(request.POST)
        if not form.is_valid():
            return self._page(request, award, form, status=422)
        withdraws = request.POST.get("then") == "withdraw"
        take = services.withdraw_conflict if withdraws else services.declare_conflict
        try:
            take(award.pk, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            return self._page(request, award, form, refusals=refusal.sentences, status=409)
        said = "The conflict is withdrawn: you can review and decide again."
        messages.success(request, said if withdraws else "It is declared: others review and decide here.")
        return redirect("awards:conflict", award.reference)

    @staticmethod
    def _page(
        request: HttpRequest, award: Award, form: Form, *, refusals: list[str] | None = None, status: int = 200
    ) -> HttpResponse:
        user: Any = request.user
        context = {
            "title": "Conflicts of interest",
            "under": f"{award.reference}, {award.title or award.recipient}",
            "trail": way_to(award, "Conflicts of interest"),
            "award": award,
            "form": form,
            "declared": permissions.has_conflict(award, user),
            "conflicts": award.conflicts.select_related("person"),
            "refusals": refusals or [],
        }
        return render(request, "awards/conflict.html", context, status=status)
