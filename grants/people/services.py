"""What administrators do with people, and people with their own account: typed verbs that check who asks. What changes
who somebody is, or what they may do, leaves a line in the person's history.
"""

import logging
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, cast

from celery import current_app
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from kombu.exceptions import OperationalError as BrokerAway

from grants import clock
from grants.formats import date_words, local_today
from grants.lifecycle.door import NotNow, NotYou, fresh, note
from grants.lifecycle.letters import letter
from grants.lifecycle.machine import key_of
from grants.lifecycle.mail import plan_anew
from grants.people import permissions
from grants.people.models import GRANTEE_ROLES, MANAGING_ROLES, Membership, Organisation, Role, User

log = logging.getLogger(__name__)
Kind = Organisation.Kind
VISIT, LOOK = timedelta(minutes=30), timedelta(minutes=5)
"""A visit ends with so long a pause; within one, it is noted so often that the person is still here."""


def fits(role: str, organisation: Organisation) -> bool:
    """Whether a role exists in an organisation of that kind."""
    if role in MANAGING_ROLES:
        return organisation.kind == Kind.MANAGING_BODY
    if role == Role.VIEWER:
        return organisation.kind == Kind.FUNDER
    return role in GRANTEE_ROLES and organisation.kind != Kind.FUNDER


@transaction.atomic
def add_person(
    *, by: User, email: str, name: str, telephone: str = "", organisation: Organisation, role: str, starts: date
) -> User:
    """Add somebody with a first role and without a password. Raises NotYou or NotNow."""
    by = _fresh(by)
    _require(permissions.gives_roles_in, organisation, by)
    try:
        with transaction.atomic():
            person = User.objects.create_user(email, name.strip(), telephone=telephone.strip())
    except IntegrityError as fault:
        raise NotNow(f"Somebody with the e-mail address {email} has an account already.") from fault
    note(key_of(User, person.pk), "add", by=by, sentence="Added the person")
    give_role(person.pk, by=by, organisation=organisation, role=role, starts=starts)
    return person


@transaction.atomic
def change_details(pk: int, *, by: User, email: str, name: str, telephone: str) -> User:
    """Change name, e-mail address and telephone; the person signs in with the new address from now on."""
    person, by = _locked(pk), _fresh(by)
    _require(permissions.looks_after, person, by)
    before, called = person.email, person.name
    if person.last_login is not None and before.casefold() != email.strip().casefold():
        raise NotNow("This person has signed in already: the address that they sign in with is theirs to change.")
    person.email = User.objects.normalize_email(email).strip()
    person.name, person.telephone = name.strip(), telephone.strip()
    try:
        with transaction.atomic():
            person.save(update_fields=["email", "name", "telephone"])
    except IntegrityError as fault:
        raise NotNow(f"Somebody else has an account with the e-mail address {email}.") from fault
    former = [("e-mail address", before, person.email), ("name", called, person.name)]
    changed = " and ".join(f"the {what} from {old}" for what, old, new in former if old != new) or "the details"
    note(key_of(User, pk), "details", by=by, sentence=f"Changed {changed}"[:300])
    return person


@transaction.atomic
def give_role(pk: int, *, by: User, organisation: Organisation, role: str, starts: date) -> Membership:
    """Give somebody a role in an organisation from a day on. Raises NotYou or NotNow."""
    person, by = _locked(pk), _fresh(by)
    if person.pk == by.pk:
        raise NotYou("Nobody gives a role to themself: another administrator does this.")
    _require(permissions.gives_roles_in, organisation, by)
    word = Role(role).label
    if not fits(role, organisation):
        kind = organisation.get_kind_display().lower()
        raise NotNow(f"The role {word.lower()} does not exist in {organisation}, which is a {kind}.")
    held = person.memberships.filter(organisation=organisation, role=role)
    if earlier := held.filter(Q(ends=None) | Q(ends__gte=starts)).first():
        since = f"from {date_words(earlier.starts)}" + (f" to {date_words(earlier.ends)}" if earlier.ends else "")
        raise NotNow(f"{person} has this role already, {since}.")
    membership = Membership.objects.create(person=person, organisation=organisation, role=role, starts=starts)
    sentence = f"Gave the role {word.lower()} in {organisation} from {date_words(starts)}"
    note(key_of(User, pk), "give_role", by=by, sentence=sentence[:300])
    return membership


@transaction.atomic
def end_role(pk: int, *, by: User, last_day: date) -> None:
    """End a role after a last day; one that has not begun is taken back altogether. Raises NotYou or NotNow."""
    person = _locked(Membership.objects.values_list("person", flat=True).get(pk=pk))
    membership = Membership.objects.select_related("organisation").get(pk=pk)
    by = _fresh(by)
    _require(permissions.gives_roles_in, membership.organisation, by)
    if membership.ends is not None and membership.ends < local_today():
        raise NotNow(f"This role ended on {date_words(membership.ends)}.")
    if person.pk == by.pk and membership.role == Role.ADMINISTRATOR and _is_last_of(by, membership):
        raise NotYou("Nobody ends their own last role as administrator: another administrator does this.")
    what = f"{membership.get_role_display().lower()} in {membership.organisation}"
    if membership.starts > local_today():
        membership.delete()
        sentence = f"Took back the role {what}, before it began"
    elif last_day < membership.starts:
        raise NotNow(f"This role began on {date_words(membership.starts)}: give that day or a later one.")
    else:
        membership.ends = last_day
        membership.save(update_fields=["ends"])
        sentence = f"Ended the role {what}, last day {date_words(last_day)}"
    note(key_of(User, person.pk), "end_role", by=by, sentence=sentence[:300])


@transaction.atomic
def close_account(pk: int, *, by: User, reason: str = "") -> User:
    """Let somebody who has left neither sign in nor see anything; their roles and their part in the record stay."""
    person, by = _locked(pk), _fresh(by)
    if person.pk == by.pk:
        raise NotYou("Nobody closes their own account: another administrator does this.")
    _require(permissions.looks_after, person, by)
    if not person.is_active:
        raise NotNow("This account is closed already.")
    return _set_active(person, False, by, "Closed the account", reason)


@transaction.atomic
def open_account(pk: int, *, by: User) -> User:
    """Let somebody sign in again, with the roles that still count."""
    person, by = _locked(pk), _fresh(by)
    if person.pk == by.pk:
        raise NotYou("Nobody opens their own account: another administrator does this.")
    _require(permissions.looks_after, person, by)
    if person.is_active:
        raise NotNow("This account is open already.")
    return _set_active(person, True, by, "Opened the account again", "")


@transaction.atomic
def password_link(pk: int, *, by: User) -> str:
    """The path of a page on which the person sets a password, once, within the days that the settings give."""
    person, by = _locked(pk), _fresh(by)
    _require(permissions.looks_after, person, by)
    if not person.is_active:
        raise NotNow("This account is closed. Open it first.")
    if person.last_login is not None:
        raise NotNow(
            "This person has signed in already. A link that another person sees would let that person act for them, "
            "and four eyes would be two."
        )
    note(key_of(User, pk), "link", by=by, sentence="Made a link to set a password")
    return _password_path(person)


# --- One's own account ------------------------------------------------------------------------------------------------


@transaction.atomic
def change_own_account(person: User, *, name: str, telephone: str, mail: str) -> User:
    """Change one's own name, telephone and choice of mail; what waits to be sent follows the choice."""
    person = _locked(person.pk)
    renamed, chose = person.name != name.strip(), person.mail != mail
    before, person.name = person.name, name.strip()
    person.telephone, person.mail = telephone.strip(), mail
    person.save(update_fields=["name", "telephone", "mail"])
    if renamed:
        note(key_of(User, person.pk), "details", by=person, sentence=f"Changed the name from {before}"[:300])
    if chose:
        plan_anew(person)
    return person


def new_feed_key(user: User) -> str:
    """A new private address for the person's calendar; an earlier one stops to work."""
    user.feed_key = secrets.token_urlsafe(32)
    user.save(update_fields=["feed_key"])
    return user.feed_key


def drop_feed_key(user: User) -> None:
    """The private address of the person's calendar stops to work."""
    user.feed_key = None
    user.save(update_fields=["feed_key"])


def arrive(user: User) -> datetime | None:
    """Note that the person is here; returns when their visit before this one ended, None on the first.

    One of the two things that opening a page writes: once a visit, and then at most once in five minutes. Of two pages
    opened at once, one writes.
    """
    now, last = clock.now(), user.here_at
    if last is not None and timedelta() <= now - last < LOOK:
        return user.here_since
    since = last if last is None or now - last >= VISIT else user.here_since
    User.objects.filter(pk=user.pk, here_at=last).update(here_at=now, here_since=since)
    user.here_at, user.here_since = now, since
    return since


# --- Passwords --------------------------------------------------------------------------------------------------------


def ask_for_password_link(email: str) -> bool:
    """Have a link to set a password sent to an address, if it is somebody's; returns whether the request went out.

    It is the same for every address, so that nobody learns whose are known. The request is no row: it is worth no more than
    the minutes that the person waits for it, and who asks again mends a lost one.
    """
    try:
        current_app.send_task("people.password_link", args=[email])
    except BrokerAway:
        log.warning("The broker is away: a link to set a password was not sent")
        return False
    return True


def send_password_link(email: str) -> bool:
    """Send the link, whatever mail the person has chosen; returns whether the address is that of an open account."""
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        return False
    context = {"person": person, "path": _password_path(person), "days": settings.PASSWORD_RESET_TIMEOUT // 86400}
    letter(person.email, "Set a new password for Exemplar", "mail/password.html", context).send()
    return True


def _password_path(person: User) -> str:
    uidb64 = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("people:set-password", args=[uidb64, default_token_generator.make_token(person)])


def _locked(pk: int) -> User:
    """The person, so that two administrators do not write at once."""
    return User.objects.select_for_update(no_key=True).get(pk=pk)


def _fresh(by: User) -> User:
    """Who asks, as the database knows them now."""
    return cast("User", fresh(by))


def _require(rule: Callable[[Any, Any], bool], subject: Any, by: Any) -> None:
    """Raise NotYou with the rule's sentence where it does not hold."""
    if not permissions.administrator(by):
        raise NotYou(permissions.administrator.__doc__ or "")
    if not rule(subject, by):
        raise NotYou(rule.__doc__ or "")


def _is_last_of(by: User, membership: Membership) -> bool:
    """Whether the person would be nobody's administrator without this role, now or later."""
    roles = by.memberships.live().filter(role=Role.ADMINISTRATOR, ends=None)
    return not roles.exclude(pk=membership.pk).exists()


def _set_active(person: User, active: bool, by: Any, sentence: str, reason: str) -> User:
    person.is_active = active
    person.save(update_fields=["is_active"])
    note(key_of(User, person.pk), "account", by=by, sentence=sentence, reason=reason)
    return person
