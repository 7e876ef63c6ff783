"""A funder report's content, frozen: read once and consistently, as plain data, with where each figure comes from kept apart."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from grants.reports.record import canonical, digest
from reporting.models import FunderReport
from reporting.snapshot.award import page
from reporting.snapshot.figures import RULES, Contribution, Figures
from reporting.snapshot.outcomes import outcomes
from reporting.snapshot.portfolio import summary
from reporting.snapshot.records import read

SCHEMA = 1
RENDERER = "1"
PROFILE = "Funder copy, version 1: totals exact"


@dataclass(frozen=True)
class Snapshot:
    """All that a document shows, as canonical JSON with its hash; and the private rows behind its figures."""

    content: dict[str, Any]
    text: str
    sha256: str
    sources: list[tuple[str, Contribution]]


def verify_at(report: FunderReport) -> str:
    """What the address begins with at which anybody verifies the document."""
    return f"{settings.SITE_ADDRESS}{reverse('verify', args=[report.reference, 'x'])}".removesuffix("x/")


@contextmanager
def one_consistent_read() -> Iterator[None]:
    """A transaction that sees the database as it stands at one moment and writes nothing. Must not stand in another one."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def take(report: FunderReport, on: datetime.date) -> Snapshot:
    """Freeze what a funder report shows, as at a day. Call it inside `one_consistent_read`."""
    programme, funder = report.programme, report.funder
    records, figures = read(programme, funder, report.period_end, report.about), Figures()
    is_final = report.kind == FunderReport.Kind.FINAL
    head = summary(records, figures, report.period_start, report.period_end)
    content = {
        "schema": SCHEMA,
        "document": {
            "kind": report.kind,
            "about": str(report.about or ""),
            "reference": report.reference,
            "version": report.number,
            "date": on.isoformat(),
            "renderer": RENDERER,
            "profile": PROFILE,
            "illustrative": settings.DEMONSTRATION,
            **({"verify": verify_at(report)} if report.pk else {}),
        },
        "programme": {"code": programme.code, "title": programme.title, "managing_body": str(programme.managing_body)},
        "funder": {"identifier": funder.identifier, "name": funder.name},
        "period": {"from": report.period_start.isoformat(), "to": report.period_end.isoformat()},
        "summary": head,
        "awards": [page(record, figures, funder, report.period_end, on, answers=not is_final) for record in records],
        "outcomes": outcomes(records, report.period_end) if is_final else [],
        "figures": figures.nodes,
        "annex": figures.annex,
        "rules": sorted([name, RULES[name]] for name in {row["rule"] for row in figures.annex}),
    }
    text = canonical(content)
    return Snapshot(content, text, digest(text), figures.sources)
