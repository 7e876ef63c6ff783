"""The managing body's home: what waits for me, what is late, what is off course, what moved."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, ExpressionWrapper, F, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse

from grants.awards.models import Award, Tranche
from grants.awards.models.award import AwardQuerySet
from grants.desk.courses import courses
from grants.desk.history import recent
from grants.desk.milestones import UNSENT, review_promised_by
from grants.formats import LONDON, date_words, days_left, local_day, money, plural
from grants.lifecycle.models import Act
from grants.people.models import Role, User
from grants.programmes.models import Programme
from grants.reports.models import Report
from grants.reports.models.report import ReportQuerySet

MOST = 50
ENOUGH = 10
YOURS: dict[str, str] = {
    Act.Part.ASKED: "You asked for its signature",
    Act.Part.SIGNED: "You signed it",
    Act.Part.RECOMMENDED: "You recommended it",
}


def managing_body(user: User, today: date) -> dict[str, Any]:
    """Everything that the managing body's home shows."""
    reads = user.organisations_as(Role.REVIEWER, Role.APPROVER)
    pays = user.organisations_as(Role.FINANCE)
    bodies = sorted({*reads, *pays})
    manages = Award.objects.seen_as_managing_body(user)
    awards = Award.objects.visible_to(user).filter(manages, strand__managing_body__in=bodies)
    reports = Report.objects.visible_to(user).filter(milestone__award__strand__managing_body__in=bodies)
    to_review = ["submitted", "in_review"]
    applications, sent = awards.filter(state__in=to_review), reports.filter(state__in=to_review)
    unsent = reports.filter(
        state__in=UNSENT, milestone__due_on__lt=today, milestone__award__state__in=["active", "evaluating"]
    )
    waiting_count = applications.count() + sent.count() if reads else 0
    late_count = unsent.count()
    off = _off_course(awards)
    payments = _payments(user, pays, bodies, today)
    return {
        "reads": bool(reads),
        "pays": bool(pays),
        "figures": [
            *([{"label": "Waiting for review", "value": waiting_count}] if reads else []),
            {"label": "Late reports", "value": late_count},
            {"label": "Off course or at risk", "value": len(off)},
            {"label": "Released, to be paid", "value": money(payments["released"], pence=False)},
        ],
        "waiting": _waiting(user, applications, sent, today) if reads else [],
        "waiting_count": waiting_count,
        "offers": _offers(awards, today),
        "late": _late(unsent, today),
        "late_count": late_count,
        "off": off,
        "moved": recent(awards),
        "payments": payments,
        "programmes": _programmes(bodies),
    }


def _promised_on(review_days: str) -> ExpressionWrapper:
    """What `review_promised_by` says, for the database to order by."""
    return ExpressionWrapper(TruncDate("submitted_at", tzinfo=LONDON) + F(review_days), output_field=DateField())


def _waiting(user: User, awards: AwardQuerySet, reports: ReportQuerySet, today: date) -> list[dict[str, Any]]:
    """The reports and applications whose review is promised first, in that order."""
    sent = list(
        reports.named()
        .annotate(version=Max("versions__number"), promised=_promised_on("milestone__award__strand__review_days"))
        .order_by("promised", "pk")[:MOST]
    )
    applications = list(
        awards.named().annotate(promised=_promised_on("strand__review_days")).order_by("promised", "pk")[:MOST]
    )
    subjects = {report.pk: f"{report.key}/version:{report.version}" for report in sent}
    parts = dict(
        Act.objects.filter(person=user, subject__in=[*subjects.values(), *(award.subject for award in applications)])
        .values_list("subject", "part")
    )  # fmt: skip
    items = [
        _to_review(
            report, f"{report.award.recipient}: {report.milestone.name}", report.award, report.submitted_at,
            parts.get(subjects[report.pk]), today, report.get_absolute_url(),
        )
        for report in sent
    ] + [
        _to_review(
            award, f"{award.recipient}: application", award, award.submitted_at, parts.get(award.subject), today,
            award.get_absolute_url(),
        )
        for award in applications
    ]  # fmt: skip
    return sorted(items, key=lambda item: (item["date"], item["title"]))[:MOST]


def _to_review(
    record: Any, title: str, award: Award, submitted: Any, part: str | None, today: date, url: str
) -> dict[str, Any]:
    day = local_day(submitted or today)
    promised = review_promised_by(day, award.strand.review_days)
    days = (today - day).days
    waited = f"{plural(days, 'day')} waiting" if days else "Came in today"
    hint = f"{award.reference} {award.title}. {waited}"
    if promised < today:
        hint += f", review promised by {date_words(promised)}"
    if part:
        hint += f". {YOURS[part]}; another person decides"
    return {"date": promised, "title": title, "url": url, "hint": hint, "state": record.state, "word": ""}


def _offers(awards: AwardQuerySet, today: date) -> list[dict[str, Any]]:
    """Offers that nobody has accepted yet."""
    return [
        {
            "date": award.acceptance_due,
            "title": award.recipient,
            "url": award.get_absolute_url(),
            "hint": f"{award.reference} {award.title}, {money(award.amount or 0, pence=False)}",
            "state": "offered",
            "word": days_left(award.acceptance_due, today).capitalize() if award.acceptance_due else "",
        }
        for award in awards.filter(state="offered").named().order_by("acceptance_due", "pk")[:MOST]
    ]


def _late(reports: ReportQuerySet, today: date) -> list[dict[str, Any]]:
    """Reports that were due and have not been sent, those that are late the longest first."""
    return [
        {
            "date": report.milestone.due_on,
            "title": f"{report.award.recipient}: {report.milestone.name}",
            "url": report.get_absolute_url(),
            "hint": f"{report.award.reference}. {_word_of(report)}",
            "state": report.milestone.due_word(today),
            "word": days_left(report.milestone.due_on, today).capitalize(),
        }
        for report in reports.named().order_by("milestone__due_on", "pk")[:MOST]
    ]


def _word_of(report: Report) -> str:
    if report.state == "draft" and report.begun_at is None:
        return "Not begun"
    return str(report.get_state_display())


def _off_course(awards: AwardQuerySet) -> list[dict[str, Any]]:
    """Live awards whose last approved report says that they are at risk or off course."""
    live = {award.pk: award for award in awards.filter(state__in=["active", "evaluating", "suspended"]).named()}
    found = [
        {
            "title": live[pk].recipient,
            "url": live[pk].get_absolute_url(),
            "hint": f"{live[pk].reference}, {answer.report.milestone.name}. {answer.text}".strip(),
            "state": answer.choice,
            "word": answer.get_choice_display(),
        }
        for pk, answer in courses(live).items()
        if answer.choice != "on_course"
    ]
    return sorted(found, key=lambda item: (item["state"] == "at_risk", item["title"]))


def _payments(user: User, pays: list[int], bodies: list[int], today: date) -> dict[str, Any]:
    """What was released and is to be paid; the first of them in full for finance."""
    seen = Tranche.objects.visible_to(user).filter(
        award__strand__managing_body__in=bodies, award__state__in=Award.FROM_OFFER_ON
    )
    month = today - timedelta(days=30)
    sums = seen.aggregate(
        released=Sum("amount", filter=Q(state="released")),
        count=Count("pk", filter=Q(state="released")),
        paid=Sum("amount", filter=Q(state="paid", paid_on__gte=month)),
    )
    rows = (
        seen.filter(state="released", award__strand__managing_body__in=pays)
        .select_related("award__organisation", "award__community", "milestone")
        .order_by("released_at", "pk")[:ENOUGH]
        if pays
        else []
    )
    return {
        "released": sums["released"] or Decimal(0),
        "count": sums["count"],
        "paid": sums["paid"] or Decimal(0),
        "rows": [(row, reverse("money:step", args=[row.pk, "pay"])) for row in rows],
        "url": reverse("money:payments"),
    }


def _programmes(bodies: list[int]) -> QuerySet[Programme]:
    """The programmes in which the bodies manage a strand, with how many accepted awards they have there."""
    live = Q(strands__awards__state__in=["active", "evaluating", "suspended"], strands__managing_body__in=bodies)
    return (
        Programme.objects.filter(Q(managing_body__in=bodies) | Q(strands__managing_body__in=bodies))
        .annotate(live=Count("strands__awards", filter=live, distinct=True))
        .distinct()
    )
