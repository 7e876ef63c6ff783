"""What nobody may meet on any page: faults in the console, requests that fail or go elsewhere, pages that are not fit."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

WIDE, NARROW = 1280, 360
HEIGHT = 900
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL_RULES: dict[str, Any] = {"runOnly": [*WCAG, "best-practice"], "resultTypes": ["violations"], "preload": False}
WITHOUT_COLOURS = ALL_RULES | {"runOnly": WCAG, "rules": {"color-contrast": {"enabled": False}}}
"""To weigh each text against what is behind it takes axe four times as long as everything else."""


@dataclass
class Watch:
    """Watches over pages, and keeps what it finds."""

    home: str
    shots: Path | None = None
    problems: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    """Answers that the story asks for: a refusal is a page with a status of its own."""

    def context(self, browser: Browser, **more: Any) -> BrowserContext:
        """A browser of somebody's own, watched; axe stands by in every page of it."""
        context = browser.new_context(
            viewport={"width": WIDE, "height": HEIGHT}, locale="en-GB", reduced_motion="reduce", **more
        )
        context.add_init_script(AXE)
        context.on("page", self.over)
        return context

    def over(self, page: Page) -> None:
        """Watch a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"console: {page.url}: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Answers are judged by their status, below; the browser says it here a second time
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.location['url']}: {message.text}")

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

    def look(
        self,
        page: Page,
        name: str,
        *,
        narrow: dict[str, Any] = WITHOUT_COLOURS,
        wide: dict[str, Any] = ALL_RULES,
        dark: bool = False,
    ) -> None:
        """Look at a page once: narrow and wide (by night, if asked), nothing sticks out and axe finds nothing."""
        if name in self.looked_at:
            return
        self.looked_at.append(name)
        page.wait_for_load_state()
        self._at(page, NARROW, name)
        reach = page.evaluate("document.documentElement.scrollWidth")
        if reach > NARROW:
            self.problems.append(f"{name} is {reach} wide on a screen of {NARROW}")
        self._axe(page, f"{name}, narrow", narrow)
        self._at(page, WIDE, name)
        if dark:
            page.emulate_media(color_scheme="dark")
        self._axe(page, f"{name}, wide{', dark' if dark else ''}", wide)
        if dark:
            page.emulate_media(color_scheme="light")

    def _axe(self, page: Page, name: str, rules: dict[str, Any]) -> None:
        for violation in page.evaluate(f"axe.run({json.dumps(rules)}).then(found => found.violations)"):
            places = "; ".join(str(node["html"])[:160] for node in violation["nodes"][:3])
            self.problems.append(f"axe: {name}: {violation['id']}, {violation['help']}: {places}")

    def _at(self, page: Page, width: int, name: str) -> None:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if self.shots:
            number = len(self.looked_at)
            page.screenshot(path=self.shots / f"{number:03}-{name}-{width}.png", full_page=True)
