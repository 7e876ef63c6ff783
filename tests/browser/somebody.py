"""A person before a browser: signs in, reads, follows links and presses buttons by the names that stand on the page."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, Response, expect

from grants.people.models import User
from tests.browser.places import NOBODY, Place, session_of
from tests.browser.watch import Watch
from tests.factories import PASSWORD

Name = str | re.Pattern[str]


class Somebody:
    """One person with a browser of their own."""

    def __init__(self, browser: Browser, watch: Watch, email: str, **more: Any) -> None:
        self.email = email
        self.watch = watch
        self.context = watch.context(browser, **more)
        self.page = self.context.new_page()

    def come_in(self) -> None:
        """Be signed in already; nobody stays outside."""
        if self.email == NOBODY:
            return
        session = session_of(User.objects.get(email=self.email))
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.watch.home}])

    def go(self, path: str) -> Response:
        """Go to an address of the site."""
        response = self.page.goto(f"{self.watch.home}{path}")
        assert response is not None
        return response

    def at(self, path: str) -> Page:
        """The page of an address of the site, gone to."""
        self.go(path)
        return self.page

    def sign_in(self, password: str = PASSWORD) -> None:
        """Come to the site and sign in."""
        self.page.goto(self.watch.home)
        self.look("sign-in")
        self.write("E-mail address", self.email)
        self.write("Password", password)
        self.press("Sign in")
        self.reads("You are signed in as")

    def sign_out(self) -> None:
        """Leave."""
        self.press("Sign out")
        expect(self.page.get_by_role("heading", name="Sign in")).to_be_visible()

    def home(self) -> None:
        """Go to the home page by the brand at the head of every page."""
        self.follow("Exemplar")

    def place(self, role: str, name: Name) -> Locator:
        """A named place on the page: a region, a group, a row."""
        exact = isinstance(name, str)
        return self.page.get_by_role(role, name=name, exact=exact)  # type: ignore[arg-type]

    def follow(self, name: Name, inside: Locator | None = None) -> None:
        """Follow the link of that name; there must be one."""
        (inside or self.page).get_by_role("link", name=name, exact=isinstance(name, str)).click()

    def press(self, name: Name, inside: Locator | None = None) -> None:
        """Press the button of that name; there must be one."""
        (inside or self.page).get_by_role("button", name=name, exact=isinstance(name, str)).click()

    def field(self, label: str, inside: Locator | None = None) -> Locator:
        """The field of that label, or of one that begins or goes on with more words."""
        fields = self.page.locator("input, select, textarea")
        return (inside or self.page).get_by_label(label).and_(fields)

    def write(self, label: str, text: str, inside: Locator | None = None) -> None:
        """Write into the field of that label, in place of what stands there."""
        self.field(label, inside).fill(text)

    def choose(self, label: str, option: str, inside: Locator | None = None) -> None:
        """Choose in the list of that label."""
        self.field(label, inside).select_option(label=option)

    def tick(self, label: str) -> None:
        """Tick the round or square of that label."""
        self.field(label).check()

    def reads(self, *texts: str) -> None:
        """See these texts on the page."""
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    @contextmanager
    def is_refused(self, status: int) -> Iterator[None]:
        """A page with that status is what the story asks for."""
        self.watch.expected.add(status)
        yield
        self.watch.expected.discard(status)

    def is_not_offered(self, name: str) -> None:
        """See neither a link nor a button of that name."""
        for role in ("link", "button"):
            expect(self.place(role, name)).to_have_count(0)

    def look(self, name: str) -> None:
        """Look at the page as it stands."""
        self.watch.look(self.page, name)


def each_with_their_own(places: list[Place], watch: Watch, browser: Browser) -> Iterator[tuple[Somebody, list[Place]]]:
    """Everybody who has a part in these visits, signed in, with their own; they leave when the next one comes."""
    for email in dict.fromkeys(place.email for place in places):
        person = Somebody(browser, watch, email)
        person.come_in()
        yield person, [place for place in places if place.email == email]
        person.context.close()


SitDown = Callable[[str], Somebody]
"""Puts the person of an e-mail address before a browser."""
ComeIn = Callable[..., Somebody]
"""The same for somebody of the demonstration, who is signed in already."""
