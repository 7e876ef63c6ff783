"""The award and its machine."""

from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django_fsm import FSMField, transition

from grants import clock
from grants.awards import permissions
from grants.awards.models.finding import FROM_OFFER_ON, WORDS, AwardQuerySet
from grants.formats import local_today
from grants.lifecycle.actors import system_only
from grants.lifecycle.machine import Machine, enforced
from grants.lifecycle.models import Act
from grants.people.models import Community, Organisation
from grants.programmes.models import Call, Size, Strand


def call_open(award: "Award") -> bool:
    """The call must be open."""
    return award.call is not None and award.call.is_open


def application_complete(award: "Award") -> bool:
    """Title, description, plan, amount and dates must be given, with an amount that the call allows."""
    return not award.missing()


def planned(award: "Award") -> bool:
    """The offer needs an amount, dates, at least one milestone, and payments that sum to the amount."""
    return not award.missing_from_offer()


def recommended(award: "Award") -> bool:
    """Another person, who declared no conflict, must recommend it first: the strand asks for that from this amount."""
    return not award.needs_recommendation or award.has_recommendation


def reports_settled(award: "Award") -> bool:
    """Every milestone of kind report must be settled."""
    return not award.milestones.filter(kind="report", settled_at=None).exists()


def reports_unsettled(award: "Award") -> bool:
    """A milestone of kind report must be open."""
    return not reports_settled(award)


def evaluation_settled(award: "Award") -> bool:
    """The final evaluation must be approved or waived."""
    return not award.milestones.filter(settled_at=None).exists()


def payments_settled(award: "Award") -> bool:
    """Every payment must be paid or cancelled."""
    return not award.tranches.exclude(state__in=["paid", "cancelled"]).exists()


def acceptance_in_time(award: "Award") -> bool:
    """The last day for acceptance must not have passed."""
    return award.acceptance_due is None or award.acceptance_due >= local_today()


def acceptance_passed(award: "Award") -> bool:
    """The last day for acceptance must have passed."""
    return award.acceptance_due is not None and award.acceptance_due < local_today()


@enforced
class Award(Machine):
    """One application and everything that follows from it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        IN_REVIEW = "in_review", "In review"
        RETURNED = "returned", "Returned"
        DECLINED = "declined", "Declined"
        OFFERED = "offered", "Offered"
        ACTIVE = "active", "Active"
        EVALUATING = "evaluating", "Evaluating"
        SUSPENDED = "suspended", "Suspended"
        CLOSED = "closed", "Closed"
        TERMINATED = "terminated", "Terminated"
        WITHDRAWN = "withdrawn", "Withdrawn"

    BORN = ("draft", "active", "evaluating", "closed", "terminated")
    ALONG = ("strand", "organisation", "community")
    FROM_OFFER_ON = FROM_OFFER_ON

    reference = models.CharField(max_length=60, help_text="What people call it; in its address")
    identifier = models.CharField(
        max_length=120, blank=True, help_text="Its 360Giving identifier, where it was imported"
    )
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="awards")
    call = models.ForeignKey(Call, null=True, blank=True, on_delete=models.PROTECT, related_name="awards")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="awards", help_text="The recipient; a community's lead"
    )
    community = models.ForeignKey(Community, null=True, blank=True, on_delete=models.PROTECT, related_name="awards")
    managed = models.BooleanField(default=False, help_text="The managing body runs it itself")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="awards_managed"
    )
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="awards_covered"
    )

    title = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True, help_text="What it is for, in a few sentences")
    plan = models.TextField(blank=True, help_text="What will be done, with whom, and how one will know that it worked")
    place = models.CharField(max_length=200, blank=True)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    amount_applied_for = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True, help_text="Awarded, in pounds")
    award_date = models.DateField(null=True, blank=True)

    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True, editable=False)
    applications = models.PositiveSmallIntegerField(default=0, editable=False, help_text="How often it was submitted")
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    acceptance_due = models.DateField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_on = models.DateField(null=True, blank=True, editable=False, help_text="Closed or terminated on")
    offer_act = models.ForeignKey(
        Act, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["reference"]
        verbose_name = "award"
        constraints: ClassVar = [
            models.UniqueConstraint(Upper("reference"), name="award_reference_once"),
            models.UniqueConstraint(fields=["identifier"], condition=~Q(identifier=""), name="award_identifier_once"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(starts=None) | Q(ends__gte=F("starts")), name="award_dates_in_order"
            ),
            models.CheckConstraint(
                condition=(Q(amount=None) | Q(amount__gte=0))
                & (Q(amount_applied_for=None) | Q(amount_applied_for__gte=0)),
                name="award_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["offered", "active", "evaluating", "suspended", "closed", "terminated"])
                | Q(amount__isnull=False, starts__isnull=False, ends__isnull=False),
                name="award_offered_has_amount_and_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offer_act__isnull=False, acceptance_due__isnull=False),
                name="award_offered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "terminated"]) | Q(ended_on__isnull=False),
                name="award_ended_has_date",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(WORDS, name="award_words"),
            models.Index(fields=["strand", "state"], name="awards_by_strand_and_state"),
            models.Index(fields=["state"], name="awards_by_state"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="payments_sum_to_amount",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__state__in=FROM_OFFER_ON),
                declare=[("total", "numeric")],
                func="""
                    SELECT COALESCE(SUM(amount), 0) INTO total FROM awards_tranche WHERE award_id = NEW.id;
                    IF total IS DISTINCT FROM (SELECT amount FROM awards_award WHERE id = NEW.id) THEN
                        RAISE EXCEPTION 'The payments of % sum to %, not to its amount', NEW.reference, total
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_sum_to_amount';
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("award", args=[self.reference])

    @property
    def recipient(self) -> str:
        """The name under which the award is known: the community's where it has one."""
        return str(self.community or self.organisation)

    @property
    def size(self) -> Size:
        """How much it is asked, by its amount and the limits of its strand."""
        return self.strand.size_of(self.amount if self.amount is not None else self.amount_applied_for)

    @property
    def subject(self) -> str:
        """What people sign, recommend and approve: this application, as it was last submitted."""
        return f"{self.key}/application:{self.applications}"

    @property
    def needs_recommendation(self) -> bool:
        """Whether the strand asks for somebody's recommendation at this amount."""
        amount = self.amount if self.amount is not None else self.amount_applied_for
        floor = self.strand.recommended_from
        return not self.managed and floor is not None and amount is not None and amount >= floor

    @property
    def has_recommendation(self) -> bool:
        """Whether somebody has recommended this application whose word counts."""
        return self.is_recommended(self.subject)

    def is_recommended(self, subject: str) -> bool:
        """Whether somebody has recommended it, or a report of it, and neither declared a conflict of interest nor joined a
        party since.
        """
        acts = Act.objects.filter(subject=subject, part=Act.Part.RECOMMENDED).select_related("person")
        return any(permissions.impartial(self, act.person) for act in acts)

    @property
    def answers_to(self) -> str:
        """The address to which questions about it go: its manager's."""
        return self.manager.email if self.manager else ""

    def party_ids(self) -> list[int]:
        """The keys of the recipient, the lead and every member organisation."""
        members = [member.pk for member in self.community.members.all()] if self.community else []
        return [self.organisation_id, *([self.community.lead_id] if self.community else []), *members]

    def missing(self) -> list[str]:
        """What the application still needs, a sentence each."""
        asked = [
            ("title", "Give the project a title"),
            ("description", "Say what the project is for"),
            ("plan", "Say what you will do"),
            ("starts", "Give the date on which it starts"),
            ("ends", "Give the date on which it ends"),
            ("amount_applied_for", "Give the amount that you ask for"),
        ]
        sentences = [sentence for name, sentence in asked if getattr(self, name) in (None, "")]
        most = self.call.at_most if self.call else None
        if most is not None and self.amount_applied_for is not None and self.amount_applied_for > most:
            sentences.append(f"Ask for at most £{most:,.2f}, the most that this call gives")
        if self.amount_applied_for is not None and self.amount_applied_for <= 0:
            sentences.append("Ask for more than £0")
        return sentences

    def missing_from_offer(self) -> list[str]:
        """What must be set before the award can be offered, a sentence each."""
        sentences = []
        if self.amount is None:
            sentences.append("Set the amount")
        if self.starts is None or self.ends is None:
            sentences.append("Set the dates")
        if not self.milestones.all():
            sentences.append("Add at least one milestone")
        total = sum(tranche.amount for tranche in self.tranches.all())
        if self.amount is not None and total != self.amount:
            sentences.append(f"The payments sum to £{total:,.2f}; make them sum to £{self.amount:,.2f}")
        return sentences

    # --- The machine. Bodies set dates, no more; what follows is in services.py. ------------------------------------------
    # fmt: off

    @transition(
        state, State.DRAFT, State.SUBMITTED, conditions=[call_open, application_complete],
        permission=permissions.signatory,
        custom={"label": "Sign and submit", "done": "Signed and submitted the application"},
    )
    @transition(
        state, State.RETURNED, State.SUBMITTED, conditions=[application_complete],
        permission=permissions.signatory,
        custom={"label": "Sign and submit again", "done": "Signed and submitted the application"},
    )
    def submit(self, **facts: Any) -> None:
        self.applications += 1
        self.submitted_at = clock.now()

    @transition(
        state, State.SUBMITTED, State.IN_REVIEW, permission=permissions.reviewer_or_approver,
        custom={"label": "Start the review", "done": "Started the review"},
    )
    def start_review(self, **facts: Any) -> None: ...

    @transition(
        state, State.IN_REVIEW, State.RETURNED, permission=permissions.reviewer_or_approver,
        custom={"label": "Return for changes", "done": "Returned the application", "reason": True},
    )
    def send_back(self, **facts: Any) -> None: ...

    @transition(
        state, State.IN_REVIEW, State.DECLINED, permission=permissions.approver,
        custom={"label": "Decline", "done": "Declined the application", "reason": True},
    )
    def decline(self, **facts: Any) -> None: ...

    @transition(
        state, State.IN_REVIEW, State.OFFERED, conditions=[planned, recommended], permission=permissions.approver,
        custom={"label": "Offer the award", "done": "Offered the award", "part": Act.Part.APPROVED},
    )
    def offer(self, *, act: Act, acceptance_due: date, **facts: Any) -> None:
        self.offer_act = act
        self.acceptance_due = acceptance_due
        self.award_date = local_today()

    @transition(
        state, State.OFFERED, State.ACTIVE, conditions=[acceptance_in_time], permission=permissions.signatory,
        custom={"label": "Accept the offer", "done": "Accepted the offer"},
    )
    def accept(self, **facts: Any) -> None:
        self.accepted_at = clock.now()

    @transition(
        state, State.OFFERED, State.WITHDRAWN, conditions=[acceptance_passed], permission=system_only,
        custom={"label": "Lapse", "done": "The offer lapsed: it was not accepted in time"},
    )
    def lapse(self, **facts: Any) -> None: ...

    @transition(
        state, [State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.OFFERED], State.WITHDRAWN,
        permission=permissions.signatory,
        custom={"label": "Withdraw", "done": "Withdrew the application"},
    )
    def withdraw(self, **facts: Any) -> None: ...

    @transition(
        state, [State.ACTIVE, State.EVALUATING], State.SUSPENDED, permission=permissions.approver,
        custom={"label": "Suspend", "done": "Suspended the award", "reason": True},
    )
    def suspend(self, **facts: Any) -> None: ...

    @transition(
        state, State.SUSPENDED, State.ACTIVE, permission=permissions.approver,
        custom={"label": "Resume", "done": "Resumed the award"},
    )
    def resume(self, **facts: Any) -> None: ...

    @transition(
        state, State.ACTIVE, State.EVALUATING, conditions=[reports_settled], permission=system_only,
        custom={"label": "Begin evaluation", "done": "Every report is settled: the award is being evaluated"},
    )
    def begin_evaluation(self, **facts: Any) -> None: ...

    @transition(
        state, State.EVALUATING, State.ACTIVE, conditions=[reports_unsettled], permission=system_only,
        custom={"label": "Go back to active", "done": "A report is open again: the award is active"},
    )
    def go_back(self, **facts: Any) -> None: ...

    @transition(
        state, State.EVALUATING, State.CLOSED, conditions=[evaluation_settled, payments_settled],
        permission=permissions.approver,
        custom={"label": "Close", "done": "Closed the award"},
    )
    def close(self, **facts: Any) -> None:
        self.ended_on = local_today()

    @transition(
        state, [State.ACTIVE, State.EVALUATING, State.SUSPENDED], State.TERMINATED, permission=permissions.approver,
        custom={"label": "Terminate", "done": "Terminated the award", "reason": True},
    )
    def terminate(self, **facts: Any) -> None:
        self.ended_on = local_today()
    # fmt: on
