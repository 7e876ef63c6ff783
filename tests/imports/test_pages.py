"""The pages of imports: the list, a new one, one with faults, one that is ready, and its steps."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards.models import Award
from grants.imports import services
from grants.imports.models import Import
from grants.imports.reading import read
from tests.factories import Cast
from tests.imports.conftest import Bring
from tests.imports.workbooks import LAYOUTS, grant, xlsx


def send(client: Client, who: Cast, content: bytes, name: str = "awards.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("imports:new"), {"programme": who.programme.pk, "file": file})


def test_it_uploads_shows_and_applies(who: Cast, administrator: Client) -> None:
    answer = send(
        administrator, who, xlsx(grants=[grant(who.programme), grant(who.programme, "A2", Title="<b>Choirs")])
    )
    record = Import.objects.get()
    assert answer["Location"] == record.get_absolute_url()
    assert record.uploaded_by == who.administrator
    page = administrator.get(record.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Choirs" in page
    assert "Ready to apply" in page
    assert not Award.objects.exists()
    step = reverse("imports:step", args=[record.pk, "apply"])
    assert "2 awards new" in administrator.get(step).content.decode()
    answer = administrator.post(step, {"seen": record.revision}, follow=True)
    assert "every award in it is stored" in answer.content.decode()
    assert Award.objects.get(reference="A2").get_absolute_url() in answer.content.decode()
    assert Award.objects.count() == 2


def test_it_shows_every_fault_with_its_cell(who: Cast, administrator: Client) -> None:
    send(
        administrator,
        who,
        xlsx(grants=[grant(who.programme, Title=None), grant(who.programme, "A2", Currency="<EUR>")]),
    )
    answer = administrator.get(Import.objects.get().get_absolute_url())
    page = answer.content.decode()
    assert "2 faults to mend" in page
    assert [row.record["cell"] for row in answer.context["table"].paginated_rows] == ["B2", "D3"]
    assert "&lt;EUR&gt;" in page
    assert reverse("imports:step", args=[Import.objects.get().pk, "apply"]) not in page


def test_it_says_where_a_file_would_change_nothing(who: Cast, administrator: Client, bring: Bring) -> None:
    bring(grants=[grant(who.programme)])
    send(administrator, who, xlsx(grants=[grant(who.programme)]))
    page = administrator.get(Import.objects.all()[0].get_absolute_url()).content.decode()
    assert "would change nothing" in page


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "empty"),
        (b"PK\3\4", "a.xlsx", "damaged"),
        (b"x", "a.pdf", "XLSX or a CSV"),
        (b"\0", "a.csv", "not text"),
    ],
)
def test_it_refuses_what_cannot_be_read(
    who: Cast, administrator: Client, content: bytes, name: str, words: str
) -> None:
    answer = send(administrator, who, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_it_refuses_the_programme_of_somebody_else(who: Cast) -> None:
    client = Client()
    client.force_login(who.outsider)
    assert send(client, who, xlsx(grants=[grant(who.programme)])).status_code == 422
    assert not Import.objects.exists()


@pytest.mark.parametrize("part", ["editor", "approver", "viewer", "stranger"])
def test_there_are_no_imports_for_anybody_else(who: Cast, bring: Bring, part: str) -> None:
    record = bring(grants=[grant(who.programme)])
    client = Client()
    client.force_login(getattr(who, part))
    pages = [reverse("imports:imports"), reverse("imports:new"), reverse("imports:blank"), record.get_absolute_url()]
    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert client.post(reverse("imports:step", args=[record.pk, "discard"])).status_code == 404


def test_an_import_of_another_body_is_not_there(who: Cast, bring: Bring) -> None:
    record = bring(grants=[grant(who.programme)])
    client = Client()
    client.force_login(who.outsider)
    assert client.get(record.get_absolute_url()).status_code == 404
    assert client.get(reverse("imports:imports")).context["is_empty"]


def test_an_old_page_says_so_and_applies_nothing_twice(who: Cast, administrator: Client) -> None:
    send(administrator, who, xlsx(grants=[grant(who.programme)]))
    record = Import.objects.get()
    step = reverse("imports:step", args=[record.pk, "apply"])
    administrator.post(step, {"seen": record.revision})
    answer = administrator.post(step, {"seen": record.revision})
    assert answer.status_code == 409
    assert "changed since you opened the page" in answer.content.decode()
    assert Award.objects.count() == 1


def test_a_failure_says_why_and_can_be_tried_again(
    who: Cast, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(administrator, who, xlsx(grants=[grant(who.programme)]))
    record = Import.objects.get()

    def vanish(*args: Any) -> None:
        raise services.Unreadable("The limits have changed.")

    monkeypatch.setattr(services, "read", vanish)
    answer = administrator.post(reverse("imports:step", args=[record.pk, "apply"]), {"seen": record.revision})
    assert "The limits have changed." in answer.content.decode()
    page = administrator.get(record.get_absolute_url()).content.decode()
    assert "It could not be applied" in page
    assert "The limits have changed." in page
    assert reverse("imports:step", args=[record.pk, "retry"]) in page


def test_a_file_is_discarded(who: Cast, administrator: Client) -> None:
    send(administrator, who, xlsx(grants=[grant(who.programme)]))
    record = Import.objects.get()
    administrator.post(reverse("imports:step", args=[record.pk, "discard"]), {"seen": record.revision})
    assert Import.objects.get().state == Import.State.DISCARDED


def test_the_empty_workbook_has_every_sheet_and_title(administrator: Client) -> None:
    answer = administrator.get(reverse("imports:blank"))
    sheets = read("awards.xlsx", answer.content)
    assert {sheet.title: tuple(sheet.rows[0]) for sheet in sheets} == {
        name: layout.titles for name, layout in LAYOUTS.items()
    }


def test_opening_an_import_asks_as_much_for_many_awards_as_for_one(who: Cast, administrator: Client) -> None:
    def queries(rows: int) -> int:
        content = xlsx(grants=[grant(who.programme, f"R{rows}-{n}") for n in range(rows)])
        record = services.upload(who.programme, "a.xlsx", content, who.administrator)
        services.apply_import(record.pk, by=who.administrator, seen=None)
        with CaptureQueriesContext(connection) as counted:
            assert administrator.get(record.get_absolute_url()).status_code == 200
        return len(counted)

    queries(1)
    assert queries(2) == queries(60)
