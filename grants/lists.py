"""Lists as every room shows them: a table that sorts and pages, a filter in the address, and the same rows as a file.

A list is a `Table` of columns, a `Filter` over a queryset that was fetched with `visible_to`, and a `ListView` of both.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django_filters.fields import ModelChoiceField, MultipleChoiceField
from django_filters.views import FilterView
from django_tables2.views import SingleTableMixin

from grants import formats
from grants.files import WRITERS, answer_with
from grants.forms import DayField, PlainForm
from grants.rows import Lines, Rows, rows_of
from grants.tags import state as state_tag

ON_A_PAGE = 20
MOST_WORDS = 8
Hint = str | Callable[[Any], str]


# ---- Columns -----------------------------------------------------------------------------------------------------


class TextColumn(tables.Column):
    """Words. `whole` gives the cell the whole width where the table folds; `hint` (a path, or a function of the record)
    is a line under them."""

    def __init__(self, *args: Any, whole: bool = False, hint: Hint = "", **kwargs: Any) -> None:
        self.hint = hint
        attrs = {"th": {}, "td": {"class": "whole"} if whole else {}}
        super().__init__(*args, **{"attrs": attrs, "default": "", **kwargs})

    def words(self, value: Any) -> str:
        """The value as a page writes it."""
        return str(value)

    def hinted(self, record: Any, words: Any) -> str:
        """What the page writes, with the line under it."""
        hint = (
            self.hint(record) if callable(self.hint) else self.hint and tables.A(self.hint).resolve(record, quiet=True)
        )
        return format_html('{}<span class="hint">{}</span>', words, hint) if hint else words

    def render(self, record: Any, value: Any) -> str:
        return self.hinted(record, self.words(value))

    def value(self, value: Any) -> Any:
        """The value as a file keeps it."""
        return str(value)


class NumberColumn(TextColumn):
    """A number: to the right, tabular; the unit stands in the heading. `total` puts the sum of the whole list in the foot."""

    def __init__(self, *args: Any, total: bool = False, **kwargs: Any) -> None:
        foot = (
            {"footer": lambda table, bound_column: self.words(table.total_of(bound_column.accessor))} if total else {}
        )
        super().__init__(*args, **{"attrs": {"th": {"class": "n"}, "td": {"class": "n"}}, **foot, **kwargs})

    def words(self, value: Any) -> str:
        return f"{value:,}"

    def value(self, value: Any) -> Any:
        return value


class PoundsColumn(NumberColumn):
    """12,500, or 12,500.50: an amount under a heading that names the pound."""

    def words(self, value: Any) -> str:
        return formats.plain_amount(value, pence=False)


class DayColumn(TextColumn):
    """3 July 2012, in London."""

    def words(self, value: Any) -> str:
        return formats.date_words(value)

    def value(self, value: Any) -> Any:
        return formats.local_day(value)


class MomentColumn(TextColumn):
    """18 May 2012, 09:12, in London."""

    def words(self, value: Any) -> str:
        return formats.moment_words(value)

    def value(self, value: Any) -> Any:
        return value


class StateColumn(TextColumn):
    """The state's word and shape. A file gets the word."""

    def render(self, record: Any, value: Any, bound_column: Any) -> str:  # type: ignore[override]
        return self.hinted(record, state_tag(bound_column.accessor.resolve(record), str(value)))


class RecordColumn(TextColumn):
    """What the row is about: the row's heading, linked to its page."""

    link: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"linkify": True, **kwargs})
        self.anchor, self.link = self.link, None  # the line under it is no part of the link

    def render(self, record: Any, value: Any, bound_column: Any) -> str:  # type: ignore[override]
        words = self.words(value)
        anchor = self.anchor(words, record=record, value=value, bound_column=bound_column) if self.anchor else words
        return self.hinted(record, anchor)


# ---- The table ---------------------------------------------------------------------------------------------------


class Table(tables.Table):
    """The base of every list. Its first column is the heading of each row; `Meta.order_by` names the columns that order it."""

    class Meta:
        template_name = "shared/list_table.html"
        empty_text = "Nothing to show."

    narrow = ""
    """The columns of the small grid to which a row folds (CSS), where two equal ones do not fit"""
    wide = False
    """Whether it has so many columns that it folds on a tablet, not only on a telephone"""

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(Rows(data) if isinstance(data, QuerySet) else Lines(list(data)), *args, **kwargs)
        if self._order_by is None:
            self.order_by = ()

    @property
    def caption(self) -> str:
        """What a screen reader calls the table."""
        return str(getattr(self.Meta, "caption", "The list"))

    def total_of(self, accessor: str) -> Decimal | int:
        """The sum of a column over the whole list, not only the page."""
        return self.data.data.order_by().aggregate(total=Sum(accessor))["total"] or 0


# ---- Filters -----------------------------------------------------------------------------------------------------


class FilterForm(PlainForm, forms.Form):
    """A filter's form: nothing in it is asked for, so nothing is marked optional."""

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", **kwargs})  # a page may have another form


class WordsFilter(django_filters.CharFilter):
    """Every word that is typed stands in one of the fields, in part or whole, in any case."""

    def __init__(self, *fields: str, **kwargs: Any) -> None:
        self.fields = fields
        kwargs = {"max_length": 200, "widget": forms.TextInput(attrs={"type": "search"}), **kwargs}
        super().__init__(**{"label": "Words", **kwargs})

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        for word in (value or "").split()[:MOST_WORDS]:
            anywhere = Q()
            for name in self.fields:
                anywhere |= Q(**{f"{name}__icontains": word})
            qs = qs.filter(anywhere)
        return qs


class DayFilter(django_filters.DateFilter):
    """A day, typed as people write them."""

    field_class = DayField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": forms.TextInput(attrs={"placeholder": "e.g. 3 July 2012"}), **kwargs})


class OneField(ModelChoiceField):
    """One record, by its name or by other words."""

    def __init__(self, *args: Any, words: Callable[[Any], str] = str, **kwargs: Any) -> None:
        self.words = words
        super().__init__(*args, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return self.words(obj)


class OneFilter(django_filters.ModelChoiceFilter):
    """One record of several, under its name or `words`; it does not appear where there is at most one to choose."""

    field_class = OneField


class ListedFilter(OneFilter):
    """One of the records to which a relation of the list leads, such as the people who wrote its lines."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": None, **kwargs})

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        listed: Any = self.parent.queryset
        related = listed.model._meta.get_field(self.field_name).related_model
        return related._default_manager.filter(pk__in=listed.order_by().values(self.field_name))


class SeveralBound(BoundField):
    """Boxes to tick, with what is chosen in words."""

    field: Any

    @property
    def chosen(self) -> str:
        """What the closed list says: the word for no choice, one word, or how many."""
        words = dict(self.field.choices)
        found = [str(words[value]) for value in dict.fromkeys(self.value() or []) if value in words]
        return str(self.field.none) if not found else found[0] if len(found) == 1 else f"{len(found)} chosen"


class SeveralField(MultipleChoiceField):
    """Boxes to tick, in a list that opens; `none` is the word for no choice."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *args: Any, none: str = "Any", **kwargs: Any) -> None:
        self.none = none
        super().__init__(*args, **kwargs)

    def get_bound_field(self, form: Any, field_name: str) -> BoundField:
        return SeveralBound(form, self, field_name)


class SeveralFilter(django_filters.MultipleChoiceFilter):
    """One or more of a few words, such as states."""

    field_class = SeveralField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"distinct": False, **kwargs})


class Filter(django_filters.FilterSet):
    """The base of every filter. What cannot be read is said at its field, and narrows nothing."""

    class Meta:
        form = FilterForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, one in list(self.filters.items()):
            if isinstance(one, OneFilter) and len(one.field.queryset[:2]) < 2:
                del self.filters[name]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return any(value not in (None, "", []) for value in getattr(self.form, "cleaned_data", {}).values())


# ---- The page ----------------------------------------------------------------------------------------------------


class ListView(LoginRequiredMixin, SingleTableMixin, FilterView):
    """A list of records: filtered (`?state=…`), sorted (`?sort=-due,award`) and paged (`?page=2`) by its address, and
    with `?_export=csv` or `xlsx` the same rows as a file. An address that says nonsense shows the list all the same.

    A subclass names `table_class`, `filterset_class`, `title`, `things` (their plural) and `get_queryset`.
    """

    http_method_names: ClassVar = ["get", "head", "options"]
    template_name = "shared/listing.html"
    strict = False
    on_a_page = ON_A_PAGE
    export_formats = tuple(WRITERS)
    title = ""
    under = ""
    things = "records"
    thing = ""
    """One of them, where it is not `things` without its s"""
    trail: ClassVar[list[tuple[str, str]]] = []
    empty: ClassVar[dict[str, str]] = {}
    """title, text, url and action of the page while there is nothing at all"""
    everything = ""
    """The query that shows the whole list, where a bare address does not"""
    request: HttpRequest

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(filterset_class), "data": self.request.GET}

    def get_table(self, **kwargs: Any) -> Table:
        """The whole list in the order asked for, opened at the page asked for."""
        table: Any = self.get_table_class()(self.get_table_data(), **kwargs)
        table.request = self.request
        asked = ",".join(self.request.GET.getlist("sort")).split(",")
        known = {name.removeprefix("-"): name for name in asked if name.removeprefix("-") in table.base_columns}
        if known:
            table.order_by = list(known.values())
        table.paginator = Paginator(table.rows, self.on_a_page)
        table.page = table.paginator.get_page(self.request.GET.get("page"))
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        count = context["table"].paginator.count
        return {
            "title": self.title,
            "under": self.under,
            "trail": self.trail,
            "things": self.things,
            "count": formats.plural(count, self.thing or self.things.removesuffix("s"), self.things),
            "is_empty": not count and not self.filterset.is_narrowed,
            "empty": self.empty,
            "everything": self.everything,
            "export_formats": self.export_formats,
            **context,
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        kind = self.request.GET.get("_export", "")
        if kind not in self.export_formats:
            return super().render_to_response(context, **kwargs)
        name = f"{self.things.replace(' ', '-')}-{formats.local_today():%Y-%m-%d}"
        return answer_with(rows_of(context["table"]), kind, name, self.things.capitalize())
