"""The steps of an award, each a page: what will happen, what is asked, what stands in the way."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from grants.awards import permissions, services
from grants.awards.forms import NoteForm, OfferForm, OptionalReasonForm
from grants.awards.models import Award, Milestone, Tranche
from grants.awards.views.lookup import award_or_404
from grants.formats import date_words, money, plural
from grants.lifecycle.door import acts_on, own_part
from grants.lifecycle.models import Act
from grants.lifecycle.steps import Hindrance, ReasonForm, Step, StepView


def to_be_recommended(award: Award) -> bool:
    """The application must be in review, and not recommended yet."""
    return bool(award.state == Award.State.IN_REVIEW and not award.has_recommendation)


STEPS = {
    "submit": Step(
        "submit",
        services.submit_application,
        "You sign for the applicant. The application is locked and goes to the managing body.",
    ),
    "start-review": Step(
        "start_review",
        services.start_application_review,
        "The application is taken into review; the applicant sees that. "
        "You can then return it, set its plan, recommend it, decline it or offer the award.",
    ),
    "recommend": Step(
        "",
        services.recommend_application,
        "You recommend this application to whoever approves it. That must be somebody else.",
        form=NoteForm,
        who=permissions.reviewer_or_approver,
        when=to_be_recommended,
        label="Recommend",
        done="Recommended the application",
    ),
    "offer": Step(
        "offer",
        services.offer_award,
        "The award is offered as planned, and the applicant is told. If nobody accepts it in time, the offer lapses.",
        form=OfferForm,
    ),
    "accept": Step(
        "accept",
        services.accept_offer,
        "You accept the offer for the recipient. The award begins.",
    ),
    "return": Step(
        "send_back",
        services.return_application,
        "The applicant can change the application and submit it again, also after the call has closed.",
        form=ReasonForm,
    ),
    "resume": Step(
        "resume",
        services.resume_award,
        "Reports can be submitted and approved again.",
    ),
    "close": Step(
        "close",
        services.close_award,
        "The award ends. Its reports and figures stay; nothing can be added to them.",
        refuses=True,
    ),
    "suspend": Step(
        "suspend",
        services.suspend_award,
        "Nothing can be submitted or approved until the award is resumed. The recipient is told, and may write on.",
        form=ReasonForm,
    ),
    "decline": Step(
        "decline",
        services.decline_application,
        "The application is refused, and the applicant reads the reason. It cannot be opened again.",
        form=ReasonForm,
        refuses=True,
    ),
    "withdraw": Step(
        "withdraw",
        services.withdraw_application,
        "You take the application, or the offer made on it, off the table. It cannot be opened again.",
        form=OptionalReasonForm,
        refuses=True,
    ),
    "terminate": Step(
        "terminate",
        services.terminate_award,
        "The award ends early, and the recipient reads the reason. What was approved stays on record.",
        form=ReasonForm,
        refuses=True,
    ),
}

OPEN_PAYMENT = ~Q(state__in=[Tranche.State.PAID, Tranche.State.CANCELLED])


def step_url(award: Award) -> Callable[[str], str]:
    """The address of each step of this award: the `url_of` of `steps_for`."""
    return lambda verb: reverse("awards:step", args=[award.reference, verb])


class AwardStepView(StepView):
    """One step of an award."""

    steps = STEPS

    def record_for(self, request: HttpRequest, **where: Any) -> Award:
        """The award, where the person may see it."""
        return award_or_404(request, where["reference"])

    def missing(self, request: HttpRequest, record: Award, verb: str) -> list[Hindrance]:
        """What is still to be done first, each with the page where it is done."""
        found = HINDRANCES[verb](record) if verb in HINDRANCES else []
        if verb in ("recommend", "offer"):
            sentence = own_part(record.subject, request.user)  # type: ignore[arg-type]
            if sentence:
                found.insert(0, Hindrance(sentence))
        return found

    def consequences(self, request: HttpRequest, record: Award, verb: str) -> list[str]:
        """What follows for this award."""
        return CONSEQUENCES[verb](record) if verb in CONSEQUENCES else []


# --- What stands in the way -----------------------------------------------------------------------------------------


def _before_submit(award: Award) -> list[Hindrance]:
    url = reverse("awards:application", args=[award.reference])
    found = [Hindrance(sentence, url) for sentence in award.missing()]
    if award.state == Award.State.DRAFT and not (award.call and award.call.is_open):
        when = f" on {date_words(award.call.closes_at)}" if award.call else ""
        found.insert(0, Hindrance(f"The call closed{when}, so the application cannot be submitted"))
    return found


def _before_recommend(award: Award) -> list[Hindrance]:
    url = reverse("awards:plan", args=[award.reference])
    return [Hindrance(sentence, url) for sentence in award.missing_from_offer()]


def _before_offer(award: Award) -> list[Hindrance]:
    found = _before_recommend(award)
    if award.needs_recommendation and not award.has_recommendation:
        floor = money(award.strand.recommended_from or 0, pence=False)
        found.append(
            Hindrance(
                f"Somebody else must recommend it first, as for every award from {floor}", step_url(award)("recommend")
            )
        )
    return found


def _before_close(award: Award) -> list[Hindrance]:
    found = [
        Hindrance(f"{milestone.name}, due {date_words(milestone.due_on)}, is neither approved nor waived")
        for milestone in award.milestones.filter(settled_at=None)
    ]
    for tranche in award.tranches.filter(OPEN_PAYMENT).select_related("milestone"):
        state = tranche.get_state_display().lower()
        found.append(
            Hindrance(
                f"The payment “{tranche.name}”, {money(tranche.amount, pence=False)}, is {state}: pay or cancel it"
            )
        )
    return found


HINDRANCES: dict[str, Callable[[Award], list[Hindrance]]] = {
    "submit": _before_submit,
    "recommend": _before_recommend,
    "offer": _before_offer,
    "close": _before_close,
}


# --- What follows ---------------------------------------------------------------------------------------------------


def _of_submit(award: Award) -> list[str]:
    asked = f"You ask for {money(award.amount_applied_for or 0, pence=False)}."
    days = plural(award.strand.review_days, "day")
    return [asked, f"{award.strand.managing_body} promises a review within {days}."]


def _of_offer(award: Award) -> list[str]:
    payments = plural(award.tranches.count(), "payment")
    reports = plural(award.milestones.count(), "report")
    lines = [f"{money(award.amount or 0, pence=False)} to {award.recipient}, in {payments}, with {reports}."]
    if shares := list(award.strand.programme.shares.select_related("funder")):
        lines.append(f"The amount is split among the funders: {', '.join(str(share) for share in shares)}.")
    if note := acts_on(award.subject).filter(part=Act.Part.RECOMMENDED).first():
        lines.append(f"Recommended by {note.person}{f': {note.note}' if note.note else '.'}")
    return lines


def _of_accept(award: Award) -> list[str]:
    lines = [
        f"A payment of {money(tranche.amount, pence=False)} is released."
        for tranche in award.tranches.filter(milestone=None, state=Tranche.State.SCHEDULED)
    ] or ["No payment is released on acceptance."]
    milestones = list(award.milestones.order_by("due_on"))
    if milestones:
        first: Milestone = milestones[0]
        opened = f"{plural(len(milestones), 'report')} {_is_or_are(len(milestones))} opened"
        lines.append(f"{opened}; the first, {first.name}, is due on {date_words(first.due_on)}.")
    return lines


def _of_terminate(award: Award) -> list[str]:
    amounts = [tranche.amount for tranche in award.tranches.filter(OPEN_PAYMENT)]
    paid = [tranche.amount for tranche in award.tranches.filter(state=Tranche.State.PAID)]
    unsettled = award.milestones.filter(settled_at=None).count()
    cancelled = f"{plural(len(amounts), 'open payment')} of {money(sum(amounts), pence=False)} in all"
    return [
        f"{cancelled} {_is_or_are(len(amounts))} cancelled; {money(sum(paid), pence=False)} was paid.",
        f"{plural(unsettled, 'open report')} {_is_or_are(unsettled)} abandoned.",
    ]


def _is_or_are(count: int) -> str:
    return "is" if count == 1 else "are"


CONSEQUENCES: dict[str, Callable[[Award], list[str]]] = {
    "submit": _of_submit,
    "offer": _of_offer,
    "accept": _of_accept,
    "terminate": _of_terminate,
}
