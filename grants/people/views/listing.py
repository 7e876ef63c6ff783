"""The list of people, with the roles that they hold or held."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.html import format_html, format_html_join
from django_tables2 import A

from grants import lists
from grants.formats import date_words, local_today
from grants.people.models import Membership, Role, User
from grants.people.views.administration import AdministratorView, trail
from grants.tags import state as state_tag

LINES = 5
TODAY, ENDED, EVER = "today", "ended", "ever"


class RolesColumn(lists.TextColumn):
    """The roles that were asked about, a line each, those that ended with their last day."""

    def render(self, value: list[Membership]) -> str:  # type: ignore[override]
        shown = [(str(held), self._until(held)) for held in value[:LINES]]
        lines = format_html_join("", "<li>{}{}</li>", shown)
        rest = format_html("<li>and {} more</li>", len(value) - LINES) if len(value) > LINES else ""
        return format_html("<ul>{}{}</ul>", lines, rest)

    def value(self, value: list[Membership]) -> str:
        """All of them, for a file."""
        return "; ".join(f"{held}{self._until(held)}" for held in value)

    @staticmethod
    def _until(held: Membership) -> str:
        return f", until {date_words(held.ends)}" if held.ends and held.ends < local_today() else ""


class AccountColumn(lists.TextColumn):
    """Whether the person can sign in."""

    def render(self, value: bool) -> str:  # type: ignore[override]
        return state_tag("active", "Open") if value else state_tag("closed", "Closed")

    def value(self, value: bool) -> str:
        """The word."""
        return "Open" if value else "Closed"


class PeopleTable(lists.Table):
    """People by name."""

    name = lists.RecordColumn("Name", linkify=("people:person", [A("pk")]), order_by=("name", "email"))
    email = lists.TextColumn("E-mail address", whole=True)
    telephone = lists.TextColumn("Telephone", visible=False)
    held = RolesColumn("Roles", orderable=False, whole=True, empty_values=(None, [], ""), default="None")
    last_login = lists.DayColumn("Last signed in", default="Never", initial_sort_descending=True)
    is_active = AccountColumn("Account", initial_sort_descending=True)

    class Meta(lists.Table.Meta):
        caption = "People and their roles"
        order_by = "name"


class PeopleFilter(lists.Filter):
    """By name or address; by one role: in which organisation, which, and whether it is held today or ended; by account."""

    words = lists.WordsFilter("name", "email", label="Name or e-mail address")
    organisation = lists.WordsFilter(label="Organisation", method="as_it_is")
    role = django_filters.ChoiceFilter(label="Role", choices=Role.choices, method="as_it_is")
    held = django_filters.ChoiceFilter(
        label="Role held",
        choices=[(ENDED, "Until it ended"), (EVER, "At any time")],
        empty_label="Today",
        method="as_it_is",
    )
    account = django_filters.ChoiceFilter(
        label="Account", choices=[("open", "Open"), ("closed", "Closed")], method="by_account"
    )

    def as_it_is(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """A part of what is asked about roles: `filter_queryset` puts the parts together."""
        return queryset

    def by_account(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Open or closed."""
        return queryset.filter(is_active=value == "open")

    def filter_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        asked = self.form.cleaned_data
        held: QuerySet[Membership] = Membership.objects.select_related("organisation")
        if asked.get("held") == ENDED:
            held = held.filter(ends__lt=local_today())
        elif asked.get("held") != EVER:
            held = Membership.objects.live().select_related("organisation")
        queryset = super().filter_queryset(queryset.prefetch_related(Prefetch("memberships", held, to_attr="held")))
        if not any(asked.get(name) for name in ("organisation", "role", "held")):
            return queryset
        of_role = Q(person=OuterRef("pk"))
        for word in (asked.get("organisation") or "").split()[: lists.MOST_WORDS]:
            of_role &= Q(organisation__name__icontains=word)
        if role := asked.get("role"):
            of_role &= Q(role=role)
        return queryset.filter(Exists(held.filter(of_role)))


class PeopleView(AdministratorView, lists.ListView):  # type: ignore[misc]  # both are views, and say so otherwise
    """Everybody, with the roles that they hold today; or those who held a role that ended."""

    table_class = PeopleTable
    filterset_class = PeopleFilter
    template_name = "people/people.html"
    title = "People and roles"
    things = "people"
    thing = "person"
    empty: ClassVar = {"title": "Nobody yet"}

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(trail=trail(), **kwargs)
