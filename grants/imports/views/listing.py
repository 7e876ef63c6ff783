"""The list of imports, the newest first."""

from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from grants import lists
from grants.formats import plural
from grants.imports.forms import programmes_of
from grants.imports.models import Import
from grants.imports.views.common import administrator


def outcome(record: Any) -> str:
    """What came of it."""
    if record.fault_count:
        return plural(record.fault_count, "fault")
    counts = record.counts
    if not counts:
        return ""
    parts = [f"{counts.get(key, 0):,} {word}" for key, word in (("made", "new"), ("changed", "changed"))]
    return ", ".join([*parts, f"{counts.get('unchanged', 0):,} unchanged"])


def sender(record: Import) -> str:
    """Who sent the file; nobody where a command did."""
    return str(record.uploaded_by or "Exemplar")


class OutcomeColumn(lists.TextColumn):
    """What came of it, in words."""

    def render(self, record: Any) -> str:  # type: ignore[override]
        return outcome(record)

    def value(self, record: Any) -> str:
        """The same words in a file."""
        return outcome(record)


class SenderColumn(lists.TextColumn):
    """Who sent the file."""

    def value(self, record: Import) -> str:
        return sender(record)


class ImportTable(lists.Table):
    """Imports; the newest first."""

    name = lists.RecordColumn("File")
    programme = lists.TextColumn("Programme", order_by="programme__title")
    state = lists.StateColumn()
    outcome = OutcomeColumn("What came of it", "fault_count", initial_sort_descending=True)
    uploaded_at = lists.MomentColumn("Sent", hint=sender, initial_sort_descending=True)
    sender = SenderColumn("Sent by", "pk", visible=False)
    applied_at = lists.MomentColumn("Applied", visible=False)

    class Meta(lists.Table.Meta):
        caption = "Imports, with what came of each"
        order_by = "-uploaded_at"


class ImportFilter(lists.Filter):
    """By name of the file, state, programme and day."""

    words = lists.WordsFilter("name", label="Name of the file")
    state = lists.SeveralFilter(choices=Import.State.choices)
    programme = lists.OneFilter(label="Programme", queryset=lambda request: programmes_of(request.user))
    since = lists.DayFilter(label="Sent from", field_name="uploaded_at", lookup_expr="date__gte")
    until = lists.DayFilter(label="Until", field_name="uploaded_at", lookup_expr="date__lte")


class ImportsView(lists.ListView):
    """Every import of the programmes that the person administers."""

    table_class = ImportTable
    filterset_class = ImportFilter
    template_name = "imports/imports.html"
    title = "Imports"
    under = "Awards from spreadsheets: a file is checked whole, shown, and then written whole or not at all."
    things = "imports"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show a page of the list."""
        self.administrator = administrator(request)
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Import]:
        faults = Func(F("faults"), function="jsonb_array_length", output_field=IntegerField())
        seen = Import.objects.visible_to(self.administrator).select_related("programme", "uploaded_by")
        return seen.defer("content", "faults").annotate(fault_count=faults)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        empty = {
            "title": "No imports yet",
            "text": "Bring in awards from a spreadsheet with the titles of the 360Giving standard.",
            "url": reverse("imports:new"),
            "action": "Import awards",
        }
        return super().get_context_data(trail=[("Home", reverse("home")), ("Imports", "")], **kwargs) | {"empty": empty}
