"""Every machine is complete, and written down as it stands."""

from io import StringIO

import pytest
from django.core.management import call_command

from grants.lifecycle.door import consequences_of
from grants.lifecycle.machine import Machine, machines, transitions_of
from grants.lifecycle.models import Act, HistoryEntry
from tests.house.reading import ROOT

MACHINES = list(machines())
HEADING = 4
"""The lines of docs/machines.md that are written by hand."""


@pytest.mark.parametrize("model", MACHINES, ids=lambda model: model.__name__)
def test_every_transition_says_who_and_in_which_words(model: type[Machine]) -> None:
    states = set(model.State.values)  # type: ignore[attr-defined]
    longest = HistoryEntry._meta.get_field("sentence").max_length or 0
    for row in transitions_of(model):
        assert row.permission.__doc__.strip().endswith("."), row.name
        assert row.custom["label"], row.name
        assert 0 < len(row.custom["done"]) <= longest, row.name
        assert {row.source, row.target} <= states, f"{row.name}: sources and targets are literal"
        assert all(condition.__doc__.strip().endswith(".") for condition in row.conditions), row.name
        assert row.custom.keys() <= {"label", "done", "reason", "part"}, row.name
        if part := row.custom.get("part"):
            assert part in Act.Part.values
            assert hasattr(model, "subject")


@pytest.mark.parametrize("model", MACHINES, ids=lambda model: model.__name__)
def test_every_state_can_be_reached_and_is_born_or_moved_into(model: type[Machine]) -> None:
    reached = {str(state) for state in model.BORN} | {str(row.target) for row in transitions_of(model)}
    assert reached == set(model.State.values)  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", MACHINES, ids=lambda model: model.__name__)
def test_every_consequence_is_described(model: type[Machine]) -> None:
    for name in {row.name for row in transitions_of(model)}:
        for consequence in consequences_of(model, name):
            assert consequence.__doc__, consequence.__qualname__


def test_the_page_of_machines_is_what_the_command_prints() -> None:
    printed = StringIO()
    call_command("transitions", stdout=printed)
    page = (ROOT / "docs" / "machines.md").read_text().splitlines()
    assert page[HEADING:] == printed.getvalue().splitlines(), (
        "docs/machines.md is out of date; put this in its place: (head -4 docs/machines.md; manage.py transitions)"
    )
