"""The document as a whole: its bytes, what it says of itself, its pages and how they are found."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reporting.pdf import render
from tests.reporting.pdf import examples
from tests.reporting.pdf.examples import SHA256
from tests.reporting.pdf.reading import Rendered

AGAIN = """
import hashlib
from reporting.pdf import render
from tests.reporting.pdf import examples
print(hashlib.sha256(render(examples.programme(2), examples.SHA256)).hexdigest())
"""


def test_same_snapshot_gives_same_bytes(ordinary: Rendered) -> None:
    assert render(examples.programme(), SHA256) == ordinary.content


def test_another_process_gives_the_same_bytes() -> None:
    prints = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())}
        done = subprocess.run(
            [sys.executable, "-c", AGAIN], env=environment, capture_output=True, text=True, check=True
        )
        prints.add(done.stdout)
    assert len(prints) == 1


def test_rendering_leaves_the_snapshot_as_it_was() -> None:
    snapshot = examples.programme(2)
    render(snapshot, SHA256)
    assert snapshot == examples.programme(2)


def test_title_and_language_are_set(ordinary: Rendered) -> None:
    title = "Collaborating with the Third Sector in STEM Outreach: funder report, 1 August 2012 to 30 April 2013"
    assert ordinary.file.docinfo["/Title"] == title
    assert ordinary.file.docinfo["/Author"] == "AccessHE"
    assert ordinary.file.docinfo["/Subject"] == "FR-0001, version 1"
    assert ordinary.file.Root.Lang == "en-GB"
    assert bool(ordinary.file.Root.ViewerPreferences.DisplayDocTitle)
    with ordinary.file.open_metadata() as metadata:
        assert metadata["dc:title"] == title
        assert metadata["pdfuaid:part"] == "1"


def test_dates_in_the_file_come_from_the_snapshot(ordinary: Rendered) -> None:
    assert str(ordinary.file.docinfo["/CreationDate"]).startswith("D:20130604000000")


def test_every_font_is_embedded(ordinary: Rendered) -> None:
    fonts = [font for page in ordinary.file.pages for font in page.resources.Font.as_dict().values()]
    assert {str(font.BaseFont).partition("+")[2] for font in fonts} == {
        "SourceSansPro-Regular",
        "SourceSansPro-Semibold",
        "SourceSansPro-Light",
    }
    assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_contents_name_the_page_of_each_section(ordinary: Rendered) -> None:
    contents = ordinary.page(2)
    for entry, note in (
        ("For trustees", "8 of 10 awards are on course; 2 need attention"),
        ("The portfolio", "Ten awards, results, and where the money stands"),
        ("EX-001 Generating Genius", "National exemplar projects, on course"),
        ("CP-010 Example Science Trust", "Regional communities of practice, off course"),
        ("Annex", "Key, version, approval and rule of every printed figure"),
    ):
        assert f"{entry} {note} {ordinary.page_of(entry)} " in contents


def test_contents_lead_to_their_pages(ordinary: Rendered) -> None:
    links = ordinary.links(2)
    assert ("Go to For trustees", 3) in links
    assert links == [(f"Go to {title}", ordinary.page_of(title)) for title in (words[6:] for words, _ in links)]
    assert len(links) == 13


@pytest.mark.parametrize("name", ["ordinary", "single"])
def test_running_foot_numbers_every_page_but_the_cover(name: str, request: pytest.FixtureRequest) -> None:
    document: Rendered = request.getfixturevalue(name)
    last = len(document.reader.pages)
    assert "version 1 · 680a1fd7" not in document.page(1)
    for number in (2, 3, last):
        foot = f"FR-0001 · version 1 · 680a1fd7 · all amounts, results and judgements are illustrative {number}"
        assert foot in document.page(number)


def test_illustrative_is_said_only_where_it_is_so() -> None:
    snapshot = examples.programme(1)
    snapshot["document"]["illustrative"] = False
    assert "illustrative" not in Rendered(snapshot).words


def test_cover_names_programme_funder_period_and_version(ordinary: Rendered) -> None:
    cover = ordinary.page(1)
    for words in (
        "Collaborating with the Third Sector in STEM Outreach",
        "National HE STEM Programme, South West Spoke (University of Bath)",
        "1 August 2012 to 30 April 2013",
        "FR-0001, version 1, 4 June 2013",
        "Funder copy, version 1: totals exact",
        "680a1fd7b43fdce88e124d263bde1b72",
        "All amounts, results and judgements are illustrative.",
    ):
        assert words in cover


def test_empty_sections_are_left_out(empty: Rendered) -> None:
    assert len(empty.reader.pages) == 3
    assert "No awards yet; the first call closes on 30 September 2012" in empty.page(3)
    for heading in ("Needs attention", "Money", "One story", "The portfolio", "Annex"):
        assert heading not in empty.words.replace("Money is exact", "")
