"""What a report says in numbers: before, this period, to date."""

from decimal import Decimal
from typing import Any

import pytest

from grants.awards.models import Award
from grants.programmes.models import Indicator
from grants.reports import services
from grants.reports.figures import Amount, Figure, add_up, figures_of, per_cent, shown, spend_of, total_of
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast


def row(indicator: Indicator, value: Any, *parts: Any) -> dict[str, Any]:
    numerator, denominator = parts or (None, None)
    return {
        "indicator": indicator,
        "status": "final",
        "value": Decimal(value),
        "numerator": numerator,
        "denominator": denominator,
    }


def by_code(report: Report) -> dict[str, Figure]:
    return {figure.indicator.code: figure for figure in figures_of(report)}


def report_of(award: Award, number: int) -> Report:
    return Report.objects.named().get(milestone__award=award, milestone__number=number)


@pytest.mark.parametrize(
    ("number", "text"),
    [("14", "14"), ("14.00", "14"), ("1250", "1,250"), ("14.50", "14.5"), ("0", "0"), ("1000.25", "1,000.25")],
)
def test_number_without_noughts_that_say_nothing(number: str, text: str) -> None:
    assert shown(Decimal(number)) == text


def test_per_cent_to_two_decimals() -> None:
    assert per_cent(Decimal(1), Decimal(3)) == Decimal("33.33")
    assert per_cent(Decimal(2), Decimal(3)) == Decimal("66.67")


def test_nothing_reported_adds_up_to_nothing_and_not_to_nought() -> None:
    assert add_up(Indicator(over_time="sum"), []) is None


def test_sum_adds_periods_and_latest_takes_the_last() -> None:
    amounts = [Amount(Decimal(38)), Amount(Decimal(14))]
    assert add_up(Indicator(over_time="sum"), amounts) == Amount(Decimal(52))
    assert add_up(Indicator(over_time="latest"), amounts) == Amount(Decimal(14))


def test_summed_ratio_is_worked_out_from_its_parts() -> None:
    ratio = Indicator(over_time="sum", measure="ratio")
    first, second = (
        Amount(per_cent(*parts), *parts) for parts in ((Decimal(60), Decimal(80)), (Decimal(10), Decimal(40)))
    )
    assert add_up(ratio, [first, second]) == Amount(Decimal("58.33"), Decimal(70), Decimal(120))


def test_summed_ratio_without_parts_cannot_be_added_and_the_latest_counts() -> None:
    ratio = Indicator(over_time="sum", measure="ratio")
    last = Amount(Decimal(25), Decimal(10), Decimal(40))
    assert add_up(ratio, [Amount(Decimal(75)), last]) == last


def test_before_counts_approved_reports_of_earlier_milestones_only(who: Cast, award: Award) -> None:
    factories.report_in("approved", who, award, 1)
    factories.report_in("submitted", who, award, 2)
    third = by_code(report_of(award, 3))
    assert third["learners"].before == Amount(Decimal(342))
    assert third["learners"].now is None
    assert third["learners"].to_date == Amount(Decimal(342))
    first = by_code(report_of(award, 1))
    assert first["learners"].before is None
    assert first["learners"].to_date == Amount(Decimal(342))


def test_to_date_follows_the_rule_over_time(who: Cast, award: Award) -> None:
    factories.report_in("approved", who, award, 1)
    second = report_of(award, 2)
    indicators = {target.indicator.code: target.indicator for target in award.targets.select_related("indicator")}
    services.save_results(
        second.pk,
        by=who.editor,
        rows=[row(indicators["learners"], 8), row(indicators["schools"], 7), row(indicators["likely"], 50, 10, 20)],
    )
    figures = by_code(second)
    assert figures["learners"].to_date == Amount(Decimal(350))
    assert figures["schools"].to_date == Amount(Decimal(7))
    assert figures["likely"].to_date == Amount(Decimal(50), Decimal(10), Decimal(20))
    assert figures["likely"].before == Amount(Decimal(75), Decimal(60), Decimal(80))
    assert not figures["schools"].is_met
    assert figures["schools"].target == Amount(Decimal(10))


def test_awaited_figure_adds_nothing(who: Cast, award: Award) -> None:
    factories.report_in("approved", who, award, 1)
    second = report_of(award, 2)
    learners = Indicator.objects.get(code="learners", programme=who.programme)
    awaited = {
        "indicator": learners,
        "status": "awaited",
        "awaited_from": "the school",
        "awaited_by": second.milestone.due_on,
    }
    services.save_results(second.pk, by=who.editor, rows=[awaited])
    figure = by_code(second)["learners"]
    assert figure.given is not None
    assert figure.given.is_awaited
    assert figure.to_date == Amount(Decimal(342))


def test_a_sent_version_is_read_and_not_what_is_being_changed(who: Cast, award: Award) -> None:
    returned = factories.report_in("returned", who, award, 1)
    learners = Indicator.objects.get(code="learners", programme=who.programme)
    services.save_results(returned.pk, by=who.editor, rows=[row(learners, 1)])
    version = returned.latest_version
    assert version is not None
    sent = {figure.indicator.code: figure.now for figure in figures_of(returned, version.content)}
    assert sent["learners"] == Amount(Decimal(342))
    assert by_code(returned)["learners"].now == Amount(Decimal(1))


def test_spend_by_budget_line_with_what_is_left(who: Cast, award: Award) -> None:
    factories.report_in("approved", who, award, 1)
    second = report_of(award, 2)
    staff, travel = award.budget_lines.all()
    services.save_spend(second.pk, by=who.editor, rows=[(staff, Decimal(100)), (travel, None)])
    lines = spend_of(second)
    assert [(line.title, line.budget, line.before, line.now, line.to_date, line.left) for line in lines] == [
        ("Staff", Decimal(7500), Decimal("250.50"), Decimal(100), Decimal("350.50"), Decimal("7149.50")),
        ("Travel and materials", Decimal(5000), Decimal("250.50"), None, Decimal("250.50"), Decimal("4749.50")),
    ]
    total = total_of(lines)
    assert (total.budget, total.before, total.now, total.to_date) == (
        Decimal(12500),
        Decimal(501),
        Decimal(100),
        Decimal(601),
    )
    assert total.part == 5


def test_total_of_nothing_given_is_not_nought(award: Award) -> None:
    total = total_of(spend_of(report_of(award, 1)))
    assert total.now is None
    assert total.to_date == 0
