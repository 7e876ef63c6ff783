"""What people do with a report: typed verbs around the door, and what follows from its moves."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from grants import clock
from grants.awards.models import Award, BudgetLine, Milestone
from grants.awards.services import reconsider, release_if_earned
from grants.formats import date_words
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import (
    NotNow,
    NotYou,
    Stale,
    add_act,
    advance,
    after,
    check_fresh,
    fresh,
    lock,
    write_history,
)
from grants.lifecycle.models import Act
from grants.lifecycle.notices import notify
from grants.people.models import GRANTEE_ROLES, Role, User
from grants.programmes.models import Section
from grants.reports import permissions
from grants.reports.models import Answer, Report, Result, Spend, Version
from grants.reports.record import canonical, content_of, digest, results_in, spend_in

TOLD_AS = {
    Report.State.DRAFT: "Not signed",
    Report.State.RETURNED: "Returned, to be mended",
    Report.State.APPROVED: "Approved",
    Report.State.WAIVED: "No longer asked for",
}
"""What the recipient is told of a report that is now in a state."""

# --- Writing --------------------------------------------------------------------------------------------------------------


def open_reports(award: Award) -> int:
    """Open a draft for every milestone that is neither settled nor reported on; returns how many. An award without a budget
    gets one line for all its costs, so that spend can be reported.
    """
    if not award.budget_lines.exists() and award.amount is not None:
        BudgetLine.objects.create(award=award, title="All costs", amount=award.amount)
    waiting = award.milestones.filter(settled_at=None).exclude(reports__state__in=[*Report.OPEN, Report.State.APPROVED])
    return len(Report.objects.bulk_create([Report(milestone=milestone) for milestone in waiting]))


@transaction.atomic
def save_answer(
    pk: int, section: Section, *, by: User, text: str, choice: str = "", seen_at: str | None = None
) -> Answer:
    """Store what is written in one part. `seen_at` is when the part was last saved as the page knew it, in ISO form.

    Raises NotNow where the report is with somebody else, NotYou, and Stale where another person saved the part meanwhile.
    """
    report = _writable(pk, by)
    if section not in report.asked_sections():
        raise NotNow("This report does not ask that part.")
    answer = report.answers.filter(section=section).first() or Answer(report=report, section=section)
    if (answer.text, answer.choice) == (text, choice) and answer.pk:
        return answer
    if seen_at is not None and answer.pk and answer.saved_at.isoformat() != seen_at:
        raise Stale(f"{answer.saved_by} saved this part while you were writing.")
    answer.text, answer.choice, answer.saved_by, answer.saved_at = text, choice, by, clock.now()
    answer.save()
    return answer


def mark_of(report: Report, form: str) -> str:
    """A mark of the figures or the spend as they are stored: it changes with them."""
    return digest(canonical(spend_in(report) if form == Section.Form.SPEND else results_in(report)))


@transaction.atomic
def save_results(pk: int, *, by: User, rows: Iterable[Mapping[str, Any]], seen_mark: str | None = None) -> None:
    """Store the figures: a mapping for each indicator with `indicator`, `status` and the fields of Result.

    A row whose status is empty takes the figure out: it is blank again. `seen_mark` is the mark of the figures as the
    page showed them; raises Stale where they were changed meanwhile, NotNow and NotYou.
    """
    report = _writable(pk, by)
    before = _checked_mark(report, Section.Form.FIGURES, seen_mark)
    given = list(rows)
    report.results.filter(indicator__in=[row["indicator"] for row in given if not row["status"]]).delete()
    Result.objects.bulk_create(
        [Result(report=report, **row) for row in given if row["status"]],
        update_conflicts=True,
        unique_fields=["report", "indicator"],
        update_fields=["status", "value", "numerator", "denominator", "awaited_from", "awaited_by", "source"],
    )
    _note_who_wrote(report, Section.Form.FIGURES, by, before)


@transaction.atomic
def save_spend(
    pk: int, *, by: User, rows: Iterable[tuple[BudgetLine, Decimal | None]], seen_mark: str | None = None
) -> None:
    """Store what was spent on each budget line, in pounds; None takes the amount out. Raises as `save_results` does."""
    report = _writable(pk, by)
    before = _checked_mark(report, Section.Form.SPEND, seen_mark)
    given = list(rows)
    report.spend.filter(budget_line__in=[line for line, amount in given if amount is None]).delete()
    Spend.objects.bulk_create(
        [Spend(report=report, budget_line=line, amount=amount) for line, amount in given if amount is not None],
        update_conflicts=True,
        unique_fields=["report", "budget_line"],
        update_fields=["amount"],
    )
    _note_who_wrote(report, Section.Form.SPEND, by, before)


def _checked_mark(report: Report, form: str, seen_mark: str | None) -> str:
    """The mark of a table as it is stored; Stale where the page showed another."""
    mark = mark_of(report, form)
    if seen_mark is not None and seen_mark != mark:
        last = report.answers.filter(section__form=form).select_related("saved_by").first()
        raise Stale(f"{last.saved_by if last else 'Somebody else'} saved this part while you were writing.")
    return mark


def _note_who_wrote(report: Report, form: str, by: User, before: str) -> None:
    """Keep who changed a table last, and when: its Answer has no text."""
    if mark_of(report, form) == before:
        return
    for section in report.asked_sections():
        if section.form == form:
            Answer.objects.update_or_create(
                report=report, section=section, defaults={"saved_by": by, "saved_at": clock.now()}
            )


def _writable(pk: int, by: User) -> Report:
    """The report under its lock, begun, where its grantee may write; else NotNow or NotYou."""
    report = lock(Report, pk)
    if not permissions.editor_or_signatory(report, fresh(by)):
        raise NotYou(permissions.editor_or_signatory.__doc__ or "")
    if not report.is_writable:
        raise NotNow(f"The report is {report.get_state_display().lower()}: what is written in it cannot change now.")
    if report.begun_at is None:
        sections = report.asked_sections()
        if not sections:
            raise NotNow("The managing body has not yet said what this report asks.")
        report.section_set = sections[0].section_set
        report.light = report.is_light
        report.begun_at = clock.now()
        report.save(update_fields=["section_set", "light", "begun_at"])
    return report


# --- Signing --------------------------------------------------------------------------------------------------------------


def ask_for_sign_off(pk: int, *, by: User, seen: int | None) -> Report:
    """Hand the report to the signatory. Awaited figures do not block."""
    return advance(Report, pk, "ask_for_sign_off", by=by, seen=seen)


def recall_report(pk: int, *, by: User, seen: int | None) -> Report:
    """Take the report back from sign-off."""
    return advance(Report, pk, "recall", by=by, seen=seen)


def decline_sign_off(pk: int, *, by: User, seen: int | None, reason: str) -> Report:
    """Give the report back to its editors unsigned."""
    return advance(Report, pk, "decline_sign_off", by=by, seen=seen, reason=reason)


def submit_report(pk: int, *, by: User, seen: int | None) -> Report:
    """Sign and submit: a Version is frozen."""
    return advance(Report, pk, "submit", by=by, seen=seen)


def recall_submission(pk: int, *, by: User, seen: int | None) -> Report:
    """Take a submitted report back, as long as nobody reviews it."""
    return advance(Report, pk, "recall_submission", by=by, seen=seen)


# --- Review ---------------------------------------------------------------------------------------------------------------


def start_report_review(pk: int, *, by: User, seen: int | None) -> Report:
    """Take a report into review."""
    return advance(Report, pk, "start_review", by=by, seen=seen)


def return_report(pk: int, *, by: User, seen: int | None, reason: str) -> Report:
    """Ask the grantee for changes."""
    return advance(Report, pk, "send_back", by=by, seen=seen, reason=reason)


@transaction.atomic
def recommend_report(pk: int, *, by: User, seen: int | None, note: str = "") -> Report:
    """Recommend the latest version to whoever approves it; that must be another person."""
    report = lock(Report, pk)
    check_fresh(report, seen)
    if not permissions.reviewer_or_approver(report, fresh(by)):
        raise NotYou(permissions.reviewer_or_approver.__doc__ or "")
    if report.state != Report.State.IN_REVIEW:
        raise NotNow("Only a report in review can be recommended.")
    add_act(report.subject, by, Act.Part.RECOMMENDED, note)
    write_history(report, "recommend", by=by, sentence="Recommended the report", reason=note)
    return report


@transaction.atomic
def approve_report(pk: int, *, by: User, seen: int | None, version: int) -> Report:
    """Approve exactly one version: settles the milestone, releases its payment where scheduled.

    Raises Stale where that version is no longer the latest.
    """
    report = lock(Report, pk)
    check_fresh(report, seen)
    latest = report.latest_version
    if latest is None or latest.number != version:
        raise Stale("Another version was submitted since you opened the page. Read that one first.")
    return advance(Report, pk, "approve", by=by, seen=seen, version=latest)


def waive_report(pk: int, *, by: User, seen: int | None, reason: str) -> Report:
    """Do without the report: the milestone is settled, its payment stays as it is."""
    return advance(Report, pk, "waive", by=by, seen=seen, reason=reason)


# --- What follows ---------------------------------------------------------------------------------------------------------


@after(Award, "accept")
def open_reports_on_acceptance(award: Award, **facts: Any) -> None:
    """A report is opened for each milestone."""
    open_reports(award)


@after(Award, "terminate")
def abandon_open_reports(award: Award, **facts: Any) -> None:
    """Open reports are abandoned."""
    for report in Report.objects.filter(milestone__award=award, state__in=Report.OPEN):
        advance(Report, report.pk, "abandon", by=SYSTEM, seen=None)


@after(Report, "ask_for_sign_off")
def tell_the_signatories(report: Report, **facts: Any) -> None:
    """The recipient's signatories get a notice."""
    people = User.objects.holding(report.award.organisation_id, Role.SIGNATORY)
    due = report.milestone.due_on
    notify(
        people,
        report,
        "ask",
        f"{report.asked_by} asks you to read and sign it." if report.asked_by else "Read and sign it.",
        report.get_absolute_url(),
        subject=f"Sign by {date_words(due)}: {report}",
        due=due,
        reply_to=report.award.answers_to,
    )


@after(Report, "submit")
def freeze_a_version(report: Report, *, by: User, **facts: Any) -> None:
    """A Version is frozen; whoever asked (but for a light award) and whoever signed have their parts in it."""
    text = canonical(content_of(report))
    Version.objects.create(report=report, number=report.versions.count() + 1, canonical=text, sha256=digest(text))
    if report.asked_by is not None and report.asked_by_id != by.pk and not report.needs_one_signature:
        add_act(report.subject, report.asked_by, Act.Part.ASKED)
    add_act(report.subject, by, Act.Part.SIGNED)


@after(Report, "submit")
def tell_the_reviewers(report: Report, **facts: Any) -> None:
    """Reviewers and approvers get a notice."""
    people = User.objects.holding(report.award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER)
    text = f"{report.award.recipient} signed and submitted it. Its review can begin."
    notify(people, report, "submit", text, report.get_absolute_url(), subject=f"A report to review: {report}")


@after(Report, "approve")
def settle_the_milestone(report: Report, **facts: Any) -> None:
    """The milestone is settled, and its payment released where scheduled."""
    _settle(report.milestone)
    release_if_earned(report.milestone.tranches.all())


@after(Report, "waive")
def settle_without_a_report(report: Report, **facts: Any) -> None:
    """The milestone is settled; its payment stays as it is."""
    _settle(report.milestone)


@after(Report, "approve")
@after(Report, "waive")
def reconsider_the_award(report: Report, **facts: Any) -> None:
    """Whether the award is active or evaluating is decided anew."""
    reconsider(report.award)


@after(Report, "approve")
@after(Report, "waive")
@after(Report, "send_back")
@after(Report, "decline_sign_off")
def tell_the_grantee(report: Report, *, reason: str = "", **facts: Any) -> None:
    """The recipient's editors and signatories get a notice."""
    people = User.objects.holding(report.award.organisation_id, *GRANTEE_ROLES)
    notify(
        people,
        report,
        report.get_state_display().lower(),
        reason,
        report.get_absolute_url(),
        subject=f"{TOLD_AS[report.state]}: {report}",
        reply_to=report.award.answers_to,
    )


def _settle(milestone: Milestone) -> None:
    milestone.settled_at = clock.now()
    milestone.save(update_fields=["settled_at"])
