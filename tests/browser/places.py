"""Every page of the demonstration that somebody can come to, found by following links from everybody's home.

A page stands in the list once for each kind of person, state of its record, and what else makes it another page: the verb
of a step, the form of a part. Three sorts stand in it less often: help, and a list that is sorted, filtered or exported,
once for everybody; what stands beside an award, once in each state and once for each kind of person. New pages are found
without being told of.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import (
    NoReverseMatch,
    Resolver404,
    ResolverMatch,
    URLPattern,
    URLResolver,
    get_resolver,
    resolve,
    reverse,
)
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from grants.awards.models import Award, Extension, Tranche
from grants.imports.models import Import
from grants.people.models import GRANTEE_ROLES, Organisation, User
from grants.programmes.models import Section, SectionSet
from grants.reports.models import FigureRequest, Report
from reporting.models import FunderReport
from tests.browser.contents import SOUGHT_IN_VAIN, Contents

NOBODY = "nobody"
KINDS = (
    NOBODY, "editor", "editor-of-member", "editor-of-managed", "signatory", "signatory-of-managed", "reviewer",
    "approver", "finance", "administrator", "viewer",
)  # fmt: skip
"""Who comes: a role, and behind it how the person's organisation has its part."""
NO_PAGES = {
    "people:sign-out": "takes a POST only: every page has its button",
    "administration-sign-in": "leads to the one sign-in",
    "health": "is for machines",
    "reports:comments": "takes a POST only, from the page of its part",
    "reports:mark": "takes a POST from the review, and leads there",
}
HELP = "help"
BESIDE = {"award-history", "award-messages", "awards:notes", "awards:judge", "awards:managers", "awards:conflict"}
"""What stands beside an award and looks the same whatever its state."""
OF_A_SET = {"programmes:set", "programmes:new-section", "programmes:section"}
"""What is asked, whose state is whether a report has begun with it."""
HOME, NOWHERE = "/", "/nothing-is-here/"
ASKED = "by"
OLD_TOKEN = "abcdef-0123456789"
Key = tuple[str, ...]
"""The name of an address, the state of its record, and what else makes it another page."""


@dataclass(frozen=True)
class Place:
    """A page as one person finds it."""

    kind: str
    email: str
    name: str
    state: str
    detail: str
    url: str
    status: int
    download: bool
    found_on: str
    """The page that leads here; none leads to what was asked for by its address."""
    writes: bool
    """Whether it has a form that changes something."""
    first: bool = False
    """Whether of all that have this form, it is the one whose colours are looked at."""

    @property
    def form(self) -> Key:
        """What it has in common with pages of other states, and with the same page as others find it."""
        return self.name, "" if self.name == HELP else self.detail, str(self.status)

    def __str__(self) -> str:
        words = (self.kind, self.name, self.state, self.detail, str(self.status) if self.status != 200 else "")
        return "-".join(re.sub(r"[^\w.]+", "-", word) for word in words if word)


def names(resolver: Any = None, space: str = "") -> Iterator[str]:
    """Every named address, but those of Django's administration, which has tests of its own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


def without_a_record() -> Iterator[str]:
    """The addresses that need nothing more said, with links to them or without."""
    for name in names():
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


def session_of(person: User) -> str:
    """A session of somebody, who comes in without leaving a trace of having signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    assert session.session_key
    return session.session_key


def kind_of(person: User) -> str:
    """One of `KINDS`."""
    (held,) = person.live_memberships
    if held.role not in GRANTEE_ROLES:
        return str(held.role)
    if held.organisation.kind == Organisation.Kind.MANAGING_BODY:
        return f"{held.role}-of-managed"
    has_its_own = Award.objects.filter(organisation=held.organisation).exists()
    return str(held.role) if has_its_own else f"{held.role}-of-member"


def every_place() -> list[Place]:
    """The list, for everybody in the demonstration."""
    everybody: dict[str, list[User]] = {kind: [] for kind in KINDS}
    for person in User.objects.filter(is_active=True).order_by("pk"):
        everybody[kind_of(person)].append(person)
    records, seen = Records(), set[Key]()
    places = [place for kind, people in everybody.items() for place in Walk(kind, records, seen).of(people)]
    first = {place.form: place for place in reversed(places) if "?" not in place.url}
    return [replace(place, first=first.get(place.form) is place) for place in places]


class Records:
    """The states of all records and the forms of all parts, read once."""

    def __init__(self) -> None:
        self.awards = dict(Award.objects.values_list("reference", "state"))
        self.forms = dict(Section.objects.values_list("code", "form"))
        used = SectionSet.objects.values_list("pk", "used_at")
        sets = {pk: "used" if used_at else "unused" for pk, used_at in used}
        asked = Extension.objects.values_list("pk", "granted")
        words = {None: "open", True: "granted", False: "refused"}
        self.by_page: dict[str, dict[int, str]] = {
            **dict.fromkeys(OF_A_SET, sets),
            "awards:extension": {pk: words[granted] for pk, granted in asked},
        }
        self.closed = {one.token for one in FigureRequest.objects.exclude(state="waiting")}
        can_be_corrected = Report.objects.filter(
            state="approved", milestone__award__state__in=["active", "evaluating"]
        ).exclude(milestone__reports__state__in=Report.OPEN)
        self.others: dict[str, dict[int, str]] = {
            "money": dict(Tranche.objects.values_list("pk", "state")),
            "imports": dict(Import.objects.values_list("pk", "state")),
            "reporting": dict(FunderReport.objects.values_list("pk", "state")),
            "reports": dict(Report.objects.values_list("pk", "state"))
            | dict.fromkeys(
                Report.objects.filter(state="draft", begun_at=None).values_list("pk", flat=True), "not_begun"
            )
            | dict.fromkeys(can_be_corrected.values_list("pk", flat=True), "approved_running")
            | dict.fromkeys(
                can_be_corrected.filter(results__status__in=Report.TO_COME).values_list("pk", flat=True),
                "approved_to_come",
            ),
        }

    def key(self, match: ResolverMatch, query: str) -> Key:
        """What tells an address from others."""
        given = match.kwargs
        if "reference" in given:
            state = self.awards.get(given["reference"], "")
        else:
            state = self.others.get(match.namespace, {}).get(given.get("pk", 0), "")
        if match.view_name in self.by_page:
            state = self.by_page[match.view_name].get(given["pk"], "")
        said = [given[word] for word in ("verb", "name") if word in given]
        if match.view_name == "reports:part":
            said.append(self.forms[given["code"]])
        if match.view_name == "reports:answer" and given["token"] in self.closed:
            said.append("closed")
        if given.get("token") == OLD_TOKEN:
            said.append("old")
        asked = {name: values for name, values in parse_qs(query).items() if (name, values) != ("page", ["1"])}
        if [SOUGHT_IN_VAIN] in asked.values():
            said.append(f"{ASKED} nothing found")
        elif asked:
            said.append(f"{ASKED} {' '.join(sorted(asked))}")
        return match.view_name, state, " ".join(said)


class Walk:
    """The pages of one kind of person."""

    def __init__(self, kind: str, records: Records, seen: set[Key]) -> None:
        self.kind = kind
        self.records = records
        self.seen = seen
        self.places: list[Place] = []
        self._asked: set[str] = set()

    def of(self, people: list[User]) -> list[Place]:
        """Follow every link from the homes of these people, then ask for what no link leads to."""
        if self.kind == NOBODY:
            self._through(
                Client(raise_request_exception=False),
                NOBODY,
                [*links_to_set_a_password(), *links_to_answer(), *links_to_verify(), *without_a_record(), NOWHERE],
            )
        for person in people:
            client = Client(raise_request_exception=False)
            client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
            foreign = Award.objects.exclude(pk__in=Award.objects.visible_to(person))[:1]
            unlinked = [*without_a_record(), NOWHERE, *(reverse("award", args=[one.reference]) for one in foreign)]
            if person.feed_key:
                unlinked.append(reverse("calendar-feed", args=[person.feed_key]))
            self._through(client, person.email, [HOME])
            self._through(client, person.email, [one for one in unlinked if one not in self._asked])
            self._asked.update(unlinked)
        return self.places

    def _through(self, client: Client, email: str, addresses: Iterable[str]) -> None:
        waiting = deque((address, "") for address in addresses)
        while waiting:
            address, source = waiting.popleft()
            path, query = urlsplit(address)[2:4]
            match = matched(path)
            key = self.records.key(match, query)
            if match.namespace == "admin" or match.view_name in NO_PAGES:
                continue
            if self._marks(key) <= self.seen or (source and address == HOME):
                continue
            if contents := self._look(client, email, address, source, key):
                onward = (urldefrag(urljoin(address, link)).url for link in contents.onward())
                # A list that is sorted, filtered or paged is not sorted, filtered or paged further
                waiting.extend((link, address) for link in onward if not (query and urlsplit(link).query))

    def _look(self, client: Client, email: str, address: str, source: str, key: Key) -> Contents | None:
        """Open a page and note it, unless it is one of those noted; gives what is on it, where that leads on."""
        answer = client.get(address, follow=True)
        if answer.redirect_chain:
            path, query = answer.request["PATH_INFO"], answer.request["QUERY_STRING"]
            if self.kind != NOBODY and path in (HOME, reverse("people:sign-in")):
                return None
            if matched(path).view_name != key[0]:
                address, key = path, self.records.key(matched(path), query)
        is_page = answer.get("Content-Type", "").startswith("text/html")
        contents = Contents(answer.getvalue().decode()) if is_page else None
        name, state, detail = key[:3]
        refused = answer.status_code != 200
        if contents and address == HOME:
            key, detail = (*key, *sorted(contents.states)), email.partition("@")[2].partition(".")[0]
        elif refused and not source:
            key = ("refused", str(answer.status_code))  # one of each refusal is enough
        if not self._marks(key) <= self.seen:
            self.places.append(
                Place(
                    self.kind, email, name, state, detail, address, answer.status_code, not is_page, source,
                    bool(contents and contents.writes),
                )
            )  # fmt: skip
        elif address != HOME:
            return None
        if not (refused and source):
            self.seen.update(self._marks(key))
        return None if refused else contents

    def _marks(self, key: Key) -> set[Key]:
        """What is seen when a page is; a page whose marks were all seen is not looked at again."""
        name, state, *details = key
        if name == HELP or any(detail.startswith(ASKED) for detail in details):
            return {(name, *details)}
        if name in BESIDE:
            return {(name, state), (self.kind, name)}
        return {(self.kind, *key)}


def matched(path: str) -> ResolverMatch:
    """What stands behind a path; "nowhere" where that is nothing."""
    try:
        return resolve(path)
    except Resolver404:
        return ResolverMatch(resolve, (), {}, url_name="nowhere")


def links_to_set_a_password() -> list[str]:
    """One that is good, and one that is not any more."""
    person = User.objects.latest("pk")
    uidb64 = urlsafe_base64_encode(force_bytes(person.pk))
    return [
        reverse("people:set-password", args=[uidb64, token])
        for token in (default_token_generator.make_token(person), OLD_TOKEN)
    ]


def links_to_verify() -> list[str]:
    """Those that released documents carry, and one that none does."""
    reports = FunderReport.objects.filter(state__in=FunderReport.SENT).order_by("pk")
    marks = [(report.reference, report.snapshot_sha256[:16]) for report in reports]
    return [reverse("verify", args=mark) for mark in [*marks, ("FR-0001", "0" * 16)]]


def links_to_answer() -> list[str]:
    """Those that were sent to who is asked for a figure, used or not; and the thanks to who gave one."""
    asked = FigureRequest.objects.order_by("pk")
    thanks = [reverse("reports:answered", args=[one.token]) for one in asked.filter(state="answered")]
    return [*(one.link for one in asked), *thanks]
