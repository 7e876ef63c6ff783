"""The plan of an offer, written by the managing body while the application is in review."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from grants.awards import permissions, services
from grants.awards.forms import PlanForms
from grants.awards.models import Award
from grants.awards.views.lookup import award_or_404
from grants.lifecycle.door import NotYou, Refused, Stale
from grants.lifecycle.steps import revision_sent


class PlanView(LoginRequiredMixin, View):
    """Amount, dates, milestones, payments, targets and budget lines, all on one page."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show the plan, or a usual one to begin with."""
        award = self._award(request, reference)
        if award.state != Award.State.IN_REVIEW:
            messages.warning(request, "The plan is set while the application is in review.")
            return redirect(award.get_absolute_url())
        return self._page(request, award, PlanForms(award, request.user))  # type: ignore[arg-type]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Save the plan in place of the one before."""
        award = self._award(request, reference)
        plan_forms = PlanForms(award, request.user, request.POST)  # type: ignore[arg-type]
        if not plan_forms.is_valid():
            return self._page(request, award, plan_forms, status=422)
        try:
            award = services.save_plan(
                award.pk,
                by=request.user,  # type: ignore[arg-type]
                seen=revision_sent(request.POST),
                plan=plan_forms.plan(),
            )
        except Refused as refusal:
            award = self._award(request, reference)
            status = 403 if isinstance(refusal, NotYou) else 409
            return self._page(request, award, plan_forms, status=status, refusal=refusal)
        if "offer" in request.POST:
            return redirect("awards:step", award.reference, "offer")
        missing = award.missing_from_offer()
        if missing:
            messages.warning(request, f"The plan is saved. Before the award can be offered: {'; '.join(missing)}.")
        else:
            messages.success(request, "The plan is saved. The award can be offered.")
        return redirect("awards:plan", award.reference)

    @staticmethod
    def _award(request: HttpRequest, reference: str) -> Award:
        award = award_or_404(request, reference)
        if not permissions.reviewer_or_approver(award, request.user):  # type: ignore[arg-type]
            raise PermissionDenied(permissions.reviewer_or_approver.__doc__)
        return award

    @staticmethod
    def _page(
        request: HttpRequest,
        award: Award,
        plan_forms: PlanForms,
        *,
        status: int = 200,
        refusal: Refused | None = None,
    ) -> HttpResponse:
        """What was typed keeps the revision that its author saw: from an old page nothing can be saved, however often."""
        url = reverse("awards:plan", args=[award.reference])
        context: dict[str, Any] = {
            "title": "Plan of the offer",
            "under": f"{award.reference}, {award.recipient}: {award.title}",
            "trail": [("Home", reverse("home")), (award.reference, award.get_absolute_url()), ("Plan", "")],
            "award": award,
            "forms": plan_forms,
            "form": plan_forms.terms,
            "sums": plan_forms.sums(),
            "offers": permissions.approver(award, request.user),  # type: ignore[arg-type]
            "seen": request.POST.get("seen", "") if request.method == "POST" else str(award.revision),
            "refusals": refusal.sentences if refusal else [],
            "stored_url": url if isinstance(refusal, Stale) else "",
        }
        return render(request, "awards/plan.html", context, status=status)
