"""The same snapshot as a workbook and as data: every figure is that of the document."""

import json
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from grants.people.models import User
from reporting import services
from reporting.models import Download, FunderReport
from reporting.services import building
from reporting.tables import sheets_of, workbook_of
from tests.reporting.conftest import Programme
from tests.reporting.pdf import examples

AsUser = Callable[[User], Client]


def built(programme: Programme) -> FunderReport:
    report = programme.request()
    assert building.build(report.pk, "one")
    return FunderReport.objects.get(pk=report.pk)


def sheets_in(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_workbook_tells_what_the_snapshot_tells(as_user: AsUser, programme: Programme) -> None:
    report = built(programme)
    content = json.loads(report.snapshot)
    response = as_user(programme.who.reviewer).get(reverse("reporting:xlsx", args=[report.pk]))
    assert "attachment" in response["Content-Disposition"]
    sheets = sheets_in(response.content)
    assert len(sheets["Awards"]) == 1 + len(content["awards"]) == 3
    heading, *rows = sheets["Where figures come from"]
    assert heading[:3] == ("Key", "Figure", "Shown")
    assert {row[0]: row[2] for row in rows} == {key: node["shown"] for key, node in content["figures"].items()}
    at = sheets["Awards"][0].index("Awarded, £")
    assert {row[at] for row in sheets["Awards"][1:]} == {programme.reported.amount}
    assert len(sheets["Results"]) == 1 + sum(len(one["results"]) for one in content["awards"])


def test_the_data_are_the_snapshot_byte_by_byte(as_user: AsUser, programme: Programme) -> None:
    report = built(programme)
    response = as_user(programme.who.reviewer).get(reverse("reporting:json", args=[report.pk]))
    assert response.content == report.snapshot.encode()
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("form", ["pdf", "xlsx", "json"])
def test_each_form_leaves_a_receipt_and_is_gone_with_the_report(
    as_user: AsUser, programme: Programme, form: str
) -> None:
    report = services.release_report(built(programme).pk, by=programme.who.approver, seen=None)
    viewer, url = as_user(programme.who.viewer), reverse(f"reporting:{form}", args=[report.pk])
    assert viewer.get(url).status_code == 200
    assert list(Download.objects.values_list("person", "form")) == [(programme.who.viewer.pk, form)]
    services.withdraw_report(report.pk, by=programme.who.approver, seen=None, reason="A figure was wrong.")
    assert viewer.get(url).status_code == 410
    assert Download.objects.count() == 1


def test_what_is_protected_stays_a_text_and_no_text_becomes_a_formula() -> None:
    snapshot = examples.programme(1)
    key = snapshot["awards"][0]["results"][0]["value"]
    snapshot["figures"][key]["shown"] = "fewer than 5"
    snapshot["awards"][0]["recipient"] = '=HYPERLINK("https://bad.example")'
    sheets = dict(sheets_of(snapshot))
    assert sheets["Results"][1][4] == "fewer than 5"
    assert sheets["Results"][1][3] == Decimal(250)
    cell = load_workbook(BytesIO(workbook_of(snapshot)))["Awards"]["C2"]
    assert (cell.data_type, cell.value) == ("s", snapshot["awards"][0]["recipient"])
