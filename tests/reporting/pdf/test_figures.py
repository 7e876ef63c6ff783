"""Every figure that is printed carries its key, and the key leads to where it comes from."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from reporting.pdf import UntracedFigureError
from reporting.pdf.figures import Figures
from reporting.pdf.theme import CELL
from tests.reporting.pdf import examples
from tests.reporting.pdf.reading import Rendered


def keys_in(value: Any) -> Iterator[str]:
    """The keys of figures that a part of a snapshot names."""
    if isinstance(value, dict):
        for item in value.values():
            yield from keys_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from keys_in(item)
    elif isinstance(value, str) and re.fullmatch(r"F\d+", value):
        yield value


def keys_printed(text: str) -> set[str]:
    """The keys in a text, ranges such as F3–5 spelled out."""
    found = set()
    for first, last in re.findall(r"\bF(\d+)(?:–(\d+))?", text):
        found |= {f"F{n}" for n in range(int(first), int(last or first) + 1)}
    return found


def figures(*numbers: int) -> Figures:
    """A register of figures without meaning."""
    keys = [f"F{n}" for n in numbers]
    nodes = {key: {"id": key, "kind": "money", "shown": "£1,200", "unit": "£"} for key in keys}
    return Figures(nodes, [{"figure": key} for key in keys])  # type: ignore[arg-type,typeddict-item]


@pytest.mark.parametrize("name", ["ordinary", "single"])
def test_every_figure_of_an_award_is_printed_with_its_key(name: str, request: pytest.FixtureRequest) -> None:
    document: Rendered = request.getfixturevalue(name)
    for award in document.snapshot["awards"]:
        first = document.page_of(f"{award['reference']} {award['recipient']}")
        page = document.page(first) + document.page(first + 1)
        wanted = set(keys_in(award))
        assert wanted <= keys_printed(page)
        for key in wanted:
            assert document.snapshot["figures"][key]["shown"].removeprefix("£") in page


def test_every_figure_of_the_summary_is_printed_with_its_key(ordinary: Rendered) -> None:
    wanted = set(keys_in(ordinary.snapshot["summary"]))
    assert wanted == keys_printed(ordinary.page(3))
    for key in wanted:
        shown = ordinary.snapshot["figures"][key]["shown"]
        assert f"{shown} {key}" in ordinary.page(3)


def test_annex_has_a_row_for_every_figure(ordinary: Rendered) -> None:
    first = ordinary.page_of("Annex")
    annex = " ".join(ordinary.page(number) for number in range(first, len(ordinary.reader.pages) + 1))
    for source in ordinary.snapshot["annex"]:
        shown = ordinary.snapshot["figures"][source["figure"]]["shown"]
        row = f"{source['figure']} {source['what']} {shown} {source['reference']} {source['version']}"
        assert row.replace(" ", "") in annex.replace(" ", "")


def test_keys_lead_to_their_row_in_the_annex(ordinary: Rendered) -> None:
    keys = [(words[6:], page) for words, page in ordinary.links(3) if re.fullmatch(r"Go to F\d+", words)]
    assert len(keys) == 2 + 4 * 3 + 4
    for key, page in keys:
        what = next(source["what"] for source in ordinary.snapshot["annex"] if source["figure"] == key)
        assert f"{key} {what}" in ordinary.page(page)


@pytest.mark.parametrize(
    ("keys", "printed"),
    [
        (("F3",), "F3"),
        (("F3", "F4", "F5"), "F3–5"),
        (("F5", "F3", "F4"), "F3–5"),
        (("F9", "F12"), "F9, F12"),
        (("F9", None, "F10", "F12"), "F9–10, F12"),
        (("F9", "F9"), "F9"),
        ((None,), ""),
    ],
)
def test_neighbouring_keys_are_printed_as_a_range(keys: tuple[str | None, ...], printed: str) -> None:
    text = figures(3, 4, 5, 9, 10, 12).keys(*keys)
    text.wrap(200, 100)
    assert "".join(run.text for line in text.lines or [] for run in line) == printed


def test_blank_is_a_dash_and_never_zero() -> None:
    assert figures().shown(None) == "–"
    assert [run.text for run in figures().cited(None, CELL)] == ["–"]


def test_column_that_names_its_unit_leaves_it_out() -> None:
    assert figures(1).bare("F1") == "1,200"


def test_figure_that_the_annex_does_not_trace_is_refused() -> None:
    snapshot = examples.programme(1)
    snapshot["annex"] = [source for source in snapshot["annex"] if source["figure"] != "F20"]
    with pytest.raises(UntracedFigureError, match="F20 is printed, but the annex"):
        Rendered(snapshot)


def test_figure_that_the_snapshot_does_not_hold_is_refused() -> None:
    snapshot = examples.programme(1)
    del snapshot["figures"]["F20"]
    with pytest.raises(UntracedFigureError, match="F20 is printed, but the snapshot"):
        Rendered(snapshot)
