"""What the managing body writes down about an award for itself: notes of talks, and its own judgement of the course."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views import View

from grants import lists
from grants.awards import permissions, services
from grants.awards.forms import PEOPLE, ContactNoteForm, JudgementForm, ManagersForm
from grants.awards.models import Award, ContactNote, Judgement
from grants.awards.views.lookup import award_or_404
from grants.lifecycle.door import NotYou, Refused
from grants.lifecycle.steps import revision_sent
from grants.people.models import GRANTEE_ROLES, Membership
from grants.tags import prose


class ProseColumn(lists.TextColumn):
    """A text that somebody wrote, in its paragraphs. A file gets it as it is."""

    def words(self, value: Any) -> str:
        return format_html('<div class="prose">{}</div>', prose(value))


def watched_or_404(request: HttpRequest, reference: str) -> Award:
    """The award, where the person is of its managing body and of no party."""
    found = award_or_404(request, reference)
    if not permissions.of_the_managing_body(found, request.user):  # type: ignore[arg-type]
        raise Http404
    return found


def way_to(award: Award, title: str) -> list[tuple[str, str]]:
    """The way from home by the award to a page about it."""
    return [("Home", reverse("home")), (award.reference, award.get_absolute_url()), (title, "")]


class WatchingView(lists.ListView, ABC):
    """A list that only the managing body of an award reads, and above it the form by which some of them add to it."""

    http_method_names: ClassVar = ["get", "head", "options", "post"]
    form: forms.Form | None = None
    refusals: ClassVar[list[str]] = []
    added = ""

    @cached_property
    def award(self) -> Award:
        """The award, where the person is of its managing body."""
        return watched_or_404(self.request, self.kwargs["reference"])

    @abstractmethod
    def make_form(self, *data: Any) -> forms.Form:
        """The form, with what was sent where something was."""

    @abstractmethod
    def add(self, typed: dict[str, Any]) -> None:
        """Write down what was typed. Raises Refused."""

    def hindrance(self) -> str:
        """Why this person adds nothing now; empty where they can."""
        by: Any = self.request.user
        return "" if permissions.watcher(self.award, by) else str(permissions.watcher.__doc__)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add to the list, or say why not; what was typed stays."""
        self.form = form = self.make_form(request.POST)
        status = 422
        if form.is_valid():
            try:
                self.add(form.cleaned_data)
            except Refused as refusal:
                self.refusals = refusal.sentences  # type: ignore[misc]
                status = 403 if isinstance(refusal, NotYou) else 409
            else:
                messages.success(request, self.added)
                return redirect(request.path)
        response: HttpResponse = self.get(request, *args, **kwargs)
        response.status_code = status
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hindrance = self.hindrance()
        return super().get_context_data(
            award=self.award,
            form=self.form or (None if hindrance else self.make_form()),
            hindrance=hindrance,
            refusals=self.refusals,
            under=f"{self.award.reference}, {self.award.title or self.award.recipient}",
            trail=way_to(self.award, self.title),
            **kwargs,
        )


# --- Notes ------------------------------------------------------------------------------------------------------------


class NoteTable(lists.Table):
    """Notes, the latest first."""

    on = lists.DayColumn(verbose_name="Day")
    with_whom = lists.TextColumn(verbose_name="With whom", whole=True)
    text = ProseColumn(verbose_name="What was said", whole=True, orderable=False)
    by = lists.TextColumn(verbose_name="Noted by", order_by="by__name")

    class Meta(lists.Table.Meta):
        model = ContactNote
        fields = ("on", "with_whom", "text", "by")
        order_by = "-on"
        caption = "Notes of talks, the latest first"


class NoteFilter(lists.Filter):
    """By words, by who noted it, and by day."""

    words = lists.WordsFilter("text", "with_whom")
    by = lists.ListedFilter(label="Noted by")
    since = lists.DayFilter(label="From", field_name="on", lookup_expr="gte")
    until = lists.DayFilter(label="To", field_name="on", lookup_expr="lte")


class NotesView(WatchingView):
    """The talks about an award, the latest first, and the form that adds one."""

    table_class = NoteTable
    filterset_class = NoteFilter
    template_name = "awards/notes.html"
    title = "Notes of talks"
    things = "notes"
    added = "The note is kept."
    empty: ClassVar = {"title": "No talk is noted yet", "text": "What is agreed on the telephone stands here, for all."}

    def get_queryset(self) -> QuerySet[ContactNote]:
        return self.award.contact_notes.select_related("by")

    def make_form(self, *data: Any) -> forms.Form:
        return ContactNoteForm(self.award, *data)

    def add(self, typed: dict[str, Any]) -> None:
        services.note_contact(self.award.pk, by=self.request.user, **typed)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(people_list=PEOPLE, people=self._people(), **kwargs)

    def _people(self) -> list[Membership]:
        """Whom one may have talked to: the editors and signatories of the award's organisations."""
        held = Membership.objects.live().filter(organisation__in=self.award.party_ids(), role__in=GRANTEE_ROLES)
        named = held.filter(person__is_active=True).select_related("person", "organisation")
        return list(named.order_by("person__name", "role"))


# --- The judgement ----------------------------------------------------------------------------------------------------


class JudgementTable(lists.Table):
    """Judgements, the latest first."""

    at = lists.DayColumn(verbose_name="Since")
    course = lists.StateColumn(verbose_name="Judgement")
    reason = ProseColumn(verbose_name="Why", whole=True, orderable=False)
    next_step = ProseColumn(verbose_name="Next step", whole=True, orderable=False)
    by = lists.TextColumn(verbose_name="By", order_by="by__name")

    class Meta(lists.Table.Meta):
        model = Judgement
        fields = ("at", "course", "reason", "next_step", "by")
        order_by = "-at"
        caption = "Judgements of the managing body, the latest first"


class JudgementFilter(lists.Filter):
    """By what was judged, and by whom."""

    course = django_filters.ChoiceFilter(
        label="Judgement", choices=Judgement.Course.choices, empty_label="Every judgement"
    )
    by = lists.ListedFilter(label="By")


class JudgementView(WatchingView):
    """How the managing body judges the course of an award: the form, and earlier judgements."""

    table_class = JudgementTable
    filterset_class = JudgementFilter
    template_name = "awards/judgement.html"
    title = "Our judgement"
    things = "judgements"
    added = "The judgement is kept."
    empty: ClassVar = {"title": "Nobody has judged it", "text": "Lists show what the grantee says of itself."}

    def get_queryset(self) -> QuerySet[Judgement]:
        return self.award.judgements.select_related("by")

    def hindrance(self) -> str:
        if self.award.state not in services.JUDGED:
            return f"The award is {self.award.get_state_display().lower()}, so it is not judged now."
        return super().hindrance()

    def make_form(self, *data: Any) -> forms.Form:
        return JudgementForm(*data)

    def add(self, typed: dict[str, Any]) -> None:
        by: Any = self.request.user
        services.judge(self.award.pk, by=by, seen=revision_sent(self.request.POST), **typed)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        latest = self.award.judgements.order_by("-at", "-pk").values_list("pk", flat=True).first()
        return super().get_context_data(seen=str(latest or 0), **kwargs)


# --- Who looks after it -----------------------------------------------------------------------------------------------


class ManagersView(LoginRequiredMixin, View):
    """Who looks after an award: the manager and the cover whom the grantee can ring."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show who does, to be changed."""
        award = self._award(request, reference)
        return self._page(request, award, ManagersForm(award), [])

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Name others."""
        award = self._award(request, reference)
        form = ManagersForm(award, request.POST)
        if not form.is_valid():
            return self._page(request, award, form, [], status=422)
        try:
            services.name_managers(award.pk, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            return self._page(request, award, form, refusal.sentences, status=409)
        messages.success(request, "It is stored. The grantee sees whom to ring.")
        return redirect(award)

    @staticmethod
    def _award(request: HttpRequest, reference: str) -> Award:
        award = watched_or_404(request, reference)
        if not permissions.reviewer_or_approver(award, request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        return award

    @staticmethod
    def _page(
        request: HttpRequest, award: Award, form: ManagersForm, refusals: list[str], *, status: int = 200
    ) -> HttpResponse:
        title = "Who looks after it"
        context = {
            "title": title,
            "under": f"{award.reference}, {award.title or award.recipient}",
            "trail": way_to(award, title),
            "award": award,
            "form": form,
            "refusals": refusals,
        }
        return render(request, "awards/managers.html", context, status=status)
