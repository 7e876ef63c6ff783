"""What stands on the pages: the trustees' page, the portfolio, an award's page, the annex."""

from typing import Any

import pytest

from tests.reporting.pdf import examples
from tests.reporting.pdf.examples import HOSTILE, LONG_TEXT
from tests.reporting.pdf.reading import Rendered


def page_of_award(document: Rendered, number: int) -> str:
    award = document.snapshot["awards"][number]
    return document.page(document.page_of(f"{award['reference']} {award['recipient']}"))


def rendered(**changes: Any) -> Rendered:
    """A document with one award, changed in what the test is about."""
    snapshot = examples.programme(1)
    snapshot["awards"][0] |= changes
    return Rendered(snapshot)


def test_trustees_page_says_the_conclusion_and_the_money(ordinary: Rendered) -> None:
    page = ordinary.page(3)
    assert "8 of 10 awards are on course; 2 need attention" in page
    assert "9 of 10 awards reported to 30 April 2013; 1 as at 31 January." in page
    assert "This funder pays £150,000 F1 of £200,000 F2." in page
    money = "Awarded £200,000 F2; paid £140,000 F15; released, not yet paid £20,000 F16; to come £40,000 F17."
    assert money in page


def test_trustees_page_shows_four_figures_with_target_and_last_period(ordinary: Rendered) -> None:
    page = ordinary.page(3)
    for name in ("Learners reached", "In target groups", "Schools and colleges", "Resources published"):
        assert name in page
    assert "2,050 F5" in page
    assert "82% of the target" in page
    assert "Target 2,500 F3" in page
    assert "Last period 1,375 F4" in page
    assert "Learners reached may count a person more than once." in page


def test_trustees_page_names_at_most_three_awards_that_need_attention(large: Rendered) -> None:
    page = large.page(large.page_of("For trustees"))
    assert page.count("The lead has asked twice.") == 3


@pytest.mark.parametrize("text", [LONG_TEXT, HOSTILE[-1], ""], ids=["long", "one word", "nothing"])
def test_trustees_page_is_one_page_whatever_it_says(text: str) -> None:
    snapshot = examples.programme(10)
    summary = snapshot["summary"]
    summary["headline"] = summary["complete"] = summary["story"]["text"] = summary["story"]["note"] = text
    for row in (*summary["attention"], *summary["indicators"]):
        row |= {key: text for key in ("name", "wrong", "doing", "label", "of_target", "note") if key in row}
    document = Rendered(snapshot)
    assert document.page_of("The portfolio") == document.page_of("For trustees") + 1


def test_portfolio_groups_awards_by_strand(ordinary: Rendered) -> None:
    page = ordinary.page(4)
    strands = page.index("National exemplar projects"), page.index("Regional communities of practice")
    assert strands[0] < page.index("EX-005") < strands[1] < page.index("CP-006")
    assert "EX-001 Generating Genius On course 12,000 6,000 F18, F20" in page
    assert "All Ten awards 200,000 140,000 F2, F15" in page


def test_portfolio_gives_each_chart_its_numbers(ordinary: Rendered) -> None:
    page = ordinary.page(4)
    assert "Indicator Target Before Now Key Learners reached 2,500 1,375 2,050 F3–5" in page
    assert "Paid 140,000 F15 Released, not yet paid 20,000 F16 To come 40,000 F17 Awarded 200,000 F2" in page


def test_award_page_says_what_was_promised_done_and_judged(ordinary: Rendered) -> None:
    page = page_of_award(ordinary, 0)
    assert "National exemplar projects · EX-001 · Active" in page
    assert "From Milestone 3, 1 February 2013 to 30 April 2013, version 1, approved 13 May 2013" in page
    assert "The grantee’s judgement On course School days have run as planned" in page
    assert "Promised • Reach 250 learners in 18 schools, in Years 10 to 13 •" in page
    assert "Done • 204 learners in 16 schools" in page
    assert "Next: Final evaluation due 31 July 2013." in page


def test_award_page_shows_results_with_status_and_money(ordinary: Rendered) -> None:
    page = page_of_award(ordinary, 0)
    assert "Learners (unique) people 250 204 Final F21–22" in page
    assert "Went on to apply people 60 – Awaited from the partner university by 8 June 2013 F29" in page
    assert "Staff 6,000 4,615 F30–31" in page
    assert "Total 12,000 9,229 F38–39" in page


def test_award_page_names_every_member_that_is_missing(ordinary: Rendered) -> None:
    page = page_of_award(ordinary, 6)
    assert [name for name in examples.MISSING if name not in page] == []
    assert "Milestone 2: 15 of 16 members are in; missing: Harbour Trust." in page


def test_missing_members_run_over_pages_in_full() -> None:
    names = [f"Member{number:04}" for number in range(2000)]
    report = examples.programme(1)["awards"][0]["report"]
    document = rendered(report=report | {"members": f"0 of 2000 members are in; missing: {', '.join(names)}."})
    assert [name for name in names if name not in document.words] == []


def test_award_without_a_report_says_so(ordinary: Rendered) -> None:
    page = page_of_award(ordinary, 9)
    assert "No approved report in this period; figures as at 31 January 2013." in page
    assert "Milestone 3 Overdue" in page
    assert "approved 13 May" not in page
    assert "What is wrong One of four members has reported nothing since January" in page


def test_award_page_shows_both_judgements_where_there_are_two() -> None:
    ours = {"state": "at-risk", "label": "At risk", "reason": "The fourth resource is three weeks late."}
    page = page_of_award(rendered(our_judgement=ours), 0)
    assert "Our judgement At risk The fourth resource is three weeks late." in page


def test_award_of_which_little_is_known_has_no_empty_headings() -> None:
    bare = dict.fromkeys(("place", "description", "course", "course_label", "next"), "")
    nothing: dict[str, Any] = {"milestones": [], "promised": [], "done": [], "results": [], "budget": [], "answers": []}
    page = page_of_award(rendered(**bare, **nothing, judgement=None, report=None, budget_total=None, paid=None), 0)
    for heading in ("Promised", "Done", "Results", "Money, £", "The grantee’s judgement", "Next:"):
        assert heading not in page


def test_budget_has_forecasts_where_there_are_some() -> None:
    snapshot = examples.programme(1)
    lines = snapshot["awards"][0]["budget"]
    page = page_of_award(rendered(budget=[line | {"forecast": line["budget"]} for line in lines]), 0)
    budget, spent = (snapshot["figures"][lines[0][name]]["shown"].removeprefix("£") for name in ("budget", "spent"))
    assert f"{lines[0]['name']} {budget} {spent} {budget} " in page
    assert "Spent Forecast" in page
    assert "Forecast" not in page_of_award(rendered(), 0)


def test_many_milestones_get_a_table_instead_of_labels_that_touch() -> None:
    due = [f"2012-{month:02}-15" for month in range(8, 13)] + [f"2013-{month:02}-15" for month in range(1, 7)]
    milestones = [
        {"name": f"Milestone {n}", "kind": "report", "due": day, "state": "submitted", "state_label": "Submitted"}
        for n, day in enumerate(due, 1)
    ]
    page = page_of_award(rendered(milestones=milestones), 0)
    assert "Milestone Due State Milestone 1 15 August 2012 Submitted" in page
    assert "Milestone 11 15 June 2013 Submitted" in page


def test_answers_run_over_pages_in_full() -> None:
    text = "\n\n".join(f"Paragraph {n}. " + "What we learned is this. " * 30 for n in range(40))
    document = rendered(answers=[{"title": "What was learned", "text": text}])
    first, last = document.page_of("EX-001 Generating Genius"), document.page_of("Annex")
    assert last - first > 4
    for n in range(40):
        assert f"Paragraph {n}." in document.words


def test_annex_tells_where_each_figure_comes_from(ordinary: Rendered) -> None:
    page = ordinary.page(ordinary.page_of("Annex"))
    assert (
        "F1 This funder’s part, all awards £150,000 All awards Latest Approver, AccessHE 28 May 2013 Share None" in page
    )
    assert "As reported The value in the approved version named, unchanged." in page
