"""What a programme measures: its indicators."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from grants.lifecycle.door import NotNow, NotYou, fresh, note
from grants.lifecycle.machine import key_of
from grants.lifecycle.uses import in_use
from grants.people.models import User
from grants.programmes import permissions
from grants.programmes.models import Breakdown, Indicator, Programme

RULES = ("code", "unit", "measure", "over_time", "across")
"""What stands once an indicator is in use: figures were given and added under it."""
USED = "Awards use this indicator, so how it is counted and added stands as it is."


@transaction.atomic
def add_indicator(programme: Programme, *, by: User, values: Mapping[str, Any]) -> Indicator:
    """Measure something more. Raises NotNow and NotYou."""
    _may(programme, by)
    if programme.indicators.filter(code__iexact=values["code"]).exists():
        raise NotNow(f"Another indicator of this programme has the code {values['code']}.")
    last = programme.indicators.aggregate(last=Max("position"))["last"] or 0
    indicator = Indicator.objects.create(programme=programme, position=last + 1, **values)
    _note(programme, by, f"Added the indicator “{indicator}”")
    return indicator


@transaction.atomic
def change_indicator(pk: int, *, by: User, values: Mapping[str, Any]) -> Indicator:
    """Change an indicator: of one in use its words only. Raises NotNow and NotYou."""
    indicator = Indicator.objects.select_for_update(of=("self",)).select_related("programme").get(pk=pk)
    _may(indicator.programme, by)
    if in_use(indicator, Breakdown) and any(getattr(indicator, name) != values[name] for name in RULES):
        raise NotNow(USED)
    others = indicator.programme.indicators.exclude(pk=pk)
    if others.filter(code__iexact=values["code"]).exists():
        raise NotNow(f"Another indicator of this programme has the code {values['code']}.")
    for name, value in values.items():
        setattr(indicator, name, value)
    indicator.save(update_fields=list(values))
    _note(indicator.programme, by, f"Changed the indicator “{indicator}”")
    return indicator


@transaction.atomic
def remove_indicator(pk: int, *, by: User) -> None:
    """Take out an indicator that nothing uses. Raises NotNow and NotYou."""
    indicator = Indicator.objects.select_for_update(of=("self",)).select_related("programme").get(pk=pk)
    _may(indicator.programme, by)
    if in_use(indicator, Breakdown):
        raise NotNow(USED)
    indicator.delete()
    _note(indicator.programme, by, f"Took out the indicator “{indicator}”")


def _may(programme: Programme, by: User) -> None:
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    if not permissions.administrator(programme, fresh(by)):
        raise NotYou(permissions.administrator.__doc__ or "")


def _note(programme: Programme, by: User, sentence: str) -> None:
    note(key_of(Programme, programme.pk), "measuring", by=by, sentence=sentence[:300])
