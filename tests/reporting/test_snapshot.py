"""The snapshot: every figure comes from an approved record, can be traced to it, and adds up."""

import json
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, NotSupportedError
from django.test.utils import CaptureQueriesContext

from grants import clock
from grants.awards.models import Award
from grants.formats import money
from grants.reports.models import Report, Result
from reporting.models import FunderReport
from reporting.snapshot import Snapshot, one_consistent_read, take
from tests import factories
from tests.reporting.conftest import Programme


def snapshot_of(report: FunderReport) -> Snapshot:
    with one_consistent_read():
        return take(report, clock.today())


def shown(snapshot: Snapshot, key: str) -> str:
    return snapshot.content["figures"][key]["shown"]


def test_money_is_the_sum_of_the_awards_and_of_the_funders_share(programme: Programme) -> None:
    snapshot = snapshot_of(programme.request())
    awards = Award.objects.filter(strand__programme=programme.who.programme)
    total = sum(award.amount for award in awards)
    part = sum(award.fundings.get(funder=programme.who.funder).amount for award in awards)
    assert shown(snapshot, snapshot.content["summary"]["awarded"]) == money(total, pence=False)
    assert shown(snapshot, snapshot.content["summary"]["funder_part"]) == money(part, pence=False)


def test_every_figure_of_people_comes_from_an_approved_version(programme: Programme) -> None:
    snapshot = snapshot_of(programme.request())
    sources = [(key, row) for key, row in snapshot.sources if row.path.startswith("results/")]
    assert sources
    for _, row in sources:
        assert row.version is not None
        assert row.version.report.state == Report.State.APPROVED
        code = row.path.split("/")[1]
        assert row.version.value_of(code) == Decimal(row.raw_value)


def test_a_figure_is_the_sum_of_its_contributions(programme: Programme) -> None:
    snapshot = snapshot_of(programme.request())
    for annex in snapshot.content["annex"]:
        rows = [Decimal(row.raw_value) for key, row in snapshot.sources if key == annex["figure"]]
        node = snapshot.content["figures"][annex["figure"]]
        if node["shown"].endswith("%"):
            continue
        total = Decimal(node["shown"].replace(",", "").replace("£", ""))
        assert total == sum(rows), annex


def test_the_forecast_is_that_of_the_latest_approved_report(programme: Programme) -> None:
    snapshot = snapshot_of(programme.request())
    pages = {page["reference"]: page for page in snapshot.content["awards"]}
    reported, silent = pages[programme.reported.reference], pages[programme.silent.reference]
    assert [shown(snapshot, line["forecast"]) for line in reported["budget"]] == ["£7,500", "£5,000"]
    assert shown(snapshot, reported["budget_total"]["forecast"]) == "£12,500"
    assert [line["forecast"] for line in (*silent["budget"], silent["budget_total"])] == [None, None, None]


def test_a_report_in_review_is_not_read(programme: Programme) -> None:
    before = snapshot_of(programme.request())
    report = Report.objects.filter(milestone__award=programme.silent).first()
    factories.move_report(report, "in_review", programme.who)
    assert Result.objects.filter(report=report).exists()
    after = snapshot_of(programme.who and FunderReport.objects.get())
    page = next(one for one in after.content["awards"] if one["reference"] == programme.silent.reference)
    assert page["report"] is None
    assert all(row["value"] is None for row in page["results"])
    assert before.content["summary"]["indicators"] == after.content["summary"]["indicators"]


def test_a_version_after_the_period_is_not_read(programme: Programme) -> None:
    first = programme.reported.milestones.order_by("number")[0]
    report = programme.request(period_end=first.period_end - clock.datetime.timedelta(days=1))
    content = snapshot_of(report).content
    assert all(one["report"] is None for one in content["awards"])


def test_the_same_records_give_the_same_snapshot(programme: Programme) -> None:
    report = programme.request()
    assert snapshot_of(report).sha256 == snapshot_of(report).sha256


def test_every_key_in_the_content_has_a_node_and_an_annex_row(programme: Programme) -> None:
    content = snapshot_of(programme.request()).content
    keys = set(content["figures"])
    assert keys == {row["figure"] for row in content["annex"]}
    pages = json.dumps([content["summary"], content["awards"]])
    assert all(f'"{key}"' in pages for key in keys)


def test_a_snapshot_sees_one_moment_and_cannot_write(programme: Programme) -> None:
    with pytest.raises((InternalError, NotSupportedError)), one_consistent_read():
        Award.objects.filter(pk=programme.reported.pk).update(title="Changed")
    with pytest.raises(RuntimeError), transaction.atomic(), one_consistent_read():
        pass


def test_a_snapshot_asks_the_same_number_of_queries_at_two_awards_and_at_ten(programme: Programme) -> None:
    report = programme.request()
    with CaptureQueriesContext(
        connection,
    ) as two:
        snapshot_of(report)
    for _ in range(8):
        factories.award_in("active", programme.who)
    with CaptureQueriesContext(connection) as ten:
        snapshot_of(report)
    assert len(two) == len(ten)


def test_a_programme_without_awards_says_so(transactional_db: None) -> None:
    who = factories.cast()
    from reporting import services

    day = clock.today()
    report = services.request_report(who.programme, who.funder, day, day, by=who.reviewer)
    assert snapshot_of(report).content["summary"]["headline"] == "No award had begun by the end of this period"
