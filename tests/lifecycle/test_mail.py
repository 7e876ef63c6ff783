"""Messages owed to people leave as letters: one for all that arises together, once, to whoever may still read it."""

import smtplib
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from grants.awards.models import Award
from grants.clock import LONDON
from grants.lifecycle import mail, notices, tasks
from grants.lifecycle.models import Notice
from grants.people.models import Mail, Membership, User
from grants.people.services import change_own_account
from tests import factories
from tests.factories import Cast
from tests.lifecycle.owing import later, owe

pytestmark = pytest.mark.django_db
State = Notice.State


def planned() -> str:
    """The one time of day, in London, at which everything that waits is sent."""
    (moment,) = set(Notice.objects.filter(state=State.WAITING).values_list("send_at", flat=True))
    assert moment is not None
    return f"{moment.astimezone(LONDON):%H:%M}"


# --- Not a flood ------------------------------------------------------------------------------------------------------


def test_what_arises_together_leaves_in_one_letter_led_by_what_is_due_first(editor: User, award: Award) -> None:
    today = timezone.now().date()
    owe(editor, award, "e1", "Later", due=today + timedelta(days=9))
    owe(editor, award, "e2", "Whenever")
    owe(editor, award, "e3", "Soon", due=today + timedelta(days=1))
    assert mail.send_to(editor.pk, "w") == 0  # held for a minute
    later(seconds=61)
    assert mail.send_to(editor.pk, "w") == 3
    (sent,) = outgoing.outbox
    assert sent.subject == "Soon (and 2 more)"
    assert sent.body.index("Soon\n") < sent.body.index("Later\n") < sent.body.index("Whenever\n")


def test_letters_keep_ten_minutes_apart(editor: User, award: Award) -> None:
    owe(editor, award, "e1")
    later(minutes=2)
    mail.send_to(editor.pk, "w")
    owe(editor, award, "e2")
    owe(editor, award, "e3")
    later(minutes=2)
    assert mail.send_to(editor.pk, "w") == 0
    assert mail.people_waiting() == []
    later(minutes=9)
    assert mail.people_waiting() == [editor.pk]
    assert mail.send_to(editor.pk, "w") == 2


def test_once_a_day_waits_for_half_past_seven_and_is_grouped(editor: User, award: Award, who: Cast) -> None:
    User.objects.filter(pk=editor.pk).update(mail=Mail.DAILY)
    editor.refresh_from_db()
    other = factories.award_in("active", who)
    Notice.objects.all().delete()
    for number, about in enumerate((award, other, award)):
        owe(editor, about, f"e{number}", f"Subject {number}")
    assert planned() == "07:30"
    later(days=1, minutes=2)
    assert mail.send_to(editor.pk, "w") == 3
    (sent,) = outgoing.outbox
    body = sent.body
    assert body.count(str(award)) == body.count(str(other)) == 1
    assert body.index(str(award)) < body.index("Subject 2") < body.index(str(other)) < body.index("Subject 1")


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (datetime(2012, 7, 1, 6, 29, tzinfo=LONDON), datetime(2012, 7, 1, 7, 30, tzinfo=LONDON)),
        (datetime(2012, 7, 1, 7, 30, tzinfo=LONDON), datetime(2012, 7, 1, 7, 30, tzinfo=LONDON)),
        (datetime(2012, 7, 1, 7, 31, tzinfo=LONDON), datetime(2012, 7, 2, 7, 30, tzinfo=LONDON)),
        (datetime(2012, 10, 27, 12, tzinfo=LONDON), datetime(2012, 10, 28, 7, 30, tzinfo=LONDON)),  # the clocks go back
    ],
)
def test_next_digest_is_at_half_past_seven_in_london(now: datetime, wanted: datetime) -> None:
    assert User(mail=Mail.DAILY).mail_after(now) == wanted
    assert User(mail=Mail.AT_ONCE).mail_after(now) == now


def test_page_of_an_award_says_what_became_of_each_message(editor: User, award: Award, who: Cast) -> None:
    for event, state in (("e1", State.SENT), ("e2", State.FAILED), ("e3", State.NOT_SENT)):
        owe(editor, award, event)
        sent = timezone.now() if state == State.SENT else None
        Notice.objects.filter(event=event).update(state=state, sent_at=sent, why="A reason.")
    owe(editor, award, "e4")
    digest = owe(editor, award, "e5")
    Notice.objects.filter(pk=digest.pk).update(send_at=timezone.now() + timedelta(hours=2))
    owe(editor, factories.award_in("submitted", who), "e6")
    words = {notice.event: notice.word for notice in notices.about(award)}
    assert words == {"e1": "Sent", "e2": "Failed", "e3": "Not sent", "e4": "Waiting", "e5": "In the next digest"}


# --- To whom not ------------------------------------------------------------------------------------------------------


def test_who_wants_none_is_sent_none_and_reads_it_here(editor: User, award: Award) -> None:
    editor.mail = Mail.NONE
    notice = owe(editor, award)
    assert (notice.state, notice.why) == (State.NOT_SENT, "They have chosen to get none.")
    assert Notice.objects.visible_to(editor).count() == 1


def test_choice_made_meanwhile_counts(editor: User, award: Award) -> None:
    owe(editor, award)
    details = {"name": editor.name, "telephone": ""}
    change_own_account(editor, **details, mail=Mail.DAILY)
    assert planned() == "07:30"
    change_own_account(editor, **details, mail=Mail.AT_ONCE)
    assert Notice.objects.get().send_at <= timezone.now() + mail.HOLD  # type: ignore[operator]
    change_own_account(editor, **details, mail=Mail.NONE)
    later(days=2)
    assert mail.send_to(editor.pk, "w") == 0
    assert Notice.objects.get().state == State.NOT_SENT
    assert outgoing.outbox == []


def test_closed_account_is_sent_nothing(editor: User, award: Award) -> None:
    owe(editor, award)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    later(minutes=2)
    assert mail.send_to(editor.pk, "w") == 0
    assert Notice.objects.get().why == "Their account is closed."
    assert outgoing.outbox == []


def test_role_that_ended_is_sent_nothing_and_sees_nothing(editor: User, award: Award) -> None:
    owe(editor, award)
    yesterday = timezone.now().date() - timedelta(days=1)
    Membership.objects.filter(person=editor).update(ends=yesterday)
    factories.member(editor, "editor", factories.organisation())
    editor = User.objects.get(pk=editor.pk)
    assert not Notice.objects.visible_to(editor).exists()
    later(minutes=2)
    assert mail.send_to(editor.pk, "w") == 0
    assert Notice.objects.get().why == "They may no longer see what it is about."
    assert outgoing.outbox == []


def test_message_about_another_award_is_sent_beside_one_that_may_not_be(editor: User, award: Award) -> None:
    foreign = factories.award_in("active")
    owe(editor, award, "e1", "Own")
    owe(editor, foreign, "e2", "Foreign")
    later(minutes=2)
    assert mail.send_to(editor.pk, "w") == 1
    assert outgoing.outbox[0].subject == "Own"
    assert "Foreign" not in outgoing.outbox[0].body


def test_what_is_told_of_the_past_is_shown_and_not_sent(editor: User, award: Award) -> None:
    with notices.not_mailed("It was loaded."):
        notice = owe(editor, award)
    assert (notice.state, notice.why) == (State.NOT_SENT, "It was loaded.")
    assert Notice.objects.visible_to(editor).get() == notice
    assert owe(editor, award, "e2").state == State.WAITING


# --- Faults, workers, brokers -----------------------------------------------------------------------------------------


class _Broken:
    """What stands in for the mail server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fault: Exception, address: str = "") -> None:
        self.tried = 0
        real = EmailMultiAlternatives.send

        def send(made: EmailMultiAlternatives, fail_silently: bool = False) -> int:
            if address and address not in made.to:
                return real(made)
            self.tried += 1
            raise fault

        monkeypatch.setattr(EmailMultiAlternatives, "send", send)


def test_server_that_is_away_is_tried_again_ever_later_and_given_up(
    editor: User, award: Award, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = _Broken(monkeypatch, ConnectionRefusedError())
    owe(editor, award)
    waits = []
    later(minutes=2)
    while (notice := Notice.objects.get()).state == State.WAITING:
        before = timezone.now()
        assert mail.send_to(editor.pk, "w") == 0
        notice.refresh_from_db()
        assert notice.why == "The mail server could not be reached."
        assert mail.people_waiting() == []
        waits.append(round((notice.send_at - before).total_seconds() / 60))  # type: ignore[operator]
        later(days=1, minutes=1)
    assert waits[:-1] == [2, 10, 60, 360, 1440]
    assert (notice.state, notice.word, notice.tries, server.tried) == (State.FAILED, "Failed", 6, 6)


def test_address_that_is_refused_holds_up_nobody(
    who: Cast, editor: User, award: Award, monkeypatch: pytest.MonkeyPatch
) -> None:
    _Broken(monkeypatch, smtplib.SMTPRecipientsRefused({}), editor.email)
    for person in (editor, who.signatory):
        owe(person, award)
    later(minutes=2)
    assert [mail.send_to(pk, "w") for pk in mail.people_waiting()] == [0, 1]
    assert Notice.objects.get(person=editor).why == "The mail server does not take this address."
    assert [sent.to for sent in outgoing.outbox] == [[who.signatory.email]]


def test_claim_of_a_dead_worker_lapses_and_the_letter_leaves(
    editor: User, award: Award, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(editor, award)
    later(minutes=2)
    with monkeypatch.context() as dying:
        dying.setattr(EmailMultiAlternatives, "send", lambda *_, **__: (_ for _ in ()).throw(SystemExit()))
        with pytest.raises(SystemExit):
            mail.send_to(editor.pk, "w")
    assert mail.send_to(editor.pk, "w") == 0  # somebody may still be at it
    later(minutes=10)
    assert mail.people_waiting() == [editor.pk]
    assert mail.send_to(editor.pk, "w") == 1
    assert Notice.objects.get().tries == 2


def test_letter_under_which_every_worker_dies_is_given_up(editor: User, award: Award) -> None:
    notice = owe(editor, award)
    Notice.objects.filter(pk=notice.pk).update(tries=len(mail.DELAYS) + 1)
    later(minutes=2)
    assert mail.send_to(editor.pk, "w") == 0
    assert Notice.objects.get().state == State.FAILED


def test_worker_takes_nothing_from_one_who_is_sending(
    editor: User, award: Award, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = EmailMultiAlternatives.send
    others: list[int] = []

    def slowly(made: EmailMultiAlternatives, fail_silently: bool = False) -> int:
        if not others:
            others.append(0)
            Notice.objects.filter(pk=owe(editor, award, "e2", "Second").pk).update(send_at=timezone.now())
            others.append(mail.send_to(editor.pk, "another"))
        return real(made)

    monkeypatch.setattr(EmailMultiAlternatives, "send", slowly)
    owe(editor, award, "e1", "First")
    Notice.objects.update(send_at=timezone.now())
    assert mail.send_to(editor.pk, "one") == 1
    assert others == [0, 1]
    assert sorted(sent.subject for sent in outgoing.outbox) == ["First", "Second"]


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_one_letter() -> None:
    who = factories.cast()
    award = factories.award_in("active", who)
    Notice.objects.all().delete()
    for number in range(3):
        owe(who.editor, award, f"e{number}")
    later(minutes=2)

    def run(_: int) -> int:
        try:
            return mail.send_to(who.editor.pk, "w")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        with transaction.atomic():
            list(Notice.objects.select_for_update())
            sending = [pool.submit(run, number) for number in range(4)]
            until_waiting(4)  # each has seen that something is due, and is about to claim it
        assert sorted(future.result(30) for future in sending) == [0, 0, 0, 3]
    assert len(outgoing.outbox) == 1


def until_waiting(many: int) -> None:
    """Wait until so many connections wait for a lock."""
    with connection.cursor() as cursor:
        for _ in range(300):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() == (many,):
                return
            time.sleep(0.1)
    pytest.fail("The workers never came to their claims")


def test_sweep_announces_what_is_due(editor: User, award: Award, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(tasks.send_to, "apply_async", lambda **how: told.append(how["args"]))
    owe(editor, award)
    assert tasks.sweep() == 0
    later(minutes=2)
    assert tasks.sweep() == 1
    assert told == [(editor.pk,)]


def test_letter_asks_the_database_as_often_for_thirty_as_for_three(
    editor: User, award: Award, who: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for many in (3, 30):
        about = [award, *(factories.award_in("submitted", who) for _ in range(2))]
        Notice.objects.all().delete()
        for number in range(many):
            owe(editor, about[number % 3], f"e{number}")
        later(minutes=20)
        with django_assert_max_num_queries(30) as queries:
            assert mail.send_to(editor.pk, "w") == many
        counts.append(len(queries))
    assert counts[0] == counts[1]
