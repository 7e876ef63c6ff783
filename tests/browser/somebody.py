"""A person before a browser: signs in, reads, follows links and presses buttons by the names that stand on the page.

Whatever goes wrong on the way, on any page of anybody, is kept in the Watch and fails the test at its end.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.factories import PASSWORD

WIDE, NARROW = 1280, 360
HEIGHT = 900
Name = str | re.Pattern[str]


@dataclass
class Watch:
    """What nobody may meet: faults in the console, requests that fail or go elsewhere, pages that are not fit."""

    home: str
    shots: Path | None = None
    problems: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    """Answers that the story asks for: a refusal is a page with a status of its own."""

    def over(self, page: Page) -> None:
        """Watch a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Answers are judged by their status, below; the browser says it here a second time
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.problems.append(f"{message.location['url']}: {message.text}")

    def _request(self, request: Request) -> None:
        there, here = urlsplit(request.url), urlsplit(self.home)
        if there.scheme != "data" and there.netloc != here.netloc:
            self.problems.append(f"A request went elsewhere: {request.url}")

    def _failed(self, request: Request) -> None:
        # Chromium says so too of what becomes a download, and of a poll under way on a page that is left
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.problems.append(f"{response.url}: answered {response.status}")

    def look(self, page: Page, name: str) -> None:
        """Look at a page once: on a narrow screen nothing sticks out, axe finds nothing, and a picture if asked for."""
        if name in self.looked_at:
            return
        self.looked_at.append(name)
        self._at(page, NARROW, name)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > NARROW:
            self.problems.append(f"{name} is {wide} wide on a screen of {NARROW}")
        self._at(page, WIDE, name)
        for violation in Axe().run(page).response["violations"]:
            places = "; ".join(str(node["html"])[:160] for node in violation["nodes"][:3])
            self.problems.append(f"{name}: {violation['id']}, {violation['help']}: {places}")

    def _at(self, page: Page, width: int, name: str) -> None:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if self.shots:
            number = len(self.looked_at)
            page.screenshot(path=self.shots / f"{number:03}-{name}-{width}.png", full_page=True)


class Somebody:
    """One person with a browser of their own."""

    def __init__(self, browser: Browser, watch: Watch, email: str) -> None:
        self.email = email
        self.watch = watch
        self.context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, locale="en-GB")
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        """Another tab, watched too."""
        page = self.context.new_page()
        self.watch.over(page)
        return page

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


SitDown = Callable[[str], Somebody]
"""Puts the person of an e-mail address before a browser."""
