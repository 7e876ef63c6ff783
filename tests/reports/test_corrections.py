"""After approval: a correction and a figure update, from their beginning to the moment when they take the record's place."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from grants.awards import services as awards
from grants.awards.models import Award
from grants.desk.milestones import standings, with_milestones
from grants.formats import local_today
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, NotYou, Stale, advance
from grants.lifecycle.models import HistoryEntry, Notice
from grants.people.models import User
from grants.reports import services
from grants.reports.figures import figures_of
from grants.reports.models import Answer, Report, Result, Spend
from grants.reports.reminders import remind
from grants.reports.services.correcting import COPIED
from grants.reports.totals import totals_of
from reporting.snapshot.records import read
from tests import factories
from tests.factories import Cast
from tests.machines.records import facts
from tests.machines.tables import ENDS_OF_CORRECTIONS, EVERYBODY
from tests.reports.correcting import WHY, again, approve, begin, give, send

AsUser = Callable[[User], Client]


@pytest.fixture
def approved(who: Cast, award: Award) -> Report:
    return factories.report_in("approved", who, award)


def moved(report: Report, state: str, who: Cast) -> Report:
    """A correction in a state."""
    steps: dict[str, Callable[[], Any]] = {
        "awaiting_sign_off": lambda: services.ask_for_sign_off(report.pk, by=who.editor, seen=None),
        "submitted": lambda: services.submit_report(report.pk, by=who.signatory, seen=None),
        "in_review": lambda: services.start_report_review(report.pk, by=who.reviewer, seen=None),
        "returned": lambda: factories.send_back(report, who.reviewer),
    }
    for step in [*steps][: [*steps].index(state) + 1] if state != "draft" else []:
        steps[step]()
    return again(report)


def rows_of(report: Report) -> list[Any]:
    left_out = {"id", "report_id", "activity_id"}
    return [
        {name: value for name, value in row.items() if name not in left_out}
        for model, way in COPIED.items()
        for row in model._default_manager.filter(**{way: report}).order_by("pk").values()
    ]


# --- Beginning --------------------------------------------------------------------------------------------------------


def test_correction_is_a_draft_in_which_everything_stands_as_approved(who: Cast, approved: Report) -> None:
    correction = begin(approved, who.editor)
    assert (correction.state, correction.purpose, correction.corrects, correction.why) == (
        "draft", "correction", approved, WHY,
    )  # fmt: skip
    assert (correction.section_set, correction.size) == (approved.section_set, approved.size)
    assert rows_of(correction) == rows_of(approved) != []
    assert {Answer, Result, Spend} <= set(COPIED)
    entry = HistoryEntry.objects.get(record=correction.key)
    assert (entry.sentence, entry.reason, entry.person) == ("Began a correction", WHY, who.editor)
    assert again(approved).state == "approved"


def test_correction_is_begun_by_the_recipient_of_an_approved_report(who: Cast, approved: Report, award: Award) -> None:
    for part in ("reviewer", "approver", "finance", "viewer", "stranger"):
        with pytest.raises(NotYou):
            begin(approved, getattr(who, part))
    with pytest.raises(NotNow, match="Only an approved report"):
        begin(factories.report_in("submitted", who, award, 2), who.editor)
    with pytest.raises(NotNow, match="Give a reason"):
        begin(approved, who.signatory, "  ")
    with pytest.raises(Stale):
        services.begin_correction(approved.pk, by=who.editor, seen=approved.revision - 1, reason=WHY)
    assert not Report.objects.filter(corrects__isnull=False).exists()


@pytest.mark.parametrize("end", ["suspend", "terminate"])
def test_correction_is_begun_only_while_the_award_runs(who: Cast, approved: Report, award: Award, end: str) -> None:
    getattr(awards, f"{end}_award")(award.pk, by=who.approver, seen=None, reason="Why")
    with pytest.raises(NotNow, match="only while it is active or being evaluated"):
        begin(again(approved), who.editor)


def test_second_correction_waits_for_the_first(who: Cast, approved: Report) -> None:
    first = begin(approved, who.editor)
    with pytest.raises(NotNow, match="under way already"):
        begin(approved, who.signatory)
    services.abandon_correction(first.pk, by=who.editor, seen=None, reason="It was right.")
    assert begin(approved, who.signatory).state == "draft"


def test_database_holds_what_a_correction_is(who: Cast, approved: Report, award: Award) -> None:
    other = award.milestones.get(number=2)
    wrong: list[dict[str, Any]] = [
        {"purpose": "correction", "why": WHY},
        {"corrects": approved, "why": WHY},
        {"purpose": "correction", "corrects": approved},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError, match="report_corrects_for_a_reason"), transaction.atomic():
            Report.objects.create(milestone=approved.milestone, **values)
    services.waive_report(other.reports.get().pk, by=who.approver, seen=None, reason="No need")
    with pytest.raises(IntegrityError, match="same milestone"), transaction.atomic():
        Report.objects.create(milestone=other, purpose="correction", corrects=approved, why=WHY)
    correction = begin(approved, who.editor)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Report.objects.filter(pk=correction.pk).update(why="Another reason")
    with pytest.raises(IntegrityError, match="report_correction_not_waived"), transaction.atomic():
        Report.objects.filter(pk=correction.pk).update(state="waived")


# --- Its ends ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", Report.OPEN)
def test_correction_is_not_waived_and_its_grantee_gives_it_up(who: Cast, approved: Report, state: str) -> None:
    correction = moved(begin(approved, who.editor), state, who)
    assert correction.state == state
    for verb, (target, allowed) in ENDS_OF_CORRECTIONS.items():
        for part, person in (who.everybody() | {"system": SYSTEM}).items():
            assert part in EVERYBODY
            point = transaction.savepoint()
            try:
                seen = advance(Report, correction.pk, verb, by=person, seen=None, **facts(correction, verb)).state
            except NotYou:
                seen = "NotYou"
            transaction.savepoint_rollback(point)
            assert seen == (target if part in allowed else "NotYou"), (verb, part)


@pytest.mark.parametrize("end", ["terminate", "close"])
def test_open_correction_is_abandoned_when_the_award_ends(who: Cast, end: str) -> None:
    award = factories.award_in("active", who)
    if end == "close":
        factories.settle_all_and_pay(award, who)
        first = Report.objects.filter(milestone__award=award, state="approved").first()
        assert first is not None
    else:
        first = factories.report_in("approved", who, award)
    correction = begin(first, who.editor)
    if end == "close":
        awards.close_award(award.pk, by=who.approver, seen=None)
    else:
        awards.terminate_award(award.pk, by=who.approver, seen=None, reason="Why")
    assert (again(correction).state, again(first).state) == ("abandoned", "approved")
    assert HistoryEntry.objects.filter(record=correction.key, what="abandon")[0].reason.startswith("The award is ")


def test_approved_correction_takes_the_place_and_releases_nothing_twice(who: Cast, approved: Report) -> None:
    milestone = approved.milestone
    settled, payment = milestone.settled_at, milestone.tranches.get()
    correction = begin(approved, who.editor)
    give(correction, who.editor, "learners", 340, source="registers")
    assert send(correction, who).state == "in_review"
    assert again(approved).state == "approved"
    correction = approve(correction, who)
    assert (again(approved).state, correction.state) == ("superseded", "approved")
    assert correction.approved_version is not None
    assert correction.approved_version.number == 2, "versions of a milestone go on counting"
    milestone.refresh_from_db()
    assert milestone.settled_at == settled
    payment_now = milestone.tranches.get()
    assert (payment_now.state, payment_now.revision) == (payment.state, payment.revision)
    order = HistoryEntry.objects.filter(what__in=["supersede", "approve"]).order_by("-pk").values_list("record", "what")
    assert list(order[:2]) == [(correction.key, "approve"), (approved.key, "supersede")]
    assert HistoryEntry.objects.get(record=approved.key, what="supersede").reason == WHY
    told = Notice.objects.filter(person=who.editor).latest("pk").text
    assert told == "Version 2 is approved. It takes the place of what was approved before."


def test_approval_that_is_refused_leaves_the_old_one_the_record(who: Cast, approved: Report) -> None:
    correction = send(begin(approved, who.editor), who)
    with pytest.raises(NotYou):
        services.approve_report(correction.pk, by=who.finance, seen=None, version=2)
    assert (again(approved).state, again(correction).state) == ("approved", "in_review")


def test_correction_is_corrected_in_its_turn(who: Cast, approved: Report) -> None:
    first = approve(send(begin(approved, who.editor), who), who)
    second = approve(send(begin(first, who.editor, "And again."), who), who)
    states = Counter(Report.objects.filter(milestone=approved.milestone).values_list("state", flat=True))
    assert states == {"superseded": 2, "approved": 1}
    assert second.approved_version is not None
    assert second.approved_version.number == 3


# --- Everything that reads approved reports ---------------------------------------------------------------------------


def learners_total(award: Award) -> Any:
    totals = totals_of(award.strand.programme, Award.objects.filter(pk=award.pk))
    return next(total for total in totals if total.indicator.code == "learners").to_date


def test_totals_and_later_reports_read_the_approved_one_only(who: Cast, award: Award, approved: Report) -> None:
    second = factories.report_in("draft", who, award, 2)
    before = {figure.indicator.code: figure.before for figure in figures_of(second)}
    correction = begin(approved, who.editor)
    give(correction, who.editor, "learners", 300)
    for report in (correction, send(correction, who)):
        assert report.state in Report.OPEN
        assert str(learners_total(award)) == "342"
        assert {figure.indicator.code: figure.before for figure in figures_of(second)} == before
    approve(correction, who)
    assert str(learners_total(award)) == "300"
    assert str({figure.indicator.code: figure.before for figure in figures_of(second)}["learners"]) == "300"


def test_milestone_stays_settled_and_says_that_a_correction_is_under_way(
    as_user: AsUser, who: Cast, award: Award, approved: Report
) -> None:
    correction = begin(approved, who.editor)
    found = Award.objects.prefetch_related("milestones", *with_milestones(who.reviewer)).get(pk=award.pk)
    first = standings(found, local_today())[0]
    assert (first.state, first.report, first.lines[-1]) == ("approved", approved, "Correction under way")
    page = as_user(who.reviewer).get(award.get_absolute_url()).content.decode()
    assert correction.get_absolute_url() in page


def test_open_correction_is_never_late(as_user: AsUser, who: Cast, award: Award, approved: Report) -> None:
    award.milestones.filter(number=1).update(
        due_on=local_today() - timedelta(days=3), opens_on=local_today() - timedelta(9)
    )
    begin(approved, who.editor)
    assert remind(local_today()) == 0
    listed = as_user(who.reviewer).get(reverse("reports:reports"), {"due": "late"}).content.decode()
    assert "Milestone 1, correction" not in listed
    listed = as_user(who.reviewer).get(reverse("reports:reports")).content.decode()
    assert "Milestone 1, correction" in listed
    assert "late" not in listed.partition("Milestone 1, correction")[2].partition("</tr>")[0]
    home = as_user(who.reviewer).get("/").content.decode()
    assert "3 days late" not in home


@pytest.mark.parametrize("state", [*Report.OPEN, "abandoned", "approved"])
def test_snapshot_takes_the_approved_version_of_each_milestone(
    who: Cast, award: Award, approved: Report, state: str
) -> None:
    correction = begin(approved, who.editor)
    give(correction, who.editor, "learners", 300)
    if state == "abandoned":
        services.abandon_correction(correction.pk, by=who.editor, seen=None, reason="It was right.")
    elif state == "approved":
        approve(send(correction, who), who)
    else:
        moved(correction, state, who)
    expected = again(correction) if state == "approved" else approved
    programme = award.strand.programme
    (record,) = read(programme, who.funder, award.ends or local_today())
    assert record.states[approved.milestone_id] == expected
    assert [one.version for one in record.approved] == [expected.approved_version]


# --- On the pages -----------------------------------------------------------------------------------------------------


def test_both_stay_and_say_what_became_of_each_other(as_user: AsUser, who: Cast, approved: Report) -> None:
    correction = begin(approved, who.editor)
    give(correction, who.editor, "learners", 300, source="registers")
    for part in ("editor", "reviewer"):
        page = as_user(getattr(who, part)).get(approved.get_absolute_url()).content.decode()
        assert correction.get_absolute_url() in page
        assert WHY in page
        assert "Correction under way" in page
    own = as_user(who.editor).get(correction.get_absolute_url()).content.decode()
    assert WHY in own
    assert reverse("reports:step", args=[correction.pk, "abandon"]) in own
    check = as_user(who.editor).get(reverse("reports:check", args=[correction.pk])).content.decode()
    assert "<del>342</del> <ins>300</ins>" in check
    approve(send(correction, who), who)
    old = as_user(who.editor).get(approved.get_absolute_url()).content.decode()
    assert "took this report’s place" in old
    new = as_user(who.reviewer).get(correction.get_absolute_url()).content.decode()
    assert "<del>342</del> <ins>300</ins>" in new
    assert approved.get_absolute_url() in new


def test_review_shows_changes_against_what_is_corrected(as_user: AsUser, who: Cast, approved: Report) -> None:
    correction = begin(approved, who.editor)
    give(correction, who.editor, "learners", 300, source="registers")
    correction = send(correction, who)
    page = as_user(who.approver).get(reverse("reports:review", args=[correction.pk])).content.decode()
    assert "Since version 1" in page
    assert "<del>342</del> <ins>300</ins>" in page
    assert WHY in page
    assert "Waive" not in page
    step = as_user(who.approver).get(reverse("reports:step", args=[correction.pk, "approve"])).content.decode()
    assert "Version 2 takes the place of version 1." in step


def test_correction_is_begun_on_its_page_and_offered_to_nobody_else(
    as_user: AsUser, who: Cast, approved: Report
) -> None:
    address = reverse("reports:step", args=[approved.pk, "correct"])
    assert address not in as_user(who.reviewer).get(approved.get_absolute_url()).content.decode()
    page = as_user(who.editor)
    assert address in page.get(approved.get_absolute_url()).content.decode()
    assert page.post(address, {"seen": approved.revision, "reason": ""}).status_code == 422
    answer = page.post(address, {"seen": approved.revision, "reason": WHY})
    assert answer.headers["Location"] == Report.objects.get(corrects=approved).get_absolute_url()
    assert page.post(address, {"seen": approved.revision, "reason": WHY}).status_code == 409
    assert "once at a time" in page.get(address).content.decode()
