"""`manage.py import_awards`: its exit codes and what it prints; and the real file that is to be judged."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from grants.awards.models import Award
from grants.imports.models import Import
from grants.people.models import Organisation
from grants.programmes.models import FunderShare
from tests.factories import Cast
from tests.imports.workbooks import grant, xlsx

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


@pytest.fixture
def good(who: Cast, tmp_path: Path) -> str:
    path = tmp_path / "good.xlsx"
    path.write_bytes(xlsx(grants=[grant(who.programme), grant(who.programme, "A2")]))
    return str(path)


@pytest.fixture
def faulty(who: Cast, tmp_path: Path) -> str:
    path = tmp_path / "faulty.xlsx"
    path.write_bytes(xlsx(grants=[grant(who.programme), grant(who.programme, "A2", Title=None)]))
    return str(path)


def run(*words: str) -> int:
    """The exit code."""
    try:
        call_command("import_awards", *words)
    except CommandError as fault:
        return fault.returncode
    return 0


def test_it_imports_and_says_what_it_did(who: Cast, good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(good, "--programme", who.programme.code.lower()) == 0
    assert capsys.readouterr().out == "2 awards made, 0 changed, 0 unchanged.\n"
    record = Import.objects.get()
    assert (record.state, record.uploaded_by, Award.objects.count()) == ("applied", None, 2)
    assert run(good, "--programme", who.programme.code) == 0
    assert capsys.readouterr().out == "0 awards made, 0 changed, 2 unchanged.\n"


def test_it_imports_in_somebodys_name(who: Cast, good: str) -> None:
    assert run(good, "--programme", who.programme.code, "--by", who.administrator.email.upper()) == 0
    assert Import.objects.get().uploaded_by == who.administrator


def test_it_checks_and_writes_nothing(who: Cast, good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(good, "--programme", who.programme.code, "--check") == 0
    assert capsys.readouterr().out == "2 awards to make, 0 to change, 0 unchanged.\n"
    assert not Import.objects.exists()
    assert not Award.objects.exists()


@pytest.mark.parametrize("more", [(), ("--check",)])
def test_faults_are_printed_with_their_cells(
    who: Cast, faulty: str, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    assert run(faulty, "--programme", who.programme.code, *more) == 1
    assert "grants B3: The award has no title." in capsys.readouterr().out
    assert not Award.objects.exists()


@pytest.mark.parametrize("more", [(), ("--check",)])
def test_json_is_all_that_is_printed(
    who: Cast, faulty: str, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    assert run(faulty, "--programme", who.programme.code, "--json", *more) == 1
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"faults", "counts"}
    assert told["faults"] == [
        {
            "sheet": "grants",
            "cell": "B3",
            "value": "",
            "fault": "The award has no title.",
            "mend": "Say in a few words what it is called.",
        }
    ]


def test_json_counts_what_was_done(who: Cast, good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(good, "--programme", who.programme.code, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["faults"] == []
    assert told["counts"]["made"] == 2


def test_what_cannot_even_be_checked_exits_with_two(who: Cast, good: str, tmp_path: Path) -> None:
    code = who.programme.code
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\3\4")
    assert run(str(broken), "--programme", code) == 2
    assert run(str(tmp_path / "missing.xlsx"), "--programme", code) == 2
    assert run(str(tmp_path), "--programme", code) == 2
    assert run(good, "--programme", "NONE") == 2
    assert run(good, "--programme", code, "--by", "nobody@example.org") == 2
    assert run(good, "--programme", code, "--by", who.approver.email) == 2
    assert not Award.objects.exists()


# A clone has the project alone. Where the samples lie beside it the test runs, and must find these faults.
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples stand outside of the project")
def test_a_real_file_has_the_faults_that_it_has(who: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    foundation = Organisation.objects.create(name="Wolfson Foundation", kind="funder", identifier="GB-CHC-1156077")
    who.programme.shares.all().delete()
    FunderShare.objects.create(programme=who.programme, funder=foundation, per_cent=Decimal(100))
    who.communities.delete()
    path = str(SAMPLES / "wolfson-2014.xlsx")
    assert run(path, "--programme", who.programme.code, "--check", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    faults = Counter(fault["fault"] for fault in told["faults"])
    assert faults == {
        "The column “Planned Dates:Start Date” is missing.": 1,
        "The column “Planned Dates:End Date” is missing.": 1,
        "An award of £0 promises nothing.": 114,
    }
    assert told["counts"]["rows"] == 379
    assert {fault["cell"][0] for fault in told["faults"] if "£0" in fault["fault"]} == {"I"}
