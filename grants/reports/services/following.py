"""What follows from the moves of a report, and of its award, in the same transaction."""

from collections.abc import Sequence
from typing import Any

from grants import clock
from grants.awards.models import Award, Milestone
from grants.awards.services import Agreed, close_actions, raise_actions, reconsider, release_if_earned
from grants.formats import date_words
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import NotNow, add_act, advance, after
from grants.lifecycle.models import Act
from grants.lifecycle.notices import notify
from grants.money.services import hold_payment
from grants.people.models import GRANTEE_ROLES, Role, User
from grants.reports.models import Report, Version
from grants.reports.record import canonical, content_of, digest
from grants.reports.services.letters import of_an_approval, subject_of
from grants.reports.services.writing import open_reports


@after(Award, "accept")
def open_reports_on_acceptance(award: Award, **facts: Any) -> None:
    """A report is opened for each milestone."""
    open_reports(award)


@after(Award, "terminate")
@after(Award, "close")
def abandon_open_reports(award: Award, **facts: Any) -> None:
    """Open reports are abandoned, corrections among them."""
    reason = f"The award is {award.get_state_display().lower()}."
    for report in Report.objects.filter(milestone__award=award, state__in=Report.OPEN):
        advance(Report, report.pk, "abandon", by=SYSTEM, seen=None, reason=reason)


@after(Report, "ask_for_sign_off")
def tell_the_signatories(report: Report, **facts: Any) -> None:
    """The recipient's signatories get a notice."""
    people = User.objects.holding(report.award.organisation_id, Role.SIGNATORY)
    due = report.milestone.due_on if report.corrects_id is None else None
    notify(
        people,
        report,
        "ask",
        f"{report.asked_by} asks you to read and sign it." if report.asked_by else "Read and sign it.",
        report.get_absolute_url(),
        subject=f"Sign by {date_words(due)}: {report}" if due else f"To sign: {report}",
        due=due,
        reply_to=report.award.answers_to,
    )


@after(Report, "submit")
def freeze_a_version(report: Report, *, by: User, **facts: Any) -> None:
    """A Version is frozen; whoever asked (but for a light award) and whoever signed have their parts in it."""
    text = canonical(content_of(report))
    Version.objects.create(report=report, number=report.next_number, canonical=text, sha256=digest(text))
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
def hold_the_payment(report: Report, *, by: User, hold: str = "", **facts: Any) -> None:
    """Its scheduled payment is held, where the approver gives a reason for that."""
    if not hold.strip():
        return
    payments = report.milestone.tranches.filter(state="scheduled")
    if not payments:
        raise NotNow("No scheduled payment depends on this report: there is none to hold.")
    for payment in payments:
        hold_payment(payment.pk, by=by, seen=None, reason=hold)


@after(Report, "approve")
def settle_the_milestone(report: Report, **facts: Any) -> None:
    """The milestone is settled, and its payment released where scheduled; a correction changes neither."""
    if report.corrects_id is None:
        _settle(report.milestone)
        release_if_earned(report.milestone.tranches.all())


@after(Report, "approve")
def agree_actions(report: Report, *, by: User, version: Version, actions: Sequence[Agreed] = (), **facts: Any) -> None:
    """Actions that were agreed are raised; those that the report says are done are closed."""
    rows = report.follow_ups.filter(done=True).select_related("action", "action__owner")
    close_actions(
        report.award, by=by, done=[(row.action, row.text or f"Done, as {report} says.") for row in rows if row.action]
    )
    raise_actions(report.award, by=by, agreed=actions, raised_in=f"{report.milestone.name}, version {version.number}")


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
def tell_of_the_approval(
    report: Report, *, version: Version, actions: Sequence[Agreed] = (), hold: str = "", **facts: Any
) -> None:
    """The recipient's editors and signatories get a notice."""
    payments = report.milestone.tranches.all()
    tell_the_grantee(report, reason=of_an_approval(report, version.number, payments, actions, hold))


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
        subject=subject_of(report, report.state),
        reply_to=report.award.answers_to,
    )


def _settle(milestone: Milestone) -> None:
    milestone.settled_at = clock.now()
    milestone.save(update_fields=["settled_at"])
