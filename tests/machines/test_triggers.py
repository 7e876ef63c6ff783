"""The same tables in PostgreSQL: what no service, admin or hand at a console can do."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from grants.awards.models import Award, Tranche
from grants.awards.services import save_plan
from grants.formats import local_today
from grants.imports.models import Import
from grants.lifecycle.machine import Machine
from grants.reports.models import Report
from reporting.models import FunderReport
from tests import factories
from tests.machines.records import CASES, IDS, MACHINES, Kind
from tests.machines.tables import BORN

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: Any) -> int:
    """Run a statement as somebody at a console would, in a savepoint; returns how many rows it touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def move_by_hand(record: Machine, target: str) -> str:
    """Set the state by SQL and take it back: "moved", "no such move", or the CHECK that asks for more than that."""
    savepoint = transaction.savepoint()
    try:
        assert sql(f"UPDATE {record._meta.db_table} SET state = %s WHERE id = %s", target, record.pk) == 1  # noqa: S608
    except IntegrityError as fault:
        return str(fault.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    except DatabaseError as fault:
        return "no such move" if "ransition" in str(fault) else str(fault)
    finally:
        transaction.savepoint_rollback(savepoint)
    return "moved"


CHECKS = {
    "award_offered_has_amount_and_dates",
    "award_offered_by_somebody",
    "award_ended_has_date",
    "report_approved_by_somebody",
    "report_sent_was_begun",
    "tranche_paid_has_date",
    "tranche_released_has_date",
    "import_applied_has_date",
    "import_ready_has_no_fault",
    "funder_report_built_has_file",
    "funder_report_released_by_somebody",
}


@pytest.mark.parametrize(("kind", "state"), CASES, ids=IDS)
def test_database_knows_the_moves_from_state(kind: Kind, state: str) -> None:
    record, wrong = factories.STATES[kind.model](state), []
    for target in kind.moves:
        seen = move_by_hand(record, target)
        legal = (state, target) in kind.pairs or target == state
        if legal and seen != "moved" and seen not in CHECKS:
            wrong.append(f"{state} to {target} is legal, but: {seen}")
        if not legal and seen != "no such move":
            wrong.append(f"{state} to {target} is illegal, but: {seen}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", MACHINES, ids=str)
def test_database_knows_no_other_state(kind: Kind) -> None:
    record = factories.STATES[kind.model](next(iter(kind.moves)))
    assert move_by_hand(record, "nowhere") == "no such move"


def newborn(model: type[Machine], state: str, who: factories.Cast) -> Any:
    """A row that has all but a legal birth; not saved."""
    today = local_today()
    if model is Award:
        return Award(
            reference="EX-1",
            strand=who.exemplars,
            organisation=who.recipient,
            amount=0,
            starts=today,
            ends=today,
            ended_on=today,
            acceptance_due=today,
            state=state,
        )
    if model is Report:
        report = factories.report_in("waived", who)
        return Report(milestone=report.milestone, section_set=who.exemplars.section_sets.first(), state=state)
    if model is Tranche:
        award = factories.award_in("in_review", who)
        return Tranche(award=award, number=9, amount=1, released_at=timezone.now(), paid_on=today, state=state)
    if model is Import:
        return Import(
            programme=who.programme, name="a.xlsx", content=b"", sha256="", applied_at=timezone.now(), state=state
        )
    assert model is FunderReport
    return FunderReport(
        programme=who.programme,
        funder=who.funder,
        period_start=today - timedelta(days=90),
        period_end=today,
        number=1,
        requested_by=who.reviewer,
        built_at=timezone.now(),
        snapshot_sha256="1",
        pdf_sha256="2",
        state=state,
    )


@pytest.mark.parametrize("kind", MACHINES, ids=str)
def test_row_is_born_only_in_states_that_allow_it(kind: Kind) -> None:
    who = factories.cast()
    for state in kind.moves:
        row = newborn(kind.model, state, who)
        if state in BORN[str(kind)]:
            with transaction.atomic():
                row.save(force_insert=True)
                transaction.set_rollback(True)
        else:
            with pytest.raises(DatabaseError, match="pgtrigger_birth"), transaction.atomic():
                row.save(force_insert=True)


def test_queryset_update_cannot_make_an_illegal_move() -> None:
    award = factories.draft_award()
    with pytest.raises(DatabaseError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(state="active")


def test_state_cannot_be_assigned() -> None:
    award = factories.draft_award()
    with pytest.raises(AttributeError):
        award.state = "active"


# --- What is written in a report ------------------------------------------------------------------------------------

WRITTEN = {
    "reports_answer": ("text = 'Changed'", "answers"),
    "reports_result": ("value = 1000", "results"),
    "reports_spend": ("amount = 1000, forecast = NULL", "spend"),
    "reports_activity": ("title = 'Changed'", "activities"),
    "reports_risk": ("what = 'Changed'", "risks"),
    "reports_evidence": ("name = 'changed.pdf'", "evidence"),
}


@pytest.mark.parametrize("state", [value for value in Report.State.values if value not in ("waived", "abandoned")])
def test_what_is_written_in_a_report_changes_only_in_draft_and_returned(state: str) -> None:
    who = factories.cast()
    who.programme.strands.update(full_from=factories.AMOUNT)  # such an award is asked for risks
    report = factories.report_in("draft", who)
    report.evidence.create(section=report.asked_sections()[0], kind="pdf", size=1, added_by=who.editor)
    report = factories.move_report(report, state, who)
    for table, (change, name) in WRITTEN.items():
        row = getattr(report, name).filter(**({"numerator": None} if name == "results" else {})).first()
        statements = [
            (f"UPDATE {table} SET {change} WHERE id = %s", row.pk),  # noqa: S608
            (f"DELETE FROM {table} WHERE id = %s", row.pk),  # noqa: S608
        ]
        for statement, pk in statements:
            if state in ("draft", "returned"):
                assert sql(statement, pk) == 1
            else:
                with pytest.raises(IntegrityError, match="what is written in it cannot change"):
                    sql(statement, pk)


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_nothing_is_added_to_a_report_that_is_not_being_written(state: str) -> None:
    report = factories.report_in(state)
    line = report.award.budget_lines.create(title="Late", amount=0)
    with pytest.raises(IntegrityError, match="what is written in it cannot change"), transaction.atomic():
        report.spend.create(budget_line=line, amount=1)


def test_row_cannot_be_moved_from_an_approved_report_to_a_draft_one() -> None:
    who = factories.cast()
    award = factories.award_in("active", who)
    approved = factories.report_in("approved", who, award)
    draft = Report.objects.get(milestone__award=award, milestone__number=2)
    with pytest.raises(IntegrityError, match="what is written in it cannot change"):
        sql("UPDATE reports_spend SET report_id = %s WHERE report_id = %s", draft.pk, approved.pk)


# --- What is only added to ------------------------------------------------------------------------------------------

KEPT = (
    "lifecycle_act",
    "lifecycle_historyentry",
    "reports_version",
    "reporting_document",
    "reporting_figuresource",
    "reporting_download",
)


def test_row_that_is_kept_can_be_neither_changed_nor_deleted() -> None:
    who = factories.cast()
    version = factories.report_in("approved", who).versions.get()
    document = factories.funder_report_in("built", who)
    document.downloads.create(person=who.viewer)
    document.sources.create(figure="R1", award=version.report.award, version=version, path="x", raw_value="1")
    for table in KEPT:
        for statement in (f"UPDATE {table} SET id = id + 1000000", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(DatabaseError, match="pgtrigger_append_only"):
                sql(statement)


def test_built_document_cannot_be_given_another_snapshot() -> None:
    document = factories.funder_report_in("built")
    for column in ("snapshot", "snapshot_sha256", "pdf_sha256"):
        with pytest.raises(DatabaseError, match="pgtrigger_frozen_once_built"):
            sql(f"UPDATE reporting_funderreport SET {column} = 'x' WHERE id = %s", document.pk)  # noqa: S608


# --- Payments sum to the amount, at the latest when the transaction ends --------------------------------------------

ONE_PAYMENT_MORE = """
    INSERT INTO awards_tranche (award_id, number, amount, state, revision, payment_reference)
    VALUES (%s, 9, 1, 'scheduled', 0, '')
"""
BREAKS_THE_SUM = [
    "UPDATE awards_tranche SET amount = amount + 0.01 WHERE award_id = %s AND number = 1",
    "DELETE FROM awards_tranche WHERE award_id = %s AND number = 2",
    "UPDATE awards_award SET amount = amount - 0.01 WHERE id = %s",
    ONE_PAYMENT_MORE,
]


def commit(statement: str, *values: Any) -> None:
    """Run a statement, and let deferred triggers answer as they do at a commit."""
    with transaction.atomic():
        assert sql(statement, *values) > 0
        sql("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("statement", BREAKS_THE_SUM)
def test_payments_must_sum_to_the_amount_from_the_offer_on(statement: str) -> None:
    award = factories.award_in("offered")
    with pytest.raises(IntegrityError, match="not to its amount"):
        commit(statement, award.pk)


@pytest.mark.parametrize("statement", BREAKS_THE_SUM)
def test_payments_may_sum_to_anything_before_the_offer(statement: str) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    save_plan(award.pk, by=who.reviewer, seen=None, plan=factories.plan(who.programme))
    commit(statement, award.pk)


def test_payments_may_change_together_within_a_transaction() -> None:
    award = factories.award_in("active")
    sql("UPDATE awards_tranche SET amount = amount + 500 WHERE award_id = %s AND number = 2", award.pk)
    sql("UPDATE awards_award SET amount = amount + 500 WHERE id = %s", award.pk)
    sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_cancelled_payment_counts_in_the_sum() -> None:
    who = factories.cast()
    award = factories.tranche_in("cancelled", who).award
    with pytest.raises(IntegrityError, match="not to its amount"):
        commit("DELETE FROM awards_tranche WHERE award_id = %s AND state = 'cancelled'", award.pk)


def test_payment_moved_to_another_award_unsettles_both() -> None:
    who = factories.cast()
    one, other = factories.award_in("active", who), factories.award_in("in_review", who)
    with pytest.raises(IntegrityError, match="not to its amount"):
        commit(
            "UPDATE awards_tranche SET award_id = %s, number = 9 WHERE award_id = %s AND number = 4", other.pk, one.pk
        )
