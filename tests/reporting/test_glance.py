"""The charts of a programme's page: their conclusions, their numbers as tables, and the same totals as in the documents."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award, Milestone
from grants.desk.portfolio import Portfolio, portfolio
from grants.formats import local_today
from grants.programmes.models import Indicator
from grants.reports.figures import Amount
from grants.reports.totals import Total
from reporting.glance import MOST, Chart, charts_of, more_than_once, reached
from reporting.snapshot.figures import Figures
from reporting.snapshot.portfolio import summary
from reporting.snapshot.records import read
from tests import factories
from tests.factories import Cast


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


def found(who: Cast) -> Portfolio:
    return portfolio(who.programme, who.reviewer, local_today())


def charts(who: Cast) -> dict[str, Chart]:
    return {chart.key: chart for chart in charts_of(found(who))}


def total(title: str, target: int | None, to_date: int | None, **more: Any) -> Total:
    amount = None if to_date is None else Amount(Decimal(to_date))
    return Total(Indicator(title=title, **more), 1, 1, None if target is None else Decimal(target), amount)


def test_totals_of_people_say_that_one_may_be_counted_more_than_once() -> None:
    people = [total("Learners", 100, 5, measure="people", over_time="sum"), total("Schools", 100, 5, measure="count")]
    assert more_than_once(people) == " Learners: may count a person more than once."
    assert more_than_once(people[1:]) == ""


@pytest.mark.parametrize(
    ("totals", "sentence"),
    [
        ([total("Learners", 100, None)], "No indicator has an approved total yet"),
        ([total("Learners", 100, 82)], "Learners: 82% of the target is reached"),
        ([total("Learners", 1000, 999)], "Learners: 99% of the target is reached"),
        ([total("Learners", 100, 100)], "Learners: the target is met"),
        ([total("Learners", 100, 120), total("Schools", 10, 10)], "Every indicator has met its target"),
        ([total("Learners", 100, 120), total("Schools", 10, 9)], "1 of 2 indicators has met its target"),
        (
            [total("Learners", 100, 120), total("Schools", 10, 11), total("Mentors", 10, None)],
            "2 of 3 indicators have met their target",
        ),
        (
            [total("Learners", 100, 20), total("Schools", 10, 9)],
            "No indicator has met its target yet; the nearest is at 90%: Schools",
        ),
    ],
)
def test_heading_is_the_conclusion(totals: list[Total], sentence: str) -> None:
    assert reached(totals) == sentence


def test_charts_say_their_numbers_in_a_table_and_to_the_ear(who: Cast) -> None:
    award = factories.award_in("active", who)
    factories.report_in("approved", who, award)
    factories.tranche_in("paid", who, award)
    drawn = charts(who)
    assert list(drawn) == ["indicators", "money", "reports"]
    assert drawn["indicators"].rows[0] == ["Learners reached", "400", "342", "85%", "1 of 1"]
    assert (
        'aria-label="Approved to date against the targets. Learners reached: 342 of 400;' in drawn["indicators"].picture
    )
    assert drawn["money"].heading == "25% of the money awarded is paid"
    assert drawn["money"].rows == [["National exemplars", "1", "12,500", "3,125", "3,125"]]
    assert drawn["money"].foot == ()
    assert drawn["reports"].heading == "No report is late"
    assert drawn["reports"].foot == ["All", "1", "0", "0", "2"]


def test_reports_that_are_late_or_wait_are_the_conclusion(who: Cast) -> None:
    late, sent = (factories.award_in("active", who, reports=1, evaluation=False) for _ in range(2))
    Milestone.objects.filter(award=late).update(opens_on="2012-01-01", due_on=local_today() - timedelta(days=1))
    factories.report_in("submitted", who, sent)
    assert charts(who)["reports"].heading == "1 report is late; 1 waits for review"


def test_no_chart_where_there_is_nothing_to_draw(who: Cast) -> None:
    assert charts_of(found(who)) == []
    factories.award_in("offered", who)
    assert charts_of(found(who)) == []


def test_indicator_that_is_not_added_is_in_the_table_alone(who: Cast) -> None:
    factories.report_in("approved", who)
    Indicator.objects.filter(programme=who.programme, code="learners").update(across="none")
    chart = charts(who)["indicators"]
    assert chart.rows[0] == ["Learners reached", "–", "not added", "–", "1 of 1"]
    assert "Learners" not in chart.picture


def test_a_chart_is_bounded_its_table_is_not(who: Cast) -> None:
    many = Portfolio(who.programme, indicators=[total(f"Indicator {n}", 10, n) for n in range(MOST + 5)])
    [chart] = charts_of(many)
    assert chart.picture.count("Indicator") == 2 * MOST
    assert len(chart.rows) == MOST + 5


def test_page_shows_charts_to_those_who_see_awards(who: Cast) -> None:
    factories.report_in("approved", who)
    url = reverse("programme", args=[who.programme.code])
    counts = {}
    for name, user in (("reviewer", who.reviewer), ("editor", who.editor), ("viewer", who.viewer)):
        client = Client()
        client.force_login(user)
        counts[name] = client.get(url).content.decode().count('role="img"')
    assert counts == {"reviewer": 3, "editor": 3, "viewer": 0}


def test_hostile_titles_are_text_in_a_picture(who: Cast) -> None:
    factories.report_in("approved", who)
    hostile = '"><script>alert(1)</script>'
    who.programme.indicators.update(title=hostile)
    who.programme.strands.update(title=hostile)
    for chart in charts(who).values():
        assert "<script" not in chart.picture
        assert 'aria-label=""' not in chart.picture


def test_page_and_document_give_the_same_totals(who: Cast) -> None:
    """Both rules stand in SQL and in Python: this holds them together, in each combination of rules."""
    for award in [factories.award_in("active", who) for _ in range(2)]:
        factories.report_in("approved", who, award, 1)
    factories.report_in("approved", who, award, 2)
    day = local_today() + timedelta(days=1000)
    for over_time in Indicator.OverTime.values:
        who.programme.indicators.update(over_time=over_time, across="sum")
        figures = Figures()
        head = summary(read(who.programme, who.funder, day), figures, local_today(), day)
        document = [
            (row["name"], figures.nodes[row["now"]]["shown"], figures.nodes[row["target"]]["shown"])
            for row in head["indicators"]
        ]
        page = [
            (row.indicator.title, _as_printed(row, row.to_date and row.to_date.value), _as_printed(row, row.target))
            for row in found(who).indicators
        ]
        assert page == document
    assert Award.objects.count() == 2


def _as_printed(row: Total, value: Decimal | None) -> str:
    assert value is not None
    return f"{value:.1f}%" if row.indicator.is_ratio else f"{value:,.0f}"
