"""What a page has in it, read from its HTML: whereto it leads, and what tells it from another of its kind."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

SOUGHT_IN_VAIN = "no such thing"


class Contents(HTMLParser):
    """Links, states, and the forms that ask for another list."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.states: set[str] = set()
        self.writes = False
        """Whether there is a form that changes something."""
        self._searches: list[Search] = []
        self._open: Search | None = None
        self._in_main = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "form" and found.get("method", "get") == "get":
            self._open = Search(found.get("action", ""))
            self._searches.append(self._open)
        elif tag == "form":
            self.writes = self.writes or self._in_main  # everywhere else, it is the button to sign out
        elif self._open:
            self._open.add(tag, found)
        self._in_main = self._in_main or tag == "main"
        if "data-state" in found:
            self.states.add(found["data-state"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "main":
            self._in_main = False

    def onward(self) -> Iterator[str]:
        """The addresses to which it leads on this site."""
        yield from (link for link in self.links if not urlsplit(link).scheme)
        yield from self.searched()

    def searched(self) -> Iterator[str]:
        """The addresses to which its forms lead: a list filtered, and a list filtered until nothing is left."""
        for search in self._searches:
            for query in (search.chosen, search.written):
                if query:
                    yield f"{search.action}?{urlencode(query)}"


class Search:
    """A form that asks by its address, filled in: the last of each choice; words that stand nowhere."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.chosen: dict[str, str] = {}
        self.written: dict[str, str] = {}
        self._select = ""

    def add(self, tag: str, found: dict[str, str]) -> None:
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option":
            self.chosen[self._select] = found.get("value", "")
        elif tag == "input" and kind in ("text", "search"):
            self.written[name] = SOUGHT_IN_VAIN
        elif tag == "input" and kind in ("radio", "checkbox"):
            self.chosen[name] = found.get("value", "on")
