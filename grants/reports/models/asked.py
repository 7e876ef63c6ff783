"""A figure that somebody else is asked for: a school or a partner, by mail, without an account."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse

from grants import clock
from grants.awards.models import Award
from grants.formats import date_words, local_day, local_today
from grants.programmes.models import Indicator
from grants.reports.models.content import Result
from grants.reports.models.report import Report, award_live


class FigureRequest(models.Model):
    """One figure of a report that was asked of somebody, and what they answered. An answer writes nothing into the report.

    The row is also the queue of the mail that asks. `asked_at`, `wanted_by`, `answered_at` and `settled_at` read the clock of
    rules; `send_at` and `claimed_until` are of the machinery and read the real one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Asked"
        ANSWERED = "answered", "Answered"
        ACCEPTED = "accepted", "Accepted"
        SET_ASIDE = "set_aside", "Set aside"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Mail(models.TextChoices):
        WAITING = "waiting", "The message is on its way"
        SENT = "sent", "The message was sent"
        FAILED = "failed", "The message could not be sent"
        NOT_SENT = "not_sent", "No message was sent"

    ANSWERED = ("answered", "accepted", "set_aside")
    SETTLED = ("accepted", "set_aside", "withdrawn")
    SALT = "reports.figure-request"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="requests")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    to_name = models.CharField(max_length=200, help_text="A school or a partner")
    email = models.EmailField(help_text="Shown to the grantee only")
    message = models.TextField()
    wanted_by = models.DateField(help_text="Until the end of this day the link works")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)

    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.CharField(max_length=200, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    note = models.TextField(blank=True)

    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, editable=False)

    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.WAITING)
    send_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True, help_text="Why no mail was sent, or none yet")

    class Meta:
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn"], answered_at=None, value=None, answered_by="")
                | Q(
                    ~Q(answered_by=""),
                    state__in=["answered", "accepted", "set_aside"],
                    answered_at__isnull=False,
                    value__gte=0,
                ),
                name="request_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "answered"], settled_at=None, settled_by=None)
                | Q(
                    state__in=["accepted", "set_aside", "withdrawn"], settled_at__isnull=False, settled_by__isnull=False
                ),
                name="request_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(numerator=None, denominator=None)
                | Q(numerator__isnull=False, denominator__isnull=False, numerator__gte=0, denominator__gt=0),
                name="request_ratio_keeps_both_parts",
            ),
            models.CheckConstraint(
                condition=Q(mail="waiting", send_at__isnull=False, sent_at=None)
                | Q(mail="sent", sent_at__isnull=False)
                | Q(~Q(why=""), mail__in=["failed", "not_sent"], sent_at=None),
                name="request_mail_complete",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["send_at"], condition=Q(mail="waiting"), name="figure_requests_to_send")
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, asked of {self.to_name}"

    @property
    def token(self) -> str:
        """What the link carries: nobody can make one, or alter it. How long it works stands in the row."""
        return signing.Signer(salt=self.SALT).sign(str(self.pk))

    @classmethod
    def of_token(cls, token: str) -> int:
        """The key in a token; raises signing.BadSignature."""
        return int(signing.Signer(salt=cls.SALT).unsign(token))

    @property
    def link(self) -> str:
        """The path of the page on which it is answered."""
        return reverse("reports:answer", args=[self.token])

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.state in self.SETTLED

    def is_late(self, today: date) -> bool:
        """Whether the day by which it was wanted has passed without an answer."""
        return self.state == self.State.WAITING and today > self.wanted_by

    @property
    def is_wanted(self) -> bool:
        """Whether the figure can still go into a report: its own is open, or the one that was approved for the milestone has
        no final number of it, so that a figure update can bring it.
        """
        if self.report.state in Report.OPEN:
            return True
        to_come = Result.objects.filter(
            report__milestone=self.report.milestone_id,
            report__state=Report.State.APPROVED,
            indicator=self.indicator_id,
            status__in=Report.TO_COME,
        )
        return (award_live(self.report) or self.is_suspended) and to_come.exists()

    @property
    def is_suspended(self) -> bool:
        """Whether the award is suspended, for as long as which no approved report can be brought up to date."""
        return self.report.award.state == Award.State.SUSPENDED

    def closed_because(self) -> str:
        """Why the link does not work any more, as a sentence for whoever follows it; empty while it does."""
        if self.state in self.ANSWERED:
            return "This figure has been given already. Thank you: nothing more is needed."
        if self.state == self.State.WITHDRAWN:
            return "This figure is no longer needed: the question was withdrawn."
        if not self.is_wanted:
            return "This figure is no longer needed: the report is finished."
        if self.is_late(local_today()):
            until = date_words(self.wanted_by)
            return f"This link worked until {until}. If you can still give the figure, write to whoever asked you."
        return ""

    def not_now_because(self) -> str:
        """Why a link that goes on working takes no answer now, as a sentence for whoever followed it; empty where it does."""
        if self.is_suspended and self.report.state not in Report.OPEN:
            until = date_words(self.wanted_by)
            return f"This figure cannot be taken now: the award is suspended. Try again later, until {until}."
        return ""

    @property
    def source(self) -> str:
        """Where an answer came from, for the figure: St Mary's School, A. Teacher, 12 May 2012."""
        if self.answered_at is None:
            return ""
        day = f", {date_words(local_day(self.answered_at))}"
        return f"{self.to_name}, {self.answered_by}"[: 200 - len(day)] + day
