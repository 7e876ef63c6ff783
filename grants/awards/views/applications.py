"""Open calls, and the application that answers one."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from grants import autosave, clock
from grants.awards import permissions, services
from grants.awards.forms import ApplicationForm, BeginForm
from grants.awards.models import Award
from grants.awards.views.lookup import award_or_404
from grants.awards.views.steps import STEPS, step_url
from grants.formats import date_words, days_left, local_today, moment_words, money, plural
from grants.lifecycle.door import NotYou, Refused, Stale
from grants.lifecycle.models import HistoryEntry
from grants.lifecycle.steps import revision_sent, steps_for
from grants.people.models import GRANTEE_ROLES, Community, Organisation, Role, User
from grants.programmes.models import Call, Strand

READ = {"place": "Place", "starts": "First day", "ends": "Last day", "amount_applied_for": "Amount asked for"}
WRITABLE = ("draft", "returned")


@dataclass
class CallShown:
    """A call as the page shows it to one person."""

    call: Call
    begun: list[Award]
    form: BeginForm | None
    only_applicant: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """When it closes, what it gives, what it belongs to."""
        closes = f"{moment_words(self.call.closes_at)}, {days_left(self.call.closes_at, local_today())}"
        rows = [{"term": "Closes", "value": closes}]
        if self.call.at_most is not None:
            rows.append({"term": "Gives", "value": f"At most {money(self.call.at_most, pence=False)}"})
        return [*rows, {"term": "Part of", "value": f"{self.call.strand}, {self.call.strand.programme}"}]


class CallsView(LoginRequiredMixin, View):
    """The calls that are open, and a way to begin an application."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin an application and open it."""
        number = request.POST.get("call", "")
        calls = Call.objects.select_related("strand__managing_body")
        call = get_object_or_404(calls, pk=int(number) if number.isdecimal() and len(number) < 10 else 0)
        form = self._form(call, self._applicants(request.user), request.POST)  # type: ignore[arg-type]
        if not form.is_valid():
            return self._page(request, refused=form, status=422)
        chosen = form.cleaned_data["applicant"]
        community = chosen if isinstance(chosen, Community) else None
        try:
            award = services.start_application(
                call,
                by=request.user,  # type: ignore[arg-type]
                organisation=community.lead if community else chosen,
                community=community,
            )
        except Refused as refusal:
            status = 403 if isinstance(refusal, NotYou) else 409
            return self._page(request, refusals=refusal.sentences, status=status)
        messages.success(
            request, f"The application {award.reference} is begun. You can save it at any time and go on later."
        )
        return redirect("awards:application", award.reference)

    def _page(
        self,
        request: HttpRequest,
        refused: BeginForm | None = None,
        refusals: list[str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        user: User = request.user  # type: ignore[assignment]
        calls = list(Call.objects.open_now().select_related("strand__programme", "strand__managing_body"))
        applicants = self._applicants(user)
        begun = defaultdict(list)
        own = Q(organisation__in=user.organisations_as(*GRANTEE_ROLES))
        for award in Award.objects.named().filter(own, call__in=calls).exclude(state=Award.State.WITHDRAWN):
            begun[award.call_id].append(award)
        shown = []
        for call in calls:
            form = self._form(call, applicants)
            if refused is not None and refused.auto_id == form.auto_id:
                form = refused
            names = [str(one) for one in form.applicants.values()]
            only = names[0] if len(names) == 1 else ""
            shown.append(CallShown(call, begun[call.pk], form if names else None, only))
        context = {
            "title": "Open calls",
            "trail": [("Home", reverse("home")), ("Open calls", "")],
            "calls": shown,
            "coming": Call.objects.filter(opens_at__gt=clock.now()).select_related("strand")[:20],
            "may_apply": bool(user.organisations_as(*GRANTEE_ROLES)),
            "form": refused,
            "refusals": refusals or [],
        }
        return render(request, "awards/calls.html", context, status=status)

    @staticmethod
    def _applicants(user: User) -> list[Organisation | Community]:
        """The bodies for which the person may apply to some call."""
        own = user.organisations_as(*GRANTEE_ROLES)
        held = {held.organisation_id: held.organisation for held in user.live_memberships}
        communities = Community.objects.filter(lead__in=own).select_related("lead")
        return [*sorted((held[pk] for pk in own), key=str), *communities]

    @staticmethod
    def _form(call: Call, applicants: list[Organisation | Community], data: Any = None) -> BeginForm:
        """The form of one call, with those who may answer it: a regional call is answered by communities alone."""
        regional = call.strand.kind == Strand.Kind.COMMUNITIES
        fitting = [
            one
            for one in applicants
            if isinstance(one, Community) == regional
            and (call.strand.kind != Strand.Kind.MANAGED or one.pk == call.strand.managing_body_id)
        ]
        return BeginForm(data, applicants=fitting, initial={"call": call.pk}, auto_id=f"call-{call.pk}-%s")


@method_decorator(autosave.page, name="dispatch")
class ApplicationView(LoginRequiredMixin, View):
    """The short application: written by the applicant, read by everybody who sees the award."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show it: to write, or to read."""
        award = award_or_404(request, reference)
        return self._page(request, award, ApplicationForm(initial=ApplicationForm.initial_of(award)))

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Save what was written so far, complete or not; pressed for, or by itself."""
        award = award_or_404(request, reference)
        form = ApplicationForm(request.POST)
        if not form.is_valid():
            if autosave.asked(request):
                return autosave.not_yet(request, form)
            return self._page(request, award, form, status=422, seen=request.POST.get("seen", ""))
        try:
            award = services.save_application(
                award.pk,
                by=request.user,  # type: ignore[arg-type]
                seen=revision_sent(request.POST),
                values=form.cleaned_data,
            )
        except Refused as refusal:
            return self._refused(request, award_or_404(request, reference), form, refusal)
        if autosave.asked(request):
            also = {"award": award, "missing": award.missing()}
            return autosave.saved(request, str(award.revision), "awards/saved.html", **also)
        if "sign" in request.POST:
            return redirect("awards:step", award.reference, "submit")
        missing = len(award.missing())
        rest = (
            f"{plural(missing, 'thing')} still to do before it can be signed."
            if missing
            else "It is ready to be signed."
        )
        messages.success(request, f"Saved. {rest}")
        return redirect("awards:application", award.reference)

    def _refused(self, request: HttpRequest, award: Award, form: ApplicationForm, refusal: Refused) -> HttpResponse:
        """Why it was not saved; where somebody else saved meanwhile, with what is stored now."""
        said, status = refusal.sentences, 403 if isinstance(refusal, NotYou) else 409
        if not isinstance(refusal, Stale):
            if autosave.asked(request):
                return autosave.refused(request, said, status=status)
            return self._page(request, award, form, status=status, refusals=said)
        if autosave.asked(request):
            stored = ApplicationForm(initial=ApplicationForm.initial_of(award))
            return autosave.stale(request, said, mark=str(award.revision), typed=[form], stored=[stored])
        changed = self._changed(award, form)
        return self._page(request, award, form, status=status, refusals=said, changed=changed)

    @staticmethod
    def _changed(award: Award, form: ApplicationForm) -> list[dict[str, Any]]:
        """What is stored now and differs from what was typed, for somebody whose page was old."""
        rows = []
        for name, typed in form.cleaned_data.items():
            stored = getattr(award, name)
            if (stored or None) != (typed or None):
                rows.append({"term": form.fields[name].label, "value": _shown(name, stored)})
        return rows

    def _page(
        self,
        request: HttpRequest,
        award: Award,
        form: ApplicationForm,
        *,
        status: int = 200,
        refusals: list[str] | None = None,
        changed: list[dict[str, Any]] | None = None,
        seen: str | None = None,
    ) -> HttpResponse:
        user: User = request.user  # type: ignore[assignment]
        writes = award.state in WRITABLE and permissions.editor_or_signatory(award, user)
        steps = steps_for(award, user, STEPS, step_url(award))
        context = {
            "title": award.title or "Application",
            "under": f"{award.reference}, {award.recipient}",
            "trail": [("Home", reverse("home")), (award.reference, award.get_absolute_url()), ("Application", "")],
            "award": award,
            "form": form,
            "writes": writes,
            "seen": str(award.revision) if seen is None else seen,
            "unsaved": request.method == "POST",
            "refusals": refusals or [],
            "changed": changed or [],
            "missing": award.missing() if writes else [],
            "signs": any(step.verb == "submit" for step in steps),
            "steps": steps,
            "plans": award.state == Award.State.IN_REVIEW and permissions.reviewer_or_approver(award, user),
            "signatories": User.objects.holding(award.organisation_id, Role.SIGNATORY) if writes else [],
            "returned": self._returned(award),
            "rows": [{"term": term, "value": _shown(name, getattr(award, name))} for name, term in READ.items()],
        }
        return render(request, "awards/application.html", context, status=status)

    @staticmethod
    def _returned(award: Award) -> HistoryEntry | None:
        """Why it was returned, while it is."""
        if award.state != Award.State.RETURNED:
            return None
        return HistoryEntry.objects.filter(record=award.key, what="send_back").first()


def _shown(name: str, value: Any) -> str:
    """A stored answer in words."""
    if value in (None, ""):
        return "Nothing"
    if name in ("starts", "ends"):
        return date_words(value)
    return money(value, pence=False) if name == "amount_applied_for" else str(value)
