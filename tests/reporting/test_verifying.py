"""Whether a document is genuine: by the address that it carries, and byte by byte."""

from io import StringIO
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from reporting import services
from reporting.models import FunderReport
from reporting.services import building
from tests.reporting.conftest import Programme


def again(report: FunderReport) -> FunderReport:
    return FunderReport.objects.get(pk=report.pk)


def built(programme: Programme) -> FunderReport:
    report = programme.request()
    assert building.build(report.pk, "one")
    return again(report)


def released(programme: Programme) -> FunderReport:
    return services.release_report(built(programme).pk, by=programme.who.approver, seen=None)


def address(report: FunderReport) -> str:
    return reverse("verify", args=[report.reference, report.snapshot_sha256[:16]])


def page_of(report: FunderReport) -> tuple[int, str]:
    response = Client().get(address(report))
    return response.status_code, response.content.decode()


def file_of(report: FunderReport, folder: Path) -> Path:
    path = folder / "report.pdf"
    path.write_bytes(bytes(report.document.content))
    return path


def said_of(path: Path) -> str:
    out = StringIO()
    call_command("verify_report", path, stdout=out)
    return out.getvalue()


def test_a_document_leads_to_the_page_that_verifies_it(programme: Programme, tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SITE_ADDRESS = "https://exemplar.example"
    report = released(programme)
    reader = PdfReader(file_of(report, tmp_path))
    wanted = f"https://exemplar.example{address(report)}"
    links = [one.get_object().get("/A", {}).get("/URI") for page in reader.pages for one in page.get("/Annots", [])]
    assert wanted in links
    assert wanted in "".join("".join(page.extract_text() for page in reader.pages).split())
    status, page = page_of(report)
    assert status == 200
    assert "Genuine" in page
    for private in (report.programme.title, report.funder.name, programme.reported.reference):
        assert private not in page, "it says that it is genuine, and nothing else"


def test_a_document_that_was_not_released_is_not_known_to_anybody(programme: Programme) -> None:
    assert page_of(built(programme))[0] == 404


def test_an_earlier_version_and_a_withdrawn_one_say_so(programme: Programme, tmp_path: Path) -> None:
    first, second = released(programme), released(programme)
    assert "Superseded" in page_of(again(first))[1]
    with pytest.raises(CommandError, match=f"{first.reference}, version 1: superseded"):
        said_of(file_of(first, tmp_path))
    services.withdraw_report(second.pk, by=programme.who.approver, seen=None, reason="A figure was wrong.")
    status, page = page_of(again(second))
    assert (status, "Withdrawn" in page, "A figure was wrong" in page) == (200, True, False)
    with pytest.raises(CommandError, match="withdrawn"):
        said_of(file_of(second, tmp_path))


@pytest.mark.parametrize(
    ("reference", "mark"),
    [("FR-9999", "0" * 16), ("FR-0001", "0" * 16), ("FR-0001", "0"), ("x", "y"), ("FR-99999999999999999999", "0" * 16)],
)
@pytest.mark.django_db
def test_what_was_never_released_is_not_found(reference: str, mark: str) -> None:
    response = Client().get(reverse("verify", args=[reference, mark]))
    assert response.status_code == 404
    assert "No document was released here" in response.content.decode()


def test_a_file_is_genuine_byte_by_byte(programme: Programme, tmp_path: Path) -> None:
    report = released(programme)
    path = file_of(report, tmp_path)
    assert said_of(path) == f"{report.reference}, version 1: genuine: released here, and it stands.\n"
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        del pdf.pages[-1]
        pdf.save(path)
    with pytest.raises(CommandError, match="altered"):
        said_of(path)


def test_a_file_that_is_none_of_ours_is_unknown(programme: Programme, tmp_path: Path) -> None:
    path = tmp_path / "other.pdf"
    for content in (b"", b"%PDF-1.7 and no more"):
        path.write_bytes(content)
        with pytest.raises(CommandError, match="unknown"):
            said_of(path)
    with pytest.raises(CommandError, match="cannot be read"):
        said_of(tmp_path / "nowhere.pdf")


def test_what_is_built_and_not_released_says_so(programme: Programme, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not released"):
        said_of(file_of(built(programme), tmp_path))
