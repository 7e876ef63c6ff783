"""One import: its faults, to be filtered and sent to whoever wrote the file, or what it makes and changes."""

import re
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from grants import lists
from grants.awards.models import Award
from grants.formats import date_words, moment_words, money
from grants.imports import services
from grants.imports.models import Import
from grants.imports.plans import PlannedAward
from grants.imports.views.common import administrator
from grants.imports.views.steps import STEPS
from grants.lifecycle.models import HistoryEntry
from grants.lifecycle.steps import steps_for
from grants.people.models import User

AT_ONCE = 50
WORDS = {"made": "New", "changed": "Changed", "unchanged": "Unchanged"}


class FaultTable(lists.Table):
    """Faults in the order of the file."""

    cell = lists.TextColumn("Cell", order_by="place")
    sheet = lists.TextColumn("Sheet", order_by=("sheet", "place"))
    value = lists.TextColumn("Stands there", default="Nothing")
    fault = lists.TextColumn("What is wrong", whole=True)
    mend = lists.TextColumn("How to mend it", whole=True)

    class Meta(lists.Table.Meta):
        caption = "Faults, in the order of the file"


class FaultForm(lists.FilterForm):
    """Which faults to show."""

    words = forms.CharField(
        label="Words", max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    sheet = forms.ChoiceField(required=False)
    column = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, faults: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (
            ("sheet", dict.fromkeys(fault["sheet"] for fault in faults)),
            ("column", sorted({fault["column"] for fault in faults}, key=lambda column: (len(column), column))),
        ):
            field: Any = self.fields[name]
            field.choices = [("", "Any"), *((one, one) for one in found)]
            if len(found) < 2:
                del self.fields[name]


class FaultFilter:
    """By words, sheet and column. The faults are no rows of the database, but this looks like the filters of those."""

    is_bound = True

    def __init__(self, data: QueryDict, faults: list[dict[str, Any]]) -> None:
        self.queryset = [
            {**fault, "place": place, "column": re.sub("[^A-Z]", "", fault["cell"])}
            for place, fault in enumerate(faults)
        ]
        self.form = FaultForm(data, faults=self.queryset)

    def is_valid(self) -> bool:
        """Whether everything asked can be read."""
        return self.form.is_valid()

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.asked)

    @property
    def qs(self) -> list[dict[str, Any]]:
        """The faults that fit."""
        asked = self.asked
        words = asked.pop("words", "").lower().split()
        return [
            fault
            for fault in self.queryset
            if all(fault[name] == value for name, value in asked.items())
            and all(word in f"{fault['value']} {fault['fault']} {fault['mend']}".lower() for word in words)
        ]


class ImportView(lists.ListView):
    """One import: the list of its faults, or what it makes or changes."""

    table_class = FaultTable
    filterset_class = FaultFilter
    template_name = "imports/import.html"
    things = "faults"
    on_a_page = 50

    @cached_property
    def record(self) -> Import:
        """The import, where the person may see it."""
        seen = Import.objects.visible_to(administrator(self.request))
        return get_object_or_404(seen.select_related("programme", "uploaded_by"), pk=self.kwargs["pk"])

    def get_filterset(self, filterset_class: Any) -> FaultFilter:
        return self.filterset_class(self.request.GET, self.record.faults)

    def get_table(self, **kwargs: Any) -> lists.Table:
        several = len({fault["sheet"] for fault in self.record.faults}) > 1
        return super().get_table(exclude=() if several else ("sheet",))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record, user = self.record, administrator(self.request)
        return super().get_context_data(
            title=record.name,
            trail=[("Home", reverse("home")), ("Imports", reverse("imports:imports")), (record.name, "")],
            record=record,
            sent=f"Sent {moment_words(record.uploaded_at)} by {record.uploaded_by or 'Exemplar'}",
            faults=len(record.faults),
            figures=_figures(record.counts),
            same=bool(record.counts) and not record.counts.get("made") and not record.counts.get("changed"),
            awards=_awards(record, user),
            most=AT_ONCE,
            rest=max(0, record.counts.get("rows", 0) - AT_ONCE),
            reason=_reason(record),
            steps=steps_for(record, user, STEPS, lambda verb: reverse("imports:step", args=[record.pk, verb])),
            history=_history(record),
            **kwargs,
        )


def _figures(counts: dict[str, int]) -> list[dict[str, Any]]:
    if not counts:
        return []
    labels = (("made", "New awards"), ("changed", "Changed"), ("unchanged", "Unchanged"))
    figures: list[dict[str, Any]] = [{"label": label, "value": f"{counts.get(key, 0):,}"} for key, label in labels]
    return [*figures, {"label": "New organisations", "value": f"{counts.get('organisations', 0):,}"}]


def _awards(record: Import, user: User) -> list[dict[str, Any]]:
    """The first awards of a file that is ready or applied, as they are planned or stored now."""
    if record.state not in (Import.State.READY, Import.State.APPLIED):
        return []
    try:
        planned = services.preview(record, AT_ONCE).plan.awards
    except services.Unreadable:  # the limits of what is read have changed since
        return []
    stored: dict[str, Award] = {}
    if record.state == Import.State.APPLIED:
        found = Award.objects.visible_to(user).filter(reference__in=[award.reference for award in planned])
        stored = {award.reference: award for award in found}
    return [_line(award, stored.get(award.reference)) for award in planned]


def _line(planned: PlannedAward, stored: Award | None) -> dict[str, Any]:
    values = planned.values
    return {
        "reference": planned.reference,
        "url": stored.get_absolute_url() if stored else "",
        "title": values["title"],
        "recipient": str(planned.row.value("Recipient Org:Name") or ""),
        "amount": money(values["amount"], pence=False) if values["amount"] is not None else "",
        "dates": " to ".join(date_words(values[name]) for name in ("starts", "ends") if values[name]),
        "outcome": WORDS[planned.outcome],
        "changes": ", ".join(planned.changes),
    }


def _history(record: Import) -> list[dict[str, Any]]:
    entries = HistoryEntry.objects.filter(root=record.key)
    return [{"at": row.at, "who": row.actor, "sentence": row.sentence, "reason": row.reason} for row in entries]


def _reason(record: Import) -> str:
    """Why it failed."""
    if record.state != Import.State.FAILED:
        return ""
    last = HistoryEntry.objects.filter(root=record.key, what="fail").first()
    return last.reason if last else ""
