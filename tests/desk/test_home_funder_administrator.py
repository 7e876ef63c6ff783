"""The homes of a funder and of an administrator."""

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from importlib import import_module

import pytest
from django.utils import timezone

from grants.awards import services as awards
from grants.awards.models import Award
from grants.desk.kinds import ADMINISTRATOR, FUNDER
from grants.formats import local_today
from grants.programmes.models import Call, SectionSet
from reporting.models import FunderReport
from tests import factories
from tests.desk.homes import AsUser, make_late, part, was_here
from tests.factories import Cast

# --- The funder -----------------------------------------------------------------------------------------------------


def test_funder_home_shows_its_own_part_and_days_to_come(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    shown = part(as_user(who.viewer), FUNDER)
    assert [(funding.award, funding.amount) for funding in shown["rows"]] == [(award, Decimal(7500))]
    assert [figure["value"] for figure in shown["figures"]] == ["1", "1", "£7,500"]
    assert len(shown["coming"]) == 3


def test_funder_home_shows_a_few_and_leads_to_the_portfolio(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("grants.desk.homes.funder"), "ROWS", 1)
    old, new = factories.award_in("closed", who), factories.award_in("offered", who)
    client = as_user(who.viewer)
    shown = part(client, FUNDER)
    assert [funding.award for funding in shown["rows"]] == [new]
    assert [figure["value"] for figure in shown["figures"]] == ["2", "0", "£15,000"]
    text = client.get("/").content.decode()
    assert '<a href="/portfolio/">See all 2 awards</a>' in text
    assert old.reference not in text


def test_funder_home_tells_nothing_of_what_is_late(who: Cast, as_user: AsUser) -> None:
    make_late(factories.award_in("active", who), 3)
    assert len(part(as_user(who.viewer), FUNDER)["coming"]) == 2


def test_funder_home_of_another_funder_shows_nothing_of_it(who: Cast, as_user: AsUser) -> None:
    factories.award_in("active", who)
    other = factories.person("viewer", factories.organisation("funder"))
    shown = part(as_user(other), FUNDER)
    assert (shown["rows"], shown["coming"], shown["bodies"]) == ([], [], [])


def test_funder_home_says_whom_to_ask(who: Cast, as_user: AsUser) -> None:
    who.approver.telephone = "020 7946 0117"
    who.approver.save()
    [one] = part(as_user(who.viewer), FUNDER)["bodies"]
    assert one["body"] == who.managing_body
    assert one["people"][0] == who.approver
    text = as_user(who.viewer).get("/").content.decode()
    assert "tel:02079460117" in text
    assert f"mailto:{who.approver.email}" in text


def test_funder_home_begins_with_what_the_newest_report_concludes(
    who: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = '{"summary":{"headline":"Seven of nine awards are on course","complete":"8 of 9 awards reported in full."}}'
    monkeypatch.setitem(factories.BUILT, "snapshot", says)
    monkeypatch.setitem(factories.BUILT, "snapshot_sha256", sha256(says.encode()).hexdigest())
    report = factories.funder_report_in("released", who)
    factories.funder_report_in("built", who)
    client = as_user(who.viewer)
    text = client.get("/").content.decode()
    assert text.index("Seven of nine awards are on course") < text.index("8 of 9 awards reported in full.")
    assert text.index("Read the report") < text.index('id="documents"') < text.index('id="portfolio"')
    assert text.count(f'href="{report.get_absolute_url()}"') == 3  # there, in the list, and in the message


def test_funder_home_marks_reports_that_came_since_the_last_visit(who: Cast, as_user: AsUser) -> None:
    factories.funder_report_in("released", who)
    client = as_user(who.viewer)
    assert ">New<" not in client.get("/").content.decode()
    was_here(who.viewer, here_at=timezone.now(), here_since=timezone.now() - timedelta(days=1))
    assert client.get("/").content.decode().count(">New<") == 2  # the report, and the message that tells of it
    was_here(who.viewer, here_at=timezone.now(), here_since=timezone.now())
    assert ">New<" not in client.get("/").content.decode()


def test_funder_home_without_a_report_says_that_it_will_stand_there(who: Cast, as_user: AsUser) -> None:
    assert not FunderReport.objects.exists()
    assert "When one is released to you, it stands here" in as_user(who.viewer).get("/").content.decode()


# --- The administrator ----------------------------------------------------------------------------------------------


def test_administrator_home_lists_faulty_imports_first_then_what_waits(who: Cast, as_user: AsUser) -> None:
    faulty = factories.import_in("faulty", who)
    ready, _, checking = (factories.import_in(state, who) for state in ("ready", "applied", "checking"))
    client = as_user(who.administrator)
    shown = part(client, ADMINISTRATOR)["imports"]
    assert [item["record"].pk for item in shown[:3]] == [faulty.pk, ready.pk, checking.pk]
    assert shown[0]["hint"].startswith("1 fault. ")
    assert part(as_user(who.outsider), ADMINISTRATOR)["imports"] == []


def test_administrator_home_counts_people_by_role(who: Cast, as_user: AsUser) -> None:
    shown = part(as_user(who.administrator), ADMINISTRATOR)
    assert {"term": "Signatory", "value": "3"} in shown["roles"]


def test_administrator_home_says_which_calls_close_and_open(who: Cast, as_user: AsUser) -> None:
    now = timezone.now()
    Call.objects.filter(strand=who.communities).update(opens_at=now + timedelta(days=10))
    factories.a_call(who.exemplars, opens_at=now + timedelta(days=90), closes_at=now + timedelta(days=99))
    shown = part(as_user(who.administrator), ADMINISTRATOR)["calls"]
    assert [call["word"].partition(",")[0] for call in shown] == ["Closes in 30 days", "Opens in 10 days"]


def test_administrator_home_says_what_is_missing(who: Cast, as_user: AsUser) -> None:
    client = as_user(who.administrator)
    factories.award_in("active", who)
    assert part(client, ADMINISTRATOR)["gaps"] == []
    assert "Nothing. Every role" in client.get("/").content.decode()
    yesterday = local_today() - timedelta(days=1)
    who.finance.memberships.update(ends=yesterday)
    for person in (who.signatory, who.second_signatory):
        person.memberships.update(ends=yesterday)
    SectionSet.objects.filter(strand=who.communities, kind="evaluation").delete()
    share = who.programme.shares.get(per_cent=40)
    share.per_cent = 30
    share.save()
    who.programme.indicators.exclude(targets__isnull=False).delete()
    assert [gap["title"] for gap in part(client, ADMINISTRATOR)["gaps"]] == [
        f"Nobody at {who.managing_body} can record payments",
        f"Nobody can sign for {who.recipient}",
        "Regional communities: it is not said what a final evaluation asks",
        f"{who.programme}: the funders’ shares come to 90%",
    ]
    who.programme.shares.all().delete()
    titles = [gap["title"] for gap in part(client, ADMINISTRATOR)["gaps"]]
    assert titles[-1] == f"{who.programme}: no funder has a share"


def test_administrator_home_asks_nothing_of_other_bodies(who: Cast, as_user: AsUser) -> None:
    who.finance.memberships.all().delete()
    gaps = part(as_user(who.outsider), ADMINISTRATOR)["gaps"]
    assert not [gap for gap in gaps if str(who.managing_body) in gap["title"]]


def test_administrator_home_links_to_pages_that_open(who: Cast, as_user: AsUser) -> None:
    who.approver.memberships.all().delete()
    SectionSet.objects.filter(strand=who.exemplars).delete()
    who.programme.shares.all().delete()
    factories.a_programme(who.managing_body).indicators.all().delete()
    client = as_user(who.administrator)
    shown = part(client, ADMINISTRATOR)
    links = {item["url"] for item in (*shown["gaps"], *shown["calls"], *shown["set_up"])}
    assert len(links) > 8
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


# --- All of them ----------------------------------------------------------------------------------------------------


def test_home_escapes_what_people_wrote(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("in_review", who)
    Award.objects.filter(pk=award.pk).update(title="<script>alert(1)</script>")
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today())
    for user in (who.editor, who.approver, who.viewer):
        text = as_user(user).get("/").content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text
