"""People and the bodies that they act for."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from grants import clock
from grants.formats import local_today


class Role(models.TextChoices):
    """What a person may do in an organisation, and in which kind of organisation it exists."""

    EDITOR = "editor", "Editor"
    SIGNATORY = "signatory", "Signatory"
    REVIEWER = "reviewer", "Reviewer"
    APPROVER = "approver", "Approver"
    FINANCE = "finance", "Finance"
    ADMINISTRATOR = "administrator", "Administrator"
    VIEWER = "viewer", "Viewer"


GRANTEE_ROLES = (Role.EDITOR, Role.SIGNATORY)
MANAGING_ROLES = (Role.REVIEWER, Role.APPROVER, Role.FINANCE, Role.ADMINISTRATOR)


# What full-text search reads of an organisation: an index holds this very expression
ORGANISATION_WORDS = SearchVector("name", "city", config="simple")


DIGEST_AT = time(7, 30)
"""When mail once a day is sent, in London."""


class Mail(models.TextChoices):
    """When somebody is sent mail of their messages. Links to set a password are always sent."""

    AT_ONCE = "at_once", "As it happens"
    DAILY = "daily", "Once a day"
    NONE = "none", "None"


class UserManager(BaseUserManager["User"]):
    """Makes users that sign in by e-mail."""

    def create_user(self, email: str, name: str, password: str | None = None, **more: Any) -> "User":
        """Save a new person. Without a password the person cannot sign in until one is set."""
        user = self.model(email=self.normalize_email(email).strip(), name=name, **more)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, name: str, password: str | None = None, **more: Any) -> "User":
        """Save a person who may do everything in the Django admin."""
        return self.create_user(email, name, password, is_superuser=True, **more)

    def holding(self, organisation_id: int, *roles: str) -> models.QuerySet["User"]:
        """The active people who have one of the roles in the organisation today."""
        live = Membership.objects.live().filter(organisation=organisation_id, role__in=roles)
        return self.filter(is_active=True, memberships__in=live).distinct()

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the person who signs in: the case of an e-mail address does not matter."""
        return self.get(email__iexact=(username or "").strip())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from their memberships."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=200)
    telephone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(
        "active", default=True, help_text="Somebody who has left: cannot sign in, sees nothing"
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    mail = models.CharField("messages by e-mail", max_length=10, choices=Mail.choices, default=Mail.AT_ONCE)
    feed_key = models.CharField(
        max_length=43, unique=True, null=True, editable=False, help_text="Of the private address of the calendar"
    )
    here_at = models.DateTimeField(null=True, editable=False, help_text="When the home was last looked at")
    here_since = models.DateTimeField(null=True, editable=False, help_text="When the visit before this one ended")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects: ClassVar = UserManager()

    class Meta:
        ordering: ClassVar = ["name", "email"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=Q(mail__in=["at_once", "daily", "none"]), name="user_mail_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def live_memberships(self) -> list["Membership"]:
        """The memberships that count today, with the communities that the organisation has `joined`; none where the account
        is closed.
        """
        if not self.is_active:
            return []
        joined = Community.members.through.objects.filter(organisation=OuterRef("organisation")).values("community")
        return list(self.memberships.live().select_related("organisation").annotate(joined=ArraySubquery(joined)))

    def holds(self, organisation_id: int | None, *roles: str) -> bool:
        """Whether the person has one of the roles (any, where none is named) in that organisation today."""
        return any(
            held.organisation_id == organisation_id and (not roles or held.role in roles)
            for held in self.live_memberships
        )

    def organisations_as(self, *roles: str) -> list[int]:
        """The keys of the organisations in which the person has one of the roles today."""
        return sorted({held.organisation_id for held in self.live_memberships if held.role in roles})

    @cached_property
    def communities(self) -> list[int]:
        """The keys of the communities with a member for which the person writes or signs today."""
        own: list[Any] = [held for held in self.live_memberships if held.role in GRANTEE_ROLES]
        return sorted({pk for held in own for pk in held.joined})

    def no_mail_because(self) -> str:
        """Why no mail of messages goes to the person now, as a sentence; empty where it does."""
        if not self.is_active:
            return "Their account is closed."
        return "They have chosen to get none." if self.mail == Mail.NONE else ""

    def mail_after(self, moment: datetime) -> datetime:
        """The first moment, from the given one on, at which the person wants mail."""
        if self.mail != Mail.DAILY:
            return moment
        local = moment.astimezone(clock.LONDON)
        day = local.date() + timedelta(days=local.time() > DIGEST_AT)
        return datetime.combine(day, DIGEST_AT, clock.LONDON)

    @property
    def is_staff(self) -> bool:
        """Administrators may enter the Django admin, which shows them what its pages allow."""
        return self.is_active and (self.is_superuser or bool(self.organisations_as(Role.ADMINISTRATOR)))


class Organisation(models.Model):
    """A body that gives, receives, manages or takes part."""

    class Kind(models.TextChoices):
        THIRD_SECTOR = "third_sector", "Third sector organisation"
        HIGHER_EDUCATION = "higher_education", "Higher education institution"
        FUNDER = "funder", "Funder"
        MANAGING_BODY = "managing_body", "Managing body"
        SCHOOL = "school", "School"
        OTHER = "other", "Other"

    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    identifier = models.CharField(
        "organisation identifier",
        max_length=80,
        unique=True,
        help_text="Such as GB-CHC-1234567, or a local identifier where there is none",
    )
    description = models.TextField(blank=True)
    city = models.CharField(max_length=120, blank=True)
    website = models.URLField(blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [GinIndex(ORGANISATION_WORDS, name="organisation_words")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["third_sector", "higher_education", "funder", "managing_body", "school", "other"]
                ),
                name="organisation_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> "MembershipQuerySet":
        """Those that count today."""
        today = local_today()
        return self.filter(Q(ends=None) | Q(ends__gte=today), starts__lte=today)


class Membership(models.Model):
    """A person's role in an organisation, with its dates."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts = models.DateField("from", default=local_today)
    ends = models.DateField("until", null=True, blank=True, help_text="The last day on which it counts")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["organisation__name", "role", "person__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "organisation", "role", "starts"], name="membership_once"),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="membership_dates_in_order"),
            models.CheckConstraint(
                condition=Q(
                    role__in=["editor", "signatory", "reviewer", "approver", "finance", "administrator", "viewer"]
                ),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"


class Community(models.Model):
    """A regional community of practice: universities and third sector organisations under a lead."""

    name = models.CharField(max_length=200, unique=True)
    region = models.CharField(max_length=120, help_text="In the programme's own words; not a statistical region")
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="communities_led")
    members = models.ManyToManyField(Organisation, blank=True, related_name="communities")

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "communities"

    def __str__(self) -> str:
        return self.name
