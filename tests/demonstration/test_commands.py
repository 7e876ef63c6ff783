"""The commands of the demonstration, and the files that it brings in."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config.demonstration import ready, setting, verbs, workbook
from config.demonstration.loading import load
from grants.awards import services as awards
from grants.awards.models import Award
from grants.imports.models import Import
from grants.imports.services import apply_import, check_file, upload
from grants.lifecycle.models import HistoryEntry
from grants.people.models import User
from grants.programmes.models import Programme
from grants.reports.models import Report

pytestmark = pytest.mark.django_db


def output(name: str, *words: str) -> str:
    """What a command prints."""
    stream = StringIO()
    call_command(name, *words, stdout=stream)
    return stream.getvalue()


def test_loading_again_changes_nothing() -> None:
    before = HistoryEntry.objects.count(), User.objects.count(), Award.objects.count()
    assert load() is False
    assert "nothing was changed" in output("load_demo")
    assert (HistoryEntry.objects.count(), User.objects.count(), Award.objects.count()) == before


def test_loading_is_refused_in_production(settings: Settings) -> None:
    settings.DEMONSTRATION = settings.EMBEDDED = settings.DEBUG = False
    with pytest.raises(CommandError, match="public password"):
        output("load_demo")


@pytest.mark.parametrize("name", workbook.FILES)
def test_import_file_passes_the_check_and_changes_nothing_again(name: str) -> None:
    programme = Programme.objects.get(code=setting.CODE)
    checked = check_file(programme, name, workbook.content(name))
    assert checked.rows() == []
    assert (checked.counts["made"], checked.counts["changed"]) == (0, 0)
    assert checked.counts["unchanged"] == len(workbook.FILES[name])


@pytest.mark.parametrize("name", workbook.FILES)
def test_import_run_again_writes_no_history(name: str) -> None:
    by = User.objects.get(email=setting.address("administrator", "accesshe"))
    before = HistoryEntry.objects.filter(root__startswith="awards.").count()
    record = upload(Programme.objects.get(code=setting.CODE), name, workbook.content(name), by)
    assert apply_import(record.pk, by=by, seen=record.revision).state == "applied"
    assert HistoryEntry.objects.filter(root__startswith="awards.").count() == before


def test_imports_were_applied_by_the_administrator() -> None:
    states = Import.objects.values_list("state", "uploaded_by__email")
    assert set(states) == {("applied", "administrator@accesshe.example")}
    assert len(states) == len(workbook.FILES)


def test_codes_as_json_are_nothing_but_json() -> None:
    assert json.loads(output("demo_codes", "--json")) == {
        "programme": "STEM-TSO",
        "funders": [
            {"identifier": "STEMTSO-SW-SPOKE", "name": "National HE STEM Programme, South West Spoke"},
            {"identifier": "STEMTSO-EXAMPLE-FOUNDATION", "name": "Example Education Foundation"},
        ],
        "period": {"from": "2012-01-01", "to": "2012-10-31"},
    }


def test_codes_for_people_name_the_programme() -> None:
    assert "Programme: STEM-TSO\n" in output("demo_codes")


def test_ready_says_that_the_report_is_not_built() -> None:
    assert "is not built after 0 seconds" in ready.document(patience=0)


def test_ready_prints_every_sign_in_and_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready.document, "__defaults__", (0,))
    printed = output("demo_ready")
    assert all(email in printed for email, _ in ready.SIGN_INS)
    assert setting.PASSWORD in printed


def test_sign_ins_exist_with_the_password_and_cover_every_role() -> None:
    people = {person.email: person for person in User.objects.filter(email__in=dict(ready.SIGN_INS))}
    assert len(people) == len(ready.SIGN_INS)
    assert all(check_password(setting.PASSWORD, person.password) for person in people.values())
    roles = {held.role for person in people.values() for held in person.live_memberships}
    assert roles == {"editor", "signatory", "reviewer", "approver", "finance", "administrator", "viewer"}


FIRST: dict[str, Callable[[], object]] = {
    "wolverhampton": lambda: verbs.sign("CP-2012-03", 1),
    "cardiff": lambda: Report.objects.get(milestone__award__reference="CP-2012-04", milestone__number=1, begun_at=None),
    "example-engineers": lambda: awards.accept_offer(
        Award.objects.get(reference="EX-2012-09").pk,
        by=User.objects.get(email="signatory@example-engineers.example"),
        seen=None,
    ),
    "the reviewer": lambda: verbs.read("example-maths-circle"),
    "the approver": lambda: verbs.approve("EX-2012-02", 3),
    "finance": lambda: verbs.pay("EX-2012-05", 3),
    "Bath's reviewer": lambda: verbs.review("CP-2012-02", 1),
    "Bath's approver": lambda: verbs.approve("CP-2012-05", 1),
    "Bath's finance": lambda: verbs.pay("CP-2012-01", 1),
    "an offer": lambda: verbs.offer("example-coding-collective", setting.TODAY),
}


@pytest.mark.parametrize("who", FIRST)
def test_what_waits_for_people_can_be_done(who: str) -> None:
    FIRST[who]()
