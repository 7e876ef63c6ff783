"""A report that is not sent, as its funder will read it: the very page that a funder report will have."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards.models import Award, BudgetLine
from grants.people.models import User
from grants.programmes.models import Section
from grants.reports import services
from grants.reports.models import Report
from reporting.snapshot.award import page
from reporting.snapshot.draft import as_if_approved
from reporting.snapshot.figures import Figures
from reporting.snapshot.records import records_of
from tests import factories
from tests.factories import Cast
from tests.reports.community import a_community_reports, confirm

AsUser = Callable[[User], Client]
HIDDEN = "Only between us and the managing body."


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def award(who: Cast) -> Award:
    return factories.award_in("active", who)


@pytest.fixture
def as_user(client: Client) -> AsUser:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def written(who: Cast, award: Award) -> Report:
    """Written, not sent; one part is read by the managing body only."""
    first = Report.objects.named().get(milestone__award=award, milestone__number=1)
    section = first.asked_sections()[3]
    Section.objects.filter(pk=section.pk).update(readers="managing_body")
    factories.fill(first, who.editor)
    services.save_answer(first.pk, Section.objects.get(pk=section.pk), by=who.editor, text=HIDDEN)
    return again(first)


def again(report: Report) -> Report:
    return Report.objects.named().get(pk=report.pk)


def address(report: Report) -> str:
    return reverse("reporting:preview", args=[report.pk])


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_it_is_the_page_that_approval_makes(who: Cast, written: Report) -> None:
    """Approve it, build the page as a funder report does, and it says what the preview said."""
    before = as_if_approved(written, who.funder)
    factories.move_report(written, "approved", who)
    record = records_of(Award.objects.filter(pk=written.award.pk), who.funder)[0]
    figures = Figures()
    after = page(record, figures, who.funder, written.milestone.period_end, written.milestone.due_on)
    for name in ("results", "budget", "budget_total", "answers", "done", "judgement", "promised", "no_report", "next"):
        assert before.page[name] == after[name], name
    assert [node["shown"] for node in before.nodes.values()] == [node["shown"] for node in figures.nodes.values()]


def test_it_stores_nothing(who: Cast, written: Report) -> None:
    as_if_approved(written, who.funder)
    assert again(written).milestone.settled_at is None
    assert written.versions.count() == 0
    assert again(written).state == "draft"


def test_a_part_that_the_funder_does_not_read_is_named_and_not_shown(
    as_user: AsUser, who: Cast, written: Report
) -> None:
    shown = text_of(as_user(who.editor), address(written))
    hidden = next(section for section in written.asked_sections() if section.readers == "managing_body")
    assert HIDDEN not in shown
    assert f"Not shown to the funder: {hidden.title}." in shown
    assert "This is not approved." in shown


def test_figures_money_and_judgement_stand_on_it(as_user: AsUser, who: Cast, written: Report) -> None:
    shown = text_of(as_user(who.signatory), address(written))
    for words in ("Learners reached", "400", "On course", "£12,500", "£7,500", "This funder’s part", str(who.funder)):
        assert words in shown, words


def test_each_funder_has_its_own(as_user: AsUser, who: Cast, written: Report) -> None:
    page_of = as_user(who.editor)
    other = next(one.funder for one in written.award.fundings.select_related("funder") if one.funder != who.funder)
    shown = text_of(page_of, f"{address(written)}?funder={other.pk}")
    assert f"as {other} will read it" in shown
    assert "£5,000" in shown
    assert text_of(page_of, f"{address(written)}?funder=nonsense")


def test_those_who_write_get_there_from_their_answers_and_before_signing(
    as_user: AsUser, who: Cast, written: Report
) -> None:
    link = f'href="{address(written)}"'
    assert link in text_of(as_user(who.editor), reverse("reports:check", args=[written.pk]))
    report = factories.move_report(written, "awaiting_sign_off", who)
    assert link in text_of(as_user(who.signatory), reverse("reports:step", args=[report.pk, "sign"]))
    assert link not in text_of(as_user(who.approver), reverse("reports:step", args=[report.pk, "waive"]))


@pytest.mark.parametrize("name", ["reviewer", "approver", "finance", "administrator"])
def test_the_managing_body_does_not_read_a_draft_here(name: str, as_user: AsUser, who: Cast, written: Report) -> None:
    assert as_user(getattr(who, name)).get(address(written)).status_code == 302


@pytest.mark.parametrize("name", ["viewer", "stranger", "outsider"])
def test_for_everybody_else_it_does_not_exist(name: str, as_user: AsUser, who: Cast, written: Report) -> None:
    assert as_user(getattr(who, name)).get(address(written)).status_code == 404


def test_what_is_sent_leads_to_the_report(as_user: AsUser, who: Cast, written: Report) -> None:
    factories.move_report(written, "submitted", who)
    assert as_user(who.editor).get(address(written)).status_code == 302


def test_queries_do_not_grow_with_lines(as_user: AsUser, who: Cast, written: Report) -> None:
    page_of, counts = as_user(who.editor), []
    for more in (0, 20):
        BudgetLine.objects.bulk_create(
            BudgetLine(award=written.award, title=f"Line {number}", amount=1) for number in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            text_of(page_of, address(written))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_members_of_a_community_that_are_missing_are_named(as_user: AsUser, who: Cast) -> None:
    us = a_community_reports(who)
    factories.fill(us.report, who.editor)
    for of, editor in zip(us.members[:3], us.editors[:3], strict=True):
        confirm(us.report, of, editor)
    said = "3 of 4 members are in; missing: Harbour Trust."
    assert as_if_approved(us.again(), who.funder).page["report"]["members"] == said
    assert said in text_of(as_user(who.editor), address(us.report))
