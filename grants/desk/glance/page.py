"""Everything that the page of an award shows, gathered for one person."""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Prefetch, QuerySet
from django.urls import reverse

from grants.awards import permissions
from grants.awards.models import Action, Award, Extension
from grants.awards.services import JUDGED, LOOKED_AFTER
from grants.awards.views import STEPS, step_url
from grants.desk import history
from grants.desk.actions import ShownAction, in_a_column, read
from grants.desk.glance.closing import closing_checks
from grants.desk.glance.coming import TOLD, coming, is_ready_to_close
from grants.desk.glance.documents import documents, said_by_grantee, with_reports
from grants.desk.glance.life import life
from grants.desk.glance.money import (
    budget_of,
    funded,
    last_approved,
    money_of,
    reached_targets,
    spent_lines,
    targets_of,
)
from grants.desk.glance.people import contacts, in_words, parties
from grants.desk.milestones import LIVE, SETTLED, Standing, correction_of, is_promised, payments_in_words, standings
from grants.formats import date_range, money
from grants.lifecycle.door import acts_on
from grants.lifecycle.steps import Offered, steps_for
from grants.money.views import steps_of as steps_of_payment
from grants.people.models import GRANTEE_ROLES, MANAGING_ROLES, Role, User
from grants.reports.models import Report
from grants.reports.permissions import second_signatory

ENOUGH = 8  # lines of history, and documents
NOTES = 2
APPLIED = ("draft", "submitted", "in_review", "returned", "declined", "withdrawn")
USUAL = ("submit", "start-review", "offer", "accept", "resume", "recommend", "application", "plan", "report")


def award_for(user: User, reference: str) -> Award | None:
    """The award with everything that the page shows, where the person sees it."""
    agreed = Action.objects.filter(award=OuterRef("pk")).order_by(F("done_at").desc(nulls_first=True), "due_on", "pk")
    return (
        Award.objects.visible_to(user)
        .named()
        .select_related("strand__programme__managing_body", "call", "manager", "cover", "community__lead")
        .prefetch_related(
            "milestones",
            *with_reports(user),
            Prefetch("targets", queryset=reached_targets()),
            Prefetch("budget_lines", queryset=spent_lines()),
            "community__members",
        )
        .annotate(**funded(), agreed=in_a_column(agreed))
        .filter(reference__iexact=reference)
        .first()
    )


def glance(award: Award, user: User, today: date) -> dict[str, Any]:
    """Everything that the page shows. What was not offered yet is shown to the managing body only."""
    manages = user.holds(award.strand.managing_body_id, *MANAGING_ROLES)
    promised = manages or is_promised(award)
    stand = standings(award, today) if promised else []
    entries = history.of_award(award, user, manages=manages)
    happened = list(entries[:ENOUGH])
    came = _came(award, happened, entries)
    acts = list(acts_on(award.subject)) if _decides(award, user) else []
    recommended = bool(acts) and award.has_recommendation
    sent = documents(award, user)
    return {
        "award": award,
        "manages": manages,
        "facts": facts_of(award, shown=promised),
        "life": life(award, stand, came),
        "steps": steps_of(
            award, user, stand, lacking := missing(award, user, manages=manages), recommended=recommended
        ),
        "next": coming(award, stand, came, today, recommended=recommended),
        "missing": lacking,
        "milestones": _milestones(award, user, stand),
        "targets": targets_of(award) if promised else [],
        "parties": parties(award),
        "contacts": contacts(award) if manages else [],
        "fundings": list(zip(award.funders, award.funded, strict=True)) if manages else [],  # type: ignore[attr-defined]
        "acts": in_words(acts),
        "actions": _actions(award, user, manages=manages),
        "documents": sent[:ENOUGH],
        "documents_more": max(len(sent) - ENOUGH, 0),
        "history": history.in_sentences(happened, history.names_of(_reports(award), award.tranches.all())),
        "application_open": award.state in APPLIED,
        **_money(award, user, stand, promised=promised),
        **_watched(award, user),
    }


def facts_of(award: Award, *, shown: bool) -> list[str]:
    """The line under the heading."""
    amount = award.amount if shown else None
    asked = award.amount_applied_for if award.amount_applied_for != amount else None
    period = date_range(award.starts, award.ends) if award.starts and award.ends else ""
    return [
        fact
        for fact in (
            award.reference,
            money(amount, pence=False) if amount is not None else "",
            f"{money(asked, pence=False)} asked for" if asked is not None else "",
            period,
            award.place,
        )
        if fact
    ]


def steps_of(
    award: Award, user: User, stand: list[Standing], lacking: list[str], *, recommended: bool
) -> list[tuple[Offered, str]]:
    """What the person can do with the award now, each with its button: the usual next step is the primary one, and what
    cannot be undone comes last.
    """
    pages = list(filter(None, [_report_page(award, user, stand)]))
    at = [award.reference]
    if award.state in ("draft", "returned") and user.holds(award.organisation_id, *GRANTEE_ROLES):
        verb = "Change" if award.state == "returned" else "Write"
        pages.append(Offered("application", f"{verb} the application", reverse("awards:application", args=at), False))
    if award.state == "in_review" and user.holds(award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER):
        pages.append(Offered("plan", "Plan the award", reverse("awards:plan", args=at), False))
    offered = [*pages, *steps_for(award, user, STEPS, step_url(award))]
    verbs = [one.verb for one in offered]
    primary = next((verb for verb in _usual(award, lacking, recommended=recommended) if verb in verbs), "")
    offered.sort(key=lambda one: (one.verb != primary, one.refuses))
    return [(one, "" if one.verb == primary else "refuse" if one.refuses else "second") for one in offered]


def _report_page(award: Award, user: User, stand: list[Standing]) -> Offered | None:
    """The page of the report that is next, where this person does something there."""
    report = next((one.report for one in stand if one.state not in (*SETTLED, "not_due")), None)
    if report is None or award.state not in ("active", "evaluating"):
        return None
    label = ""
    if user.holds(award.organisation_id, *GRANTEE_ROLES) and report.state in Report.WRITABLE:
        begun = "Continue the report" if report.begun_at else "Begin the report"
        label = "Change the report" if report.state == Report.State.RETURNED else begun
    elif report.state == Report.State.AWAITING_SIGN_OFF and second_signatory(report, user):
        label = "Read and sign the report"
    elif report.state in ("submitted", "in_review") and permissions.reviewer_or_approver(award, user):
        label = "Review the report"
    return Offered("report", label, report.get_absolute_url(), False) if label else None


def _usual(award: Award, lacking: list[str], *, recommended: bool) -> tuple[str, ...]:
    """The verbs of the usual next step, the likeliest first."""
    if lacking:
        return ("application", "plan", *USUAL)
    if recommended:
        return tuple(verb for verb in USUAL if verb != "plan")  # it stands as it was recommended
    if award.needs_recommendation:
        return ("recommend", *USUAL)
    return ("close", *USUAL) if is_ready_to_close(award) else USUAL


def missing(award: Award, user: User, *, manages: bool) -> list[str]:
    """What still stands in the way of the next step, for whoever can mend it."""
    if award.state in ("draft", "returned") and user.holds(award.organisation_id, *GRANTEE_ROLES):
        return award.missing()
    return award.missing_from_offer() if award.state == "in_review" and manages else []


def _came(award: Award, happened: list[Any], entries: QuerySet[Any]) -> Any:
    """How the award came to its state, where the page tells it: among what it shows, else among all entries."""
    if award.state not in TOLD:
        return None
    shown = next((entry for entry in happened if history.is_move_to_state_of(award, entry)), None)
    return shown or history.came(award, entries)


def _milestones(award: Award, user: User, stand: list[Standing]) -> list[dict[str, Any]]:
    """The milestones, each with the last later due date that was asked for, for the two sides that have to do with it."""
    asked = Extension.objects.visible_to(user).filter(milestone__award=award) if stand else Extension.objects.none()
    latest = {extension.milestone_id: extension for extension in asked.order_by("asked_at", "pk")}
    decides = permissions.reviewer_or_approver(award, user)
    return [
        _row(standing, award) | {"extension": latest.get(standing.milestone.pk), "decides": decides}
        for standing in stand
    ]


def _row(standing: Standing, award: Award) -> dict[str, Any]:
    """A milestone with its report and its payments."""
    report = standing.report
    at = {"approved": report.approved_at, "submitted": report.submitted_at}.get(report.state) if report else None
    payments = payments_in_words(t for t in award.tranches.all() if t.milestone_id == standing.milestone.pk)
    return {
        "standing": standing,
        "period": date_range(standing.milestone.period_start, standing.milestone.period_end),
        "url": report.get_absolute_url() if report else "",
        "at": at,
        "is_open": award.state in LIVE,
        "payments": payments,
        "correction": correction_of(standing.milestone),
    }


def _money(award: Award, user: User, stand: list[Standing], *, promised: bool) -> dict[str, Any]:
    """The payments with what can be done with them, their sums, and the budget."""
    if not promised:
        return {"payments": [], "figures": [], "budget": [], "closing": []}
    tranches = list(award.tranches.all())
    offered = award.state in Award.FROM_OFFER_ON
    payments = [(tranche, steps_of_payment(tranche, user) if offered else []) for tranche in tranches]
    lines, total = budget_of(award)
    return {
        "closing": closing_checks(award, stand, total),
        "payments": payments,
        "payment_steps": any(steps for _, steps in payments),
        "payments_total": sum(tranche.amount for tranche in tranches),
        "figures": money_of(award, tranches) if offered else [],
        "budget": lines,
        "budget_total": total,
        "spent_to": last_approved(stand),
    }


def _actions(award: Award, user: User, *, manages: bool) -> list[ShownAction]:
    """What was agreed, for both sides."""
    return read(award.agreed) if manages or user.holds(award.organisation_id, *GRANTEE_ROLES) else []  # type: ignore[attr-defined]


def _watched(award: Award, user: User) -> dict[str, Any]:
    """What the managing body writes down for itself, beside what the grantee says: for the managing body only."""
    if not permissions.of_the_managing_body(award, user):
        return {"watches": False}
    return {
        "watches": permissions.watcher(award, user),
        "names_managers": award.state in LOOKED_AFTER and permissions.reviewer_or_approver(award, user),
        "reads_notes": True,
        "notes": award.contact_notes.select_related("by")[:NOTES],
        "judged": award.state in JUDGED,
        "theirs": said_by_grantee(award),
        "ours": award.judgements.select_related("by").first() if award.state in Award.FROM_OFFER_ON else None,
    }


def _decides(award: Award, user: User) -> bool:
    """Whether the person weighs the application, which is still open or on offer."""
    decided = award.state not in (*APPLIED, "offered")
    return not decided and user.holds(award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER)


def _reports(award: Award) -> list[Any]:
    return [report for milestone in award.milestones.all() for report in milestone.reports.all()]
