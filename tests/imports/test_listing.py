"""The list of imports, and the list of one import's faults, which goes back to whoever wrote the file."""

import csv
from io import StringIO
from typing import Any

from django.test import Client
from django.urls import reverse

from grants.formats import local_today
from grants.imports.models import Import
from grants.lifecycle.actors import SYSTEM
from tests import factories
from tests.factories import Cast, records

LIST = "/imports/"


def fault(cell: str, sheet: str = "Awards", **more: str) -> dict[str, str]:
    return {"sheet": sheet, "cell": cell, "value": "nine", "fault": "This is no number.", "mend": "Enter 9.", **more}


def faulty(who: Cast, *faults: dict[str, str]) -> Import:
    """An import in which these faults were found."""
    return records.walk(factories.import_in("checking", who), [("find_faults", SYSTEM, {"faults": list(faults)})])  # type: ignore[return-value]


def shown(client: Client, url: str, **asked: Any) -> list[Any]:
    return [row.record for row in client.get(url, asked).context["table"].paginated_rows]


def test_imports_are_filtered_and_sorted(who: Cast, administrator: Client) -> None:
    applied, wrong = factories.import_in("applied", who), factories.import_in("faulty", who)
    assert shown(administrator, LIST) == [wrong, applied]
    assert shown(administrator, LIST, sort="uploaded_at") == [applied, wrong]
    assert shown(administrator, LIST, sort="-outcome") == [wrong, applied]
    assert shown(administrator, LIST, state="applied") == [applied]
    assert shown(administrator, LIST, words="AWARDS", state=["applied", "faulty"]) == [wrong, applied]
    assert shown(administrator, LIST, since=local_today()) == [wrong, applied]
    assert shown(administrator, LIST, until="1 May 2012") == []
    assert "1 fault" in administrator.get(LIST).content.decode()


def test_list_of_imports_is_a_file_too(who: Cast, administrator: Client) -> None:
    factories.import_in("faulty", who)
    answer = administrator.get(LIST, {"_export": "csv"})
    head, line = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    found = dict(zip(head, line, strict=True))
    assert found["What came of it"] == "1 fault"
    assert found["Sent by"] == str(who.administrator)
    assert found["State"] == "Faulty"


def test_list_reads_neither_the_files_nor_their_faults(
    who: Cast, administrator: Client, django_assert_max_num_queries: Any
) -> None:
    factories.import_in("faulty", who)
    with django_assert_max_num_queries(15) as captured:
        administrator.get(LIST)
    asked = [query["sql"] for query in captured.captured_queries if "jsonb_array_length" in query["sql"]]
    assert len(asked) == 1
    assert '"content"' not in asked[0]


def test_faults_are_filtered_by_sheet_and_column_and_words(who: Cast, administrator: Client) -> None:
    found = [fault("F12"), fault("F9"), fault("AB3", value="<b>"), fault("F2", "Targets", fault="Too late.")]
    url = faulty(who, *found).get_absolute_url()

    def cells(**asked: Any) -> list[str]:
        return [row["cell"] for row in shown(administrator, url, **asked)]

    assert cells() == ["F12", "F9", "AB3", "F2"]  # the order of the file
    assert cells(sort="-cell") == ["F2", "AB3", "F9", "F12"]
    assert cells(sort="-sheet") == ["F2", "AB3", "F9", "F12"]
    assert cells(sheet="Targets") == ["F2"]
    assert cells(column="F") == ["F12", "F9", "F2"]
    assert cells(column="F", sheet="Awards", words="NUMBER nine") == ["F12", "F9"]
    assert cells(column="Z") == cells()
    form = administrator.get(url).context["filter"].form
    assert [value for value, _ in form.fields["column"].choices] == ["", "F", "AB"]
    assert "&lt;b&gt;" in administrator.get(url).content.decode()


def test_faults_of_one_sheet_and_column_offer_no_choice_between_them(who: Cast, administrator: Client) -> None:
    page = administrator.get(faulty(who, fault("F12")).get_absolute_url())
    assert set(page.context["filter"].form.fields) == {"words"}
    assert "sheet" not in page.context["table"].columns.names()


def test_faults_are_paged_and_exported_whole(who: Cast, administrator: Client) -> None:
    url = faulty(who, *(fault(f"F{number}", value="=1+1") for number in range(2, 132))).get_absolute_url()
    assert [len(shown(administrator, url, page=number)) for number in (1, 2, 3)] == [50, 50, 30]
    answer = administrator.get(url, {"_export": "csv"})
    head, *lines = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    assert head == ["Cell", "Stands there", "What is wrong", "How to mend it"]
    assert len(lines) == 130
    assert lines[0] == ["F2", "'=1+1", "This is no number.", "Enter 9."]


def test_faults_of_others_are_not_to_be_had_as_a_file(who: Cast, client: Client) -> None:
    url = faulty(who, fault("F12")).get_absolute_url()
    for user in (who.approver, who.outsider, who.stranger):
        client.force_login(user)
        assert client.get(url, {"_export": "csv"}).status_code == 404
    client.force_login(who.approver)
    assert client.get(reverse("imports:imports"), {"_export": "csv"}).status_code == 404
