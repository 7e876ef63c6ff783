"""The programmes, and the portfolio of one: at a glance, and award by award."""

from typing import Any, ClassVar

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django_tables2 import A

from grants.awards.models import Award
from grants.desk.kinds import FUNDER, MANAGING_BODY, kinds_of
from grants.desk.panels import PROGRAMME, panels_for
from grants.desk.portfolio import attention, key_figures, portfolio
from grants.desk.views.awards import AwardsView
from grants.formats import date_range, local_today
from grants.lists import DayColumn, Filter, ListView, NumberColumn, RecordColumn, Table, TextColumn, WordsFilter
from grants.people.models import Role
from grants.programmes.models import Programme


class ProgrammeTable(Table):
    """The programmes, each with how many of its awards the person sees."""

    programme = RecordColumn(
        accessor="title", verbose_name="Programme", hint="code", linkify=("programme", [A("code")])
    )
    code = TextColumn(visible=False)
    managing_body = TextColumn(accessor="managing_body__name", verbose_name="Managing body")
    starts = DayColumn()
    ends = DayColumn()
    awards = NumberColumn(verbose_name="Awards you see")

    class Meta(Table.Meta):
        caption = "Programmes: who manages them, their dates, and how many awards you see"


class ProgrammeFilter(Filter):
    """Asked by GET."""

    words = WordsFilter("title", "code", "managing_body__name")


class ProgrammesView(ListView):
    """Every programme: they are no secret to anyone who is signed in."""

    table_class = ProgrammeTable
    filterset_class = ProgrammeFilter
    title = "Programmes"
    things = "programmes"
    empty: ClassVar = {
        "title": "No programme yet",
        "text": "An administrator sets one up, with its strands and calls.",
    }

    def get_queryset(self) -> QuerySet[Programme]:
        user: Any = self.request.user
        seen = Award.objects.visible_to(user).filter(strand__programme=OuterRef("pk"), state__in=Award.FROM_OFFER_ON)
        count = Subquery(seen.order_by().values("strand__programme").annotate(n=Count("pk")).values("n"))
        return Programme.objects.select_related("managing_body").annotate(awards=Coalesce(count, 0))


class ProgrammeView(AwardsView):
    """What a person sees of a programme, in the order of a manager's questions; below it the list of its awards."""

    template_name = "desk/programme.html"
    empty: ClassVar = {
        "title": "No award that you see",
        "text": "An award stands here for its recipient, and for the body that manages its strand. What a funder pays for "
        "stands on its own page and in its reports.",
    }

    @cached_property
    def programme(self) -> Programme:
        """The one whose code the address has, in any case."""
        return get_object_or_404(Programme.objects.select_related("managing_body"), code__iexact=self.kwargs["code"])

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(strand__programme=self.programme)

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(filterset_class), "programme": self.programme}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"anchor": "#list"}
        if "_export" not in self.request.GET and not self.request.htmx:  # type: ignore[attr-defined]  # its middleware
            context |= self._at_a_glance()
        return context

    def _at_a_glance(self) -> dict[str, Any]:
        """All that stands above the list: a list that is only filtered anew goes without it."""
        user: Any = self.request.user
        today, programme = local_today(), self.programme
        found = portfolio(programme, user, today)
        readers = {MANAGING_BODY, FUNDER} & set(kinds_of(user))
        return {
            "title": programme.title,
            "under": f"{programme.managing_body}, {date_range(programme.starts, programme.ends)}.",
            "trail": [("Programmes", reverse("programmes")), (programme.code, "")],
            "programme": programme,
            "portfolio": found,
            "figures": key_figures(found),
            "attention": attention(programme, user, today),
            "panels": panels_for(PROGRAMME, self.request, found) if found.awards else [],
            "administers": programme.strands.filter(
                managing_body__in=user.organisations_as(Role.ADMINISTRATOR)
            ).exists(),
            "shares": programme.shares.select_related("funder") if readers else [],
        }
