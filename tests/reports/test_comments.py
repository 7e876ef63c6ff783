"""Comments on a part: among those who write the report, and nobody else."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.lifecycle.door import NotNow, NotYou
from grants.lifecycle.models import Notice
from grants.people.models import User
from grants.programmes.models import Section
from grants.reports import services
from grants.reports.models import Comment, Report
from grants.reports.record import canonical, content_of
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
TEXT = "Is the number of schools that of the register?"


def part(report: Report) -> Section:
    return report.asked_sections()[0]


def address(report: Report, name: str = "comments") -> str:
    return reverse(f"reports:{name}", args=[report.pk, part(report).code])


def say(report: Report, by: User, text: str = TEXT) -> Comment:
    return services.comment_on(report.pk, part(report), by=by, text=text)


def again(report: Report) -> Report:
    return Report.objects.named().get(pk=report.pk)


def text_of(client: Client, url: str) -> str:
    response = client.get(url, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_comment_stands_on_its_part_with_who_and_when_and_is_counted(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    page = as_user(who.editor)
    answer = page.post(address(draft), {"comment": TEXT})
    assert answer.status_code == 302
    assert answer["Location"] == f"{address(draft, 'part')}#comments"
    shown = text_of(page, address(draft, "part"))
    assert TEXT in shown
    assert f"<strong>{who.editor.name}</strong>" in shown
    assert "1 comment</span>" in text_of(page, draft.get_absolute_url())


def test_the_others_are_told_and_the_managing_body_is_not(as_user: AsUser, who: Cast, draft: Report) -> None:
    say(draft, who.editor)
    told = set(Notice.objects.filter(subject__startswith="A comment on").values_list("person", flat=True))
    assert told == {who.signatory.pk, who.second_signatory.pk}
    messages = reverse("award-messages", args=[draft.award.reference])
    assert "A comment on" in text_of(as_user(who.signatory), messages)
    assert "A comment on" not in text_of(as_user(who.approver), messages)


def test_anybody_of_them_resolves_it(as_user: AsUser, who: Cast, draft: Report) -> None:
    comment = say(draft, who.editor)
    page = as_user(who.signatory)
    assert page.post(address(draft), {"resolve": str(comment.pk)}).status_code == 302
    shown = text_of(page, address(draft, "part"))
    assert f"Resolved by {who.signatory}" in shown
    assert "1 comment</span>" not in shown
    assert page.post(address(draft), {"resolve": str(comment.pk)}).status_code == 302  # a second time changes nothing
    assert Comment.objects.get().resolved_by == who.signatory


@pytest.mark.parametrize("name", ["reviewer", "approver", "finance", "administrator"])
def test_the_managing_body_neither_reads_nor_writes_them(name: str, as_user: AsUser, who: Cast, draft: Report) -> None:
    comment = say(draft, who.editor)
    page = as_user(getattr(who, name))
    assert TEXT not in text_of(page, draft.get_absolute_url())
    assert page.get(address(draft)).status_code == 403
    assert page.post(address(draft), {"comment": "Ours"}).status_code == 403
    for refused in (
        lambda: say(draft, getattr(who, name)),
        lambda: services.resolve_comment(draft.pk, comment.pk, by=getattr(who, name)),
    ):
        with pytest.raises(NotYou):
            refused()


def test_no_version_and_no_review_has_them(as_user: AsUser, who: Cast, draft: Report) -> None:
    say(draft, who.editor)
    assert TEXT not in canonical(content_of(again(draft)))
    report = factories.move_report(again(draft), "in_review", who)
    assert TEXT not in text_of(as_user(who.approver), reverse("reports:review", args=[report.pk]))
    assert TEXT not in report.versions.get().canonical


def test_a_report_that_is_with_somebody_else_takes_none(as_user: AsUser, who: Cast, draft: Report) -> None:
    comment = say(draft, who.editor)
    factories.move_report(again(draft), "awaiting_sign_off", who)
    with pytest.raises(NotNow):
        say(draft, who.editor, "One more")
    answer = as_user(who.editor).post(address(draft), {"resolve": str(comment.pk)})
    assert answer.status_code == 409


def test_nothing_said_is_a_fault_and_what_is_too_long_stays(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    assert "Write what you want to say" in page.post(address(draft), {"comment": " "}).content.decode()
    long = "word " * 500
    answer = page.post(address(draft), {"comment": long})
    assert answer.status_code == 422
    assert long.strip() in answer.content.decode()
    for nonsense in ("x", "", "9" * 40, "123456"):
        assert page.post(address(draft), {"resolve": nonsense}).status_code == 404


def test_the_same_sent_twice_is_said_once(who: Cast, draft: Report) -> None:
    assert say(draft, who.editor) == say(draft, who.editor)
    foreign = Section.objects.exclude(section_set=part(draft).section_set)[0]
    with pytest.raises(NotNow, match="does not ask that part"):
        services.comment_on(draft.pk, foreign, by=who.editor, text=TEXT)


def test_the_database_keeps_what_was_said(who: Cast, draft: Report) -> None:
    comment = say(draft, who.editor)
    rows = Comment.objects.filter(pk=comment.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(text="Otherwise")
    services.resolve_comment(draft.pk, comment.pk, by=who.editor)
    for change in (lambda: rows.update(resolved_by=None, resolved_at=None), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_user_text_is_data(as_user: AsUser, who: Cast, draft: Report) -> None:
    say(draft, who.editor, "<b>bold</b>")
    assert "&lt;b&gt;bold" in text_of(as_user(who.editor), address(draft, "part"))


def test_queries_do_not_grow_with_comments(as_user: AsUser, who: Cast, draft: Report) -> None:
    page, counts = as_user(who.editor), []
    say(draft, who.editor)
    for _ in range(2):
        seen = []
        for url in (draft.get_absolute_url(), address(draft, "part")):
            with CaptureQueriesContext(connection) as queries:
                text_of(page, url)
            seen.append(len(queries))
        counts.append(seen)
        for number in range(12):
            said = say(draft, who.signatory, f"Remark {number}")
            if number % 2:
                services.resolve_comment(draft.pk, said.pk, by=who.editor)
    assert counts[0] == counts[1]
