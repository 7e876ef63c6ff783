"""What a list says of an award beside its own columns, worked out by the database: only for the rows that are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject, TruncDate

from grants.awards.models import Award, Judgement, Milestone, Tranche
from grants.awards.models.finding import AwardQuerySet
from grants.awards.models.promises import VERY_LATE
from grants.desk.milestones import LIVE
from grants.formats import LONDON, days_left
from grants.people.models import MANAGING_ROLES, User
from grants.reports.models import Answer, Report

ACCEPTED = ("active", "evaluating", "suspended", "closed", "terminated")
REVIEWED = ("submitted", "in_review")
NOT_SAID = "none"


def promised_on(review_days: str) -> ExpressionWrapper:
    """The day by which a review is promised (`milestones.review_promised_by`), for the database."""
    return ExpressionWrapper(TruncDate("submitted_at", tzinfo=LONDON) + F(review_days), output_field=DateField())


def with_overview(awards: AwardQuerySet, user: User) -> QuerySet[Any]:
    """With `awarded`, `amount_shown`, `paid`, `next_on`, `ahead`, `theirs`, `ours` and `course` on each award.

    An amount that was not offered yet is not shown: it is the managing body's plan. What was asked for stands in its place.
    """
    return awards.annotate(
        awarded=Case(When(state__in=Award.FROM_OFFER_ON, then="amount"), default=None),
        amount_shown=Case(When(state__in=Award.FROM_OFFER_ON, then="amount"), default="amount_applied_for"),
        paid=Case(When(state__in=ACCEPTED, then=_paid()), default=None),
        next_on=_next_on(),
        ahead=Case(When(state__in=LIVE, then=Subquery(_AHEAD.values(data=_WHAT)[:1])), default=None),
        theirs=Subquery(_TOLD.filter(report__milestone__award=OuterRef("pk")).values("choice")[:1]),
        ours=Case(
            When(
                strand__managing_body__in=user.organisations_as(*MANAGING_ROLES),
                then=Subquery(_JUDGED.filter(award=OuterRef("pk")).values("course")[:1]),
            ),
            default=None,
            output_field=CharField(),
        ),
    ).annotate(course=Coalesce("ours", "theirs"))


# ---- What comes next ---------------------------------------------------------------------------------------------

_SENT = Report.objects.order_by().filter(milestone=OuterRef("pk"), state__in=REVIEWED)
_AHEAD = Milestone.objects.order_by("number").filter(award=OuterRef("pk"), settled_at=None)
_WHAT = JSONObject(number="number", title="title", kind="kind", sent=Exists(_SENT))


def _next_on() -> Case:
    """The next day by which somebody must do something: accept the offer, review what was sent, or report."""
    promised = Subquery(_SENT.values(on=promised_on("milestone__award__strand__review_days"))[:1])
    ahead = _AHEAD.values(on=Coalesce(promised, "due_on"))[:1]
    return Case(
        When(state="offered", then="acceptance_due"),
        When(state__in=REVIEWED, then=promised_on("strand__review_days")),
        When(state__in=LIVE, then=Subquery(ahead)),
        default=None,
        output_field=DateField(),
    )


@dataclass(frozen=True)
class Next:
    """What comes next in an award `with_overview`."""

    what: str
    word: str
    """9 days left, 7 days late; empty where no day is set"""
    state: str
    """overdue or very_late where it is late"""


def next_of(award: Any, today: date) -> Next:
    """In words."""
    if award.state == "offered":
        what = "Accept the offer"
    elif award.state in REVIEWED:
        what = "Review the application"
    elif award.ahead:
        name = Milestone(**{key: award.ahead[key] for key in ("number", "title", "kind")}).name
        what = f"Review of {name[:1].lower()}{name[1:]}" if award.ahead["sent"] else name
    else:
        return Next("Every report is settled" if award.state in LIVE else "", "", "")
    if award.next_on is None:
        return Next(what, "", "")
    late = today - award.next_on
    state = "very_late" if late > VERY_LATE else "overdue" if late > timedelta(0) else ""
    return Next(what, days_left(award.next_on, today), state)


# ---- Money -------------------------------------------------------------------------------------------------------


def _paid() -> Coalesce:
    paid = Tranche.objects.order_by().filter(award=OuterRef("pk"), state="paid").values("award")
    return Coalesce(Subquery(paid.annotate(total=Sum("amount")).values("total")), Value(0), output_field=DecimalField())


# ---- Course ------------------------------------------------------------------------------------------------------

_TOLD = Answer.objects.filter(report__state="approved").exclude(choice="").order_by("-report__milestone__number", "-pk")
_JUDGED = Judgement.objects.order_by("-at", "-pk")


def why() -> Case:
    """The reason of whoever judged the course: for awards `with_overview`."""
    told = Subquery(_TOLD.filter(report__milestone__award=OuterRef("pk")).values("text")[:1])
    judged = Subquery(_JUDGED.filter(award=OuterRef("pk")).values("reason")[:1])
    return Case(When(ours__isnull=False, then=judged), default=told)


def course_in(choices: Iterable[str], user: User) -> Q:
    """Awards whose course is one of these as the person sees it: the managing body's own judgement, else the grantee's."""
    asked = list(choices)
    judged = _latest(_JUDGED, "award_id")
    told = _latest(_TOLD, "report__milestone__award_id")
    manages = Q(strand__managing_body__in=user.organisations_as(*MANAGING_ROLES))
    no_judgement = ~manages | ~Q(pk__in=judged.values("award"))
    found = (
        manages & Q(pk__in=Judgement.objects.filter(pk__in=judged.values("pk"), course__in=asked).values("award"))
    ) | (
        no_judgement
        & Q(
            pk__in=Answer.objects.order_by()
            .filter(pk__in=told.values("pk"), choice__in=asked)
            .values("report__milestone__award")
        )
    )
    if NOT_SAID in asked:
        found |= no_judgement & ~Q(pk__in=told.values("report__milestone__award"))
    return found


def _latest(rows: QuerySet[Any], award: str) -> QuerySet[Any]:
    """The first row of each award."""
    return rows.order_by(award, *rows.query.order_by).distinct(award)
