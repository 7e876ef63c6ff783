"""The parts of communities' reports on a member's home: those that can be given now, and no others."""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from grants.awards.models import Milestone
from grants.desk.kinds import GRANTEE
from grants.formats import local_today
from grants.people.models import User
from grants.programmes.models import Section, SectionSet
from grants.reports import services
from grants.reports.members import parts_to_give
from grants.reports.models import Report
from tests import factories
from tests.desk.homes import AsUser, part
from tests.factories import Cast
from tests.reports.community import Together, a_community_reports, confirm, part_url


@pytest.fixture
def us(who: Cast) -> Together:
    return a_community_reports(who)


def offered(user: User, most: int = 8) -> list[tuple[Report, str]]:
    """The reports of which a part is to give, with the organisations."""
    found = parts_to_give(User.objects.get(pk=user.pk), local_today(), most)
    return [(report, organisation.name) for report, organisation, confirmed in found if not confirmed]


def returned(us: Together, code: str) -> None:
    """Everybody but the last member gave its part, and the report comes back for one part."""
    factories.fill(us.report, us.who.editor)
    for of, editor in zip(us.members[:3], us.editors[:3], strict=True):
        confirm(us.report, of, editor)
    services.ask_for_sign_off(us.report.pk, by=us.who.editor, seen=None)
    services.submit_report(us.report.pk, by=us.who.signatory, seen=None)
    services.start_report_review(us.report.pk, by=us.who.reviewer, seen=None)
    factories.send_back(us.report, us.who.reviewer, code)


def test_reports_that_ones_own_organisation_leads_hide_no_part(who: Cast, us: Together) -> None:
    """Somebody in two organisations: one leads a community and is among its members, the other is a member of another."""
    community = factories.a_community(us.members[0], us.members[0], us.members[1])
    lead = factories.Cast(**{**vars(who), "recipient": us.members[0], "editor": us.editors[0]})
    lead.signatory = factories.person("signatory", us.members[0])
    led = factories.award_in("active", lead, community=community)
    Milestone.objects.filter(award=led).update(opens_on="2012-03-01", due_on="2012-03-14")
    assert offered(us.editors[0], most=1) == [(us.report, "Abbey Trust")]
    factories.member(us.editors[0], "editor", us.members[1])
    first = offered(us.editors[0], most=1)
    assert [(report.award, name) for report, name in first] == [(led, "Beacon College")], (
        "a part in one's own lead's report"
    )


def test_confirmed_parts_hide_none_that_is_to_give(who: Cast, us: Together) -> None:
    Milestone.objects.filter(award=us.award).update(due_on=F("opens_on"))
    confirm(us.report, us.members[0], us.editors[0])
    award = factories.award_in("active", who, community=us.award.community)
    assert [report.award for report, _ in offered(us.editors[0], most=1)] == [award]


def test_a_report_that_asks_members_nothing_is_not_offered(as_user: AsUser, us: Together) -> None:
    own = SectionSet.objects.create(strand=us.award.strand, kind="report", number=99)
    Section.objects.create(section_set=own, code="done", title="What was done", form=Section.Form.NARRATIVE)
    assert as_user(us.editors[0]).get(part_url(us)).status_code == 404
    assert offered(us.editors[0]) == []


def test_a_return_offers_the_parts_that_it_opens(as_user: AsUser, us: Together) -> None:
    returned(us, next(one.code for one in us.report.asked_sections() if one.form == "figures"))
    assert offered(us.editors[3]) == [(us.again(), "Harbour Trust")]
    assert part(as_user(us.editors[3]), GRANTEE)["next"].url == part_url(us, 3)


def test_a_return_of_what_members_do_not_give_asks_them_for_nothing(as_user: AsUser, us: Together) -> None:
    returned(us, "done")
    late, done = (part(as_user(us.editors[number]), GRANTEE) for number in (3, 0))
    assert (late["due"], late["next"], late["with_them"]) == ([], None, [])
    assert [item.word for item in done["with_them"]] == ["Confirmed"]


def test_a_home_asks_as_often_for_many_parts_as_for_few(who: Cast, as_user: AsUser, us: Together) -> None:
    """Some of them begun, some not, some returned; of two strands."""
    client = as_user(us.editors[3])
    returned(us, next(one.code for one in us.report.asked_sections() if one.form == "figures"))
    factories.award_in("active", who, community=us.award.community)
    client.get("/")  # the first look at a home writes that down
    counts = []
    for more in (0, 3):
        for number in range(more):
            award = factories.award_in("active", who, community=us.award.community)
            report = Report.objects.named().get(milestone__award=award, milestone__number=1)
            if number == 0:
                factories.fill(report, who.editor)
            if number == 1:
                returned(Together(who, award, report, us.members, us.editors), "done")
        with CaptureQueriesContext(connection) as captured:
            shown = part(client, GRANTEE)["due"]
        counts.append(len(captured))
        assert len([item for item in shown if "Your part" in item.title]) == 2 + (more and more - 1)
    assert counts[0] == counts[1]
    assert counts[0] <= 15
