"""Somebody's hands on a keyboard, and no mouse: from stop to stop, always seeing where one is."""

from collections.abc import Callable

from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.somebody import Name, Somebody

MOST_STOPS = 300
NOTE_STOPS = """() => {
  if (window.stops) return void (stops.length = 0);
  window.stops = [];
  addEventListener("focusin", ({ target }) => {
    const style = getComputedStyle(target), box = target.getBoundingClientRect();
    const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && box.width > 0 && box.height > 0;
    stops.push({ one: target, shown });
  });
}"""
"""Notes what gets the focus, and whether that shows."""
IS_THERE = "one => one === document.activeElement"
IS_IN_GROUP = "one => document.activeElement.type === 'radio' && document.activeElement.name === one.name"
HIDDEN_STOPS = "() => stops.filter(stop => !stop.shown).map(stop => stop.one.outerHTML.slice(0, 150))"
MISSED = """() => {
  const groups = new Set(stops.filter(({ one }) => one.type === "radio").map(({ one }) => one.name));
  const reached = new Set(stops.map(stop => stop.one));
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  return [...all].filter(one => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true })
    && !reached.has(one) && !(one.type === "radio" && groups.has(one.name))).map(one => one.outerHTML.slice(0, 150));
}"""
"""What can have the focus, and did not get it; of a group of radio buttons one is enough."""


class Keyboard:
    """A keyboard before somebody's page."""

    def __init__(self, person: Somebody) -> None:
        self.person = person
        self.page = person.page
        self.keys = person.page.keyboard

    def to(self, target: Locator, is_there: str = IS_THERE) -> Locator:
        """Press Tab until the target has the focus; wherever the focus stops on the way, it shows."""
        expect(target).to_have_count(1)
        self.page.evaluate(NOTE_STOPS)
        for _ in range(MOST_STOPS):
            if target.evaluate(is_there):
                break
            self.keys.press("Tab")
        else:
            raise AssertionError(f"Tab does not lead to {target}")
        assert self.page.evaluate(HIDDEN_STOPS) == []
        return target

    def write(self, label: str, text: str, inside: Locator | None = None) -> None:
        """Type into a field, in place of what stands there."""
        target = self.to(self.person.field(label, inside))
        self.keys.press("Control+A")
        self.keys.type(text)
        expect(target).to_have_value(text)

    def choose(self, label: str, option: str, inside: Locator | None = None) -> None:
        """Choose in a list by the arrows, from its first option on."""
        target = self.to(self.person.field(label, inside))
        self.keys.press("Home")
        for _ in range(MOST_STOPS):
            if target.locator("option:checked").inner_text().strip() == option:
                break
            self.keys.press("ArrowDown")
        expect(target.locator("option:checked")).to_have_text(option)

    def tick(self, label: str, inside: Locator | None = None) -> None:
        """Tick a square, or come to a round by the arrows."""
        target = self.person.field(label, inside)
        if target.get_attribute("type") == "checkbox":
            self.to(target)
            self.keys.press("Space")
        else:
            self.to(target, IS_IN_GROUP)
            self.keys.press("Space")
            for _ in range(MOST_STOPS):
                if target.is_checked():
                    break
                self.keys.press("ArrowDown")
        expect(target).to_be_checked()

    def hand_in(self, label: str, file: FilePayload) -> None:
        """Choose a file; the window in which that is done is the system's own."""
        self.to(self.person.field(label))
        with self.page.expect_file_chooser() as chooser:
            self.keys.press("Space")
        chooser.value.set_files(file)

    def press(self, name: Name, inside: Locator | None = None) -> None:
        """Press a button."""
        self._enter(self.person.place("button", name) if inside is None else inside.get_by_role("button", name=name))

    def follow(self, name: Name) -> None:
        """Follow a link."""
        self._enter(self.person.place("link", name))

    def _enter(self, target: Locator) -> None:
        self.to(target)
        with self.page.expect_navigation():
            self.keys.press("Enter")

    def walk(self) -> list[str]:
        """Go once through the whole page; returns what could have had the focus, and did not get it."""
        self.page.evaluate(NOTE_STOPS)
        for _ in range(len(self.page.evaluate(MISSED)) + 2):
            self.keys.press("Tab")
        assert self.page.evaluate(HIDDEN_STOPS) == []
        missed: list[str] = self.page.evaluate(MISSED)
        return missed


Story = Callable[[Keyboard], None]
"""How a form is completed."""
