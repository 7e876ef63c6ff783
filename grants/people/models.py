"""People and the bodies that they act for."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

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

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects: ClassVar = UserManager()

    class Meta:
        ordering: ClassVar = ["name", "email"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def live_memberships(self) -> list["Membership"]:
        """The memberships that count today; none where the account is closed."""
        return list(self.memberships.live().select_related("organisation")) if self.is_active else []

    def holds(self, organisation_id: int | None, *roles: str) -> bool:
        """Whether the person has one of the roles (any, where none is named) in that organisation today."""
        return any(
            held.organisation_id == organisation_id and (not roles or held.role in roles)
            for held in self.live_memberships
        )

    def organisations_as(self, *roles: str) -> list[int]:
        """The keys of the organisations in which the person has one of the roles today."""
        return sorted({held.organisation_id for held in self.live_memberships if held.role in roles})

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
