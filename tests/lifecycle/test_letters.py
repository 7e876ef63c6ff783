"""What a letter says, in HTML and in plain text, and what the moves of the machines tell."""

from typing import Any

import pytest
from django.core import mail as outgoing
from django.core.mail.message import BadHeaderError

from grants.awards import services as awards
from grants.awards.models import Award
from grants.lifecycle import mail, notices
from grants.lifecycle.letters import letter
from grants.lifecycle.models import Notice
from grants.people.models import User
from tests import factories
from tests.factories import Cast
from tests.lifecycle.owing import later, owe

pytestmark = pytest.mark.django_db
State = Notice.State


# --- One letter -------------------------------------------------------------------------------------------------------


def test_letter_says_what_by_when_and_where(editor: User, award: Award, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://exemplar.example.org"
    subject = "Report due by 14 May 2012: EX-1 Milestone 2"
    owe(editor, award, subject=subject, text="It is not sent yet.", reply_to="manager@example.org")
    later(minutes=2)
    assert mail.send_to(editor.pk, "w") == 1
    (sent,) = outgoing.outbox
    assert (sent.subject, sent.to, sent.reply_to) == (subject, [editor.email], ["manager@example.org"])
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    ((html, kind),) = sent.alternatives  # type: ignore[attr-defined]
    assert kind == "text/html"
    for form in (html, sent.body):
        assert subject in form
        assert f"https://exemplar.example.org{award.get_absolute_url()}" in form
        assert "It is not sent yet." in form
        assert "Questions? Answer this message" in form
        assert str(award) in form
    assert "<" not in sent.body
    assert "color-scheme" not in sent.body
    assert "http" not in html.replace("https://exemplar.example.org", "")
    notice = Notice.objects.get()
    assert (notice.state, notice.tries, notice.sent_at is not None) == (State.SENT, 1, True)


def test_letter_is_not_sent_again(editor: User, award: Award) -> None:
    owe(editor, award)
    later(minutes=2)
    assert [mail.send_to(editor.pk, "w") for _ in range(3)] == [1, 0, 0]
    later(days=3)
    assert mail.people_waiting() == []
    assert len(outgoing.outbox) == 1


def test_event_told_twice_is_one_message(editor: User, award: Award) -> None:
    owe(editor, award)
    owe(editor, award)
    assert Notice.objects.count() == 1


def test_what_people_write_stays_text(editor: User, award: Award) -> None:
    text = '<img src="https://elsewhere.example/x.png"> & <script>alert(1)</script>'
    owe(editor, award, subject="A <b>bold</b> one\r\nBcc: everybody@example.org", text=text)
    later(minutes=2)
    mail.send_to(editor.pk, "w")
    (sent,) = outgoing.outbox
    assert sent.subject == "A <b>bold</b> one Bcc: everybody@example.org"
    assert sent.recipients() == [editor.email]
    html = sent.alternatives[0][0]  # type: ignore[attr-defined]
    assert "<img" not in html
    assert "<script" not in html
    assert "<b>" not in html
    assert text in " ".join(sent.body.split())


def test_address_with_a_line_break_is_refused() -> None:
    made = letter("a@example.org\nBcc: b@example.org", "Subject", "mail/notices.html", {"groups": {}})
    with pytest.raises(BadHeaderError):
        made.message()


def test_plain_text_is_folded_but_for_addresses(editor: User, award: Award) -> None:
    notices.owe([editor], award.key, "e", "Subject", "word " * 60, "/" + "long/" * 40)
    later(minutes=2)
    mail.send_to(editor.pk, "w")
    lines = outgoing.outbox[0].body.splitlines()
    assert max(len(line) for line in lines if "://" not in line) <= 76
    assert sum("long/" * 40 in line for line in lines) == 1


# --- What the moves tell ----------------------------------------------------------------------------------------------


def test_offer_names_its_last_day_and_who_answers(who: Cast) -> None:
    award = factories.award_in("offered", who)
    told = Notice.objects.get(person=who.signatory, root=award.key)
    assert told.subject.startswith("An offer, to be accepted by ")
    assert award.reference in told.subject
    assert told.due == award.acceptance_due


def test_acceptance_is_one_letter_to_each_reviewer(who: Cast) -> None:
    award = factories.award_in("offered", who)
    Notice.objects.all().delete()
    awards.accept_offer(award.pk, by=who.signatory, seen=None)
    later(minutes=2)
    for pk in mail.people_waiting():
        mail.send_to(pk, "w")
    addresses = [sent.to[0] for sent in outgoing.outbox]
    assert len(addresses) == len(set(addresses))
    assert who.reviewer.email in addresses


@pytest.mark.parametrize("state", ["awaiting_sign_off", "submitted", "returned", "approved", "waived"])
def test_subject_of_a_report_names_it(who: Cast, state: str) -> None:
    report = factories.report_in(state, who)
    last = Notice.objects.filter(event__startswith=f"{report.key}/").order_by("-pk").first()
    assert last is not None
    assert str(report) in last.subject
