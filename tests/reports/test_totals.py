"""Indicators over many awards: targets and approved figures added, or not, by their rules."""

from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.awards.models import Award, Target
from grants.programmes.models import Indicator
from grants.reports import services
from grants.reports import totals as totals_module
from grants.reports.figures import Amount
from grants.reports.models import Report, Result
from grants.reports.totals import Total, totals_of
from tests import factories
from tests.factories import Cast
from tests.factories.many import Ten, last_keys, made_since

Given = dict[str, Any]


def approve(award: Award, number: int, who: Cast, **given: Given) -> None:
    """Have a report approved that gives these results, by the indicator's code."""
    report = factories.report_in("draft", who, award, number)
    indicators = {indicator.code: indicator for indicator in who.programme.indicators.all()}
    blank = {"status": "final", "value": None, "numerator": None, "denominator": None}
    rows = [{"indicator": indicators[code], **blank, **row} for code, row in given.items()]
    services.save_results(report.pk, by=who.editor, rows=rows)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    services.approve_report(report.pk, by=who.approver, seen=None, version=1)


def ratio(top: int, bottom: int) -> Given:
    return {"value": Decimal(100 * top) / bottom, "numerator": Decimal(top), "denominator": Decimal(bottom)}


def number(value: int) -> Given:
    return {"value": Decimal(value)}


NOT_COLLECTED: Given = {"status": "not_collected"}


@pytest.fixture
def awards(who: Cast) -> list[Award]:
    """One has reported twice, one once and in part; what the third has sent is not approved."""
    twice, once, never = (factories.award_in("active", who) for _ in range(3))
    approve(twice, 1, who, learners=number(100), schools=number(4), likely=ratio(60, 80))
    approve(twice, 2, who, learners=number(50), schools=number(7), likely=ratio(10, 20))
    approve(once, 1, who, learners=number(10), schools=NOT_COLLECTED, likely=NOT_COLLECTED)
    factories.report_in("submitted", who, never)
    return [twice, once, never]


def totals(who: Cast) -> dict[str, Total]:
    everything = Award.objects.filter(strand__programme=who.programme)
    return {total.indicator.code: total for total in totals_of(who.programme, everything)}


def change(who: Cast, code: str, **values: str) -> None:
    Indicator.objects.filter(programme=who.programme, code=code).update(**values)


def test_awards_are_added_by_their_figures_over_time(who: Cast, awards: list[Award]) -> None:
    found = totals(who)
    learners, schools = found["learners"], found["schools"]
    assert (learners.target, learners.to_date) == (Decimal(1200), Amount(Decimal(160)))
    assert (learners.awards, learners.reported) == (3, 2)
    assert learners.part == Decimal(160) / 1200
    assert (schools.target, schools.to_date, schools.reported) == (Decimal(30), Amount(Decimal(7)), 1)


def test_ratios_are_added_by_their_parts(who: Cast, awards: list[Award]) -> None:
    change(who, "likely", across="sum")
    likely = totals(who)["likely"]
    assert (likely.target, likely.to_date) == (Decimal(60), Amount(Decimal(50), Decimal(10), Decimal(20)))
    change(who, "likely", over_time="sum")
    assert totals(who)["likely"].to_date == Amount(Decimal(70), Decimal(70), Decimal(100))


def test_ratio_without_parts_is_not_added(who: Cast, awards: list[Award]) -> None:
    change(who, "likely", across="sum")
    approve(awards[1], 2, who, learners=number(1), schools=number(1), likely={"value": Decimal(40)})
    assert totals(who)["likely"].to_date is None
    assert totals(who)["likely"].reported == 2


def test_award_that_does_not_know_the_parts_of_each_period_counts_with_its_latest(
    who: Cast, awards: list[Award]
) -> None:
    change(who, "likely", across="sum", over_time="sum")
    late = factories.award_in("active", who)
    approve(late, 1, who, learners=number(1), schools=number(1), likely={"value": Decimal(40)})
    assert totals(who)["likely"].to_date is None
    approve(late, 2, who, learners=number(1), schools=number(1), likely=ratio(30, 60))
    likely = totals(who)["likely"]
    assert (likely.to_date, likely.reported) == (Amount(Decimal("62.5"), Decimal(100), Decimal(160)), 2)


def test_ratio_has_a_target_only_where_all_share_it(who: Cast, awards: list[Award]) -> None:
    change(who, "likely", across="sum")
    Target.objects.filter(award=awards[0], indicator__code="likely").update(value=70)
    likely = totals(who)["likely"]
    assert (likely.target, likely.part) == (None, None)
    assert likely.to_date is not None


def test_indicator_that_is_not_added_has_no_total(who: Cast, awards: list[Award]) -> None:
    change(who, "schools", across="none")
    schools = totals(who)["schools"]
    assert (schools.target, schools.to_date, schools.part) == (None, None, None)
    assert (schools.awards, schools.reported) == (3, 1)


def test_nothing_approved_is_no_nought(who: Cast) -> None:
    award = factories.award_in("active", who)
    factories.report_in("in_review", who, award)
    assert Result.objects.filter(report__milestone__award=award).exists()
    learners = totals(who)["learners"]
    assert (learners.target, learners.to_date, learners.reported, learners.part) == (Decimal(400), None, 0, None)


def test_only_the_awards_that_are_asked_for_count(who: Cast, awards: list[Award]) -> None:
    [learners, *_] = totals_of(who.programme, Award.objects.filter(pk=awards[1].pk))
    assert (learners.target, learners.to_date) == (Decimal(400), Amount(Decimal(10)))
    assert totals_of(who.programme, Award.objects.none()) == []


@pytest.mark.parametrize(
    ("measure", "rule", "reported", "says"),
    [
        ("people", "latest", 2, True),
        ("people", "latest", 1, False),
        ("people", "sum", 1, True),
        ("count", "sum", 2, False),
    ],
)
def test_people_that_are_added_may_be_counted_more_than_once(
    measure: str, rule: str, reported: int, says: bool
) -> None:
    found = Total(Indicator(measure=measure, over_time=rule), 3, reported, None, Amount(Decimal(5)))
    assert found.may_count_twice is says
    assert not Total(Indicator(measure=measure, over_time=rule), 3, 0, None, None).may_count_twice


def test_superseded_figures_do_not_count(who: Cast, awards: list[Award]) -> None:
    report = Report.objects.get(milestone__award=awards[1], milestone__number=1)
    Report.objects.filter(pk=report.pk).update(state="superseded")
    assert totals(who)["learners"].to_date == Amount(Decimal(150))


def test_totals_take_two_queries_at_one_report_and_at_thirty(who: Cast) -> None:
    below = last_keys()
    award = factories.award_in("active", who)
    approve(award, 1, who, learners=number(100), schools=number(4), likely=ratio(60, 80))
    made = Ten(who, [who.programme], award, made_since(below))
    for reports in (1, 30):
        made.copy(range(1, reports))
        with CaptureQueriesContext(connection) as queries:
            learners = totals(who)["learners"]
        assert (learners.reported, learners.to_date) == (reports, Amount(Decimal(100 * reports)))
        assert len(queries) == 2


def test_total_of_one_indicator_reads_no_other(who: Cast, awards: list[Award], monkeypatch: pytest.MonkeyPatch) -> None:
    everything, schools = Award.objects.all(), who.programme.indicators.get(code="schools")
    [alone] = totals_of(who.programme, everything, schools)
    assert (alone.target, alone.to_date) == (totals(who)["schools"].target, totals(who)["schools"].to_date)
    added = Mock(wraps=totals_module._reached)
    monkeypatch.setattr(totals_module, "_reached", added)
    totals_of(who.programme, everything, schools)
    [known] = added.call_args.args
    assert {result.indicator for result in known} == {schools}
