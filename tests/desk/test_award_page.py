"""An award at a glance: who sees it, and what of it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards import services as awards
from grants.awards.models import Award, Milestone, Tranche
from grants.desk.glance import ENOUGH
from grants.desk.glance.life import MOST
from grants.formats import date_words, local_today
from grants.lifecycle.door import write_history
from grants.lifecycle.models import HistoryEntry
from grants.money import services as money
from grants.people.models import User
from grants.reports import services as reports
from grants.reports.models import Report
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def page_text(client: Client, award: Award) -> str:
    return client.get(award.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", Award.State.values)
def test_award_page_opens_in_every_state_for_those_concerned(who: Cast, as_user: AsUser, state: str) -> None:
    award = factories.award_in(state, who)
    for role in ("editor", "approver", "finance"):
        page = as_user(getattr(who, role)).get(award.get_absolute_url())
        hidden = state == "draft" and role != "editor"
        assert page.status_code == (404 if hidden else 200), role
        if not hidden:
            assert page.context["next"].sentence
            assert page.context["life"]


def test_award_page_is_not_found_by_others(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    for role in ("stranger", "outsider", "viewer"):
        assert as_user(getattr(who, role)).get(award.get_absolute_url()).status_code == 404, role


def test_award_page_asks_for_sign_in(who: Cast, client: Client) -> None:
    assert client.get(factories.award_in("active", who).get_absolute_url()).status_code == 302


def test_award_page_is_found_whatever_the_case_of_its_reference(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    client = as_user(who.editor)
    assert client.get(f"/awards/{award.reference.lower()}/").status_code == 200
    assert client.get("/awards/none/").status_code == 404
    assert client.get("/awards/a%00b/").status_code == 404


def test_award_page_hides_a_plan_from_the_applicant_until_it_is_offered(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("in_review", who)
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    editor, reviewer = as_user(who.editor), as_user(who.reviewer)
    url = award.get_absolute_url()
    for name in ("milestones", "payments", "targets", "budget"):
        assert not editor.get(url).context[name], name
        assert reviewer.get(url).context[name], name
    assert "Set the amount, dates" not in page_text(editor, award)
    assert reviewer.get(url).context["payments"][0][1] == []
    assert not reviewer.get(url).context["figures"]
    awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today())
    assert len(editor.get(url).context["payments"]) == 4


def test_award_page_shows_fundings_and_acts_to_the_managing_body_only(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("offered", who)
    url = award.get_absolute_url()
    approver, editor, finance = (as_user(user).get(url).context for user in (who.approver, who.editor, who.finance))
    assert [act["term"] for act in approver["acts"]] == ["Signed", "Approved"]
    assert len(approver["fundings"]) == 2
    assert (list(editor["acts"]), list(editor["fundings"])) == ([], [])
    assert (list(finance["acts"]), len(finance["fundings"])) == ([], 2)


def test_award_page_keeps_a_recommendation_from_the_applicant(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("in_review", who)
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    awards.recommend_application(award.pk, by=who.reviewer, seen=None, note="Weak on evaluation")
    assert "Weak on evaluation" in page_text(as_user(who.approver), award)
    assert "Weak on evaluation" not in page_text(as_user(who.signatory), award)


def test_award_page_keeps_what_signatories_tell_editors_from_the_managing_body(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("awaiting_sign_off", who)
    reports.decline_sign_off(report.pk, by=who.signatory, seen=None, reason="The numbers are wrong")
    assert "The numbers are wrong" in page_text(as_user(who.editor), report.award)
    assert "The numbers are wrong" not in page_text(as_user(who.approver), report.award)


def test_award_page_names_the_report_and_payment_in_its_history(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("approved", who)
    sentences = [
        entry["sentence"] for entry in as_user(who.editor).get(report.award.get_absolute_url()).context["history"]
    ]
    assert "Approved the report: Milestone 1." in sentences
    assert "Released a payment: Milestone 1, £3,125." in sentences


def test_award_page_shows_the_latest_history_and_links_to_the_rest(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("submitted", who)
    for number in range(40):
        write_history(award, "tell", by=who.editor, sentence=f"Told number {number}")
    page = as_user(who.editor).get(award.get_absolute_url())
    assert len(page.context["history"]) == ENOUGH
    assert page.context["history"][0]["sentence"] == "Told number 39."
    assert reverse("award-history", args=[award.reference]) in page.content.decode()


@pytest.mark.parametrize(
    ("state", "role", "primary"),
    [
        ("draft", "editor", "application"),
        ("draft", "signatory", "submit"),
        ("submitted", "reviewer", "start-review"),
        ("in_review", "reviewer", "plan"),
        ("offered", "signatory", "accept"),
        ("active", "approver", ""),
        ("suspended", "approver", "resume"),
        ("evaluating", "approver", ""),
    ],
)
def test_award_page_has_one_primary_step(who: Cast, as_user: AsUser, state: str, role: str, primary: str) -> None:
    award = factories.award_in(state, who)
    steps = as_user(getattr(who, role)).get(award.get_absolute_url()).context["steps"]
    assert [step.verb for step, button in steps if button == ""] == ([primary] if primary else [])


def test_award_page_lists_what_a_draft_still_needs(who: Cast, as_user: AsUser) -> None:
    award = factories.draft_award(who, complete=False)
    assert "Say what the project is for" in page_text(as_user(who.editor), award)


def test_award_page_escapes_what_people_wrote(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("submitted", who)
    evil = "<img src=x onerror=alert(1)>"
    Award.objects.filter(pk=award.pk).update(title=evil, description=evil, plan=evil, place=evil)
    for user in (who.editor, who.approver):
        assert "<img src=x" not in page_text(as_user(user), award)


@pytest.mark.parametrize("role", ["editor", "approver"])
def test_award_page_links_to_the_report_that_waits_for_review(who: Cast, as_user: AsUser, role: str) -> None:
    report = factories.report_in("in_review", who)
    report.milestone.title = "<b>Workshops</b>"
    report.milestone.save()
    sentence = as_user(getattr(who, role)).get(report.award.get_absolute_url()).context["next"].sentence
    assert f'<a href="{report.get_absolute_url()}">&lt;b&gt;Workshops&lt;/b&gt;</a>' in sentence


def test_award_page_links_to_every_open_report(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    text = page_text(as_user(who.editor), award)
    for report in Report.objects.filter(milestone__award=award):
        assert f'href="{report.get_absolute_url()}"' in text


def test_award_page_makes_close_primary_once_nothing_is_left(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("evaluating", who, evaluation=False, reports=1)
    client, url = as_user(who.approver), award.get_absolute_url()
    assert [step.verb for step, button in client.get(url).context["steps"] if button == ""] == []
    for payment in award.tranches.all():
        money.record_payment(payment.pk, by=who.finance, seen=None, paid_on=local_today())
    page = client.get(url)
    assert [step.verb for step, button in page.context["steps"] if button == ""] == ["close"]
    assert "The award can be closed." in page.context["next"].sentence
    assert [stage.title for stage in page.context["life"]][-1] == "Close"


def test_award_page_says_who_withdrew_the_application_and_when(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("submitted", who)
    awards.withdraw_application(award.pk, by=who.signatory, seen=None, reason="No staff")
    for user in (who.editor, who.reviewer):
        page = as_user(user).get(award.get_absolute_url())
        told = page.context["next"]
        assert told.title == "What became of it"
        assert f"withdrawn by {who.signatory} on {date_words(local_today())}" in told.sentence
        assert "No staff" in page.content.decode()
        assert [(stage.title, stage.state) for stage in page.context["life"]] == [
            ("Applied", "approved"),
            ("Withdrawn", "withdrawn"),
        ]


def test_award_page_says_that_an_offer_lapsed(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("offered", who)
    Award.objects.filter(pk=award.pk).update(acceptance_due=local_today() - timedelta(days=1))
    awards.lapse_offers(local_today())
    page = as_user(who.editor).get(award.get_absolute_url())
    assert "was not accepted in time" in page.context["next"].sentence
    assert [stage.title for stage in page.context["life"]] == ["Applied", "Offered", "Withdrawn"]


@pytest.mark.parametrize("state", ["declined", "returned", "suspended", "terminated"])
def test_award_page_says_who_did_it_and_why(who: Cast, as_user: AsUser, state: str) -> None:
    award = factories.award_in(state, who)
    told = as_user(who.editor).get(award.get_absolute_url()).context["next"]
    actor = award_history(award).actor
    assert actor in told.sentence
    assert date_words(local_today()) in told.sentence
    assert told.reason == award_history(award).reason != ""


def award_history(award: Award) -> HistoryEntry:
    """How the award came to its state."""
    return HistoryEntry.objects.filter(record=award.key, target=award.state).latest("pk")


def test_award_page_shows_the_life_of_an_award_in_order(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("in_review", who)
    stages = as_user(who.editor).get(report.award.get_absolute_url()).context["life"]
    assert [(stage.title, stage.state) for stage in stages] == [
        ("Applied", "approved"),
        ("Offered", "approved"),
        ("Accepted", "approved"),
        ("Milestone 1", "in_review"),
        ("Milestone 2", "not_due"),
        ("Final evaluation", "not_due"),
        ("Close", "not_due"),
    ]


def test_award_page_of_an_imported_award_begins_with_the_award(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    Award.objects.filter(pk=award.pk).update(submitted_at=None, accepted_at=None)
    stages = as_user(who.approver).get(award.get_absolute_url()).context["life"]
    assert stages[0].title == "Awarded"
    assert stages[1].title == "Milestone 1"


def test_award_page_shows_money_spent_and_reached_as_approved(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("approved", who)
    client, url = as_user(who.editor), report.award.get_absolute_url()
    found = client.get(url).context
    assert [(figure["label"], figure["value"]) for figure in found["figures"]] == [
        ("Awarded", "£12,500"),
        ("Paid", "£0"),
        ("Released", "£6,250"),
        ("To come", "£6,250"),
    ]
    assert [(line.title, line.spent) for line in found["budget"]] == [
        ("Staff", Decimal("250.50")),
        ("Travel and materials", Decimal("250.50")),
    ]
    assert found["budget_total"].left == Decimal("11999.00")
    assert {row["indicator"].code: str(row["reached"]) for row in found["targets"]} == {
        "learners": "342",
        "schools": "342",
        "likely": "75",
    }
    later = factories.report_in("approved", who, report.award, number=2)
    found = client.get(url).context
    assert {row["indicator"].code: str(row["reached"]) for row in found["targets"]}["learners"] == "684"
    assert {line.spent for line in found["budget"]} == {Decimal("501.00")}
    assert found["spent_to"].report == later


def test_award_page_spends_nothing_before_a_report_is_approved(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("in_review", who)
    found = as_user(who.approver).get(report.award.get_absolute_url()).context
    assert {line.spent for line in found["budget"]} == {0}
    assert found["spent_to"] is None
    assert {row["reached"] for row in found["targets"]} == {None}


def test_award_page_shows_both_judgements_to_the_managing_body_only(who: Cast, as_user: AsUser) -> None:
    award = factories.report_in("approved", who).award
    awards.judge(award.pk, by=who.reviewer, course="at_risk", reason="Too few schools", next_step="We call on Monday")
    awards.note_contact(award.pk, by=who.reviewer, on=local_today(), with_whom="The editor", text="Agreed to call")
    ours = ("Too few schools", "We call on Monday", "Agreed to call", "Notes of talks")
    for role in ("approver", "finance", "administrator"):
        page = as_user(getattr(who, role)).get(award.get_absolute_url())
        assert page.context["theirs"].course == "on_course"
        assert all(words in page.content.decode() for words in ours), role
    for role in ("editor", "signatory"):
        text = page_text(as_user(getattr(who, role)), award)
        assert not any(words in text for words in (*ours, "They say")), role


def test_award_page_offers_notes_and_judgement_to_those_who_write_them(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    for role, writes in (("reviewer", True), ("administrator", False)):
        text = page_text(as_user(getattr(who, role)), award)
        assert ("Add a note" in text) is writes
        assert ("Judge it" in text) is writes


def test_award_page_gives_the_managers_telephone_and_the_recipients_people(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who)
    User.objects.filter(pk=who.reviewer.pk).update(telephone="020 7000 1000")
    User.objects.filter(pk=who.approver.pk).update(telephone="020 7000 2000")
    User.objects.filter(pk=who.signatory.pk).update(telephone="0117 496 0000")
    Award.objects.filter(pk=award.pk).update(manager=who.reviewer, cover=who.approver)
    grantee, body = page_text(as_user(who.editor), award), page_text(as_user(who.finance), award)
    for text in (grantee, body):
        assert 'href="tel:02070001000"' in text
        assert 'href="tel:02070002000"' in text
        assert f'href="mailto:{who.reviewer.email}?subject={award.reference}"' in text
    assert 'href="tel:01174960000"' in body
    assert 'href="tel:01174960000"' not in grantee


def test_award_page_lists_the_reports_that_were_sent(who: Cast, as_user: AsUser) -> None:
    report = factories.report_in("submitted", who)
    for role in ("editor", "reviewer"):
        found = as_user(getattr(who, role)).get(report.award.get_absolute_url()).context["documents"]
        assert [(sent.title, sent.version, sent.url) for sent in found] == [
            ("Milestone 1", 1, report.get_absolute_url())
        ]
    reports.recall_submission(report.pk, by=who.signatory, seen=None)
    assert not as_user(who.reviewer).get(report.award.get_absolute_url()).context["documents"]


@pytest.mark.parametrize(
    ("state", "role", "label"),
    [
        ("draft", "editor", "Continue the report"),
        ("awaiting_sign_off", "editor", ""),
        ("awaiting_sign_off", "signatory", "Read and sign the report"),
        ("in_review", "reviewer", "Review the report"),
        ("in_review", "finance", ""),
        ("returned", "editor", "Change the report"),
    ],
)
def test_award_page_offers_the_report_that_is_next(
    who: Cast, as_user: AsUser, state: str, role: str, label: str
) -> None:
    report = factories.report_in(state, who)
    steps = as_user(getattr(who, role)).get(report.award.get_absolute_url()).context["steps"]
    assert [(step.label, step.url) for step, button in steps if button == ""] == (
        [(label, report.get_absolute_url())] if label else []
    )


def test_award_page_is_light_with_many_milestones_and_a_long_history(who: Cast, as_user: AsUser) -> None:
    award = factories.award_in("active", who, reports=1, evaluation=False)
    Award.objects.filter(pk=award.pk).update(title="W" * 200, description="word " * 4000, plan="word " * 4000)
    first = award.milestones.get()
    for number in range(2, 41):
        milestone = Milestone.objects.create(
            award=award,
            number=number,
            title="M" * 120,
            promise="word " * 400,
            period_start=first.period_start,
            period_end=first.period_end,
            opens_on=first.opens_on,
            due_on=first.due_on,
        )
        Report.objects.create(milestone=milestone)
        Tranche.objects.create(award=award, number=number + 1, milestone=milestone, amount=0)
    HistoryEntry.objects.bulk_create(
        HistoryEntry(
            root=award.key, record=award.key, what="tell", sentence="Told", reason="word " * 1000, actor="Somebody"
        )
        for _ in range(500)
    )
    for role in ("editor", "approver"):
        page = as_user(getattr(who, role)).get(award.get_absolute_url())
        assert len(page.content) < 200_000
        assert len(page.context["life"]) <= MOST
        assert "39 more reports" not in page.content.decode()
        assert "more reports" in page.content.decode()
