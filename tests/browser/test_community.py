"""A community of four members reports without one of them, each at a browser of their own."""

import re

import pytest
from playwright.sync_api import expect

from grants.people.models import Organisation
from grants.reports.models import Report
from tests import factories
from tests.browser import reports
from tests.browser.somebody import SitDown, Somebody
from tests.factories import Cast
from tests.reports.community import NAMES, a_community_reports

pytestmark = pytest.mark.browser

MISSING = "3 of 4 members are in; missing: Harbour Trust."
COMMUNITY = "Communities that build"


def test_a_community_reports_without_one_of_its_members(who: Cast, somebody: SitDown) -> None:
    who.programme.strands.update(recommended_from=None)
    us = a_community_reports(who)
    assert us.award.community is not None
    type(us.award.community).objects.filter(pk=us.award.community.pk).update(name=COMMUNITY)
    factories.fill(us.report, who.editor)
    lead, signatory, reviewer = somebody(who.editor.email), somebody(who.signatory.email), somebody(who.reviewer.email)
    members = [somebody(editor.email) for editor in us.editors]
    for number, (member, name) in enumerate(zip(members[:3], NAMES, strict=False)):
        a_member_gives_its_part(member, us.report, name, str(10 + number), first=not number)
    the_lead_gives_its_own(lead, us.report, who.recipient)
    the_lead_asks_the_fourth(lead, members[3])
    the_sums_are_taken_in(lead, us.report)
    reports.ask(lead)
    signatory.sign_in()
    reports.sign(signatory)
    reviewer.sign_in()
    reports.start_review(reviewer, f"{COMMUNITY}: Milestone 1")
    reviewer.reads(f"{MISSING}")
    reviewer.look("community-review")
    members[0].go(f"/reports/{us.report.pk}/members/{us.members[0].pk}/")
    members[0].reads("Confirmed by Editor of Abbey Trust")
    members[0].is_not_offered("Open it again")
    for person in (lead, signatory, reviewer, *members):
        person.sign_out()


def write_part(person: Somebody, report: Report, learners: str) -> None:
    """Everything that is asked of an organisation."""
    person.write("Learners reached, this period", learners)
    person.write("Schools taking part, this period", "2")
    person.write("More likely to study a STEM subject, this period, how many", "6")
    person.write("More likely to study a STEM subject, this period, of how many", "8")
    for line in report.award.budget_lines.all():
        person.write(f"{line.title}, this period", "120.50")


def a_member_gives_its_part(member: Somebody, report: Report, name: str, learners: str, *, first: bool) -> None:
    """From the home to the confirmed part; the first also tries a word for a number, and adds an activity."""
    member.sign_in()
    member.look("community-home-of-member")
    member.follow("Fill in your part")
    member.look("community-part")
    write_part(member, report, "about ten" if first else learners)
    if first:
        with member.is_refused(422):
            member.press("Save and confirm")
            member.reads("There is 1 fault", "is not a number")
        member.write("Learners reached, this period", learners)
        member.press("Save")
        member.reads("Saved.")
        member.follow("Add an activity")
        expect(member.page.get_by_label(name)).to_be_checked()
        member.choose("Type of activity", "Workshop")
        member.write("What it was", "Robots on the quay")
        member.write("Day", f"{report.milestone.period_start:%-d %B %Y}")
        member.look("community-activity")
        member.press("Save")
        member.reads("Saved: Robots on the quay.")
    member.press("Save and confirm")
    member.reads("Confirmed.", f"Confirmed by Editor of {name}")
    member.look("community-part-confirmed")


def the_lead_gives_its_own(lead: Somebody, report: Report, organisation: Organisation) -> None:
    """From the report to the page of the members, and there its own share."""
    lead.sign_in()
    lead.go(f"/reports/{report.pk}/")
    lead.reads(MISSING)
    lead.follow("Members’ parts")
    lead.follow("Fill in your own part")
    lead.reads(str(organisation))
    write_part(lead, report, "100")
    lead.press("Save")
    lead.reads("Saved.")
    lead.look("community-own-part")
    lead.follow("Back to the members’ parts")


def the_lead_asks_the_fourth(lead: Somebody, fourth: Somebody) -> None:
    """It gets a message that leads to its part; a second one on the same day is refused."""
    lead.look("community-members")
    ask = re.compile("^Ask for it")
    lead.press(ask)
    lead.reads("Asked Harbour Trust for its part.")
    with lead.is_refused(409):
        lead.press(ask)
        lead.reads("was asked today already")
    fourth.sign_in()
    fourth.follow(re.compile("^Your part is wanted by"))
    fourth.reads("Harbour Trust", "Save and confirm")


def the_sums_are_taken_in(lead: Somebody, report: Report) -> None:
    """What the page shows stands in the report then, with where it comes from."""
    for title in (
        "Learners reached",
        "Schools taking part",
        *report.award.budget_lines.values_list("title", flat=True),
    ):
        box = lead.page.get_by_label(re.compile(f"^Take in {title}"))
        expect(box).not_to_be_checked()
        box.check()
    lead.press("Take these into the report")
    lead.reads("Taken into the report: 3 figures and 2 budget lines.", "133")
    lead.look("community-taken")
    lead.follow("Back to the report")
    lead.follow("Check answers")
    lead.reads(MISSING, "You can still send", "Lead and 3 of 4 members")
    lead.look("community-check")
    assert report.results.get(indicator__code="learners").value == 133
