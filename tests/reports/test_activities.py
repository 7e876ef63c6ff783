"""The activities of a report: rows with pages of their own, rules, totals, and how they are frozen, read and reviewed."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.awards.models import Award
from grants.lifecycle.door import NotNow, NotYou, Stale
from grants.people.models import User
from grants.reports import services
from grants.reports.activities import held_in, together
from grants.reports.models import Activity, Report
from grants.reports.parts import Part, state_of_parts
from grants.reports.record import activities_in, content_of
from grants.reports.views.comparing import Change, changed_rows
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]
CODE = "activities"


def url(report: Report, name: str = "part", *more: Any) -> str:
    return reverse(
        f"reports:{name}", args=[report.pk, *([] if name in ("review", "report", "check") else [CODE]), *more]
    )


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def typed(report: Report, **otherwise: str) -> dict[str, str]:
    """What the page of an activity sends."""
    values = factories.activity(report)
    return {
        "type": str(values["type"].pk),
        "title": "Robots",
        "day": values["day"].isoformat(),
        "hours": "2.5",
        "learners": "20",
        "attendances": "35",
        **otherwise,
    }


def part_of(report: Report) -> Part:
    return next(part for part in state_of_parts(Report.objects.named().get(pk=report.pk)) if part.section.code == CODE)


def test_activity_is_added_changed_and_taken_out_on_pages_of_its_own(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    assert "No activity is listed" in words_of(page.get(url(draft)))
    response = page.post(url(draft, "activity-new"), typed(draft))
    assert response.headers["Location"] == url(draft)
    row = draft.activities.get()
    address = url(draft, "activity", row.key)
    listed = words_of(page.get(url(draft)))
    for words in (address, "Robots", "2.5", "1 activity", "50", "35", "Attendances are not people"):
        assert words in listed, words
    shown = page.get(address)
    assert "Take this activity out" in words_of(shown)
    changed = typed(draft, title="More robots", mark=shown.context["mark"])
    assert page.post(address, changed).status_code == 302
    assert draft.activities.get().title == "More robots"
    mark = page.get(address).context["mark"]
    assert page.post(address, {"then": "remove", "mark": mark}).headers["Location"] == url(draft)
    assert not draft.activities.exists()


def test_saving_and_adding_another_leads_to_an_empty_page(as_user: AsUser, who: Cast, draft: Report) -> None:
    response = as_user(who.editor).post(url(draft, "activity-new"), typed(draft, then="another"))
    assert response.headers["Location"] == url(draft, "activity-new")


def test_all_faults_are_said_at_once_and_nothing_typed_is_lost(as_user: AsUser, who: Cast, draft: Report) -> None:
    late = (draft.milestone.period_end + timedelta(days=1)).isoformat()
    data = typed(draft, title="", day=late, hours="-2", learners="40", attendances="9 people")
    response = as_user(who.editor).post(url(draft, "activity-new"), data)
    assert response.status_code == 422
    words = words_of(response)
    assert "There are 4 faults" in words
    assert "Give a day in the period of this report" in words
    assert "“-2” is negative" in words
    assert "“9 people” is not a number" in words
    assert f'value="{late}"' in words
    assert not draft.activities.exists()


def test_more_learners_than_attendances_and_numbers_beyond_belief_get_a_sentence(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    page = as_user(who.editor)
    words = words_of(page.post(url(draft, "activity-new"), typed(draft, learners="36")))
    assert "These are more than the attendances" in words
    words = words_of(page.post(url(draft, "activity-new"), typed(draft, attendances="9999999999", hours="9999999")))
    assert words.count("is believed") == 4  # twice in the summary, twice at the fields
    assert page.post(url(draft, "activity-new"), typed(draft, learners="", attendances="", hours="")).status_code == 302


def test_service_holds_the_same_rules(who: Cast, draft: Report) -> None:
    days = draft.milestone.period_start - timedelta(days=1), draft.milestone.period_end + timedelta(days=1)
    for day in days:
        with pytest.raises(NotNow, match="in the period of this report"):
            services.save_activity(draft.pk, by=who.editor, values=factories.activity(draft, day=day))
    elsewhere = factories.a_programme().activity_types.all()[0]
    with pytest.raises(NotNow, match="of this programme"):
        services.save_activity(draft.pk, by=who.editor, values=factories.activity(draft, type=elsewhere))
    stranger = factories.organisation()
    with pytest.raises(NotNow, match="take part in this award"):
        services.save_activity(draft.pk, by=who.editor, values=factories.activity(draft, organisers=[stranger]))
    with pytest.raises(NotYou):
        services.save_activity(draft.pk, by=who.reviewer, values=factories.activity(draft))
    assert not Activity.objects.exists()


def test_database_holds_them_too(who: Cast, draft: Report) -> None:
    row = services.save_activity(draft.pk, by=who.editor, values=factories.activity(draft))
    for change in ("day = day - 1", "learners = 36", "hours = -0.01"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE reports_activity SET {change} WHERE id = %s", [row.pk])  # noqa: S608


def test_organisers_of_a_sent_report_are_refused_by_the_database(who: Cast) -> None:
    community = factories.a_community(who.recipient, factories.organisation())
    report = factories.report_in("draft", who, community=community)
    row = report.activities.get()
    row.organisings.create(organisation=who.recipient)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    for attempt in (row.organisings.all().delete, lambda: row.organisings.create(organisation=community.members.get())):
        with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic():
            attempt()


def test_shared_activity_of_a_community_is_one_row_with_all_who_held_it(as_user: AsUser, who: Cast) -> None:
    other = factories.organisation(name="Second charity")
    award = factories.award_in("active", who, community=factories.a_community(who.recipient, other))
    report = Report.objects.named().get(milestone__award=award, milestone__number=1)
    page = as_user(who.editor)
    assert "Second charity" in words_of(page.get(url(report, "activity-new")))
    both = [str(who.recipient.pk), str(other.pk)]
    response = page.post(url(report, "activity-new"), typed(report) | {"organisers": both})
    assert response.status_code == 302
    (row,) = activities_in(report)
    assert row["organisers"] == sorted([who.recipient.name, "Second charity"])
    assert "Second charity" in words_of(page.get(url(report)))
    assert together(held_in({"activities": [row]})).number == 1


def test_organiser_that_has_left_the_community_stays_with_the_activity_that_it_held(as_user: AsUser, who: Cast) -> None:
    other, third = factories.organisation(name="Second charity"), factories.organisation(name="Third charity")
    community = factories.a_community(who.recipient, other, third)
    award = factories.award_in("active", who, community=community)
    report = Report.objects.named().get(milestone__award=award, milestone__number=1)
    held = factories.activity(report, organisers=[who.recipient, other])
    row = services.save_activity(report.pk, by=who.editor, values=held)
    for gone in (other, third):
        community.members.remove(gone)
    page, address = as_user(who.editor), url(report, "activity", row.key)
    shown = page.get(address)
    assert "Second charity" in words_of(shown)
    assert "Third charity" not in words_of(shown)
    both = [str(who.recipient.pk), str(other.pk)]
    sent = typed(report, mark=shown.context["mark"]) | {"organisers": both}
    assert page.post(address, sent | {"organisers": [str(third.pk)]}).status_code == 422
    assert page.post(address, sent).status_code == 302
    assert set(row.organisers.all()) == {who.recipient, other}
    assert page.post(url(report, "activity-new"), sent).status_code == 422, "one more is held by those who take part"


def test_contact_hours_and_attendances_are_added_and_learners_are_not(who: Cast, draft: Report) -> None:
    for hours, learners, attendances in ((Decimal("2.5"), 20, 35), (Decimal(3), None, 12), (None, None, None)):
        values = factories.activity(draft, hours=hours, learners=learners, attendances=attendances)
        services.save_activity(draft.pk, by=who.editor, values=values)
    total = together(held_in(content_of(draft)))
    assert (total.number, str(total.contact_hours), str(total.attendances)) == (3, "50", "47")
    assert together([]).attendances is None


def test_part_is_ready_with_an_activity_or_with_a_word_why_there_is_none(who: Cast, draft: Report) -> None:
    assert (part_of(draft).state, part_of(draft).lacks) == (
        "not_started",
        "Add what took place, or say why nothing did",
    )
    section = part_of(draft).section
    services.save_answer(draft.pk, section, by=who.editor, text="The schools were closed.")
    assert part_of(draft).state == "ready"
    services.save_answer(draft.pk, section, by=who.editor, text="")
    services.save_activity(draft.pk, by=who.editor, values=factories.activity(draft))
    part = part_of(draft)
    assert part.state == "ready"
    assert part.answer.saved_by == who.editor


def test_activity_that_somebody_changed_meanwhile_is_not_written_over(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    row = services.save_activity(draft.pk, by=who.editor, values=factories.activity(draft))
    page, address = as_user(who.editor), url(draft, "activity", row.key)
    old = page.get(address).context["mark"]
    services.save_activity(draft.pk, by=who.signatory, values=factories.activity(draft, title="Theirs"), key=row.key)
    response = page.post(address, typed(draft, title="Mine", mark=old))
    assert response.status_code == 409
    words = words_of(response)
    assert "Theirs" in words
    assert 'value="Mine"' in words
    assert draft.activities.get().title == "Theirs"
    assert page.post(address, typed(draft, title="Mine", mark=response.context["mark"])).status_code == 302
    with pytest.raises(Stale):
        services.remove_activity(draft.pk, row.key, by=who.editor, seen_mark=old)


def test_activity_that_somebody_changed_meanwhile_is_not_taken_out_unseen(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    row = services.save_activity(draft.pk, by=who.editor, values=factories.activity(draft))
    page, address = as_user(who.editor), url(draft, "activity", row.key)
    old = page.get(address).context["mark"]
    services.save_activity(draft.pk, by=who.signatory, values=factories.activity(draft, title="Theirs"), key=row.key)
    response = page.post(address, {"then": "remove", "mark": old})
    assert response.status_code == 409
    words = words_of(response)
    assert 'value="Theirs"' in words
    assert 'id="faults"' not in words
    assert draft.activities.exists()
    assert page.post(address, {"then": "remove", "mark": response.context["mark"]}).status_code == 302


def test_activity_that_was_taken_out_meanwhile_can_be_saved_as_another(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    row = services.save_activity(draft.pk, by=who.editor, values=factories.activity(draft))
    services.remove_activity(draft.pk, row.key, by=who.signatory)
    response = as_user(who.editor).post(url(draft, "activity", row.key), typed(draft, title="Mine", mark="x"))
    assert response.status_code == 409
    assert 'value="Mine"' in words_of(response)
    assert response.context["action"] == url(draft, "activity-new")


def test_activities_of_a_report_that_is_with_somebody_else_keep_what_was_typed(
    as_user: AsUser, who: Cast, award: Award
) -> None:
    report = factories.report_in("awaiting_sign_off", who, award)
    response = as_user(who.editor).post(url(report, "activity-new"), typed(report, title="Late"))
    assert response.status_code == 409
    assert 'value="Late"' in words_of(response)
    assert as_user(who.editor).get(url(report, "activity-new")).headers["Location"] == report.get_absolute_url()


def test_activity_is_found_in_its_own_part_of_its_own_report_only(as_user: AsUser, who: Cast, award: Award) -> None:
    first, second = (factories.report_in("draft", who, award, number) for number in (1, 2))
    page = as_user(who.editor)
    assert page.get(url(second, "activity", first.activities.get().key)).status_code == 404
    assert page.get(reverse("reports:activity-new", args=[first.pk, "figures"])).status_code == 404
    for person, status in ((who.reviewer, 403), (who.stranger, 404)):
        assert as_user(person).get(url(first, "activity-new")).status_code == status


def test_light_award_is_not_asked(as_user: AsUser, who: Cast) -> None:
    award = factories.award_in("active", who, amount=factories.LIGHT)
    report = Report.objects.named().get(milestone__award=award, milestone__number=1)
    assert as_user(who.editor).get(url(report, "activity-new")).status_code == 404
    with pytest.raises(NotNow, match="does not ask"):
        services.save_activity(report.pk, by=who.editor, values=factories.activity(report))


def test_version_has_the_activities_and_the_review_says_what_was_added_changed_and_taken_out(
    as_user: AsUser, who: Cast, award: Award
) -> None:
    report = factories.report_in("draft", who, award)
    gone = services.save_activity(report.pk, by=who.editor, values=factories.activity(report, title="Gone"))
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    version = report.latest_version
    assert version is not None
    assert version.content["activities"] == activities_in(report)
    factories.send_back(report, who.reviewer, "activities")
    services.remove_activity(report.pk, gone.key, by=who.editor)
    kept = report.activities.get()
    services.save_activity(report.pk, by=who.editor, values=factories.activity(report, attendances=40), key=kept.key)
    services.save_activity(report.pk, by=who.editor, values=factories.activity(report, title="<b>New</b>"))
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    words = words_of(as_user(who.reviewer).get(url(report, "review")))
    assert "Robots in the library: <del>35 attendances</del> <ins>40 attendances</ins>" in words
    assert "Gone: <del>" in words
    assert "&lt;b&gt;New&lt;/b&gt;: <del>nothing</del> <ins>" in words
    assert "<b>New" not in words


def test_changed_rows_of_older_versions_and_of_activities() -> None:
    row = {"key": "k", "title": "A", "day": "2012-03-01", "hours": "2.00", "organisers": ["X"], "type": "Event"}
    assert changed_rows([], [row], "key") == [
        Change("A", "nothing", "1 March 2012, 2 hours, held by X, Event"),
    ]
    other = row | {"organisers": ["X", "Y"]}
    assert changed_rows([row], [other], "key") == [Change("A", "held by X", "held by X and Y")]
    assert held_in({}) == []


PAGES = [("draft", "editor", "part"), ("draft", "editor", "check"), ("in_review", "reviewer", "review")]


@pytest.mark.parametrize(("state", "name", "page"), PAGES)
def test_three_hundred_activities_cost_no_query_more(
    as_user: AsUser, who: Cast, state: str, name: str, page: str
) -> None:
    counts = []
    for number in (1, 300):
        report = factories.report_in("draft", who)
        kind = report.award.strand.programme.activity_types.all()[0]
        Activity.objects.bulk_create(
            Activity(report=report, type=kind, title=f"Day {one}", day=report.milestone.period_start, learners=1)
            for one in range(1, number)
        )
        if state == "in_review":
            services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
            services.submit_report(report.pk, by=who.signatory, seen=None)
            services.start_report_review(report.pk, by=who.reviewer, seen=None)
        browser = as_user(getattr(who, name))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url(report, page)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_five_hundred_activities_are_paged_wherever_they_are_read(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("draft", who, award)
    kind = report.award.strand.programme.activity_types.all()[0]
    Activity.objects.bulk_create(
        Activity(
            report=report, type=kind, title=f"Robots for everybody, {one}", day=report.milestone.period_end,
            place="The library in the middle of the town", partners="St Mary’s School and the university", learners=9,
            attendances=9, hours=2,
        )
        for one in range(1, 500)
    )  # fmt: skip
    pages = [(who.editor, url(report)), (who.editor, url(report, "check"))]
    for person, address in pages:
        _reads_all_in_pages(as_user(person), address)
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    for person, address in ((who.editor, url(report, "report")), (who.reviewer, url(report, "review"))):
        _reads_all_in_pages(as_user(person), address)


def _reads_all_in_pages(page: Client, address: str) -> None:
    first, last = page.get(address), page.get(f"{address}?page=5")
    for response in (first, last, page.get(f"{address}?page=nonsense")):
        assert response.status_code == 200
        assert len(response.content) < 200_000, address
        assert "500 activities" in words_of(response)
    assert "Robots for everybody, 99<" in words_of(first)
    assert "Robots for everybody, 100<" not in words_of(first)
    assert "401 to 500 of 500 activities" in words_of(last)
    assert "Robots for everybody, 499<" in words_of(last)
