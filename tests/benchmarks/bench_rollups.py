"""How long the roll-up of a programme takes: twenty indicators over 100, 1,000 and 10,000 approved reports, with two rivals.

Run by `make bench`; BENCH_ROUNDS sets how often each is taken (5). Ours is `totals_of`, which programme pages list: two
queries for all indicators, whatever they measure. One rival asks indicator by indicator, with the same queries; the other
reads every approved Version, and adds up in Python what it says, as the specification has it. All three must agree.

Five awards with two approved reports each are made through the services, with numbers of their own; the database copies them.
"""

import os
import time
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.awards.models import Award
from grants.programmes.models import Indicator, Programme
from grants.reports import services
from grants.reports.models import Report
from grants.reports.totals import totals_of
from tests import factories
from tests.factories import Cast
from tests.factories.many import Ten, last_keys, made_since
from tests.machines.world import Sum, in_sums, sums

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SIZES = (100, 1_000, 10_000)
INDICATORS = 20
MADE = 10
"""Reports that are made through the services, and that each copy has"""
KINDS = (("people", "sum"), ("count", "latest"), ("money", "sum"), ("ratio", "sum"), ("ratio", "latest"))


def given(indicator: Indicator, number: int) -> dict[str, Any]:
    """What a report says of an indicator; of one in seven nothing is known."""
    blank = {"indicator": indicator, "value": None, "numerator": None, "denominator": None, "confirmed": True}
    if number % 7 == 0:
        return {**blank, "status": "not_collected"}
    known = {**blank, "status": "provisional" if number % 5 == 0 else "final"}
    if indicator.is_ratio:
        top, bottom = Decimal(number), Decimal(2 * number)
        return {**known, "value": Decimal(50), "numerator": top, "denominator": bottom}
    return {**known, "value": Decimal(10 + number)}


def ten_reports() -> Ten:
    """Five awards of one programme with twenty indicators; both reports of each are approved."""
    who = factories.cast()
    who.programme.indicators.all().delete()
    for number in range(INDICATORS):
        measure, over_time = KINDS[number % len(KINDS)]
        Indicator.objects.create(
            programme=who.programme, code=f"i{number:02}", title=f"Indicator {number}", unit="of them", measure=measure,
            over_time=over_time, position=number,
        )  # fmt: skip
    below = last_keys()
    awards = [factories.award_in("active", who, evaluation=False) for _ in range(5)]
    for number, report in enumerate(Report.objects.named().filter(milestone__award__in=awards)):
        approve(report, number, who)
    return Ten(who, [who.programme], awards[0], made_since(below))


def approve(report: Report, number: int, who: Cast) -> None:
    factories.fill(report, who.editor)
    indicators = who.programme.indicators.all()
    rows = [given(indicator, number + 3 * place) for place, indicator in enumerate(indicators)]
    services.save_results(report.pk, by=who.editor, rows=rows)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    services.approve_report(report.pk, by=who.approver, seen=None, version=1)


def ours(programme: Programme, awards: Any) -> dict[str, Sum]:
    """All indicators at once."""
    return in_sums(totals_of(programme, awards))


def one_by_one(programme: Programme, awards: Any) -> dict[str, Sum]:
    """Indicator by indicator."""
    return in_sums(total for one in programme.indicators.all() for total in totals_of(programme, awards, one))


def from_versions(programme: Programme, awards: Any) -> dict[str, Sum]:
    """In Python, from every approved Version."""
    return sums(programme, programme.indicators.all())


WAYS = {
    "ours": (ours, 2),
    "indicator by indicator": (one_by_one, 1 + 2 * INDICATORS),
    "Versions, in Python": (from_versions, 2),
}
"""Each with how many queries it takes"""


@dataclass
class Taken:
    """What was measured of one way, by the number of reports."""

    times: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    queries: dict[int, int] = field(default_factory=dict)

    def milliseconds(self, reports: int) -> float:
        """The median."""
        return 1000 * median(self.times[reports])


def measure(programme: Programme, taken: dict[str, Taken], reports: int) -> None:
    """Take each way in every round, so that whatever else the machine does meets them alike; they must agree."""
    awards = Award.objects.filter(strand__programme=programme)
    answers = []
    for name, (way, queries) in WAYS.items():
        with CaptureQueriesContext(connection) as captured:
            answers.append(way(programme, awards))
        taken[name].queries[reports] = len(captured)
        assert len(captured) == queries
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) == INDICATORS
    for _ in range(ROUNDS):
        for name, (way, _queries) in WAYS.items():
            begun = time.perf_counter()
            way(programme, awards)
            taken[name].times[reports].append(time.perf_counter() - begun)


def table(taken: dict[str, Taken]) -> str:
    """All that was measured, in columns."""
    groups = ("median, ms", "times ours", "queries")
    lines = [
        "",
        f"Roll-up of {INDICATORS} indicators, by the number of approved reports",
        f"{'':<24}" + "".join(f"{group:>27}" for group in groups),
        f"{'':<24}" + "".join(f"{size:>9,}" for size in SIZES) * len(groups),
    ]
    for name, one in taken.items():
        cells = [f"{one.milliseconds(size):9.1f}" for size in SIZES]
        cells += [f"{one.milliseconds(size) / taken['ours'].milliseconds(size):9.2f}" for size in SIZES]
        cells += [f"{one.queries[size]:9}" for size in SIZES]
        lines.append(f"{name:<24}{''.join(cells)}")
    return "\n".join(lines)


@pytest.mark.django_db(transaction=True)
def test_rollups() -> None:
    made = ten_reports()
    [programme] = made.programmes
    taken = {name: Taken() for name in WAYS}
    copies = 1
    for reports in SIZES:
        made.copy(range(copies, reports // MADE))
        copies = reports // MADE
        assert Report.objects.filter(state="approved").count() == reports
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        measure(programme, taken, reports)
    print(table(taken))
