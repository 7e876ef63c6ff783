"""An award at a glance: what happens next, what is promised, reported and paid, who is concerned, what happened."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.html import format_html

from grants.awards.models import Award
from grants.awards.views import STEPS, step_url
from grants.desk import history
from grants.desk.milestones import Standing, is_promised, review_promised_by, standings, with_milestones
from grants.formats import date_range, date_words, money
from grants.lifecycle.door import acts_on
from grants.lifecycle.steps import Offered, steps_for
from grants.money.views import steps_of as steps_of_payment
from grants.people.models import GRANTEE_ROLES, MANAGING_ROLES, Organisation, Role, User
from grants.reports.models import Report

AT_ONCE = 30
USUAL = ("submit", "start-review", "offer", "accept", "resume", "recommend", "application", "plan")


def award_for(user: User, reference: str) -> Award | None:
    """The award with everything that the page shows, where the person sees it."""
    return (
        Award.objects.visible_to(user)
        .named()
        .select_related("strand__programme__managing_body", "call", "manager", "cover", "community__lead")
        .prefetch_related(
            "milestones",
            *with_milestones(user),
            "targets__indicator",
            "budget_lines",
            "fundings__funder",
            "community__members",
        )
        .filter(reference__iexact=reference)
        .first()
    )


def glance(award: Award, user: User, today: date, *, page: str | None, everything: bool) -> dict[str, Any]:
    """Everything that the page shows. What was not offered yet is shown to the managing body only."""
    manages = user.holds(award.strand.managing_body_id, *MANAGING_ROLES)
    promised = manages or is_promised(award)
    offered = award.state in Award.FROM_OFFER_ON
    stand = standings(award, today) if promised else []
    tranches = list(award.tranches.all()) if promised else []
    entries = history.of_award(award, user, manages=manages)
    names = history.names_of(_reports(award), tranches)
    lacking = missing(award, user, manages=manages)
    pages = Paginator(entries, AT_ONCE)
    shown = pages.get_page(page if everything else 1)
    return {
        "award": award,
        "manages": manages,
        "facts": facts_of(award, shown=promised),
        "steps": steps_of(award, user, lacking),
        "next": what_next(award, stand, today),
        "missing": lacking,
        "milestones": [(standing, standing.report.get_absolute_url() if standing.report else "") for standing in stand],
        "row": stand if len(stand) > 1 else [],
        "payments": [(tranche, steps_of_payment(tranche, user) if offered else []) for tranche in tranches],
        "payments_total": sum(tranche.amount for tranche in tranches),
        "targets": award.targets.all() if promised else [],
        "budget": award.budget_lines.all() if promised else [],
        "budget_total": sum(line.amount for line in award.budget_lines.all()),
        "fundings": award.fundings.all() if manages else [],
        "parties": parties(award),
        "acts": acts(award) if user.holds(award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER) else [],
        "history": history.in_sentences(list(shown), names),
        "history_page": shown if everything else None,
        "history_more": pages.count if pages.count > AT_ONCE and not everything else 0,
        "application_open": award.state in ("draft", "submitted", "in_review", "returned", "declined"),
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


def steps_of(award: Award, user: User, lacking: list[str]) -> list[tuple[Offered, str]]:
    """What the person can do with the award now, each with its button: the usual next step is the primary one, and what
    cannot be undone comes last.
    """
    pages = []
    at = [award.reference]
    if award.state in ("draft", "returned") and user.holds(award.organisation_id, *GRANTEE_ROLES):
        pages.append(Offered("application", "Write the application", reverse("awards:application", args=at), False))
    if award.state == "in_review" and user.holds(award.strand.managing_body_id, Role.REVIEWER, Role.APPROVER):
        pages.append(Offered("plan", "Plan the award", reverse("awards:plan", args=at), False))
    offered = [*pages, *steps_for(award, user, STEPS, step_url(award))]
    usual = ("application", "plan") if lacking else ("recommend", *USUAL) if award.needs_recommendation else USUAL
    verbs = [one.verb for one in offered]
    primary = next((verb for verb in (*usual, *USUAL) if verb in verbs), "")
    offered.sort(key=lambda one: (one.verb != primary, one.refuses))
    return [(one, "" if one.verb == primary else "refuse" if one.refuses else "second") for one in offered]


def what_next(award: Award, stand: list[Standing], today: date) -> str:
    """What happens next, in a sentence, whoever reads it."""
    body, applicant = award.strand.managing_body, award.organisation
    promised = review_promised_by(award.submitted_at, award.strand.review_days) if award.submitted_at else today
    match award.state:
        case "draft":
            closes = f" before {date_words(award.call.closes_at)}" if award.call else ""
            return f"The application is being written. A signatory of {applicant} submits it{closes}."
        case "submitted":
            return f"{body} reads the application. A decision is promised by {date_words(promised)}."
        case "in_review":
            return f"{body} is reviewing the application, and offers the award, returns it for changes or declines it."
        case "returned":
            return f"{body} asked for changes. {applicant} makes them, and a signatory submits the application again."
        case "offered" if award.acceptance_due:
            accepts = f"A signatory of {applicant} accepts by {date_words(award.acceptance_due)}."
            return f"{accepts} Then reports are opened, and what is paid on acceptance is released."
        case "active" | "evaluating":
            return _next_report(award, stand, today)
        case "suspended":
            return "The award is suspended: reports can be written, but neither sent nor approved, until it is resumed."
        case "closed" | "terminated" if award.ended_on:
            word = "closed" if award.state == "closed" else "ended early"
            return f"The award was {word} on {date_words(award.ended_on)}. Nothing more is due."
        case "declined":
            return "The application was declined. The reason stands in the history."
    return "Nothing more is due."


def _next_report(award: Award, stand: list[Standing], today: date) -> str:
    ahead = next((one for one in stand if one.state not in ("approved", "waived", "abandoned")), None)
    if ahead is None:
        if all(tranche.state in ("paid", "cancelled") for tranche in award.tranches.all()):
            return "Every report is settled, and nothing is left to pay. The award can be closed."
        return "Every report is settled. The award can be closed when every payment is paid or cancelled."
    body, due = award.strand.managing_body, date_words(ahead.milestone.due_on)
    if ahead.state in ("submitted", "in_review") and ahead.report and ahead.report.submitted_at:
        promised = review_promised_by(ahead.report.submitted_at, award.strand.review_days)
        return format_html(
            '{} reviews <a href="{}">{}</a>; the review is promised by {}.',
            body,
            ahead.report.get_absolute_url(),
            ahead.title,
            date_words(promised),
        )
    if ahead.state == "returned":
        return f"{body} asked for changes to {ahead.title}; {award.recipient} sends it again."
    verb = "was" if ahead.milestone.due_on < today else "is"
    return f"{ahead.title} {verb} due on {due}. {award.organisation} writes and signs it."


def missing(award: Award, user: User, *, manages: bool) -> list[str]:
    """What still stands in the way of the next step, for whoever can mend it."""
    if award.state in ("draft", "returned") and user.holds(award.organisation_id, *GRANTEE_ROLES):
        return award.missing()
    return award.missing_from_offer() if award.state == "in_review" and manages else []


def parties(award: Award) -> list[tuple[str, Organisation]]:
    """The organisations that take part, each with its part."""
    if award.community is None:
        return [("Recipient", award.organisation)]
    members = [("Member", member) for member in award.community.members.all() if member.pk != award.organisation_id]
    lead = [("Lead", award.community.lead)] if award.community.lead_id != award.organisation_id else []
    return [("Recipient and lead" if not lead else "Recipient", award.organisation), *lead, *members]


def acts(award: Award) -> list[dict[str, Any]]:
    """Who did what in the application as it was last submitted: signed, recommended, approved."""
    return [
        {
            "term": act.get_part_display().capitalize(),
            "value": act.person.name,
            "hint": ". ".join(filter(None, [date_words(act.at), act.note])),
        }
        for act in acts_on(award.subject)
    ]


def _reports(award: Award) -> list[Report]:
    return [report for milestone in award.milestones.all() for report in milestone.reports.all()]
