"""What the demonstration shows: every state, real bodies in good standing only, history as it would have happened."""

import json
import re
from datetime import date

import pytest
from django.db.models import Q

from config.demonstration import setting, story, texts
from grants import clock
from grants.awards.models import Award, Extension, Milestone, Tranche
from grants.clock import LONDON
from grants.formats import local_day
from grants.lifecycle.models import HistoryEntry
from grants.people.models import Organisation, User
from grants.reports.models import Comment, Report, Result, Version
from reporting.models import FigureSource, FunderReport

pytestmark = pytest.mark.django_db

SAID = ("approved", "superseded")


def invented() -> Q:
    """Of a body that is plainly invented."""
    return Q(organisation__name__startswith="Example ")


def test_every_award_state_occurs() -> None:
    assert set(Award.objects.values_list("state", flat=True)) == set(Award.State.values)


def test_every_report_state_occurs() -> None:
    assert set(Report.objects.values_list("state", flat=True)) == set(Report.State.values)


def test_corrections_are_there_in_their_stages() -> None:
    corrections = Report.objects.filter(corrects__isnull=False)
    assert set(corrections.values_list("purpose", "state")) == {
        ("correction", "approved"), ("correction", "draft"), ("figure_update", "submitted"),
    }  # fmt: skip
    assert not corrections.exclude(milestone__award__in=Award.objects.filter(invented()))
    corrected = Report.objects.get(state="superseded")
    values = Result.objects.filter(
        report__milestone=corrected.milestone, indicator__code="attendances", report__state__in=SAID
    )
    assert set(values.values_list("report__state", "value")) == {("superseded", 110), ("approved", 98)}


def test_the_summer_report_quotes_what_was_corrected_before_it() -> None:
    report = FunderReport.objects.get(period_end=story.SUMMER)
    behind = FigureSource.objects.filter(funder_report=report, award__reference="EX-2012-07")
    assert set(behind.filter(path="results/attendances/value").values_list("raw_value", flat=True)) == {"98.00"}
    assert {version.report.state for version in Version.objects.filter(pk__in=behind.values("version"))} == {"approved"}


def test_every_word_of_the_clock_occurs_for_open_reports() -> None:
    waiting = Milestone.objects.filter(settled_at=None, reports__state="draft")
    assert {one.due_word(clock.today()) for one in waiting} >= {"not_due", "due", "very_late"}


def test_a_later_due_date_waits_and_one_is_granted() -> None:
    assert Extension.objects.waiting().count() == 1
    granted = Extension.objects.get(granted=True)
    assert granted.milestone.due_on == granted.until


def test_comments_are_open_and_resolved() -> None:
    said = Comment.objects.filter(report__milestone__award__in=Award.objects.filter(invented()))
    assert {comment.resolved_at is None for comment in said} == {True, False}
    assert said.count() == Comment.objects.count()


def test_every_payment_state_occurs() -> None:
    assert set(Tranche.objects.values_list("state", flat=True)) == set(Tranche.State.values)


def test_every_figure_status_but_not_applicable_occurs() -> None:
    assert set(Result.objects.values_list("status", flat=True)) == set(Result.Status.values) - {"not_applicable"}


def test_real_bodies_are_in_good_standing() -> None:
    real = Award.objects.exclude(invented())
    assert set(real.values_list("state", flat=True)) == {"active", "evaluating", "closed"}
    reports = Report.objects.filter(milestone__award__in=real)
    assert not reports.filter(state__in=["returned", "abandoned"])
    assert not reports.filter(answers__choice__in=["at_risk", "off_course"])
    assert not Tranche.objects.filter(award__in=real, state__in=["held", "cancelled"])
    late = [report for report in reports.select_related("milestone") if is_late(report)]
    assert not late


def is_late(report: Report) -> bool:
    """Whether it was submitted after its day, or should have been by today."""
    sent = report.submitted_at.astimezone(LONDON).date() if report.submitted_at else None
    due = report.milestone.due_on
    if report.state == "waived":
        return False
    return sent > due if sent else due < clock.today()


def test_what_is_in_bad_light_is_invented_and_there_is_some_of_it() -> None:
    bad = Award.objects.filter(invented())
    assert {"declined", "withdrawn", "suspended", "terminated"} <= set(bad.values_list("state", flat=True))
    choices = Report.objects.filter(milestone__award__in=bad).values_list("answers__choice", flat=True)
    assert {"at_risk", "off_course"} <= set(choices)
    assert not Award.objects.filter(call__isnull=False).exclude(invented())


def test_people_are_roles() -> None:
    names = set(Organisation.objects.values_list("name", flat=True))
    for person in User.objects.all():
        role, _, body = person.name.partition(", ")
        assert (role.islower(), body in names) == (False, True), person.name
        assert person.email.endswith(".example")


def test_history_reads_in_the_order_of_its_days() -> None:
    entries = HistoryEntry.objects.order_by("pk").values_list("root", "at")
    last: dict[str, object] = {}
    for root, at in entries:
        day = local_day(at)
        assert day >= last.setdefault(root, day)  # type: ignore[operator]
        last[root] = day
        assert setting.BEGINS <= day <= setting.TODAY


def test_reviews_were_made_within_the_days_that_are_promised() -> None:
    entries = HistoryEntry.objects.filter(what__in=["submit", "approve", "send_back", "offer", "decline", "withdraw"])
    waiting: dict[str, date] = {}
    for record, what, at in entries.order_by("pk").values_list("record", "what", "at"):
        if what == "submit":
            waiting[record] = local_day(at)
        else:
            assert (local_day(at) - waiting.pop(record)).days <= 14, record
    assert all((setting.TODAY - since).days < 14 for since in waiting.values())


def test_events_stand_on_days_up_to_today() -> None:
    days = [event.on for event in story.events()]
    assert days == sorted(days)
    assert days[-1] == setting.TODAY
    assert days.count(days[-1]) == 1, "the request for the funder report is the mark that all was told"


def test_narratives_have_forty_to_a_hundred_and_twenty_words() -> None:
    finished = Report.objects.exclude(state__in=["draft", "waived", "abandoned"])
    for report in finished.select_related("milestone__award"):
        for section in report.asked_sections():
            if section.form == "narrative" and section.required:
                count = len(report.answers.get(section=section).text.split())
                assert 40 <= count <= 120, f"{report} {section.code}: {count} words"


def test_narratives_have_welsh_letters_quotation_marks_and_an_ampersand() -> None:
    everything = "".join(path.read_text() for path in texts.NARRATIVES.glob("*.txt"))
    assert all(mark in everything for mark in ("gŵyl", "“", "”", "&"))


def test_spend_stays_within_the_budget() -> None:
    for award in Award.objects.prefetch_related("budget_lines"):
        for line in award.budget_lines.all():
            spent = line.spend.filter(report__corrects=None).exclude(report__state="superseded")
            assert sum(row.amount for row in spent) <= line.amount, f"{award} {line}"


def test_the_summer_report_can_be_read_and_calls_its_figures_illustrative() -> None:
    report = FunderReport.objects.get(period_end=story.SUMMER)
    assert report.state == "released"
    content = json.loads(report.snapshot)
    assert content["document"]["illustrative"] is True
    assert content["document"]["date"] == "2012-09-12"
    assert {award["reference"][:2] for award in content["awards"]} == {"EX", "WE", "PU", "CO"}


def test_the_autumn_report_waits_for_a_worker() -> None:
    assert FunderReport.objects.get(period_end=story.AUTUMN).state == "requested"


@pytest.mark.parametrize("line", ["learners", "learners some", "learners -3", "schools awaited from X"])
def test_a_figure_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=re.escape(line)):
        texts._figure(line)
