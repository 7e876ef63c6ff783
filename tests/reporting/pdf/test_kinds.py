"""What each kind of document holds."""

import pytest

from tests.reporting.pdf import examples
from tests.reporting.pdf.reading import Rendered, flat

ADDRESS = f"https://exemplar.example/verify/FR-0001/{examples.SHA256[:16]}/"


def contents_of(document: Rendered) -> list[str]:
    return [item["/Title"] for item in flat(document.reader.outline)]


def addresses_in(document: Rendered) -> set[str]:
    found = (
        annotation.get_object().get("/A", {}).get("/URI")
        for page in document.reader.pages
        for annotation in page.get("/Annots", [])
    )
    return {address for address in found if address}


@pytest.mark.parametrize("number", [1, 10, 300])
def test_page_for_trustees_alone_is_one_page_that_leads_nowhere(number: int) -> None:
    document = Rendered(examples.of_kind("trustees", number))
    assert len(document.reader.pages) == 1
    assert "Collaborating with the Third Sector" in document.words
    assert "Contents" not in document.words
    assert not document.reader.pages[0].get("/Annots"), "neither an annex nor an award's page is there"


def test_report_on_one_award_is_its_page_and_where_its_figures_come_from(of_one: Rendered) -> None:
    reference = of_one.snapshot["awards"][0]["reference"]
    assert [title.split()[0] for title in contents_of(of_one)] == [reference, "Annex"]
    assert "For trustees" not in of_one.words


def test_cover_says_which_kind_it_is_and_about_what(final: Rendered, of_one: Rendered, ordinary: Rendered) -> None:
    assert "Final report to the funder" in final.page(1)
    assert f"Report to the funder: {of_one.snapshot['document']['about']}" in of_one.page(1)
    assert "Report to the funder:" not in ordinary.page(1)


def test_final_report_says_what_was_learned_question_by_question(final: Rendered) -> None:
    titles = contents_of(final)
    assert titles[:3] == ["For trustees", "What was achieved and learned", "The portfolio"]
    chapter = final.page_of("What was achieved and learned")
    assert "In the words of ten final evaluations." in final.page(chapter)
    for question in final.snapshot["outcomes"]:
        assert question["title"] in final.words
    start = final.squeezed.index("Whatwasachievedandlearned")
    for award in final.snapshot["awards"]:
        assert award["recipient"].replace(" ", "") in final.squeezed[start:]


@pytest.mark.parametrize("name", ["ordinary", "final", "of_one"])
def test_cover_leads_to_the_page_that_verifies_the_document(name: str, request: pytest.FixtureRequest) -> None:
    document: Rendered = request.getfixturevalue(name)
    assert addresses_in(document) == {ADDRESS}
    alternates = [str(node.raw.Alt) for node in document.nodes() if node.role == "Figure" and "/Alt" in node.raw]
    assert any(ADDRESS in words for words in alternates), "the square says in words where it leads"
