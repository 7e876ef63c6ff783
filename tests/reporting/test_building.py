"""Building: a worker claims the row; the document is stored with its sources; failures are visible and harmless."""

import datetime
import hashlib
import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from grants.lifecycle.door import NotNow, NotYou
from reporting import services
from reporting.models import Document, FigureSource, FunderReport
from reporting.services import building
from tests.reporting.conftest import Programme


def again(report: FunderReport) -> FunderReport:
    return FunderReport.objects.get(pk=report.pk)


def test_a_built_report_has_its_file_its_hash_and_its_sources(programme: Programme) -> None:
    report = programme.request()
    assert building.build(report.pk, "one")
    report = again(report)
    content = bytes(report.document.content)
    assert report.state == "built"
    assert report.pdf_sha256 == hashlib.sha256(content).hexdigest()
    assert report.pages == len(PdfReader(io.BytesIO(content)).pages)
    assert FigureSource.objects.filter(funder_report=report).exists()


def test_the_text_of_the_pdf_shows_the_figures_of_the_snapshot(programme: Programme) -> None:
    report = programme.request()
    snapshot, document = building.make(report)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)
    for node in snapshot.content["figures"].values():
        assert node["shown"] in text
        assert node["id"] in text
    for award in snapshot.content["awards"]:
        assert award["reference"] in text


def test_the_same_records_give_the_same_bytes(programme: Programme) -> None:
    report = programme.request()
    assert building.make(report)[1] == building.make(report)[1]


def test_a_row_that_is_claimed_is_left_alone(programme: Programme) -> None:
    report = programme.request()
    assert building.claim(report.pk, "one")
    assert not building.claim(report.pk, "two")
    assert not building.build(report.pk, "two")


def test_a_lapsed_claim_is_taken_again_and_the_first_worker_stores_nothing(programme: Programme) -> None:
    report = programme.request()
    building.claim(report.pk, "killed")
    FunderReport.objects.filter(pk=report.pk).update(claimed_until=timezone.now() - datetime.timedelta(seconds=1))
    assert report.pk in building.waiting()
    assert building.build(report.pk, "second")
    assert not building.build(report.pk, "killed")
    assert Document.objects.count() == 1


def test_a_report_whose_workers_end_each_time_fails_visibly(programme: Programme) -> None:
    report = programme.request()
    for _ in range(building.TRIES):
        building.claim(report.pk, "killed")
        FunderReport.objects.filter(pk=report.pk).update(claimed_until=timezone.now() - datetime.timedelta(seconds=1))
    assert not building.build(report.pk, "last")
    assert again(report).state == "failed"
    assert again(report).failure


def test_a_cancelled_report_is_not_built(programme: Programme) -> None:
    report = programme.request()
    services.cancel_report(report.pk, by=programme.who.reviewer, seen=None)
    assert not building.build(report.pk, "one")


def test_who_asked_for_a_report_cannot_release_it(programme: Programme) -> None:
    who = programme.who
    report = services.request_report(
        who.programme, who.funder, programme.reported.starts, programme.reported.ends, by=who.approver
    )
    building.build(report.pk, "one")
    with pytest.raises(NotYou):
        services.release_report(report.pk, by=who.approver, seen=None)
    services.release_report(report.pk, by=who.second_approver, seen=None)
    assert again(report).state == "released"


def test_a_later_version_supersedes_the_earlier_when_it_is_released(programme: Programme) -> None:
    first = programme.request()
    building.build(first.pk, "one")
    services.release_report(first.pk, by=programme.who.approver, seen=None)
    second = programme.request()
    building.build(second.pk, "one")
    assert again(first).state == "released"
    services.release_report(second.pk, by=programme.who.approver, seen=None)
    assert [again(first).state, again(second).state, second.number] == ["superseded", "released", 2]
    assert programme.who.viewer.notices.count() == 2


def test_a_withdrawn_document_is_not_handed_over(programme: Programme) -> None:
    report = programme.request()
    building.build(report.pk, "one")
    services.release_report(report.pk, by=programme.who.approver, seen=None)
    assert services.hand_over(again(report), to=programme.who.viewer).startswith(b"%PDF")
    services.withdraw_report(report.pk, by=programme.who.approver, seen=None, reason="A figure was wrong.")
    with pytest.raises(NotNow):
        services.hand_over(again(report), to=programme.who.viewer)


def test_a_report_that_is_being_built_is_not_requested_twice(programme: Programme) -> None:
    programme.request()
    with pytest.raises(NotNow):
        programme.request()
