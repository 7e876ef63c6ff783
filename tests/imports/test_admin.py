"""django-import-export's way through the Django admin, with our checking behind it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.imports.models import Import
from grants.lifecycle.models import HistoryEntry
from tests import factories
from tests.factories import Cast
from tests.imports.workbooks import comma_separated, grant, milestone, xlsx

UPLOAD = "admin:imports_import_import"
CONFIRM = "admin:imports_import_process_import"
LIST = "admin:imports_import_changelist"
XLSX, CSV = "0", "1"


def preview(client: Client, who: Cast, content: bytes, kind: str = XLSX, name: str = "awards.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    sent = {"programme": who.programme.pk, "import_file": file, "format": kind, "resource": ""}
    return client.post(reverse(UPLOAD), sent)


def confirm(client: Client, answer: Any, **more: Any) -> Any:
    form = answer.context["confirm_form"]
    return client.post(reverse(CONFIRM), {**form.initial, **more}, follow=True)


def test_it_uploads_previews_and_confirms(who: Cast, administrator: Client, settings: Any) -> None:
    content = xlsx(grants=[grant(who.programme, Title="<i>Clubs")], milestones=[milestone()])
    answer = preview(administrator, who, content)
    page = answer.content.decode()
    assert "1 award to make" in page
    assert "&lt;i&gt;Clubs" in page
    assert not Award.objects.exists()
    assert not Import.objects.exists()
    answer = confirm(administrator, answer)
    assert "1 awards made, 0 changed, 0 unchanged." in answer.content.decode()
    award, record = Award.objects.get(), Import.objects.get()
    assert (record.state, record.uploaded_by, record.name) == ("applied", who.administrator, "awards.xlsx")
    assert award.milestones.count() == 1
    assert HistoryEntry.objects.filter(root=award.key, person=who.administrator).exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_it_takes_csv(who: Cast, administrator: Client) -> None:
    content = comma_separated([grant(who.programme, Title="Café")], encoding="cp1252")
    confirm(administrator, preview(administrator, who, content, CSV, "awards.csv"))
    assert Award.objects.get().title == "Café"


def test_faults_are_shown_with_their_cells_and_cannot_be_confirmed(who: Cast, administrator: Client) -> None:
    row = grant(who.programme, **{"Amount Awarded": 0, "Award Date": "<soon>"})
    answer = preview(administrator, who, xlsx(grants=[row]))
    page = answer.content.decode()
    assert "2 faults to mend" in page
    assert "E2" in page
    assert "F2" in page
    assert "An award of £0" in page
    assert "&lt;soon&gt;" in page
    assert "confirm_form" not in answer.context
    assert not Import.objects.exists()


def test_a_fault_of_the_titles_is_shown(who: Cast, administrator: Client) -> None:
    row = {title: value for title, value in grant(who.programme).items() if title != "Title"}
    answer = preview(administrator, who, xlsx(grants=[row]))
    assert "The column “Title” is missing." in answer.content.decode()
    assert "confirm_form" not in answer.context


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [(b"PK\3\4", "a.xlsx", "This workbook is damaged"), (b"x", "a.pdf", "Choose an XLSX"), (b"", "a.xlsx", "empty")],
)
def test_what_cannot_be_read_is_a_sentence(
    who: Cast, administrator: Client, content: bytes, name: str, words: str
) -> None:
    answer = preview(administrator, who, content, name=name)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_a_preview_is_confirmed_once(who: Cast, administrator: Client) -> None:
    answer = preview(administrator, who, xlsx(grants=[grant(who.programme)]))
    confirm(administrator, answer)
    again = confirm(administrator, answer)
    assert "upload the file again" in again.content.decode()
    assert Import.objects.count() == 1


def test_what_has_changed_since_the_preview_is_said(who: Cast, administrator: Client) -> None:
    answer = preview(administrator, who, xlsx(grants=[grant(who.programme, "X1")]))
    Award.objects.filter(pk=factories.draft_award(who).pk).update(reference="X1")
    assert "has changed since the preview" in confirm(administrator, answer).content.decode()
    assert Award.objects.count() == 1


def test_a_programme_of_another_body_is_not_offered_nor_taken(who: Cast, administrator: Client) -> None:
    other = factories.a_programme()
    answer = preview(administrator, who, xlsx(grants=[grant(who.programme)]))
    confirm(administrator, answer, programme=other.pk)
    assert not Award.objects.exists()
    assert other not in administrator.get(reverse(UPLOAD)).context["form"].fields["programme"].queryset


@pytest.mark.parametrize("part", ["editor", "approver", "viewer"])
def test_nobody_else_gets_in(who: Cast, part: str) -> None:
    client = Client()
    client.force_login(getattr(who, part))
    assert client.get(reverse(UPLOAD)).status_code in (302, 403)
    assert client.post(reverse(CONFIRM)).status_code in (302, 403)


def test_the_list_shows_only_what_is_theirs(who: Cast, administrator: Client) -> None:
    factories.import_in("ready", who)
    assert "awards.xlsx" in administrator.get(reverse(LIST)).content.decode()
    client = Client()
    client.force_login(who.outsider)
    assert "awards.xlsx" not in client.get(reverse(LIST)).content.decode()
