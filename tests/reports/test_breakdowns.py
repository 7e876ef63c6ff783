"""Of whom a figure consists: exclusive parts leave the rest as not known, overlapping ones are never added; blank is not zero."""

import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards.models import Award
from grants.lifecycle.door import NotNow
from grants.people.models import User
from grants.programmes.models import Breakdown, Category, Indicator
from grants.reports import services
from grants.reports.figures import figures_of
from grants.reports.models import Report, ResultPart
from grants.reports.of_whom import OfWhom
from grants.reports.record import content_of
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
YEARS = ("Year 9", "Year 10", "Year 11")
TRAITS = ("Free school meals", "First in family")


def break_down(indicator: Indicator, code: str, kind: str, titles: tuple[str, ...], position: int) -> None:
    made = Breakdown.objects.create(indicator=indicator, code=code, title=f"by {code}", kind=kind, position=position)
    for place, title in enumerate(titles):
        Category.objects.create(breakdown=made, code=title.lower().replace(" ", "-"), title=title, position=place)


@pytest.fixture
def learners(who: Cast) -> Indicator:
    """Counted by year, where each is in one, and by traits, where one may have several."""
    indicator = Indicator.objects.get(programme=who.programme, code="learners")
    break_down(indicator, "year", "exclusive", YEARS, 1)
    break_down(indicator, "trait", "overlapping", TRAITS, 2)
    return indicator


@pytest.fixture
def award(learners: Indicator, who: Cast) -> Award:
    return factories.award_in("active", who, reports=3)


def report_of(award: Award, number: int) -> Report:
    return Report.objects.named().get(milestone__award=award, milestone__number=number)


def save(report: Report, who: Cast, value: int | None, status: str = "final", **parts: int | None) -> None:
    """Store the number of learners; parts by the last word of their category: nine, ten, eleven, meals, family."""
    names = {
        "nine": ("year", "year-9"),
        "ten": ("year", "year-10"),
        "eleven": ("year", "year-11"),
        "meals": ("trait", "free-school-meals"),
        "family": ("trait", "first-in-family"),
    }
    given = {names[name]: None if part is None else Decimal(part) for name, part in parts.items()}
    indicator = Indicator.objects.get(programme=who.programme, code="learners")
    row = {"indicator": indicator, "status": status, "value": None if value is None else Decimal(value), "parts": given}
    services.save_results(report.pk, by=who.editor, rows=[row])


def approve(report: Report, who: Cast) -> None:
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    services.approve_report(report.pk, by=who.approver, seen=None, version=1)


def of_whom(report: Report, content: dict[str, Any] | None = None) -> dict[str, OfWhom]:
    figures = {figure.indicator.code: figure for figure in figures_of(report, content)}
    return {breakdown.code: breakdown for breakdown in figures["learners"].of_whom}


def numbers(breakdown: OfWhom) -> list[tuple[Any, Any, Any]]:
    rest = [breakdown.left_over] if breakdown.left_over else []
    return [(part.before, part.now, part.to_date) for part in (*breakdown.parts, *rest)]


def test_a_target_asks_every_breakdown_of_its_indicator(award: Award) -> None:
    asked = {target.indicator.code: target.breakdowns.count() for target in award.targets.all()}
    assert asked == {code: 2 if code == "learners" else 0 for code in asked}


@pytest.mark.parametrize("measure", ["money", "ratio"])
def test_only_what_counts_is_broken_down(who: Cast, measure: str) -> None:
    indicator = Indicator.objects.create(programme=who.programme, code="x", title="X", unit="x", measure=measure)
    with pytest.raises(IntegrityError), transaction.atomic():
        Breakdown.objects.create(indicator=indicator, code="year", title="by year")


def test_what_exclusive_parts_leave_over_is_not_known(award: Award, who: Cast) -> None:
    report = report_of(award, 1)
    save(report, who, 64, nine=20, ten=30)
    years = of_whom(report)["year"]
    assert numbers(years) == [(None, 20, 20), (None, 30, 30), (None, None, None), (None, 14, 14)]
    assert years.blanks == 1


def test_a_nought_is_known_and_a_blank_is_not(award: Award, who: Cast) -> None:
    report = report_of(award, 1)
    save(report, who, 64, nine=0, ten=None)
    assert [part.now for part in of_whom(report)["year"].parts] == [0, None, None]
    assert ResultPart.objects.count() == 1


def test_overlapping_parts_are_not_added(award: Award, who: Cast) -> None:
    report = report_of(award, 1)
    save(report, who, 64, meals=60, family=50)
    traits = of_whom(report)["trait"]
    assert traits.left_over is None
    assert [part.now for part in traits.parts] == [60, 50]


def test_before_and_to_date_add_up_where_periods_are_added(award: Award, who: Cast) -> None:
    first, second = factories.report_in("draft", who, award, 1), report_of(award, 2)
    save(first, who, 64, nine=20, ten=30, meals=10)
    approve(first, who)
    save(second, who, 36, nine=16, eleven=10)
    found = of_whom(second)
    assert numbers(found["year"]) == [(20, 16, 36), (30, None, 30), (None, 10, 10), (14, 10, 24)]
    assert numbers(found["trait"]) == [(10, None, 10), (None, None, None)]


def test_before_and_to_date_are_those_of_the_latest_count_where_that_counts(award: Award, who: Cast) -> None:
    Indicator.objects.filter(code="learners").update(over_time="latest")
    first, second, third = factories.report_in("draft", who, award, 1), report_of(award, 2), report_of(award, 3)
    save(first, who, 64, nine=20, ten=30, meals=10)
    approve(first, who)
    save(second, who, 100, nine=50)
    assert numbers(of_whom(second)["year"]) == [(20, 50, 50), (30, None, None), (None, None, None), (14, 50, 50)]
    factories.fill(second, who.editor)
    save(second, who, 100, nine=50)
    approve(second, who)
    assert numbers(of_whom(third)["year"]) == [(50, None, 50), (None, None, None), (None, None, None), (50, None, 50)]


def test_a_version_keeps_the_parts_with_their_titles(award: Award, who: Cast) -> None:
    report = factories.report_in("draft", who, award, 1)
    save(report, who, 64, nine=20, meals=10)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    version = report.latest_version
    assert version is not None
    assert version.content == content_of(report)
    Category.objects.update(title="Renamed")
    row = next(row for row in version.content["results"] if row["indicator"] == "learners")
    assert [part["title"] for breakdown in row["of_whom"] for part in breakdown["parts"]] == [*YEARS, *TRAITS]
    assert [part.title for part in of_whom(report, version.content)["year"].parts] == list(YEARS)


def test_a_version_from_before_breakdowns_can_still_be_read(award: Award, who: Cast) -> None:
    report = factories.report_in("submitted", who, award, 1)
    version = report.latest_version
    assert version is not None
    old = version.content
    for row in (*old["results"], *old["spend"]):
        for name in ("of_whom", "odd", "confirmed"):
            row.pop(name, None)
    assert of_whom(report, old) == {}
    assert all(figure.given and not figure.given.odd for figure in figures_of(report, old))


def test_a_figure_that_loses_its_number_loses_its_parts(award: Award, who: Cast) -> None:
    report = report_of(award, 1)
    save(report, who, 64, nine=20)
    save(report, who, None, "not_collected")
    assert not report.result_parts.exists()


@pytest.mark.parametrize("parts", [{"nine": 65}, {"nine": 40, "ten": 30}, {"meals": 65}])
def test_parts_that_do_not_fit_are_refused(award: Award, who: Cast, parts: dict[str, int]) -> None:
    report = report_of(award, 1)
    with pytest.raises(NotNow, match="is more than 64, the figure itself"):
        save(report, who, 64, **parts)


def test_a_number_is_not_put_below_its_parts_by_whoever_says_nothing_of_them(award: Award, who: Cast) -> None:
    report, learners = report_of(award, 1), Indicator.objects.get(programme=who.programme, code="learners")
    save(report, who, 64, nine=20)
    row = {"indicator": learners, "status": "final", "value": Decimal(10)}
    with pytest.raises(NotNow, match="20 is more than 10"):
        services.save_results(report.pk, by=who.editor, rows=[row])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_resultpart SET value = 65",
        "UPDATE reports_result SET value = 19",
        "DELETE FROM reports_result",
        "UPDATE reports_resultpart SET value = 33",
    ],
)
def test_the_database_holds_that_parts_fit(award: Award, who: Cast, statement: str) -> None:
    save(report_of(award, 1), who, 64, nine=20, ten=20)
    with pytest.raises(DatabaseError, match="do not fit"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")


def test_a_part_is_not_negative(award: Award, who: Cast) -> None:
    save(report_of(award, 1), who, 64, nine=20)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResultPart.objects.update(value=-1)


@pytest.mark.parametrize("state", ["awaiting_sign_off", "submitted", "approved"])
def test_parts_of_a_sent_report_stand(award: Award, who: Cast, state: str) -> None:
    report = report_of(award, 1)
    save(report, who, 64, nine=20)
    report = factories.report_in(state, who, award, 1)
    assert report.result_parts.exists()
    for change in (lambda: report.result_parts.update(value=1), lambda: report.result_parts.all().delete()):
        with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic():
            change()


# --- The page ---------------------------------------------------------------------------------------------------------


def typed(report: Report, **values: str) -> dict[str, str]:
    """What the page sends of the learners; a category by its codes: year__year_9 for of-year-year-9."""
    key = Indicator.objects.get(programme=report.award.strand.programme, code="learners").pk
    return {
        "mark": services.mark_of(report, "figures"),
        **{
            f"figure{key}-" + (f"of-{name.replace('__', '-').replace('_', '-')}" if "__" in name else name): value
            for name, value in values.items()
        },
    }


def post(client: Client, person: User, report: Report, save_itself: bool = False, **values: str) -> Any:
    headers = {"Autosave": str(person.pk)} if save_itself else {}
    return client.post(reverse("reports:part", args=[report.pk, "figures"]), typed(report, **values), headers=headers)


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_parts_are_typed_and_come_back_with_what_is_left_over(as_user: AsUser, award: Award, who: Cast) -> None:
    page, report = as_user(who.editor), report_of(award, 1)
    assert post(page, who.editor, report, value="64", year__year_9="20", trait__first_in_family="9").status_code == 302
    shown = words_of(page.get(reverse("reports:part", args=[report.pk, "figures"])))
    assert "Of whom, by year: 44 not known" in shown
    assert "Of whom, by trait, one may be in several: 1 of 2 not known" in shown
    assert "At most 64" in shown


def test_all_faults_stand_at_their_cells_at_once_and_nothing_typed_is_lost(
    as_user: AsUser, award: Award, who: Cast
) -> None:
    report = report_of(award, 1)
    response = post(
        as_user(who.editor),
        who.editor,
        report,
        value="64",
        year__year_9="70",
        year__year_10="-3",
        trait__first_in_family="x",
    )
    shown = words_of(response)
    assert response.status_code == 422
    assert "Learners reached, Year 9, this period: This is more than the 64 in all. Give at most 64" in shown
    assert "“-3” is negative. Give 0 or more" in shown
    assert "“x” is not a number" in shown
    assert all(f'value="{text}"' in shown for text in ("70", "-3", "x", "64"))
    assert shown.count('class="fault"') == 3
    assert not report.results.exists()


def test_exclusive_parts_that_are_more_together_are_a_fault(as_user: AsUser, award: Award, who: Cast) -> None:
    response = post(
        as_user(who.editor), who.editor, report_of(award, 1), value="64", year__year_9="40", year__year_10="30"
    )
    assert response.status_code == 422
    assert "Together these are 70, and the figure is 64" in words_of(response)


def test_parts_without_a_number_are_a_fault(as_user: AsUser, award: Award, who: Cast) -> None:
    response = post(as_user(who.editor), who.editor, report_of(award, 1), year__year_9="40", status="not_collected")
    assert response.status_code == 422
    assert "Give the figure itself first, of which this is a part, or take this out" in words_of(response)


def test_parts_save_themselves(as_user: AsUser, award: Award, who: Cast) -> None:
    report = report_of(award, 1)
    response = post(as_user(who.editor), who.editor, report, True, value="64", year__year_9="20")
    assert response.headers["Autosave"] == "saved"
    assert report.result_parts.get().value == 20
    response = post(as_user(who.editor), who.editor, report, True, value="64", year__year_9="200")
    assert response.headers["Autosave"] == "not_yet"
    assert report.result_parts.get().value == 20


def test_reviewer_reads_of_whom_and_what_changed(as_user: AsUser, award: Award, who: Cast) -> None:
    report = factories.report_in("draft", who, award, 1)
    save(report, who, 64, nine=20)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    factories.send_back(report, who.reviewer, "figures")
    save(report, who, 64, nine=24, family=3)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    page = as_user(who.reviewer)
    shown = words_of(page.get(reverse("reports:review", args=[report.pk])))
    assert "Of whom, by year: 40 not known" in shown
    assert "Learners reached, Year 9: <del>20</del> <ins>24</ins>" in shown
    assert "Learners reached, First in family: <del>not known</del> <ins>3</ins>" in shown
    assert "not known</td>" in shown


@pytest.mark.parametrize("page", ["part", "check", "review"])
def test_queries_do_not_grow_with_categories(as_user: AsUser, award: Award, who: Cast, page: str) -> None:
    counts = []
    for number, more in itertools.product([1], (0, 20)):
        for position in range(more):
            Category.objects.create(
                breakdown=Breakdown.objects.get(code="year"), code=f"c{position}", title=f"Group {position}"
            )
        state, person = ("in_review", who.reviewer) if page == "review" else ("draft", who.editor)
        report = factories.report_in(state, who, factories.award_in("active", who), number)
        address = reverse(f"reports:{page}", args=[report.pk, *(["figures"] if page == "part" else [])])
        browser = as_user(person)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
