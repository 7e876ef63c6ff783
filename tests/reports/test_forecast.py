"""Spend with a forecast of the whole, and an explanation where it differs from what was planned."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.people.models import User
from grants.reports import services
from grants.reports.figures import Spent, spend_of, total_of
from grants.reports.models import Report
from grants.reports.parts import Part, state_of_parts
from grants.reports.record import content_of
from grants.reports.spending import wants_explanation
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def url(report: Report, name: str = "part") -> str:
    return reverse(f"reports:{name}", args=[report.pk, *(["spend"] if name == "part" else [])])


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def part_of(report: Report) -> Part:
    parts = state_of_parts(Report.objects.named().get(pk=report.pk))
    return next(part for part in parts if part.section.code == "spend")


def typed(report: Report, *given: tuple[str, str, str]) -> dict[str, str]:
    """What the page of the spend sends: of each budget line amount, forecast and explanation."""
    data = {"mark": services.mark_of(report, "spend")}
    for line, row in zip(report.award.budget_lines.all(), given, strict=False):
        data |= {
            f"line{line.pk}-{name}": text for name, text in zip(("amount", "forecast", "explanation"), row, strict=True)
        }
    return data


@pytest.mark.parametrize(
    ("budget", "to_date", "whole", "wanted"),
    [
        (20000, 5000, 22000, False),  # exactly a tenth
        (20000, 5000, 22001, True),
        (20000, 5000, 17999, True),
        (5000, 1000, 6000, False),  # exactly £1,000
        (5000, 1000, 6001, True),
        (5000, 1000, 3999, True),
        (5000, 5001, 5001, True),  # over budget, by however little
        (5000, 5000, 5000, False),
        (5000, 1000, None, False),
        (0, 0, 1000, False),
        (0, 1, 1000, True),
    ],
)
def test_explanation_is_wanted_beyond_a_tenth_and_a_thousand_pounds_or_over_budget(
    budget: int, to_date: int, whole: int | None, wanted: bool
) -> None:
    given = None if whole is None else Decimal(whole)
    assert wants_explanation(Decimal(budget), Decimal(to_date), given) is wanted


def test_in_the_final_evaluation_what_is_spent_counts_in_place_of_a_forecast() -> None:
    line = Spent("Staff", Decimal(7500), Decimal(4000), Decimal(1000), explains=True, is_last=True)
    assert line.wants_explanation
    assert not line.asks_forecast
    light = Spent("Staff", Decimal(7500), Decimal(9000), Decimal(1000))
    assert not light.wants_explanation
    assert light.over == 2500


def test_part_wants_forecast_and_explanation(who: Cast, draft: Report) -> None:
    staff, travel = draft.award.budget_lines.all()  # £7,500 and £5,000
    amount = Decimal("250.50")
    services.save_spend(draft.pk, by=who.editor, rows=[(staff, amount), (travel, amount, travel.amount)])
    assert (part_of(draft).state, part_of(draft).lacks) == ("in_progress", "1 budget line without a forecast")
    services.save_spend(draft.pk, by=who.editor, rows=[(staff, amount, Decimal(9000))])
    assert part_of(draft).lacks == "1 budget line without an explanation"
    services.save_spend(draft.pk, by=who.editor, rows=[(staff, amount, Decimal(9000), "A second post.")])
    assert part_of(draft).state == "ready"


def test_spend_over_budget_wants_an_explanation_with_what_was_spent_before(who: Cast, award: Award) -> None:
    factories.report_in("approved", who, award, 1)  # £250.50 a line
    second = Report.objects.named().get(milestone__award=award, milestone__number=2)
    staff, travel = award.budget_lines.all()
    rows = [(staff, Decimal("7249.51"), staff.amount + 1), (travel, Decimal(1), travel.amount)]
    services.save_spend(second.pk, by=who.editor, rows=rows)
    assert part_of(second).lacks == "1 budget line without an explanation"
    rows[0] = (staff, Decimal("7249.50"), staff.amount)
    services.save_spend(second.pk, by=who.editor, rows=rows)
    assert part_of(second).state == "ready"


def test_final_evaluation_explains_what_was_not_spent(who: Cast, award: Award) -> None:
    last = Report.objects.named().get(milestone__award=award, milestone__kind="evaluation")
    staff, travel = award.budget_lines.all()
    services.save_spend(last.pk, by=who.editor, rows=[(staff, Decimal(100)), (travel, Decimal(4500))])
    assert part_of(last).lacks == "1 budget line without an explanation"
    services.save_spend(last.pk, by=who.editor, rows=[(staff, Decimal(100), None, "The post was empty.")])
    assert part_of(last).state == "ready"


def test_page_asks_and_stores_them(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    assert "Forecast of the whole" in words_of(page.get(url(draft)))
    data = typed(draft, ("£250.50", "9,000", ""), ("0", "5000", ""))
    assert page.post(url(draft), data).status_code == 302
    assert [row.forecast for row in draft.spend.all()] == [9000, 5000]
    words = words_of(page.get(url(draft)))
    assert words.count("Please explain the difference from the budget") == 1
    assert 'value="9,000"' in words
    words = words_of(page.get(url(draft, "check")))
    assert "Explanation for Staff" in words
    assert "Not given yet" in words
    data = typed(draft, ("250.50", "9,000", "A <second> post."), ("0", "5000", ""))
    assert page.post(url(draft), data).status_code == 302
    assert "A &lt;second&gt; post." in words_of(page.get(url(draft, "check")))


def test_forecast_below_what_is_spent_and_words_without_an_amount_get_a_sentence(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    response = as_user(who.editor).post(url(draft), typed(draft, ("300", "£250", ""), ("", "5000", "Because")))
    assert response.status_code == 422
    words = words_of(response)
    assert "This is less than the £300 spent to date" in words
    assert "Give what was spent in this period too" in words
    assert 'value="£250"' in words
    assert "Because</textarea>" in words
    assert not draft.spend.exists()


def test_light_award_is_asked_for_the_spend_alone(as_user: AsUser, who: Cast) -> None:
    award = factories.award_in("active", who, amount=factories.LIGHT)
    report = Report.objects.named().get(milestone__award=award, milestone__number=1)
    page = as_user(who.editor)
    words = words_of(page.get(url(report)))
    assert "Forecast" not in words
    assert "xplain" not in words
    data = typed(report, ("9000", "1", "Not asked"), ("0", "1", ""))
    assert page.post(url(report), data).status_code == 302
    assert [row.forecast for row in report.spend.all()] == [None, None]
    assert part_of(report).state == "ready"
    assert "Over budget" in words_of(page.get(url(report)))


def test_version_has_them_and_the_review_says_what_changed(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("in_review", who, award)
    version = report.latest_version
    assert version is not None
    assert version.content["spend"][0]["forecast"] == "7500.00"
    assert version.content["spend"][0]["explanation"] == "Prices changed."
    factories.send_back(report, who.reviewer, "spend")
    staff = award.budget_lines.all()[0]
    services.save_spend(report.pk, by=who.editor, rows=[(staff, Decimal("250.50"), Decimal(9000), "A second post.")])
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    words = words_of(as_user(who.reviewer).get(url(report, "review")))
    assert "<del>250.5, forecast £7,500, Prices changed.</del>" in words
    assert "<ins>250.5, forecast £9,000, A second post.</ins>" in words


def test_version_of_before_there_were_forecasts_is_still_read(who: Cast, draft: Report) -> None:
    content = content_of(factories.fill(draft, who.editor))
    old = [{name: row[name] for name in ("line", "budget", "amount")} for row in content["spend"]]
    lines = spend_of(draft, content | {"spend": old})
    assert [line.forecast for line in lines] == [None, None]
    assert total_of(lines).forecast is None
    assert total_of(spend_of(draft, content)).forecast == 12500


def test_forecast_that_an_earlier_report_has_overtaken_is_asked_again(who: Cast, award: Award) -> None:
    first = factories.report_in("in_review", who, award)
    second = factories.report_in("draft", who, award, number=2)
    lines = [(line, Decimal(10), Decimal(20), "Prices changed.") for line in award.budget_lines.all()]
    services.save_spend(second.pk, by=who.editor, rows=lines)
    assert part_of(second).lacks == ""
    services.approve_report(first.pk, by=who.approver, seen=None, version=1)
    assert part_of(second).lacks == "2 forecasts below what is spent to date: give the whole, to the end of the award"
