"""What the managing body writes down about an award for itself: notes of talks, and its own judgement."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards import services
from grants.awards.models import Award, ContactNote, Judgement
from grants.formats import date_words, local_today
from grants.lifecycle.door import NotNow, NotYou, Stale
from grants.lifecycle.models import HistoryEntry, Notice
from grants.people.models import User
from tests import factories
from tests.factories import Cast

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Cast, Award]]:
    """The cast and an active award, whose manager has the finance role only and whose cover is the reviewer: made once
    for this module and rolled back after it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        who = factories.cast()
        award = factories.award_in("active", who)
        Award.objects.filter(pk=award.pk).update(manager=who.finance, cover=who.reviewer)
        yield who, award
        transaction.set_rollback(True)


@pytest.fixture
def who(stage: tuple[Cast, Award], db: None) -> Cast:
    return stage[0]


@pytest.fixture
def award(stage: tuple[Cast, Award], db: None) -> Award:
    return factories.award_again(stage[1])


def page_of(award: Award, name: str = "notes") -> str:
    return reverse(f"awards:{name}", args=[award.reference])


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def talk(**changes: Any) -> dict[str, Any]:
    return {"on": date_words(local_today()), "with_whom": "The editor", "text": "Two schools left.", **changes}


def said(**changes: Any) -> dict[str, Any]:
    return {
        "course": "at_risk",
        "reason": "Two schools left.",
        "next_step": "We call on Monday.",
        "seen": "0",
        **changes,
    }


# --- Notes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "adds"), [("reviewer", True), ("approver", True), ("finance", True), ("administrator", False)]
)
def test_note_is_added_by_reviewers_approvers_and_the_manager(who: Cast, award: Award, role: str, adds: bool) -> None:
    client = browser(getattr(who, role))
    assert ("Keep the note" in client.get(page_of(award)).content.decode()) is adds
    assert client.post(page_of(award), talk()).status_code == (302 if adds else 403)
    assert award.contact_notes.count() == adds


def test_note_is_added_by_no_finance_who_is_neither_manager_nor_cover(who: Cast, award: Award) -> None:
    Award.objects.filter(pk=award.pk).update(manager=None)
    with pytest.raises(NotYou):
        services.note_contact(award.pk, by=who.finance, on=local_today(), with_whom="x", text="y")


def test_note_is_added_by_no_manager_who_left_the_managing_body(who: Cast, award: Award) -> None:
    who.finance.memberships.update(ends=local_today() - timedelta(days=1))
    assert browser(who.finance).post(page_of(award), talk()).status_code == 404
    with pytest.raises(NotYou):
        services.note_contact(award.pk, by=who.finance, on=local_today(), with_whom="x", text="y")


@pytest.mark.parametrize("name", ["notes", "judge"])
@pytest.mark.parametrize("role", ["editor", "signatory", "viewer", "stranger", "outsider"])
def test_notes_and_judgements_are_not_found_by_others(who: Cast, award: Award, role: str, name: str) -> None:
    client = browser(getattr(who, role))
    assert client.get(page_of(award, name)).status_code == 404
    assert client.post(page_of(award, name), talk() | said()).status_code == 404
    assert not ContactNote.objects.exists()
    assert not Judgement.objects.exists()


def test_notes_are_not_found_by_somebody_of_the_body_who_belongs_to_the_recipient(who: Cast, award: Award) -> None:
    factories.member(who.reviewer, "editor", who.recipient)
    client = browser(who.reviewer)
    assert client.get(page_of(award)).status_code == 404
    page = client.get(award.get_absolute_url())
    assert "reads_notes" not in page.context
    assert "Notes of talks" not in page.content.decode()


def test_notes_stand_newest_first_with_their_writers(who: Cast, award: Award) -> None:
    for days, text in ((9, "Older"), (2, "Newer"), (9, "Older, noted later")):
        services.note_contact(
            award.pk, by=who.reviewer, on=local_today() - timedelta(days=days), with_whom="Editor", text=text
        )
    page = browser(who.administrator).get(page_of(award))
    assert [row.record.text for row in page.context["table"].rows] == ["Newer", "Older, noted later", "Older"]
    assert who.reviewer.name in page.content.decode()


def test_note_sent_twice_is_one_note(who: Cast, award: Award) -> None:
    client = browser(who.reviewer)
    for _ in range(2):
        assert client.post(page_of(award), talk()).status_code == 302
    assert award.contact_notes.count() == 1
    assert client.post(page_of(award), talk(text="And a third.")).status_code == 302
    assert award.contact_notes.count() == 2


def test_note_with_every_field_wrong_says_so_and_keeps_what_was_typed(who: Cast, award: Award) -> None:
    tomorrow = date_words(local_today() + timedelta(days=1))
    answer = browser(who.reviewer).post(page_of(award), {"on": tomorrow, "with_whom": "", "text": "\u200b"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "This day is still to come" in text
    assert "Say with whom you talked" in text
    assert f'value="{tomorrow}"' in text
    assert set(answer.context["form"].errors) == {"on", "with_whom", "text"}
    assert not award.contact_notes.exists()


@pytest.mark.parametrize("typed", ["", "soon", "31 February 2026", "3 July"])
def test_note_keeps_a_day_that_cannot_be_read(who: Cast, award: Award, typed: str) -> None:
    answer = browser(who.reviewer).post(page_of(award), talk(on=typed))
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode() or not typed
    assert "Two schools left." in answer.content.decode()


def test_note_is_not_from_before_the_award(who: Cast, award: Award) -> None:
    first = min(award.call.opens_at.date(), award.starts)  # type: ignore[union-attr,type-var]
    for day, works in ((first, True), (first - timedelta(days=1), False)):
        answer = browser(who.reviewer).post(page_of(award), talk(on=date_words(day)))
        assert answer.status_code == (302 if works else 422)
    assert f"it began on {date_words(first)}" in answer.content.decode()
    with pytest.raises(NotNow, match="before the award"):
        services.note_contact(award.pk, by=who.reviewer, on=day, with_whom="x", text="y")


def test_note_wants_a_text_and_a_person(who: Cast, award: Award) -> None:
    with pytest.raises(NotNow, match="what was said"):
        services.note_contact(award.pk, by=who.reviewer, on=local_today(), with_whom="Editor", text=" ")


def test_note_suggests_the_people_of_the_recipient(who: Cast, award: Award) -> None:
    text = browser(who.reviewer).get(page_of(award)).content.decode()
    assert f'<option value="{who.editor.name}">Editor, {who.recipient}</option>' in text
    assert who.stranger.name not in text


def test_notes_and_judgements_escape_what_people_wrote(who: Cast, award: Award) -> None:
    services.note_contact(award.pk, by=who.reviewer, on=local_today(), with_whom=EVIL, text=EVIL)
    services.judge(award.pk, by=who.reviewer, course="off_course", reason=EVIL, next_step=EVIL)
    client = browser(who.approver)
    for url in (page_of(award), page_of(award, "judge"), award.get_absolute_url()):
        assert "<img src=x" not in client.get(url).content.decode()


def test_notes_are_filtered_and_come_as_a_file(who: Cast, award: Award) -> None:
    services.note_contact(award.pk, by=who.reviewer, on=local_today(), with_whom="Editor", text="=Schools")
    earlier = local_today() - timedelta(days=5)
    services.note_contact(award.pk, by=who.approver, on=earlier, with_whom="Signatory", text="Money")
    client = browser(who.reviewer)
    for query, found in (
        ({"words": "schools"}, ["=Schools"]),
        ({"by": who.approver.pk}, ["Money"]),
        ({"since": date_words(local_today())}, ["=Schools"]),
        ({"until": date_words(earlier)}, ["Money"]),
        ({"since": "nonsense"}, ["=Schools", "Money"]),
    ):
        rows = client.get(page_of(award), query).context["table"].rows
        assert [row.record.text for row in rows] == found, query
    file = client.get(page_of(award), {"words": "schools", "_export": "csv"}).content.decode()
    assert "'=Schools" in file
    assert "Money" not in file


@pytest.mark.parametrize("model", [ContactNote, Judgement])
@pytest.mark.parametrize("write", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
def test_notes_and_judgements_cannot_be_changed(who: Cast, award: Award, model: type, write: str) -> None:
    services.note_contact(award.pk, by=who.reviewer, on=local_today(), with_whom="Editor", text="Said")
    services.judge(award.pk, by=who.reviewer, course="on_course")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(write.format(model._meta.db_table))  # type: ignore[attr-defined]
    assert model.objects.count() == 1  # type: ignore[attr-defined]


def test_notes_and_judgements_ask_as_often_for_many_as_for_few(who: Cast, award: Award) -> None:
    client = browser(who.reviewer)
    urls = [page_of(award), page_of(award, "judge"), award.get_absolute_url()]

    def add(number: int) -> None:
        services.note_contact(award.pk, by=who.reviewer, on=local_today(), with_whom="Editor", text=str(number))
        services.judge(award.pk, by=who.reviewer, course="at_risk", reason=str(number), next_step="Wait")
        services.judge(award.pk, by=who.approver, course="on_course")
        services.note_contact(award.pk, by=who.approver, on=local_today(), with_whom="Editor", text=str(number))

    def queries() -> list[int]:
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts.append(len(captured))
        return counts

    add(0)
    few = queries()
    assert max(few) <= 15
    for number in range(1, 16):
        add(number)
    assert queries() == few


# --- The judgement ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "judges"), [("reviewer", True), ("approver", True), ("finance", True), ("administrator", False)]
)
def test_judgement_is_made_by_reviewers_approvers_and_the_manager(
    who: Cast, award: Award, role: str, judges: bool
) -> None:
    client = browser(getattr(who, role))
    assert ("Keep the judgement" in client.get(page_of(award, "judge")).content.decode()) is judges
    assert client.post(page_of(award, "judge"), said()).status_code == (302 if judges else 403)
    assert award.judgements.count() == judges


@pytest.mark.parametrize("course", ["at_risk", "off_course"])
def test_judgement_wants_a_reason_and_a_next_step_unless_on_course(who: Cast, award: Award, course: str) -> None:
    client = browser(who.reviewer)
    answer = client.post(page_of(award, "judge"), {"course": course, "seen": "0"})
    word = course.replace("_", " ")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "reason": [f"Say why it is {word}"],
        "next_step": ["Say what is done about it"],
    }
    assert 'href="#id_reason"' in answer.content.decode()
    kept = client.post(page_of(award, "judge"), {"course": course, "next_step": "We call.", "seen": "0"})
    assert "We call." in kept.content.decode()
    assert f'value="{course}" ' in kept.content.decode()
    with pytest.raises(NotNow, match="Say why"):
        services.judge(award.pk, by=who.reviewer, course=course, reason="Late", next_step=" ")
    assert client.post(page_of(award, "judge"), {"course": "on_course", "seen": "0"}).status_code == 302
    assert award.judgements.get().course == "on_course"


@pytest.mark.parametrize("typed", ["", "splendid"])
def test_judgement_wants_one_of_the_courses(who: Cast, award: Award, typed: str) -> None:
    answer = browser(who.reviewer).post(page_of(award, "judge"), said(course=typed))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"course"}
    assert "Two schools left." in answer.content.decode()


@pytest.mark.parametrize("state", ["offered", "terminated"])
def test_judgement_is_not_made_of_an_award_that_does_not_run(who: Cast, state: str) -> None:
    award = factories.award_in(state, who)
    client = browser(who.approver)
    page = client.get(page_of(award, "judge"))
    assert page.status_code == 200
    assert "so it is not judged now" in page.content.decode()
    assert client.post(page_of(award, "judge"), said()).status_code == 409
    assert not award.judgements.exists()


def test_judgement_sent_twice_is_one_and_after_another_person_it_is_stale(who: Cast, award: Award) -> None:
    first, second = browser(who.reviewer), browser(who.approver)
    for _ in range(2):
        assert first.post(page_of(award, "judge"), said()).status_code == 302
    assert award.judgements.count() == 1
    answer = second.post(page_of(award, "judge"), said(course="off_course", reason="My own words"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{who.reviewer} judged this award while you were writing: at risk" in text
    assert "My own words" in text
    seen = str(award.judgements.get().pk)
    assert f'name="seen" value="{seen}"' in text
    assert second.post(page_of(award, "judge"), said(course="off_course", seen=seen)).status_code == 302
    assert award.judgements.first().course == "off_course"  # type: ignore[union-attr]
    with pytest.raises(Stale):
        services.judge(award.pk, by=who.reviewer, course="on_course", seen=int(seen))


def test_judgement_may_be_said_again_later(who: Cast, award: Award) -> None:
    for _ in range(2):
        last = award.judgements.first()
        services.judge(award.pk, by=who.reviewer, course="on_course", seen=last.pk if last else 0)
    assert award.judgements.count() == 2


def test_judgement_off_course_is_told_to_those_who_look_after_the_award(who: Cast, award: Award) -> None:
    services.judge(award.pk, by=who.approver, course="at_risk", reason="Late", next_step="Call")
    assert not Notice.objects.filter(event__contains="judge").exists()
    services.judge(award.pk, by=who.approver, course="off_course", reason="Very late", next_step="Hold the payment")
    told = Notice.objects.filter(event__contains="judge")
    assert {notice.person for notice in told} == {who.finance, who.reviewer, who.second_approver}
    assert {notice.root for notice in told} == {award.key}
    assert "Very late" in told[0].text


def test_judgement_off_course_is_told_to_nobody_of_a_party(who: Cast, award: Award) -> None:
    factories.member(who.second_approver, "editor", who.recipient)
    services.judge(award.pk, by=who.approver, course="off_course", reason="Late", next_step="Call")
    assert not who.second_approver.notices.filter(event__contains="judge").exists()


def test_judgements_stand_latest_first(who: Cast, award: Award) -> None:
    services.judge(award.pk, by=who.reviewer, course="at_risk", reason="Late", next_step="Call")
    services.judge(award.pk, by=who.approver, course="on_course")
    page = browser(who.administrator).get(page_of(award, "judge"))
    assert [row.record.course for row in page.context["table"].rows] == ["on_course", "at_risk"]
    rows = browser(who.approver).get(page_of(award, "judge"), {"course": "at_risk"}).context["table"].rows
    assert [row.record.reason for row in rows] == ["Late"]


# --- Who looks after it -----------------------------------------------------------------------------------------------


def name(client: Client, award: Award, manager: User | None, cover: User | None) -> Any:
    keys = {"manager": manager.pk if manager else "", "cover": cover.pk if cover else ""}
    return client.post(page_of(award, "managers"), keys)


def test_managers_are_named_and_told_and_stand_in_the_history(who: Cast, award: Award) -> None:
    assert name(browser(who.reviewer), award, who.approver, who.reviewer).status_code == 302
    again = factories.award_again(award)
    assert (again.manager, again.cover) == (who.approver, who.reviewer)
    told = Notice.objects.filter(event__contains="assign")
    assert [notice.person for notice in told] == [who.approver]
    entry = HistoryEntry.objects.filter(root=award.key, what="assign").get()
    assert entry.reason == f"Manager: {who.approver}. In their absence: {who.reviewer}."
    assert again.revision == award.revision
    assert name(browser(who.reviewer), award, who.approver, who.reviewer).status_code == 302
    assert HistoryEntry.objects.filter(root=award.key, what="assign").count() == 1


def test_managers_may_be_nobody(who: Cast, award: Award) -> None:
    assert name(browser(who.approver), award, None, None).status_code == 302
    assert factories.award_again(award).manager is None


@pytest.mark.parametrize("stranger", ["editor", "finance", "outsider"])
def test_managers_are_reviewers_or_approvers_of_the_body(who: Cast, award: Award, stranger: str) -> None:
    answer = name(browser(who.reviewer), award, getattr(who, stranger), None)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"manager"}
    with pytest.raises(NotNow, match="A reviewer or an approver"):
        services.name_managers(award.pk, by=who.reviewer, manager=None, cover=getattr(who, stranger))


def test_managers_are_two_people(who: Cast, award: Award) -> None:
    answer = name(browser(who.reviewer), award, who.approver, who.approver)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"cover"}
    with pytest.raises(NotNow, match="Somebody else"):
        services.name_managers(award.pk, by=who.reviewer, manager=who.approver, cover=who.approver)


@pytest.mark.parametrize(("role", "status"), [("finance", 403), ("editor", 404), ("stranger", 404)])
def test_managers_are_named_by_no_others(who: Cast, award: Award, role: str, status: int) -> None:
    client = browser(getattr(who, role))
    assert client.get(page_of(award, "managers")).status_code == status
    assert name(client, award, who.approver, None).status_code == status
    with pytest.raises(NotYou):
        services.name_managers(award.pk, by=getattr(who, role), manager=who.approver, cover=None)


def test_managers_of_an_ended_award_stay(who: Cast) -> None:
    award = factories.award_in("terminated", who)
    answer = name(browser(who.reviewer), award, who.approver, None)
    assert answer.status_code == 409
    assert "the award is terminated" in answer.content.decode()
