"""What happened with an award, and what the system sent about it, each as a whole list."""

from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html

from grants import lists, tags
from grants.awards.models import Award
from grants.desk import history
from grants.formats import local_today, relative
from grants.lifecycle.models import HistoryEntry, Notice
from grants.lifecycle.notices import about
from grants.people.models import GRANTEE_ROLES, MANAGING_ROLES, Membership, Role, User
from grants.reports.models import Report


class AwardList(lists.ListView):
    """A list of what belongs to one award that the person sees."""

    @cached_property
    def award(self) -> Award:
        """The award, whatever the case of its reference."""
        seen = Award.objects.visible_to(self.person).named()
        found = seen.filter(reference__iexact=self.kwargs["reference"]).first()
        if found is None:
            raise Http404
        return found

    @property
    def person(self) -> User:
        """Who is signed in."""
        return self.request.user  # type: ignore[return-value]

    @property
    def manages(self) -> bool:
        """Whether the person is of the body that manages the award."""
        return self.person.holds(self.award.strand.managing_body_id, *MANAGING_ROLES)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        way = [("Home", reverse("home")), (self.award.reference, self.award.get_absolute_url()), (self.title, "")]
        under = f"{self.award.reference}, {self.award.title or self.award.recipient}"
        return super().get_context_data(trail=way, under=under, award=self.award, **kwargs)


# --- What happened ----------------------------------------------------------------------------------------------------


class SentenceColumn(lists.TextColumn):
    """What happened to what: the report is linked."""

    def render(self, record: Any, value: Any, table: Any) -> str:  # type: ignore[override]
        name, url = table.names.get(record.record, ("", ""))
        if not name:
            return self.hinted(record, f"{value}.")
        of = format_html('<a href="{}">{}</a>', url, name) if url else name
        return self.hinted(record, format_html("{}: {}.", value, of))

    def value(self, record: Any, value: Any, table: Any) -> str:  # type: ignore[override]
        name, _ = table.names.get(record.record, ("", ""))
        return f"{value}: {name}." if name else f"{value}."


class StateWordColumn(lists.TextColumn):
    """A state that is stored as a word alone."""

    def words(self, value: Any) -> str:
        return tags.state(str(value))

    def value(self, value: Any) -> str:
        return tags.state_word(str(value))


class HistoryTable(lists.Table):
    """What happened, the latest first."""

    sentence = SentenceColumn(verbose_name="What happened", orderable=False, hint="why")
    reason = lists.TextColumn(accessor="why", verbose_name="Reason", visible=False)
    actor = lists.TextColumn(verbose_name="By")
    at = lists.MomentColumn(
        verbose_name="When", hint=lambda record: relative(record.at, local_today()), order_by=("at", "pk")
    )
    target = StateWordColumn(verbose_name="State", orderable=False)

    class Meta(lists.Table.Meta):
        order_by = "-at"
        caption = "What happened with this award"

    names: ClassVar[dict[str, tuple[str, str]]] = {}
    """What reports and payments are called, and where they are to be seen, by their keys"""


class HistoryFilter(lists.Filter):
    """By what it was about, who did it, when, and words."""

    words = lists.WordsFilter("sentence", "why", "actor")
    what = django_filters.ChoiceFilter(label="About", choices=history.ABOUT, empty_label="Everything", method="about")
    person = lists.ListedFilter(label="By", empty_label="Anybody")
    since = lists.DayFilter(label="From", field_name="at", lookup_expr="date__gte")
    until = lists.DayFilter(label="To", field_name="at", lookup_expr="date__lte")

    def about(self, entries: QuerySet[HistoryEntry], name: str, value: str) -> QuerySet[HistoryEntry]:
        """Those of the award itself, of its reports, or of its payments."""
        return entries.filter(record__startswith=f"{value}:")


class AwardHistoryView(AwardList):
    """Everything that happened with an award, as far as it concerns the person."""

    table_class = HistoryTable
    filterset_class = HistoryFilter
    title = "What happened"
    things = "entries"
    thing = "entry"
    empty: ClassVar = {"title": "Nothing happened yet", "text": "Each step stands here: who took it, when, and why."}

    def get_queryset(self) -> QuerySet[HistoryEntry]:
        return history.of_award(self.award, self.person, manages=self.manages)

    def get_table(self, **kwargs: Any) -> lists.Table:
        table: Any = super().get_table(**kwargs)
        reports = Report.objects.filter(milestone__award=self.award).select_related("milestone")
        seen = set(
            Report.objects.visible_to(self.person).filter(milestone__award=self.award).values_list("pk", flat=True)
        )
        names = history.names_of(reports, self.award.tranches.select_related("milestone"))
        urls = {report.key: report.get_absolute_url() for report in reports if report.pk in seen}
        table.names = {key: (name, urls.get(key, "")) for key, name in names.items()}
        return table


# --- What was sent ----------------------------------------------------------------------------------------------------


class PersonColumn(lists.TextColumn):
    """Whom it was for, with the roles that they hold today."""

    def render(self, record: Any, value: Any, table: Any) -> str:  # type: ignore[override]
        roles = table.roles.get(record.person_id, "")
        return format_html('{}<span class="hint">{}</span>', value, roles) if roles else str(value)

    def value(self, record: Any, value: Any, table: Any) -> str:  # type: ignore[override]
        return ", ".join(filter(None, [str(value), table.roles.get(record.person_id, "")]))


class MessageTable(lists.Table):
    """Messages, the latest first."""

    subject = lists.RecordColumn(verbose_name="Message", linkify=lambda record: record.link, orderable=False)
    person = PersonColumn(verbose_name="To", accessor="person__name")
    at = lists.MomentColumn(verbose_name="Written", order_by=("at", "pk"))
    word = lists.StateColumn(verbose_name="Mail", accessor="word", order_by=("state",), hint="why")
    sent_at = lists.MomentColumn(verbose_name="Sent")

    class Meta(lists.Table.Meta):
        order_by = "-at"
        caption = "Messages about this award"

    roles: ClassVar[dict[int, str]] = {}
    """The roles that people hold today in the organisations concerned, by their keys"""


class MessageFilter(lists.Filter):
    """By words, person, what became of the mail, and day."""

    words = lists.WordsFilter("subject", "person__name")
    person = lists.ListedFilter(label="To", empty_label="Anybody")
    state = lists.SeveralFilter(label="Mail", choices=Notice.State.choices)
    since = lists.DayFilter(label="From", field_name="at", lookup_expr="date__gte")
    until = lists.DayFilter(label="To", field_name="at", lookup_expr="date__lte")


class AwardMessagesView(AwardList):
    """What the system sent about an award: all of it for the managing body, for a grantee what its own people got."""

    table_class = MessageTable
    filterset_class = MessageFilter
    title = "Messages"
    things = "messages"
    empty: ClassVar = {
        "title": "Nothing was sent yet",
        "text": "Whom the system told, and whether the mail went, stands here.",
    }

    def get_queryset(self) -> QuerySet[Notice]:
        found = about(self.award)
        if self.manages:
            return found.exclude(event__contains=history.UNSIGNED)
        own = set(self.person.organisations_as(*GRANTEE_ROLES)) & set(self.award.party_ids())
        people = Membership.objects.filter(organisation__in=own, role__in=GRANTEE_ROLES).values("person")
        return found.filter(person__in=people).exclude(event__contains=history.JUDGED)

    def get_table(self, **kwargs: Any) -> lists.Table:
        table: Any = super().get_table(**kwargs)
        table.roles = self._roles()
        return table

    def _roles(self) -> dict[int, str]:
        """What the people who are listed do for the award's organisations."""
        concerned = [*self.award.party_ids(), self.award.strand.managing_body_id]
        listed = self.get_queryset().order_by().values("person")
        held = Membership.objects.live().filter(organisation__in=concerned, person__in=listed)
        roles: dict[int, list[str]] = {}
        for person, role, name in held.values_list("person", "role", "organisation__name"):
            roles.setdefault(person, []).append(f"{Role(role).label}, {name}")
        return {person: "; ".join(said) for person, said in roles.items()}
