"""One template, two forms of a letter: HTML, and the plain text that is read from it."""

import textwrap
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

WIDTH = 76
HEADINGS = {"h1", "h2"}
BLOCKS = {*HEADINGS, "p"}


def letter(
    to: str, subject: str, template: str, context: dict[str, Any], *, reply_to: str = ""
) -> EmailMultiAlternatives:
    """A letter that is ready to be sent. The template extends mail/layout.html; whatever people wrote is escaped there.

    A subject or an address with a line break in it would make headers of its own: the one is joined, the other refused.
    """
    frame = {"site": settings.SITE_ADDRESS, "demonstration": settings.DEMONSTRATION}
    html = render_to_string(template, {**frame, "subject": subject, "reply_to": reply_to, **context})
    made = EmailMultiAlternatives(
        " ".join(subject.split()),
        plain(html),
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},  # nobody's absence is announced to us
    )
    made.attach_alternative(html, "text/html")
    return made


def plain(html: str) -> str:
    """The text of a letter: a paragraph for each block, and each link's address under its words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n\n".join(reader.paragraphs) + "\n"


class _Reader(HTMLParser):
    """Gathers paragraphs. Our own templates are all that it ever reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self.lines: list[str] = []
        self.words = self.link = ""
        self.shown = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a paragraph; the head is passed over."""
        if tag == "head":
            self.shown = False
        elif tag in BLOCKS:
            self.end_paragraph()
        elif tag == "a":
            self.link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        """A link is followed by its address, on a line of its own that is never folded."""
        if tag == "head":
            self.shown = True
        elif tag == "a":
            self.fold()
            self.lines.append(self.link)
        elif tag in BLOCKS:
            self.end_paragraph(underlined=tag in HEADINGS)

    def handle_data(self, data: str) -> None:
        """Words, unless they are not shown."""
        if self.shown:
            self.words += data

    def fold(self) -> None:
        """Fold the words since the last address."""
        self.lines += textwrap.wrap(self.words, WIDTH, break_long_words=False, break_on_hyphens=False)
        self.words = ""

    def end_paragraph(self, underlined: bool = False) -> None:
        """Close the paragraph, if there is one; a heading is underlined."""
        self.fold()
        if self.lines and underlined:
            self.lines.append("-" * len(self.lines[-1]))
        if self.lines:
            self.paragraphs.append("\n".join(self.lines))
        self.lines = []
