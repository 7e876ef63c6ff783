"""Files at a report: where they are kept, who fetches them, and what is kept for good."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards.models import Award
from grants.formats import local_today
from grants.lifecycle.door import NotNow, NotYou, Stale
from grants.people.models import User
from grants.programmes.models import Section
from grants.reports import services
from grants.reports.models import Activity, Evidence, Report
from grants.reports.record import evidence_in
from tests import factories
from tests.factories import Cast
from tests.reports.correcting import approve, give, send
from tests.reports.test_kinds import PDF, PNG
from tests.reports.test_pages import widen

AsUser = Callable[[User], Client]


def url(report: Report, name: str, *more: Any) -> str:
    return reverse(f"reports:{name}", args=[report.pk, *more])


def section_of(report: Report, code: str = "done") -> Section:
    return next(section for section in report.asked_sections() if section.code == code)


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def put(report: Report, who: Cast, code: str = "done", name: str = "proof.pdf", content: bytes = PDF) -> Evidence:
    return services.add_evidence(report.pk, section_of(report, code), by=who.editor, name=name, content=content)


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_file_is_added_listed_and_handed_over_as_it_was(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    address = url(draft, "evidence", "done")
    assert address in words_of(page.get(url(draft, "part", "done")))
    brought = SimpleUploadedFile("../Gŵyl “1”.pdf", PDF, "text/html")
    assert page.post(address, {"file": brought}).headers["Location"] == address
    one = draft.evidence.get()
    assert (one.name, one.kind, one.size, one.sha256) == (
        "Gŵyl “1”.pdf",
        "pdf",
        len(PDF),
        hashlib.sha256(PDF).hexdigest(),
    )
    assert one.added_by == who.editor
    (stored,) = files()
    assert "yl" not in stored.name
    for listed in (address, url(draft, "part", "done"), url(draft, "check")):
        assert url(draft, "evidence-file", one.key) in words_of(page.get(listed))
    response = page.get(url(draft, "evidence-file", one.key))
    assert response.content == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_file_belongs_to_a_figure_of_the_report(as_user: AsUser, who: Cast, draft: Report) -> None:
    page, address = as_user(who.editor), url(draft, "evidence", "figures")
    learners = draft.award.targets.get(indicator__code="learners").indicator
    foreign = factories.a_programme().indicators.all()[0]
    brought = {"file": SimpleUploadedFile("list.csv", b"a,b\n"), "indicator": str(foreign.pk)}
    assert page.post(address, brought).status_code == 422
    brought = {"file": SimpleUploadedFile("list.csv", b"a,b\n"), "indicator": str(learners.pk)}
    assert page.post(address, brought).status_code == 302
    assert evidence_in(draft)[0]["indicator"] == "learners"
    with pytest.raises(NotNow, match="a figure of this report"):
        services.add_evidence(
            draft.pk, section_of(draft, "done"), by=who.editor, name="a.csv", content=b"a", indicator=learners
        )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"", "This file is empty"),
        ("a.pdf", PNG, "By its name this is a “.pdf” file"),
        ("a.exe", b"MZ\x00", "none of the kinds of file that are taken"),
        ("a.txt", b"x" * (Evidence.MOST_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_file_that_is_not_taken_leaves_nothing_behind(
    as_user: AsUser, who: Cast, draft: Report, name: str, content: bytes, says: str
) -> None:
    page, address = as_user(who.editor), url(draft, "evidence", "done")
    response = page.post(address, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert says in words_of(response)
    assert "Choose a file" in words_of(page.post(address, {}))
    assert not Evidence.objects.exists()
    assert not files()


def test_no_more_than_thirty_fit(as_user: AsUser, who: Cast, draft: Report) -> None:
    first = put(draft, who)
    Evidence.objects.bulk_create(
        Evidence(
            report=draft, section=first.section, name="x.pdf", kind="pdf", size=1, sha256="", path=first.path,
            added_by=who.editor,
        )
        for _ in range(Evidence.MOST - 1)
    )  # fmt: skip
    response = as_user(who.editor).post(url(draft, "evidence", "done"), {"file": SimpleUploadedFile("more.pdf", PDF)})
    assert response.status_code == 409
    assert "This report has 30 files" in words_of(response)
    assert len(files()) == 1


def test_only_the_grantee_brings_and_takes_out_and_only_while_it_writes(
    as_user: AsUser, who: Cast, award: Award
) -> None:
    report = factories.report_in("draft", who, award)
    one = put(report, who)
    for person, status in ((who.reviewer, 403), (who.stranger, 404), (who.viewer, 404)):
        page = as_user(person)
        assert page.get(url(report, "evidence", "done")).status_code == status
        assert page.post(url(report, "evidence", "done"), {"remove": str(one.key)}).status_code == status
        assert page.get(url(report, "evidence-file", one.key)).status_code == 404
    with pytest.raises(NotYou):
        services.remove_evidence(report.pk, one.section, one.key, by=who.reviewer)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    with pytest.raises(NotNow):
        services.remove_evidence(report.pk, one.section, one.key, by=who.editor)
    page = as_user(who.editor)
    assert page.post(url(report, "evidence", "done"), {"remove": str(one.key)}).status_code == 409
    assert page.get(url(report, "evidence-file", one.key)).status_code == 200
    with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic():
        report.evidence.update(name="better.pdf")


@pytest.mark.django_db(transaction=True)
def test_file_that_no_version_has_is_gone_when_it_is_taken_out(as_user: AsUser) -> None:
    who = factories.cast()
    report = factories.report_in("draft", who)
    one = put(report, who)
    page, address = as_user(who.editor), url(report, "evidence", "done")
    assert page.post(address, {"remove": "nonsense"}).status_code == 404
    assert page.post(address, {"remove": str(one.key)}).status_code == 302
    assert not report.evidence.exists()
    assert not files()
    assert page.post(address, {"remove": str(one.key)}).status_code == 409
    with pytest.raises(Stale):
        services.remove_evidence(report.pk, one.section, one.key, by=who.editor)


def test_file_of_a_version_is_kept_for_those_who_read_the_version(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("draft", who, award)
    one = put(report, who)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    assert as_user(who.reviewer).get(url(report, "evidence-file", one.key)).status_code == 404
    services.submit_report(report.pk, by=who.signatory, seen=None)
    version = report.latest_version
    assert version is not None
    (row,) = version.content["evidence"]
    assert (row["name"], row["sha256"], row["section"]) == ("proof.pdf", one.sha256, "done")
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    factories.send_back(report, who.reviewer, "done")
    services.remove_evidence(report.pk, one.section, one.key, by=who.editor)
    other = put(report, who, name="other.pdf")
    assert [row["name"] for row in evidence_in(report)] == ["other.pdf"]
    page = as_user(who.reviewer)
    assert page.get(url(report, "evidence-file", one.key)).content == PDF
    assert page.get(url(report, "evidence-file", other.key)).status_code == 404  # it was not sent yet
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    words = words_of(as_user(who.reviewer).get(url(report, "review")))
    assert "proof.pdf: <del>this file</del> <ins>nothing</ins>" in words
    assert "other.pdf: <del>nothing</del> <ins>this file</ins>" in words
    assert url(report, "evidence-file", other.key) in words


def test_file_of_a_part_that_a_return_locks_stays_and_the_page_does_not_offer_to_take_it_out(
    as_user: AsUser, who: Cast, award: Award
) -> None:
    report = factories.report_in("draft", who, award)
    one, other = put(report, who), put(report, who, "copy", "copy.pdf")
    report = factories.report_in("in_review", who, award)
    factories.send_back(report, who.reviewer, "copy")
    page, address = as_user(who.editor), url(report, "evidence", "done")
    shown = words_of(page.get(address))
    assert "proof.pdf" in shown
    assert "This part is locked." in shown
    assert "Take out<" not in shown
    assert 'type="file"' not in shown
    refused = page.post(address, {"remove": str(one.key)})
    assert refused.status_code == 409
    assert "The return does not name this part" in words_of(refused)
    elsewhere = page.post(url(report, "evidence", "copy"), {"remove": str(one.key)})
    assert elsewhere.status_code == 409
    assert report.evidence.filter(key=one.key, removed_at=None).exists()
    assert "Take out<" in words_of(page.get(url(report, "evidence", "copy")))
    assert page.post(url(report, "evidence", "copy"), {"remove": str(other.key)}).status_code == 302


def test_figure_update_takes_no_file_out_of_a_part_that_it_does_not_ask(
    as_user: AsUser, who: Cast, award: Award
) -> None:
    report = factories.report_in("draft", who, award)
    give(report, who.editor, "learners", None, status="awaited", awaited_from="a", awaited_by=local_today())
    one = put(report, who)
    update = services.begin_figure_update(approve(send(report, who), who).pk, by=who.editor, seen=None)
    with pytest.raises(NotNow, match="does not ask that part"):
        services.remove_evidence(update.pk, one.section, one.key, by=who.editor)
    page = as_user(who.editor)
    assert page.post(url(update, "evidence", "done"), {"remove": str(one.key)}).status_code == 404
    assert page.post(url(update, "evidence", "figures"), {"remove": str(one.key)}).status_code == 409
    assert update.evidence.filter(key=one.key, removed_at=None).exists()


def test_file_that_the_store_has_lost_is_said_and_logged(
    as_user: AsUser, who: Cast, draft: Report, caplog: pytest.LogCaptureFixture
) -> None:
    one = put(draft, who)
    (stored,) = files()
    stored.unlink()
    response = as_user(who.editor).get(url(draft, "evidence-file", one.key))
    assert response.status_code == 410
    assert "“proof.pdf” is on record, but it is not in the store of files. Ask" in words_of(response)
    assert "Try again later" not in words_of(response)
    assert str(one.key) in caplog.text


@pytest.mark.parametrize("fault", [TimeoutError("away"), PermissionError("away"), ConnectionResetError("away")])
def test_file_that_the_store_does_not_give_out_now_can_be_fetched_later(
    as_user: AsUser, who: Cast, draft: Report, monkeypatch: pytest.MonkeyPatch, fault: OSError
) -> None:
    address = url(draft, "evidence-file", put(draft, who).key)

    def out_of_reach(*args: Any, **kwargs: Any) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "open", out_of_reach)
        response = as_user(who.editor).get(address)
    assert response.status_code == 503
    assert "the store of files cannot be reached. Try again later" in words_of(response)
    assert as_user(who.editor).get(address).content == PDF


def test_member_of_a_community_fetches_what_was_approved_and_nothing_else(as_user: AsUser, who: Cast) -> None:
    member = factories.organisation()
    person = factories.person("editor", member)
    award = factories.award_in("active", who, community=factories.a_community(who.recipient, member))
    report = factories.report_in("draft", who, award)
    one = put(report, who)
    assert as_user(person).get(url(report, "evidence-file", one.key)).status_code == 404
    report = factories.report_in("approved", who, award)
    assert as_user(person).get(url(report, "evidence-file", one.key)).content == PDF
    assert as_user(who.stranger).get(url(report, "evidence-file", one.key)).status_code == 404


def test_review_of_a_report_with_everything_costs_few_queries_and_no_more_with_more(as_user: AsUser, who: Cast) -> None:
    counts = []
    for activities, figures, evidence in ((1, 3, 1), (300, 40, 30)):
        award = factories.award_in("active", who, reports=3)
        widen(award, figures)
        report = factories.report_in("draft", who, award)
        kind = award.strand.programme.activity_types.all()[0]
        first = put(report, who, "figures")
        Activity.objects.bulk_create(
            Activity(report=report, type=kind, title=f"Day {one}", day=report.milestone.period_start)
            for one in range(1, activities)
        )
        Evidence.objects.bulk_create(
            Evidence(
                report=report, section=first.section, name=f"{one}.pdf", kind="pdf", size=1, sha256="", path=first.path,
                added_by=who.editor,
            )
            for one in range(1, evidence)
        )  # fmt: skip
        services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
        services.submit_report(report.pk, by=who.signatory, seen=None)
        services.start_report_review(report.pk, by=who.reviewer, seen=None)
        page = as_user(who.reviewer)
        with CaptureQueriesContext(connection) as queries:
            assert page.get(url(report, "review")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20
