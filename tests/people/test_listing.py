"""The list of people: by name, by a role that is held or was, by account."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from grants.formats import date_words, local_today
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Cast:
    return factories.cast()


@pytest.fixture
def administrator(who: Cast, client: Client) -> Client:
    client.force_login(who.administrator)
    return client


def found(client: Client, **asked: Any) -> set[str]:
    table = client.get("/people/", asked).context["table"]
    return {row.record.name for row in table.paginated_rows}


def test_people_are_searched_and_filtered(who: Cast, administrator: Client) -> None:
    grantees = {who.editor.name, who.signatory.name, who.second_signatory.name}
    assert found(administrator) == {person.name for person in who.everybody().values()}
    assert who.editor.name in found(administrator, words=who.editor.email[:8].upper())
    assert found(administrator, organisation=who.recipient.name) == grantees
    assert found(administrator, organisation=who.recipient.name, role="editor") == {who.editor.name}
    assert found(administrator, role="viewer") == {who.viewer.name}
    assert found(administrator, words="nobody of that name") == set()


def test_organisation_and_role_are_asked_of_one_and_the_same_role(who: Cast, administrator: Client) -> None:
    elsewhere = factories.organisation(name="Elsewhere")
    factories.member(who.editor, "signatory", elsewhere)
    assert found(administrator, organisation="elsewhere", role="editor") == set()
    assert found(administrator, organisation="elsewhere", role="signatory") == {who.editor.name}


def test_role_that_ended_is_found_where_it_is_asked_for(who: Cast, administrator: Client) -> None:
    last = local_today() - timedelta(days=1)
    former = factories.organisation(name="Former employer")
    factories.member(who.editor, "editor", former, ends=last)
    assert found(administrator, organisation="former") == set()
    assert found(administrator, held="ended") == {who.editor.name}
    assert found(administrator, held="ever", organisation="former") == {who.editor.name}
    assert found(administrator, held="ended", role="signatory") == set()
    words = f"Editor, Former employer, until {date_words(last)}"
    assert words in administrator.get("/people/", {"held": "ended"}).content.decode()
    assert "Former employer" not in administrator.get("/people/").content.decode()


def test_account_is_open_or_closed(who: Cast, administrator: Client) -> None:
    who.stranger.is_active = False
    who.stranger.save()
    assert found(administrator, account="closed") == {who.stranger.name}
    assert who.stranger.name not in found(administrator, account="open")


def test_person_without_a_role_is_listed_so(who: Cast, administrator: Client) -> None:
    nobody = factories.person(name="Ada")
    assert "None" in administrator.get("/people/", {"words": nobody.email}).content.decode()


def test_many_roles_are_shown_in_part_and_exported_in_full(who: Cast, administrator: Client) -> None:
    for number in range(8):
        factories.member(who.editor, "editor", factories.organisation(name=f"Body {number}"))
    text = administrator.get("/people/", {"words": who.editor.email}).content.decode()
    assert "and 4 more" in text
    answer = administrator.get("/people/", {"words": who.editor.email, "_export": "csv"})
    head, line = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    person = dict(zip(head, line, strict=True))
    assert person["Roles"].count("Editor, Body") == 8
    assert person["Account"] == "Open"
    assert person["E-mail address"] == who.editor.email


def test_list_is_for_administrators_also_as_a_file(who: Cast, client: Client) -> None:
    client.force_login(who.approver)
    assert client.get("/people/", {"_export": "csv"}).status_code == 403
