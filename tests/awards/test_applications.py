"""Calls and applications, as their pages show and take them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.awards import services
from grants.awards.models import Award
from grants.lifecycle.models import HistoryEntry
from tests import factories

pytestmark = pytest.mark.django_db


def signed_in(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def page_of(award: Award) -> str:
    return reverse("awards:application", args=[award.reference])


def typed(award: Award, **changes: Any) -> dict[str, Any]:
    return {
        "seen": str(award.revision),
        "title": "Robots in the library",
        "description": "Ten schools build robots.",
        "plan": "Monthly workshops.",
        "place": "Bristol",
        "starts": "1 September 2026",
        "ends": "31 July 2027",
        "amount_applied_for": "£12,500",
        **changes,
    }


def test_calls_show_open_and_coming_ones(client: Client) -> None:
    who = factories.cast()
    closed = factories.a_call(who.exemplars, title="Last year", closes_at=timezone.now() - timedelta(days=1))
    coming = factories.a_call(
        who.exemplars,
        title="Next year",
        opens_at=timezone.now() + timedelta(days=5),
        closes_at=timezone.now() + timedelta(days=9),
    )
    page = signed_in(client, who.viewer).get(reverse("awards:calls")).content.decode()
    assert who.exemplars.calls.order_by("pk")[0].title in page
    assert closed.title not in page
    assert coming.title in page
    assert "Begin an application" not in page


def test_calls_begin_an_application_for_the_only_organisation(client: Client) -> None:
    who = factories.cast()
    call = who.exemplars.calls.get()
    page = signed_in(client, who.editor).get(reverse("awards:calls"))
    assert f"Begin an application for {who.recipient}" in page.content.decode()
    answer = client.post(reverse("awards:calls"), {"call": call.pk, "applicant": f"organisation-{who.recipient.pk}"})
    award = Award.objects.get(call=call)
    assert answer.headers["Location"] == page_of(award)
    assert award.organisation == who.recipient
    assert award.state == "draft"


def test_calls_for_communities_are_answered_by_the_community_through_its_lead(client: Client) -> None:
    who = factories.cast()
    community = factories.a_community(who.recipient, factories.organisation("higher_education"))
    call = who.communities.calls.get()
    signed_in(client, who.signatory)
    refused = client.post(reverse("awards:calls"), {"call": call.pk, "applicant": f"organisation-{who.recipient.pk}"})
    assert refused.status_code == 422
    client.post(reverse("awards:calls"), {"call": call.pk, "applicant": f"community-{community.pk}"})
    award = Award.objects.get(call=call)
    assert (award.community, award.organisation) == (community, who.recipient)


@pytest.mark.parametrize("number", ["", "0", "x", "²", "9" * 30])
def test_calls_that_there_are_not_answer_404(client: Client, number: str) -> None:
    who = factories.cast()
    answer = signed_in(client, who.editor).post(reverse("awards:calls"), {"call": number, "applicant": "x"})
    assert answer.status_code == 404


def test_calls_that_closed_meanwhile_begin_nothing(client: Client) -> None:
    who = factories.cast()
    call = factories.a_call(who.exemplars, closes_at=timezone.now() - timedelta(minutes=1))
    answer = signed_in(client, who.editor).post(
        reverse("awards:calls"), {"call": call.pk, "applicant": f"organisation-{who.recipient.pk}"}
    )
    assert answer.status_code == 409
    assert "This call is closed." in answer.content.decode()
    assert not Award.objects.exists()


def test_application_is_saved_incomplete_and_says_what_is_missing(client: Client) -> None:
    who = factories.cast()
    award = factories.draft_award(who, complete=False)
    answer = signed_in(client, who.editor).post(
        page_of(award), typed(award, plan="", amount_applied_for="", starts="", ends=""), follow=True
    )
    page = answer.content.decode()
    assert "Saved. 4 things still to do" in page
    assert "Say what you will do" in page
    award = factories.award_again(award)
    assert (award.title, award.plan, award.amount_applied_for) == ("Robots in the library", "", None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends": "1 August 2026"}, "This is before the first day"),
        ({"starts": "soon"}, "is not a date"),
        ({"amount_applied_for": "twelve"}, "is not an amount"),
        ({"amount_applied_for": "-5"}, "is negative"),
        ({"title": "x" * 201}, "Shorten this"),
    ],
)
def test_application_of_the_wrong_shape_keeps_what_was_typed(
    client: Client, changes: dict[str, str], sentence: str
) -> None:
    who = factories.cast()
    award = factories.draft_award(who, complete=False)
    answer = signed_in(client, who.editor).post(page_of(award), typed(award, **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert next(iter(changes.values())) in page
    assert "Ten schools build robots." in page
    award = factories.award_again(award)
    assert award.title == ""


def test_application_written_by_two_tells_the_second(client: Client) -> None:
    who = factories.cast()
    award = factories.draft_award(who, complete=False)
    services.save_application(
        award.pk, by=who.signatory, seen=award.revision, values=factories.application(title="Bridges")
    )
    answer = signed_in(client, who.editor).post(page_of(award), typed(award))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This has changed since you opened the page" in page
    assert "Bridges" in page
    assert "Robots in the library" in page
    award = factories.award_again(award)
    assert award.title == "Bridges"
    client.post(page_of(award), typed(award))
    award = factories.award_again(award)
    assert award.title == "Robots in the library"


def test_application_signed_from_an_old_page_is_not_submitted(client: Client) -> None:
    who = factories.cast()
    award = factories.draft_award(who)
    services.save_application(award.pk, by=who.editor, seen=None, values=factories.application(title="Another"))
    answer = signed_in(client, who.signatory).post(
        reverse("awards:step", args=[award.reference, "submit"]), {"seen": str(award.revision)}
    )
    assert answer.status_code == 409
    assert Award.objects.get().state == "draft"


def test_application_leaves_one_line_for_a_spell_of_writing() -> None:
    who = factories.cast()
    award = factories.draft_award(who, complete=False)
    for title, person in (("A", who.editor), ("B", who.editor), ("C", who.signatory), ("C", who.editor)):
        services.save_application(award.pk, by=person, seen=None, values=factories.application(title=title))
    lines = HistoryEntry.objects.filter(record=award.key, what="write")
    assert [line.actor for line in lines] == [who.signatory.name, who.editor.name]


def test_application_is_read_only_for_others_who_see_it(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("submitted", who)
    for person in (who.editor, who.reviewer, who.administrator):
        page = signed_in(client, person).get(page_of(award)).content.decode()
        assert "<textarea" not in page
        assert "Monthly workshops, a summer school" in page


@pytest.mark.parametrize("part", ["stranger", "outsider", "viewer"])
def test_application_of_others_is_not_found(client: Client, part: str) -> None:
    who = factories.cast()
    award = factories.award_in("submitted", who)
    assert signed_in(client, getattr(who, part)).get(page_of(award)).status_code == 404
    assert client.post(page_of(award), typed(award)).status_code == 404


def test_draft_is_not_found_by_the_managing_body(client: Client) -> None:
    who = factories.cast()
    award = factories.draft_award(who)
    assert signed_in(client, who.reviewer).get(page_of(award)).status_code == 404


def test_application_written_by_the_managing_body_is_refused(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("returned", who)
    answer = signed_in(client, who.reviewer).post(page_of(award), typed(award))
    assert answer.status_code == 403
    assert "An editor or a signatory of the recipient does this." in answer.content.decode()


def test_returned_application_shows_why(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("returned", who)
    page = signed_in(client, who.editor).get(page_of(award)).content.decode()
    assert factories.REASON in page
    assert who.signatory.name in page


def test_signatory_goes_on_to_sign(client: Client) -> None:
    who = factories.cast()
    award = factories.draft_award(who)
    answer = signed_in(client, who.signatory).post(page_of(award), typed(award, sign=""))
    assert answer.headers["Location"] == reverse("awards:step", args=[award.reference, "submit"])


def test_calls_ask_the_database_as_often_at_30_as_at_1(client: Client, django_assert_max_num_queries: Any) -> None:
    who = factories.cast()
    signed_in(client, who.editor)
    client.get(reverse("awards:calls"))
    with django_assert_max_num_queries(100) as one:
        client.get(reverse("awards:calls"))
        few = len(one)
    for _ in range(30):
        call = factories.a_call(who.exemplars)
        services.start_application(call, by=who.editor, organisation=who.recipient)
    with django_assert_max_num_queries(few):
        client.get(reverse("awards:calls"))


def autosaved(client: Client, award: Award, person: Any, **changes: Any) -> Any:
    return signed_in(client, person).post(page_of(award), typed(award, **changes), headers={"Autosave": str(person.pk)})


def test_application_saves_itself_in_one_spell_of_writing(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("draft", who)
    for text in ("Ten", "Ten schools"):
        award = Award.objects.get(pk=award.pk)
        response = autosaved(client, award, who.editor, plan=text, amount_applied_for="")
        assert response.headers["Autosave"] == "saved"
    award = Award.objects.get(pk=award.pk)
    content = response.content.decode()
    assert award.plan == "Ten schools"
    assert f'data-mark="{award.revision}"' in content
    assert "Give the amount that you ask for" in content
    assert "<html" not in content
    assert HistoryEntry.objects.filter(record=award.key, what="write").count() == 1


def test_application_that_somebody_else_saved_meanwhile_shows_both(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("draft", who)
    old = Award.objects.get(pk=award.pk)
    autosaved(client, award, who.signatory, place="Leeds", plan="Mine\nand more")
    response = autosaved(client, old, who.editor, place="Bristol", plan="Theirs")
    assert (response.status_code, response.headers["Autosave"]) == (409, "stale")
    assert [(one.label, one.typed, one.stored) for one in response.context["values"]] == [
        ("Where does it happen? (optional)", "Bristol", "Leeds")
    ]
    assert [one.stored for one in response.context["texts"]] == ["Mine\nand more"]
    assert ["amount_applied_for", "12,500"] in json.loads(response.context["stored"])


def test_application_that_was_submitted_meanwhile_is_not_saved(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("submitted", who)
    response = autosaved(client, award, who.editor, plan="Something else")
    assert (response.status_code, response.headers["Autosave"]) == (409, "refused")
    assert Award.objects.get(pk=award.pk).plan != "Something else"
