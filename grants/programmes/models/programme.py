"""What is paid for, by whom, in which parts."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from grants import clock
from grants.people.models import Organisation


class Programme(models.Model):
    """What funders pay for."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    managing_body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        ordering: ClassVar = ["-starts", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="programme_dates_in_order"),
            models.UniqueConstraint(Upper("code"), name="programme_code_once"),
        ]

    def __str__(self) -> str:
        return self.title


class FunderShare(models.Model):
    """The part of a programme's money that a funder gives, in per cent. An award's fundings follow it unless told otherwise."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="shares")
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programme_shares")
    per_cent = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(Decimal(100))],
    )

    class Meta:
        ordering: ClassVar = ["-per_cent", "funder__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "funder"], name="one_share_per_funder"),
            models.CheckConstraint(condition=Q(per_cent__gt=0, per_cent__lte=100), name="share_is_a_part"),
        ]

    def __str__(self) -> str:
        return f"{self.funder}, {self.per_cent.normalize():f}%"


class Size(models.TextChoices):
    """How much an award is asked: its amount decides, by the limits of its strand."""

    LIGHT = "light", "Light"
    STANDARD = "standard", "Standard"
    FULL = "full", "Full"

    @property
    def asked(self) -> list[str]:
        """The sizes from which something is asked that an award of this size is asked too: its own and the smaller ones."""
        return [str(size) for size in Size][: list(Size).index(self) + 1]


class Strand(models.Model):
    """A part of a programme, with the body that manages it."""

    class Kind(models.TextChoices):
        EXEMPLARS = "exemplars", "National exemplar projects"
        COMMUNITIES = "communities", "Regional communities of practice"
        MANAGED = "managed", "Run by the managing body itself"

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="strands")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.EXEMPLARS)
    managing_body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="strands")
    light_below = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal(10000),
        help_text="Awards under this amount, in pounds, are light: fewer questions, one signature",
    )
    full_from = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Awards from this amount, in pounds, are full: they are asked for risks and more. Empty: none is",
    )
    recommended_from = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="From this amount, in pounds, somebody recommends before somebody else approves. Empty: never",
    )
    review_days = models.PositiveSmallIntegerField(default=14, help_text="Days in which a review is promised")

    class Meta:
        ordering: ClassVar = ["programme", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "code"], name="strand_code_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["exemplars", "communities", "managed"]), name="strand_kind_known"
            ),
            models.CheckConstraint(condition=Q(light_below__gte=0), name="light_below_not_negative"),
            models.CheckConstraint(
                condition=Q(full_from=None) | Q(full_from__gte=F("light_below")), name="full_from_light_below_on"
            ),
            models.CheckConstraint(
                condition=Q(recommended_from=None) | Q(recommended_from__gte=0), name="recommended_from_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def size_of(self, amount: Decimal | None) -> Size:
        """How much an award of this amount, in pounds, is asked; one without an amount is asked the standard."""
        if amount is not None and amount < self.light_below:
            return Size.LIGHT
        return (
            Size.FULL
            if amount is not None and self.full_from is not None and amount >= self.full_from
            else Size.STANDARD
        )


class CallQuerySet(models.QuerySet["Call"]):
    def open_now(self) -> "CallQuerySet":
        """Those that take applications at this moment."""
        now = clock.now()
        return self.filter(opens_at__lte=now, closes_at__gt=now)


class Call(models.Model):
    """A window in which a strand takes applications."""

    strand = models.ForeignKey(Strand, on_delete=models.CASCADE, related_name="calls")
    title = models.CharField(max_length=200)
    guidance = models.TextField(blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    at_most = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="The most that can be asked for, in pounds"
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["closes_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="call_dates_in_order"),
            models.CheckConstraint(condition=Q(at_most=None) | Q(at_most__gt=0), name="call_at_most_positive"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it takes applications at this moment."""
        return self.opens_at <= clock.now() < self.closes_at
