"""What was sent cannot change, whoever asks the database; and the rows say what the version says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from grants.awards.services import terminate_award
from grants.reports import services
from grants.reports.figures import figures_of, per_cent, spend_of
from grants.reports.models import Report
from grants.reports.record import canonical, content_of, digest
from tests import factories
from tests.factories import Cast

SENT = ["awaiting_sign_off", "submitted", "in_review", "approved", "superseded", "waived", "abandoned"]
WRITES = [
    (
        "INSERT INTO reports_result (report_id, indicator_id, status, value, awaited_from, source)"
        " SELECT {report}, id, 'final', 1, '', '' FROM programmes_indicator ORDER BY id DESC LIMIT 1"
    ),
    "UPDATE reports_result SET value = value + 1 WHERE report_id = {report}",
    "UPDATE reports_result SET report_id = {report} WHERE report_id = {other}",
    "DELETE FROM reports_result WHERE report_id = {report}",
    "UPDATE reports_spend SET amount = 0 WHERE report_id = {report}",
    "DELETE FROM reports_spend WHERE report_id = {report}",
    "UPDATE reports_answer SET text = 'Better' WHERE report_id = {report}",
    "DELETE FROM reports_answer WHERE report_id = {report}",
    "UPDATE reports_activity SET title = 'Better' WHERE report_id = {report}",
    "DELETE FROM reports_activity WHERE report_id = {report}",
    "UPDATE reports_version SET canonical = '{{}}' WHERE report_id = {report}",
    "DELETE FROM reports_version WHERE report_id = {report}",
]


def frozen(who: Cast, state: str) -> tuple[Report, Report]:
    """A report in a state with rows of its own, and a draft with some; waived and abandoned after it was sent."""
    award = factories.award_in("active", who)
    if state in ("waived", "abandoned"):
        report = factories.report_in("submitted", who, award)
        if state == "waived":
            services.waive_report(report.pk, by=who.approver, seen=None, reason="Enough")
        else:
            terminate_award(award.pk, by=who.approver, seen=None, reason="Enough")
        return report, report
    report = factories.report_in(state, who, award)
    return report, factories.report_in("draft", who, award, 2)


@pytest.mark.parametrize("state", SENT)
def test_rows_of_a_sent_report_are_refused_by_the_database(who: Cast, state: str) -> None:
    report, other = frozen(who, state)
    before = canonical(content_of(report))
    for write in WRITES:
        sql = write.format(report=report.pk, other=other.pk)
        if report.versions.count() == 0 and "reports_version" in sql:
            continue
        if report.pk == other.pk and "SET report_id" in sql:
            continue
        refused = pytest.raises(DatabaseError, match=r"cannot change|Cannot (update|delete)")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert canonical(content_of(report)) == before


def test_rows_of_a_returned_report_can_change_but_its_version_cannot(who: Cast, db: None) -> None:
    report = factories.report_in("returned", who)
    report.results.update(value=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        report.versions.update(sha256="0" * 64)


def test_version_is_what_was_written_and_its_hash_is_that_of_its_text(who: Cast, db: None) -> None:
    report = factories.report_in("submitted", who)
    version = report.latest_version
    assert version is not None
    assert version.content == content_of(report)
    assert version.sha256 == digest(version.canonical)


money = some.decimals(0, 10**9, places=2)
people = some.integers(0, 10**9).map(Decimal)
ratio = some.tuples(some.integers(0, 500), some.integers(1, 500)).map(sorted).filter(lambda pair: pair[1] > 0)


@some.composite
def a_row(draw: Any, measure: str) -> dict[str, Any]:
    """A row of a figure, of any status that fits."""
    status = draw(some.sampled_from(["final", "provisional", "awaited", "not_collected", "not_applicable"]))
    row: dict[str, Any] = dict.fromkeys(("value", "numerator", "denominator", "awaited_by"))
    row |= {"status": status, "awaited_from": "", "source": draw(some.text("aé<“ ", max_size=5)), "confirmed": True}
    if status == "awaited":
        return row | {"awaited_from": "school", "awaited_by": draw(some.dates(date(2012, 1, 1), date(2014, 1, 1)))}
    if status in ("final", "provisional") and measure == "ratio":
        part, whole = (Decimal(number) for number in draw(ratio))
        return row | {"value": per_cent(part, whole), "numerator": part, "denominator": whole}
    if status in ("final", "provisional"):
        return row | {"value": draw(people if measure == "people" else money)}
    return row


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_rows_are_what_the_version_says_after_every_submission(draft: Report, who: Cast, data: Any) -> None:
    with transaction.atomic():
        factories.fill(draft, who.editor)
        text = data.draw(some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
        services.save_answer(draft.pk, draft.asked_sections()[0], by=who.editor, text=f"x{text}")
        rows = [
            {"indicator": target.indicator, **data.draw(a_row(target.indicator.measure))}
            for target in draft.award.targets.select_related("indicator")
        ]
        services.save_results(draft.pk, by=who.editor, rows=rows)
        spend = [
            (line, amount, amount + data.draw(money), "Prices changed.")
            for line, amount in ((line, data.draw(money)) for line in draft.award.budget_lines.all())
        ]
        services.save_spend(draft.pk, by=who.editor, rows=spend)
        services.ask_for_sign_off(draft.pk, by=who.editor, seen=None)
        services.submit_report(draft.pk, by=who.signatory, seen=None)

        report = Report.objects.named().get(pk=draft.pk)
        version = report.latest_version
        assert version is not None
        assert canonical(content_of(report)) == version.canonical
        for result in report.results.select_related("indicator"):
            assert version.value_of(result.indicator.code) == result.value
        assert figures_of(report, version.content) == figures_of(report)
        assert spend_of(report, version.content) == spend_of(report)
        transaction.set_rollback(True)
