"""What must be true of every row: a test for each CHECK and each unique constraint, each broken by SQL."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from pytest_django import DjangoDbBlocker

from grants.awards.models import Award
from grants.awards.services import Agreed, declare_conflict, judge, raise_actions
from grants.formats import local_today
from grants.lifecycle.door import acts_on
from grants.lifecycle.models import Notice
from grants.programmes.models import Breakdown, Category
from grants.reports.models import Mark, Question, Report, Result, ResultPart
from grants.reports.services import (
    add_evidence,
    answer_question,
    ask_for_extension,
    ask_for_figure,
    comment_on,
    mark_section,
    save_results,
)
from reporting.models import Download
from tests import factories
from tests.reports.community import a_community_reports
from tests.reports.community import save as give

Scene = dict[str, Any]

CHANGED: dict[str, tuple[str, str]] = {
    # constraint: the scene's row, and what would break it
    "notice_state_complete": ("notice", "state = 'sent'"),
    "user_mail_known": ("person", "mail = 'pigeon'"),
    "organisation_kind_known": ("organisation", "kind = 'club'"),
    "membership_dates_in_order": ("membership", "ends = starts - 1"),
    "membership_role_known": ("membership", "role = 'owner'"),
    "programme_dates_in_order": ("programme", "ends = starts - 1"),
    "share_is_a_part": ("share", "per_cent = 100.001"),
    "strand_kind_known": ("strand", "kind = 'other'"),
    "light_below_not_negative": ("strand", "light_below = -1"),
    "full_from_light_below_on": ("strand", "full_from = light_below - 1"),
    "recommended_from_not_negative": ("strand", "recommended_from = -1"),
    "call_dates_in_order": ("call", "closes_at = opens_at"),
    "call_at_most_positive": ("call", "at_most = 0"),
    "indicator_measure_known": ("indicator", "measure = 'feeling'"),
    "indicator_rules_known": ("indicator", "over_time = 'mean'"),
    "breakdown_kind_known": ("breakdown", "kind = 'other'"),
    "section_set_kind_known": ("section set", "kind = 'other'"),
    "section_form_known": ("section", "form = 'drawing'"),
    "section_asked_from_known": ("section", "asked_from = 'tiny'"),
    "section_readers_known": ("section", "readers = 'nobody'"),
    "award_dates_in_order": ("award", "ends = starts - 1"),
    "award_amounts_not_negative": ("application", "amount_applied_for = -0.01"),
    "award_offered_has_amount_and_dates": ("award", "starts = NULL"),
    "award_offered_by_somebody": ("offer", "offer_act_id = NULL"),
    "award_ended_has_date": ("award", "state = 'terminated'"),
    "funding_not_negative": ("funding", "amount = -0.01"),
    "milestone_kind_known": ("milestone", "kind = 'party'"),
    "milestone_dates_in_order": ("milestone", "due_on = opens_on - 1"),
    "target_not_negative": ("target", "value = -1"),
    "budget_line_not_negative": ("budget line", "amount = -0.01"),
    "tranche_not_negative": ("tranche", "amount = -0.01"),
    "tranche_paid_has_date": ("released tranche", "state = 'paid'"),
    "tranche_released_has_date": ("tranche", "state = 'released'"),
    "report_approved_by_somebody": ("report in review", "state = 'approved'"),
    "report_size_known": ("report in review", "size = 'tiny'"),
    "report_sent_was_begun": ("blank report", "state = 'awaiting_sign_off'"),
    "answer_choice_known": ("answer", "choice = 'fine'"),
    "result_blank_is_never_zero": (
        "result",
        "status = 'awaited', awaited_from = 'a school', awaited_by = '2012-05-01'",
    ),
    "result_awaited_from_whom_by_when": ("result", "status = 'awaited', value = NULL"),
    "result_ratio_keeps_both_parts": ("ratio", "denominator = 0"),
    "result_odd_is_confirmed": ("result", "confirmed = true"),
    "part_not_negative": ("part", "value = -1"),
    "spend_not_negative": ("spend", "amount = -0.01"),
    "member_part_confirmed_by_somebody": ("member's part", "confirmed_at = now()"),
    "member_figure_blank_is_never_zero": ("member's figure", "status = 'not_collected'"),
    "member_figure_ratio_keeps_both_parts": ("member's ratio", "denominator = 0"),
    "member_spend_not_negative": ("member's spend", "amount = -0.01"),
    "follow_up_about_something": ("follow-up", "done = true"),
    "forecast_at_least_what_is_spent": ("spend", "forecast = amount - 1"),
    "activity_hours_not_negative": ("activity", "hours = -0.01"),
    "activity_learners_at_most_attendances": ("activity", "learners = attendances + 1"),
    "risk_levels_known": ("risk", "impact = 'huge'"),
    "evidence_kind_known": ("evidence", "kind = 'exe'"),
    "evidence_size_fits": ("evidence", "size = 0"),
    "request_answered_by_somebody": ("question", "state = 'answered'"),
    "request_settled_by_somebody": ("question", "state = 'withdrawn'"),
    "request_ratio_keeps_both_parts": ("question", "denominator = 5"),
    "request_mail_complete": ("question", "mail = 'sent'"),
    "import_applied_has_date": ("applying import", "state = 'applied'"),
    "import_ready_has_no_fault": ("checking import", "state = 'ready'"),
    "funder_report_dates_in_order": ("funder report", "period_end = period_start - 1"),
    "funder_report_about_what_its_kind_says": ("funder report", "kind = 'award'"),
    "funder_report_built_has_file": ("building report", "state = 'built'"),
    "funder_report_released_by_somebody": ("built report", "state = 'released'"),
}

ADDED: dict[str, tuple[str, dict[str, str]]] = {
    # constraint: the scene's row, which can only be added to, and what of its copy would break it
    "act_part_known": ("act", {"part": "'watched'", "person_id": "(SELECT max(id) FROM people_user)"}),
    "judgement_course_known": ("judgement", {"course": "'fine'"}),
    "judgement_off_course_has_reason": ("judgement", {"course": "'at_risk'", "reason": "''"}),
    "action_side_known": ("action", {"side": "'nobody'"}),
    "action_says_something": ("action", {"text": "''"}),
    "action_done_by_somebody_with_a_word": ("action", {"done_at": "now()"}),
    "conflict_says_why": ("conflict", {"sentence": "''"}),
    "section_returned_with_reason": ("returned section", {"reason": "''"}),
    "mark_verdict_known": ("mark", {"verdict": "'odd'"}),
    "mark_says_what": ("mark", {"verdict": "'change'", "words": "''"}),
    "question_asks": ("question of a review", {"text": "''"}),
    "reply_answers": ("reply", {"text": "''"}),
    "extension_decided_whole": ("extension", {"granted": "true"}),
    "extension_by_another_person": (
        "extension",
        {"decided_by_id": "asked_by_id", "decided_at": "now()", "granted": "false", "answer": "'No'"},
    ),
    "download_form_known": ("download", {"form": "'docx'"}),
    "comment_resolved_by_somebody": ("comment", {"resolved_at": "now()"}),
}

TWICE: dict[str, tuple[str, dict[str, str]]] = {
    # constraint: the scene's row, and what its copy says otherwise
    "one_part_per_person": ("act", {"part": "'recommended'"}),
    "one_notice_per_event": ("notice", {"text": "'again'"}),
    "user_email_once": ("person", {"email": "upper(email)"}),
    "membership_once": ("membership", {}),
    "programme_code_once": ("programme", {"code": "lower(code)"}),
    "one_share_per_funder": ("share", {}),
    "strand_code_once": ("strand", {}),
    "indicator_code_once": ("indicator", {}),
    "breakdown_code_once": ("breakdown", {}),
    "category_code_once": ("category", {}),
    "section_set_once": ("section set", {}),
    "section_code_once": ("section", {}),
    "award_reference_once": ("application", {"reference": "lower(reference)"}),
    "award_identifier_once": ("application", {"reference": "'EX-other'"}),
    "one_funding_per_funder": ("funding", {}),
    "milestone_number_once": ("milestone", {}),
    "one_final_evaluation": ("evaluation", {"number": "99"}),
    "one_target_per_indicator": ("target", {}),
    "budget_line_once": ("budget line", {}),
    "tranche_number_once": ("tranche", {"state": "'scheduled'"}),
    "one_open_report": ("blank report", {}),
    "one_answer_per_section": ("answer", {}),
    "one_result_per_indicator": ("result", {}),
    "one_part_per_category": ("part", {}),
    "one_spend_per_line": ("spend", {}),
    "activity_type_once": ("activity type", {}),
    "activity_once": ("activity", {}),
    "organiser_once": ("organiser", {}),
    "one_risk_in_a_place": ("risk", {}),
    "evidence_once": ("evidence", {}),
    "version_number_once": ("version", {}),
    "section_returned_once": ("returned section", {}),
    "one_open_extension": ("extension", {}),
    "one_part_per_member": ("member's part", {}),
    "one_figure_per_member": ("member's figure", {}),
    "one_amount_per_member": ("member's spend", {}),
    "one_follow_up_of_promise": ("follow-up", {}),
    "one_follow_up_of_action": ("follow-up of an action", {}),
    "funder_report_version_once": ("funder report", {}),
}

BY_HAND = {
    "one_approved_report",
    "one_released_version",
    "report_corrects_for_a_reason",  # this and the next in tests/reports/test_corrections.py
    "report_correction_not_waived",
}


def build() -> Scene:
    """One row of everything."""
    who = factories.cast()
    learners = who.programme.indicators.get(code="learners")
    breakdown = Breakdown.objects.create(indicator=learners, code="year", title="by year")
    category = Category.objects.create(breakdown=breakdown, code="nine", title="Year 9")
    award = factories.award_in("active", who, reports=3)
    factories.report_in("in_review", who, award, number=1)
    draft = factories.report_in("draft", who, award, number=2)
    application = factories.draft_award(who)
    Award.objects.filter(pk=application.pk).update(identifier="360G-x")
    checking = factories.import_in("checking", who)
    type(checking).objects.filter(pk=checking.pk).update(faults=[{"cell": "F12"}])
    first = award.milestones.get(number=1).reports.get()
    other = factories.report_in("in_review", who)
    for code, verdict in (("done", "fine"), ("copy", "ask")):
        mark_section(other.pk, by=who.reviewer, version=1, code=code, verdict=verdict, words="Who?")
    question = Question.objects.get(version__report=other)
    answer_question(question.pk, by=who.editor, text="They did.")
    factories.send_back(other, who.reviewer)
    (action,) = raise_actions(
        award, by=who.approver, agreed=[Agreed("Send the register", who.signatory, local_today())], raised_in=""
    )
    declare_conflict(award.pk, by=who.second_approver, sentence="My sister works there.")
    us = a_community_reports(who)
    give(us.report, us.members[0], us.editors[0])
    return {
        "member's part": us.report.member_parts.get(),
        "member's figure": us.report.member_figures.get(indicator__code="learners"),
        "member's ratio": us.report.member_figures.get(indicator__code="likely"),
        "member's spend": us.report.member_spend.all()[0],
        "action": action,
        "conflict": award.conflicts.get(),
        "returned section": other.returned_sections.get(),
        "mark": Mark.objects.get(version__report=other, verdict="fine"),
        "question of a review": question,
        "reply": question.reply,
        "extension": ask_for_extension(draft.pk, by=who.editor, until=award.ends, reason="Late."),
        "comment": comment_on(draft.pk, draft.asked_sections()[0], by=who.editor, text="Look."),
        "follow-up": draft.follow_ups.create(about="last", text="It was done."),
        "follow-up of an action": draft.follow_ups.create(about="action", action=action),
        "act": acts_on(first.subject)[0],
        "notice": Notice.objects.all()[0],
        "organisation": who.recipient,
        "person": who.editor,
        "membership": who.editor.memberships.get(),
        "programme": who.programme,
        "share": who.programme.shares.all()[0],
        "strand": who.exemplars,
        "call": who.exemplars.calls.get(),
        "indicator": who.programme.indicators.all()[0],
        "breakdown": breakdown,
        "category": category,
        "section set": who.exemplars.section_sets.all()[0],
        "section": who.exemplars.section_sets.all()[0].sections.all()[0],
        "award": award,
        "application": application,
        "offer": factories.award_in("offered", who),
        "funding": award.fundings.all()[0],
        "milestone": award.milestones.all()[0],
        "evaluation": award.milestones.get(kind="evaluation"),
        "target": award.targets.all()[0],
        "budget line": award.budget_lines.all()[0],
        "tranche": award.tranches.get(milestone__number=1),
        "released tranche": award.tranches.get(milestone=None),
        "report in review": first,
        "blank report": award.milestones.get(number=3).reports.get(),
        "draft": draft,
        "answer": draft.answers.all()[0],
        "result": draft.results.get(indicator__code="learners"),
        "ratio": draft.results.get(indicator__code="likely"),
        "part": ResultPart.objects.create(report=draft, category=category, value=3),
        "question": ask_for_figure(
            draft.pk, learners, by=who.editor, to_name="A school", email="a@school.example", message="How many?",
            wanted_by=local_today(),
        ),
        "spend": draft.spend.all()[0],
        "activity type": who.programme.activity_types.all()[0],
        "activity": draft.activities.all()[0],
        "organiser": draft.activities.all()[0].organisings.create(organisation=who.recipient),
        "risk": draft.risks.create(position=1, what="Rain"),
        "evidence": add_evidence(draft.pk, draft.asked_sections()[0], by=who.editor, name="a.pdf", content=b"%PDF-"),
        "version": first.latest_version,
        "applying import": factories.import_in("applying", who),
        "checking import": checking,
        "judgement": judge(award.pk, by=who.reviewer, course="at_risk", reason="Late", next_step="Call"),
        "funder report": factories.funder_report_in("requested", who),
        "building report": factories.funder_report_in("building", who),
        "built report": factories.funder_report_in("built", who),
        "download": Download.objects.create(funder_report=factories.funder_report_in("built", who), person=who.viewer),
        "who": who,
    }  # fmt: skip


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """Built once for the module; every test takes back what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def broken_by(row: models.Model, statement: str, *values: Any) -> str:
    """The constraint that a statement breaks; "" where it breaks none. Either way it did not happen."""
    savepoint = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as fault:
        return str(fault.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    finally:
        transaction.savepoint_rollback(savepoint)
    return ""


def copied(row: models.Model, **otherwise: str) -> str:
    """SQL that inserts the row again, with some columns set to SQL expressions."""
    table = row._meta.db_table
    columns = [str(field.column) for field in row._meta.concrete_fields if not field.primary_key]
    values = [otherwise.get(column, f'"{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE id = %s"  # noqa: S608


@pytest.mark.parametrize("constraint", CHANGED)
def test_check_refuses(constraint: str, scene: Scene) -> None:
    name, change = CHANGED[constraint]
    row = scene[name]
    assert broken_by(row, f"UPDATE {row._meta.db_table} SET {change} WHERE id = %s", row.pk) == constraint  # noqa: S608


@pytest.mark.parametrize("constraint", ADDED)
def test_check_refuses_what_is_added(constraint: str, scene: Scene) -> None:
    name, otherwise = ADDED[constraint]
    row = scene[name]
    assert broken_by(row, copied(row, **otherwise), row.pk) == constraint


@pytest.mark.parametrize("constraint", TWICE)
def test_row_cannot_stand_twice(constraint: str, scene: Scene) -> None:
    name, otherwise = TWICE[constraint]
    row = scene[name]
    assert broken_by(row, copied(row, **otherwise), row.pk) == constraint


def test_every_constraint_is_tested() -> None:
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in ("grants", "reporting")]
    names = {constraint.name for model in ours for constraint in model._meta.constraints}
    assert names == {*CHANGED, *ADDED, *TWICE, *BY_HAND}


@pytest.mark.parametrize(
    "change",
    [
        "numerator = NULL",
        "denominator = NULL",
        "numerator = -1",
        "denominator = -1",
    ],
)
def test_ratio_keeps_both_parts(change: str, scene: Scene) -> None:
    row = scene["ratio"]
    statement = f"UPDATE reports_result SET {change} WHERE id = %s"  # noqa: S608
    assert broken_by(row, statement, row.pk) == "result_ratio_keeps_both_parts"


@pytest.mark.parametrize("change", ["value = NULL", "status = 'provisional', value = NULL", "value = -1"])
def test_final_figure_has_a_value(change: str, scene: Scene) -> None:
    row = scene["result"]
    assert broken_by(row, f"UPDATE reports_result SET {change} WHERE id = %s", row.pk) == "result_blank_is_never_zero"  # noqa: S608


@pytest.mark.parametrize("status", Result.Status.values)
def test_figure_has_a_value_only_where_it_is_known(status: str, scene: Scene) -> None:
    row = scene["result"]
    rest = ", awaited_from = 'a school', awaited_by = '2012-05-01'" if status == "awaited" else ""
    statement = f"UPDATE reports_result SET status = '{status}', value = 3{rest} WHERE id = %s"  # noqa: S608
    assert broken_by(row, statement, row.pk) == ("" if status in Result.KNOWN else "result_blank_is_never_zero")


def test_identifiers_that_are_blank_may_stand_twice(scene: Scene) -> None:
    row = scene["application"]
    assert broken_by(row, copied(row, reference="'EX-other'", identifier="''"), row.pk) == ""


@pytest.mark.django_db
def test_milestone_has_one_approved_report() -> None:
    who = factories.cast()
    approved = factories.report_in("approved", who)
    second = Report.objects.create(milestone=approved.milestone)
    assert second.state == "draft", "a correction is a second report for the same milestone"
    save_results(second.pk, by=who.editor, rows=[])
    with connection.cursor() as cursor:
        for state in ("awaiting_sign_off", "submitted", "in_review"):
            cursor.execute("UPDATE reports_report SET state = %s WHERE id = %s", [state, second.pk])
    statement = (
        "UPDATE reports_report SET state = 'approved', approval_act_id = 1, approved_version_id = 1 WHERE id = %s"
    )
    with transaction.atomic():
        assert broken_by(second, statement, second.pk) == "one_approved_report"


@pytest.mark.django_db
def test_funder_has_one_released_version_for_a_period() -> None:
    who = factories.cast()
    released = factories.funder_report_in("released", who)
    later = factories.funder_report_in("built", who)
    assert later.period_end == released.period_end
    statement = (
        "UPDATE reporting_funderreport SET state = 'released', released_at = now(), release_act_id = %s WHERE id = %s"
    )
    with pytest.raises(IntegrityError, match="one_released_version"), transaction.atomic():
        connection.cursor().execute(statement, [released.release_act_id, later.pk])


@pytest.mark.django_db
def test_milestone_may_have_a_second_report_once_the_first_has_ended() -> None:
    ended = factories.report_in("waived")
    assert Report.objects.create(milestone=ended.milestone).pk
