"""Where a number comes from: each contribution with its version, the words around it, and the proof."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards.models import Award
from grants.lifecycle.actors import SYSTEM
from grants.people.models import User
from grants.reports import services
from grants.reports.models import Report
from grants.reports.numbers import corrections_of, of_award, of_programme
from reporting.models import FigureSource, FunderReport
from tests import factories
from tests.factories import Cast
from tests.factories.many import many
from tests.factories.records import BUILT, walk
from tests.reports.correcting import WHY, approve, begin, give, send

AsUser = Callable[[User], Client]


def page_of(award: Award, code: str = "learners", name: str = "number") -> str:
    return reverse(f"reports:{name}", args=[award.reference, code])


def total_of(who: Cast, code: str = "learners", name: str = "total") -> str:
    return reverse(f"reports:{name}", args=[who.programme.code, code])


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def report_with(who: Cast, award: Award, number: int, learners: int, **more: Any) -> Report:
    report = factories.report_in("draft", who, award, number)
    give(report, who.editor, "learners", learners, source="registers", **more)
    return approve(send(report, who), who)


@pytest.fixture
def reported(who: Cast, award: Award) -> Award:
    """Two approved reports; a third is sent and not approved."""
    report_with(who, award, 1, 100)
    report_with(who, award, 2, 240, status="provisional")
    factories.report_in("submitted", who, award, 3)
    return award


def over_time(who: Cast, rule: str) -> None:
    who.programme.indicators.filter(code="learners").update(over_time=rule)


# --- Of one award -----------------------------------------------------------------------------------------------------


def test_number_of_an_award_names_each_version_that_counts(as_user: AsUser, who: Cast, reported: Award) -> None:
    over_time(who, "sum")
    page = text_of(as_user(who.editor), page_of(reported))
    assert "<h1>340 people" in page
    assert "Counts of every approved period, added" in page
    assert page.count("approver at") == 2
    for report in Report.objects.filter(milestone__award=reported, state="approved").select_related("approved_version"):
        assert report.get_absolute_url() in page
        assert report.approved_version is not None
        assert report.approved_version.sha256[:8] in page


def test_latest_count_takes_the_place_of_those_before(as_user: AsUser, who: Cast, reported: Award) -> None:
    over_time(who, "latest")
    page = text_of(as_user(who.reviewer), page_of(reported))
    assert "<h1>240 people" in page
    assert "a later count takes its place" in page
    cited = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "Learners reached: 240 people to " in cited
    assert f"{reported.reference}: Milestone 2, version 1, approved" in cited
    assert "Milestone 1" not in cited


def test_award_without_a_figure_says_so(as_user: AsUser, who: Cast, award: Award) -> None:
    page = text_of(as_user(who.editor), page_of(award))
    assert "No figure yet" in page
    assert "Cite as" not in page


def test_correction_stands_on_the_page_with_its_reason(as_user: AsUser, who: Cast, reported: Award) -> None:
    first = Report.objects.get(milestone__award=reported, milestone__number=1)
    correction = begin(first, who.editor)
    give(correction, who.editor, "learners", 90, source="registers")
    page = text_of(as_user(who.editor), page_of(reported))
    assert WHY not in page, "what is not approved is not told"
    approve(send(correction, who), who)
    page = text_of(as_user(who.editor), page_of(reported))
    assert "100 became 90." in page
    assert WHY in page
    assert "100 became" not in text_of(as_user(who.editor), page_of(reported, "schools"))


@pytest.mark.parametrize("name", ["number", "number-proof"])
def test_number_of_an_award_is_for_those_who_see_it(as_user: AsUser, who: Cast, reported: Award, name: str) -> None:
    for part, person in who.everybody().items():
        expected = 404 if part in ("viewer", "stranger", "outsider") else 200
        assert as_user(person).get(page_of(reported, name=name)).status_code == expected, part
    assert as_user(who.editor).get(page_of(reported, "no-such")).status_code == 404
    assert as_user(who.editor).get(reverse("reports:number", args=["\x00", "learners"])).status_code == 404


def test_figures_lead_to_where_they_come_from(as_user: AsUser, who: Cast, reported: Award) -> None:
    approved = Report.objects.get(milestone__award=reported, milestone__number=1)
    for address in (approved.get_absolute_url(), reported.get_absolute_url()):
        assert page_of(reported) in text_of(as_user(who.editor), address)
    programme = reverse("programme", args=[who.programme.code])
    assert total_of(who) in text_of(as_user(who.reviewer), programme)


# --- Over a programme -------------------------------------------------------------------------------------------------


@pytest.fixture
def three(who: Cast) -> list[Award]:
    """One has reported, one awaits its figure, one has sent nothing."""
    one, other, silent = (factories.award_in("active", who) for _ in range(3))
    report_with(who, one, 1, 300)
    report = factories.report_in("draft", who, other)
    give(report, who.editor, "learners", None, status="awaited", awaited_from="the schools", awaited_by="2012-06-22")
    approve(send(report, who), who)
    return [one, other, silent]


def test_total_says_of_how_many_and_shows_a_row_for_each(as_user: AsUser, who: Cast, three: list[Award]) -> None:
    page = text_of(as_user(who.reviewer), total_of(who))
    assert "<h1>300 people" in page
    assert "of 1 of 3 awards; 2 have no approved figure; may count a person more than once." in page
    for award in three:
        assert page_of(award) in page
    assert "the schools, by 22 June 2012" in page


def test_total_counts_only_what_the_person_sees(as_user: AsUser, who: Cast, three: list[Award]) -> None:
    other = factories.cast()
    assert as_user(other.editor).get(total_of(who)).status_code == 404
    assert as_user(who.viewer).get(total_of(who)).status_code == 404
    mine = Award.objects.filter(pk=three[1].pk)
    number = of_programme(who.programme, who.programme.indicators.get(code="learners"), mine)
    assert (number.asked, number.reported, number.value) == (1, 0, None)


def test_awards_that_are_not_added_have_no_total(as_user: AsUser, who: Cast, three: list[Award]) -> None:
    who.programme.indicators.filter(code="learners").update(across="none")
    page = text_of(as_user(who.reviewer), total_of(who))
    assert "<h1>Not added" in page
    assert "each has its own figure" in page
    assert "<strong>300</strong>" in page


@pytest.mark.parametrize("code", ["learners", "likely"])
def test_queries_do_not_grow_with_awards_and_the_table_is_paged(client: Client, db: None, code: str) -> None:
    counts = []
    for awards in (20, 200):
        who = many(awards).who
        client.force_login(who.reviewer)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(total_of(who, code))
        assert answer.status_code == 200
        assert len(answer.context["rows"]) == min(answer.context["number"].asked, 20)
        counts.append(len(asked))
    assert answer.context["number"].asked > 20
    assert counts[0] == counts[1]


# --- The proof --------------------------------------------------------------------------------------------------------


def opened(client: Client, address: str) -> tuple[ZipFile, bytes]:
    answer = client.get(address)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    content = b"".join(answer)  # type: ignore[arg-type]
    return ZipFile(io.BytesIO(content)), content


def test_proof_holds_the_versions_that_count_and_nothing_else(as_user: AsUser, who: Cast, reported: Award) -> None:
    over_time(who, "latest")
    archive, content = opened(as_user(who.editor), page_of(reported, name="number-proof"))
    report = Report.objects.get(milestone__award=reported, milestone__number=2)
    name = f"{reported.reference}-milestone-2-version-1.json"
    assert sorted(archive.namelist()) == sorted([name, "SHA256SUMS", "contributions.csv"])
    version = report.approved_version
    assert version is not None
    assert json.loads(archive.read(name)) == version.content
    for line in archive.read("SHA256SUMS").decode().splitlines():
        total, _, file = line.partition("  ")
        assert hashlib.sha256(archive.read(file)).hexdigest() == total == version.sha256
    assert opened(as_user(who.editor), page_of(reported, name="number-proof"))[1] == content


def test_proof_of_a_total_has_a_row_for_each_contribution_and_no_formula(
    as_user: AsUser, who: Cast, three: list[Award]
) -> None:
    over_time(who, "sum")
    report = factories.report_in("draft", who, three[0], 2)
    give(report, who.editor, "learners", 5, source="=HYPERLINK(1)")
    approve(send(report, who), who)
    archive, _ = opened(as_user(who.reviewer), total_of(who, name="total-proof"))
    rows = list(csv.DictReader(io.StringIO(archive.read("contributions.csv").decode("utf-8-sig"))))
    assert [(row["Award"], row["Milestone"], Decimal(row["Value"])) for row in rows] == [
        (three[0].reference, "Milestone 1", 300),
        (three[0].reference, "Milestone 2", 5),
    ]
    assert rows[1]["Source"] == "'=HYPERLINK(1)"
    assert len([name for name in archive.namelist() if name.endswith(".json")]) == 2


# --- Documents that quote it ------------------------------------------------------------------------------------------


def quoting(who: Cast, report: Report, state: str) -> FunderReport:
    """A funder report that quotes the approved version's number of learners as 342."""
    snapshot = {
        "summary": {"indicators": [{"name": "Learners reached", "now": "F2"}]},
        "awards": [{"reference": report.award.reference, "results": [{"name": "Learners reached", "value": "F1"}]}],
        "figures": {"F1": {"shown": "342"}, "F2": {"shown": "1,342"}},
    }
    document = factories.funder_report_in("requested", who)
    path = "results/learners/value"
    FigureSource.objects.create(
        funder_report=document,
        figure="F1",
        award=report.award,
        version=report.approved_version,
        path=path,
        raw_value="342",
    )
    steps: list[Any] = [
        ("build", SYSTEM, {}),
        ("finish", SYSTEM, BUILT | {"snapshot": json.dumps(snapshot)}),
        ("release", who.approver, {}),
    ]
    return walk(document, steps[: {"built": 2, "released": 3}[state]])


@pytest.mark.parametrize("state", ["built", "released"])
def test_documents_that_quote_it_are_for_those_who_may_have_them(
    as_user: AsUser, who: Cast, award: Award, state: str
) -> None:
    report = factories.report_in("approved", who, award)
    document = quoting(who, report, state)
    page = text_of(as_user(who.reviewer), page_of(award))
    assert document.get_absolute_url() in page
    assert ">342</td>" in page
    assert ">1,342</td>" in text_of(as_user(who.reviewer), total_of(who))
    assert "Documents that quote it" not in text_of(as_user(who.editor), page_of(award))


def test_grantee_reads_which_released_report_quotes_theirs(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("approved", who, award)
    built = quoting(who, report, "built")
    assert "In reports to funders" not in text_of(as_user(who.editor), report.get_absolute_url())
    document = quoting(who, report, "released")
    own = text_of(as_user(who.editor), report.get_absolute_url())
    assert f"Report to {document.funder}" in own
    assert document.get_absolute_url() not in own, "the document itself is the funder's"
    managing = text_of(as_user(who.reviewer), report.get_absolute_url())
    assert document.get_absolute_url() in managing
    assert built.get_absolute_url() not in managing
    second = factories.report_in("approved", who, award, 2)
    assert "In reports to funders" not in text_of(as_user(who.editor), second.get_absolute_url())


def test_correction_says_nothing_of_documents_that_quote_what_was_before(
    as_user: AsUser, who: Cast, award: Award
) -> None:
    report = factories.report_in("approved", who, award)
    quoting(who, report, "released")
    services.begin_correction(report.pk, by=who.editor, seen=None, reason=WHY)
    correction = approve(send(Report.objects.get(corrects=report), who), who)
    assert "In reports to funders" in text_of(as_user(who.editor), report.get_absolute_url())
    assert "In reports to funders" not in text_of(as_user(who.editor), correction.get_absolute_url())


def test_correction_of_the_parts_of_a_ratio_is_listed_though_the_share_is_the_same(who: Cast, award: Award) -> None:
    report = factories.report_in("approved", who, award)
    correction = begin(report, who.editor)
    give(correction, who.editor, "likely", 75, numerator=Decimal(30), denominator=Decimal(40))
    approve(send(correction, who), who)
    likely = who.programme.indicators.get(code="likely")
    listed = corrections_of(of_award(award, likely)[0])
    assert [(one.was, one.now) for one in listed] == [("75 (60 of 80)", "75 (30 of 40)")]
    learners = who.programme.indicators.get(code="learners")
    assert corrections_of(of_award(award, learners)[0]) == []
