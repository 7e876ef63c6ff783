"""What a page weighs when it is first loaded: itself, its style sheets and its scripts, none of them compressed."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

MOST_QUERIES = 15
MOST_BYTES = 200_000
_PARTS = re.compile(r"""<(?:link|script|img)\b[^>]*?\b(?:href|src)=["'](/[^"']+)""")


def parts_of(content: bytes) -> set[str]:
    """The addresses of the files that a page asks for."""
    return set(_PARTS.findall(content.decode()))


def bytes_of(content: bytes, static: str = "/static/") -> int:
    """How many bytes a page's first load takes."""
    files = (finders.find(part.removeprefix(static)) for part in parts_of(content))
    return len(content) + sum(Path(str(path)).stat().st_size for path in files)
