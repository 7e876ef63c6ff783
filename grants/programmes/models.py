"""What is paid for, by whom, in which parts, how it is measured and what its reports ask. Visible to anyone signed in."""

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
                condition=Q(recommended_from=None) | Q(recommended_from__gte=0), name="recommended_from_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.title


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


class Indicator(models.Model):
    """A typed measure, with its rule over time and its rule across awards."""

    class Measure(models.TextChoices):
        PEOPLE = "people", "People"
        COUNT = "count", "A count"
        MONEY = "money", "Pounds"
        RATIO = "ratio", "A ratio, in per cent"

    class OverTime(models.TextChoices):
        SUM = "sum", "Each period is added"
        LATEST = "latest", "The latest cumulative value counts"

    class Across(models.TextChoices):
        SUM = "sum", "Awards are added"
        NONE = "none", "Awards are not added"

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=60, help_text="Such as people, schools, % of those asked")
    measure = models.CharField(max_length=10, choices=Measure.choices, default=Measure.COUNT)
    definition = models.TextField(blank=True)
    over_time = models.CharField(max_length=10, choices=OverTime.choices, default=OverTime.LATEST)
    across = models.CharField(max_length=10, choices=Across.choices, default=Across.SUM)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "code"], name="indicator_code_once"),
            models.CheckConstraint(
                condition=Q(measure__in=["people", "count", "money", "ratio"]), name="indicator_measure_known"
            ),
            models.CheckConstraint(
                condition=Q(over_time__in=["sum", "latest"], across__in=["sum", "none"]), name="indicator_rules_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ratio(self) -> bool:
        """Whether a result keeps numerator and denominator."""
        return self.measure == self.Measure.RATIO


class SectionSet(models.Model):
    """What a report of one kind asks in one strand: numbered, never changed once a report has begun with it."""

    strand = models.ForeignKey(Strand, on_delete=models.CASCADE, related_name="section_sets")
    kind = models.CharField(max_length=12, choices=[("report", "Report"), ("evaluation", "Final evaluation")])
    number = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["strand", "kind", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strand", "kind", "number"], name="section_set_once"),
            models.CheckConstraint(condition=Q(kind__in=["report", "evaluation"]), name="section_set_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.strand}: {self.get_kind_display().lower()}, set {self.number}"


class Section(models.Model):
    """One part of a report: a narrative, the table of figures, the spend, or the overall judgement."""

    class Readers(models.TextChoices):
        MANAGING_BODY = "managing_body", "the managing body"
        FUNDER = "funder", "the managing body and the funder"
        PUBLIC = "public", "the managing body, the funder and the public"

    class Form(models.TextChoices):
        NARRATIVE = "narrative", "Narrative"
        FIGURES = "figures", "Figures"
        SPEND = "spend", "Spend"
        JUDGEMENT = "judgement", "Judgement"

    section_set = models.ForeignKey(SectionSet, on_delete=models.CASCADE, related_name="sections")
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=200)
    form = models.CharField(max_length=12, choices=Form.choices, default=Form.NARRATIVE)
    guidance = models.TextField(blank=True)
    word_limit = models.PositiveIntegerField(default=600)
    required = models.BooleanField(default=True)
    light = models.BooleanField("asked of light awards", default=False)
    readers = models.CharField(
        max_length=14,
        choices=Readers.choices,
        default=Readers.FUNDER,
        help_text="Who reads this part once it is approved",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section_set", "code"], name="section_code_once"),
            models.CheckConstraint(
                condition=Q(form__in=["narrative", "figures", "spend", "judgement"]), name="section_form_known"
            ),
            models.CheckConstraint(
                condition=Q(readers__in=["managing_body", "funder", "public"]), name="section_readers_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title
