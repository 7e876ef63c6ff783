"""How the question for a figure leaves by mail: once, tried again, given up in the end; whatever people wrote in it is data."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.formats import date_words
from grants.people.models import User
from grants.programmes.models import Indicator
from grants.reports import services, tasks
from grants.reports.models import FigureRequest, Report
from grants.reports.services import request_mail
from tests.factories import Cast
from tests.reports.asking import HOSTILE, answer, ask, words_of

AsUser = Callable[[User], Client]


def test_message_says_what_by_when_and_leads_to_the_page(asked: FigureRequest, who: Cast) -> None:
    assert request_mail.waiting() == [asked.pk]
    assert tasks.ask(asked.pk)
    (sent,) = outgoing.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert sent.to == ["office@st-marys.example"]
    assert sent.reply_to == [who.editor.email]
    assert sent.subject == f"Please give us a figure by {date_words(asked.wanted_by)}: Learners reached"
    assert "How many of your learners came?" in sent.body
    assert asked.link in sent.body
    assert str(asked.report.award.recipient) in sent.body
    asked.refresh_from_db()
    assert (asked.mail, bool(asked.sent_at)) == ("sent", True)


def test_message_is_sent_once_however_often_it_is_tried(asked: FigureRequest) -> None:
    assert [request_mail.send(asked.pk, "w") for _ in range(3)] == [True, False, False]
    assert len(outgoing.outbox) == 1


def test_message_that_failed_is_tried_again_and_in_the_end_given_up(
    asked: FigureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({})

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)
    tries = 0
    while not FigureRequest.objects.filter(mail="failed").exists():
        FigureRequest.objects.update(send_at=timezone.now())
        assert not request_mail.send(asked.pk, "w")
        tries += 1
    assert tries == len(request_mail.DELAYS) + 1
    asked.refresh_from_db()
    assert asked.why == "The mail server does not take this address."
    assert request_mail.waiting() == []


def test_sweep_takes_up_what_a_killed_worker_left(asked: FigureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(tasks.ask, "apply_async", lambda args, **_: told.append(args))
    FigureRequest.objects.update(claimed_by="dead", claimed_until=timezone.now() + timedelta(minutes=1))
    assert tasks.sweep() == 0
    FigureRequest.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert tasks.sweep() == 1
    assert told == [(asked.pk,)]
    assert request_mail.send(asked.pk, "alive")


def test_no_message_goes_out_of_a_question_that_is_withdrawn(asked: FigureRequest, who: Cast) -> None:
    services.withdraw_request(asked.pk, by=who.editor)
    assert not request_mail.send(asked.pk, "w")
    assert outgoing.outbox == []


def test_hostile_words_are_data(client: Client, who: Cast, draft: Report, learners: Indicator, as_user: AsUser) -> None:
    request = ask(draft, learners, who.editor, to_name=HOSTILE[:200], message=HOSTILE)
    request_mail.send(request.pk, "w")
    (sent,) = outgoing.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])  # type: ignore[index]
    assert "<script>" not in html
    assert sent.recipients() == ["office@st-marys.example"]
    assert "\n" not in sent.subject
    assert "<script>alert" not in words_of(client.get(request.link))
    answer(client, request, answered_by=HOSTILE[:200], note=HOSTILE)
    page = as_user(who.editor)
    for address in (
        reverse("reports:request", args=[draft.pk, request.pk]),
        reverse("reports:part", args=[draft.pk, "figures"]),
    ):
        assert "<script>alert" not in words_of(page.get(address))
