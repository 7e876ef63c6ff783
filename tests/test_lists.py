"""What every list does: filter, sort and page by its address, and give the same rows as a file. Tried on real lists."""

import csv
import datetime as dt
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from grants import files
from grants.awards.models import Award, Tranche
from grants.formats import local_today
from grants.people.models import User
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.django_db
PEOPLE, PAYMENTS = "/people/", "/payments/"
NONSENSE: list[dict[str, Any]] = [
    {"page": "999"},
    {"page": "x"},
    {"page": "-5"},
    {"page": "9" * 5000},
    {"page": ["1", "2"]},
    {"per_page": "100000"},
    {"sort": "nonsense"},
    {"sort": "-"},
    {"sort": "--name"},
    {"sort": "name.pk"},
    {"sort": "pk__password"},
    {"sort": ["name", "-name", "state", "\x00"]},
    {"sort": "-amount,reference"},
    {"_export": "xml"},
    {"_export": "\x00"},
    {"state": "bogus"},
    {"state": ["bogus", "paid", "paid", "\x00"]},
    {"account": "bogus", "role": "bogus", "held": "bogus", "due": "bogus", "waits": "bogus"},
    {"programme": "bogus", "strand": "\x00", "funder": str(10**30)},
    {"programme": ["-1", "2"], "sheet": "bogus", "column": "\x00"},
    {"since": "soon", "until": "\x00"},
    {"since": "31 February 2012", "until": "9" * 400},
    {"words": "\x00", "organisation": "\x00"},
    {"words": "x " * 4000, "organisation": "%_\\" * 50},
    {"words": "' OR 1=1 --", "organisation": "\u202e\ud7ff"},
]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows(page: Any) -> list[Any]:
    """The records on a page of a list."""
    return [row.record for row in page.context["table"].paginated_rows]


def read_csv(answer: Any) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def read_xlsx(answer: Any) -> Any:
    return load_workbook(BytesIO(answer.content)).worksheets[0]


@pytest.fixture
def many() -> tuple[Cast, Client]:
    """Sixty people of one name, and the administrator's browser."""
    who = factories.cast()
    User.objects.bulk_create(
        User(email=f"same{number}@example.org", name="The same", password="!") for number in range(60)
    )
    return who, browser(who.administrator)


# --- The address ------------------------------------------------------------------------------------------------------


def test_address_that_says_nonsense_shows_the_list_all_the_same() -> None:
    who = factories.cast()
    factories.award_in("active", who)
    factories.funder_report_in("released", who)
    faulty = factories.import_in("faulty", who)
    other = factories.cast(who.programme)  # so that there is something to choose
    factories.award_in("active", other)
    at_once: dict[str, Any] = {name: value for asked in NONSENSE for name, value in asked.items()} | {"_export": ""}
    for user, url, nonsense in (
        (who.approver, PAYMENTS, NONSENSE),
        (who.approver, reverse("reports:reports"), NONSENSE),
        (who.approver, reverse("reporting:funder-reports"), [at_once]),
        (who.administrator, PEOPLE, [at_once]),
        (who.administrator, reverse("imports:imports"), [at_once]),
        (who.administrator, faulty.get_absolute_url(), [at_once]),
    ):
        client = browser(user)
        for asked in nonsense:
            answer = client.get(url, asked)
            assert (answer.status_code, url, asked) == (200, url, asked)
            assert len(answer.content) < 200_000
        for kind in ("csv", "xlsx"):
            answer = client.get(url, at_once | {"_export": kind})
            assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')


def test_filter_that_cannot_be_read_is_said_at_its_field_and_narrows_nothing() -> None:
    who = factories.cast()
    factories.award_in("active", who)
    page = browser(who.approver).get(PAYMENTS, {"state": "bogus", "since": "soon"})
    text = page.content.decode()
    assert page.context["table"].paginator.count == Tranche.objects.count()
    assert 'id="filter_state_error"' in text
    assert "“soon” is not a date" in text
    assert 'value="soon"' in text


def test_pages_hold_every_row_once_whatever_they_are_sorted_by(many: tuple[Cast, Client]) -> None:
    _, client = many
    for sort in ("", "name", "-name", "last_login", "-is_active,name"):
        found = [row.pk for number in (1, 2, 3, 4) for row in rows(client.get(PEOPLE, {"sort": sort, "page": number}))]
        assert len(found) == len(set(found)) == User.objects.count()


def test_page_that_there_is_not_is_the_nearest(many: tuple[Cast, Client]) -> None:
    _, client = many
    assert client.get(PEOPLE, {"page": "999"}).context["table"].page.number == 4
    assert client.get(PEOPLE, {"page": "x"}).context["table"].page.number == 1


def test_blanks_stand_last_either_way(many: tuple[Cast, Client]) -> None:
    who, client = many
    User.objects.filter(pk=who.editor.pk).update(last_login=dt.datetime(2012, 7, 3, tzinfo=dt.UTC))
    for sort in ("last_login", "-last_login"):
        people = rows(client.get(PEOPLE, {"sort": sort}))
        assert people[0].last_login
        assert people[-1].last_login is None


def test_sorting_says_its_direction_and_offers_the_other(many: tuple[Cast, Client]) -> None:
    _, client = many
    text = client.get(PEOPLE, {"sort": "-email"}).content.decode()
    assert '<th role="columnheader" scope="col" aria-sort="descending"' in text
    assert text.count("aria-sort") == 1
    assert 'href="?sort=email"' in text


def test_links_keep_the_rest_of_the_address(many: tuple[Cast, Client]) -> None:
    who, _ = many
    for _number in range(7):
        factories.award_in("offered", who)
    asked = {"state": ["scheduled", "held"], "sort": "amount"}
    text = browser(who.approver).get(PAYMENTS, asked).content.decode()
    links = [parse_qs(urlsplit(part.split('"')[0].replace("&amp;", "&")).query) for part in text.split('href="')[1:]]
    assert {"state": ["scheduled", "held"], "sort": ["amount"], "page": ["2"]} in links
    assert {"state": ["scheduled", "held"], "sort": ["-amount"]} in links
    assert {"state": ["scheduled", "held"], "sort": ["amount"], "_export": ["csv"]} in links
    assert '<input type="hidden" name="sort" value="amount">' in text


def test_words_stand_in_any_field_each_of_them(many: tuple[Cast, Client]) -> None:
    _, client = many
    assert [one.email for one in rows(client.get(PEOPLE, {"words": "SAME SAME17"}))] == ["same17@example.org"]
    assert rows(client.get(PEOPLE, {"words": "same nobody"})) == []


def test_choice_of_one_is_no_choice() -> None:
    who = factories.cast()
    factories.award_in("active", who)
    client = browser(who.approver)
    assert "programme" not in client.get(PAYMENTS).context["filter"].form.fields
    second = factories.cast(factories.a_programme(who.managing_body))
    factories.award_in("active", second)
    page = client.get(PAYMENTS, {"programme": second.programme.pk})
    assert "programme" in page.context["filter"].form.fields
    assert {row.award.strand.programme for row in rows(page)} == {second.programme}


def test_several_choices_are_said_in_words() -> None:
    who = factories.cast()
    factories.award_in("active", who)
    client = browser(who.approver)
    for asked, words in (([], "Any"), (["paid"], "Paid"), (["paid", "held", "paid"], "2 chosen"), (["bogus"], "Any")):
        field = client.get(PAYMENTS, {"state": asked}).context["filter"].form["state"]
        assert field.chosen == words


def test_list_without_anything_says_so_and_one_without_what_is_asked_offers_all() -> None:
    who = factories.cast()
    client = browser(who.approver)
    assert "Payments stand here once an award is offered." in client.get(PAYMENTS).content.decode()
    factories.award_in("active", who)
    text = client.get(PAYMENTS, {"words": "nothing of the kind"}).content.decode()
    assert "None of the payments fits this filter" in text
    assert 'href="?"' in text


def test_total_is_of_the_whole_filter_and_not_of_the_page() -> None:
    who = factories.cast()
    for _ in range(7):
        factories.award_in("offered", who)
    page = browser(who.approver).get(PAYMENTS, {"state": "scheduled"})
    total = sum(Award.objects.values_list("amount", flat=True), Decimal(0))
    assert len(rows(page)) == 20 < page.context["table"].paginator.count
    assert f"{total:,.0f}</td>" in page.content.decode()


def test_lists_ask_the_database_as_often_whatever_their_length() -> None:
    who = factories.cast()
    community = factories.a_community(who.recipient, factories.organisation())
    urls = [
        (who.approver, PAYMENTS),
        (who.approver, reverse("reports:reports") + "?state=any"),
        (who.approver, PAYMENTS + "?_export=csv"),
        (who.approver, reverse("reports:reports") + "?_export=xlsx"),
        (who.administrator, PEOPLE),
    ]
    factories.award_in("active", who, community=community)
    few = [asked_by(user, url) for user, url in urls]
    assert max(few) <= 15
    for _ in range(5):
        factories.award_in("active", who, community=community)
        factories.person("editor", who.recipient)
    assert [asked_by(user, url) for user, url in urls] == few


def asked_by(user: User, url: str) -> int:
    client = browser(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# --- The file ---------------------------------------------------------------------------------------------------------


def test_file_has_every_row_of_the_filter_in_its_order(many: tuple[Cast, Client]) -> None:
    _, client = many
    answer = client.get(PEOPLE, {"words": "same", "sort": "-email", "page": "2", "_export": "csv"})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="people-{local_today()}.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    head, *lines = read_csv(answer)
    assert head[:2] == ["Name", "E-mail address"]
    emails = [line[1] for line in lines]
    assert len(emails) == 60
    assert emails == sorted(emails, reverse=True)


def test_file_keeps_dates_money_and_texts_as_what_they_are() -> None:
    who = factories.cast()
    award = factories.award_in("active", who)
    Award.objects.filter(pk=award.pk).update(title="=HYPERLINK(“x”)")
    client = browser(who.finance)
    sheet = read_xlsx(client.get(PAYMENTS, {"_export": "xlsx"}))
    head = [cell.value for cell in sheet[1]]
    line = dict(zip(head, sheet[2], strict=True))
    assert sheet.title == "Payments"
    assert line["Title"].value == "=HYPERLINK(“x”)"
    assert line["Title"].data_type == "s"
    assert line["Amount, £"].value == 3125
    assert line["Amount, £"].data_type == "n"
    assert line["Released on"].value.date() == local_today()
    assert line["Released on"].is_date
    columns = read_csv(client.get(PAYMENTS, {"_export": "csv"}))
    line = dict(zip(columns[0], columns[1], strict=True))
    assert line["Title"] == "'=HYPERLINK(“x”)"
    assert line["Amount, £"] == "3125.00"
    assert line["Released on"] == local_today().isoformat()


def test_file_has_only_what_the_person_sees() -> None:
    who = factories.cast()
    factories.award_in("active", who)
    other = factories.cast(who.programme)
    factories.award_in("active", other)
    for user, name in ((who.editor, who.recipient.name), (other.editor, other.recipient.name)):
        lines = read_csv(browser(user).get(PAYMENTS, {"_export": "csv"}))[1:]
        assert {line[0] for line in lines} == {name}
    assert read_csv(browser(who.stranger).get(PAYMENTS, {"_export": "csv"}))[1:] == []


def test_file_is_asked_for_with_a_sign_in() -> None:
    assert Client().get(PAYMENTS, {"_export": "csv"}).status_code == 302


@pytest.mark.parametrize("begins", [*"=+-@", "\t=", "\r="])
def test_text_in_a_csv_is_never_a_formula(begins: str) -> None:
    text = files.as_csv([[f"{begins}1+1"]]).decode("utf-8-sig")
    assert list(csv.reader(StringIO(text, newline=""))) == [[f"'{begins}1+1"]]


def test_text_in_a_csv_stands_in_quotes_whatever_divides_its_columns() -> None:
    assert files.as_csv([["a;=1+1", Decimal("-2.50"), None]]).decode("utf-8-sig") == '"a;=1+1",-2.50,""\r\n'


@pytest.mark.parametrize("text", ["=1+1", "#N/A", "+44 117 496 0000", "-", "'quoted'", "x" * 40_000])
def test_text_in_a_workbook_stays_the_text_that_it_is(text: str) -> None:
    cell = load_workbook(BytesIO(files.as_xlsx([["Head"], [text]]))).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.value == text[:32_767]


def test_workbook_has_no_character_that_none_may_have_and_a_title_that_it_may() -> None:
    moment = dt.datetime(2012, 3, 31, 23, 30, 12, tzinfo=dt.UTC)
    lines: list[list[Any]] = [["Head", "When"], ["a\x0bb\x00c\u202ed", moment]]
    sheet = load_workbook(BytesIO(files.as_xlsx(lines, "Is this: a [title]/or 'not'? Of many words"))).worksheets[0]
    assert sheet["A2"].value == "abcd"
    assert f"{sheet['B2'].value:%Y-%m-%d %H:%M}" == "2012-04-01 00:30"
    assert sheet.title == "Is this  a  title  or  not ? Of"[:31].replace("?", " ").strip()


def test_files_of_nothing_open_all_the_same() -> None:
    assert files.as_csv([]) == b"\xef\xbb\xbf"
    assert load_workbook(BytesIO(files.as_xlsx([]))).worksheets[0].max_row == 1
