"""Plain tables made to fold: from simple HTML to a table that becomes blocks where its place is narrow.

`display: grid` takes a table's meaning from some screen readers, so such tables carry ARIA roles, and each cell the
label of its column. Templates write neither: they are added here, from the headings.
"""

import html
import re

TAG = re.compile(r"<(/?)(table|caption|thead|tbody|tfoot|tr|th|td)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
ATTRIBUTE = r"(?:^|\s){}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
HIDDEN_WORDS = re.compile(r"<(span|div)[^>]*class=\"[^\"]*\b(?:hint|aside-text)\b[^\"]*\"[^>]*>.*?</\1>", re.DOTALL)


def attribute(attrs: str, name: str) -> str | None:
    """The value of an attribute in the text of a start tag, or None."""
    found = re.search(ATTRIBUTE.format(re.escape(name)), attrs, re.IGNORECASE)
    return next(group for group in found.groups() if group is not None) if found else None


def _words(fragment: str) -> str:
    """The text of a heading, without tags, hints and what is only for the ear."""
    text = re.sub(r"<[^>]*>", " ", HIDDEN_WORDS.sub(" ", fragment))
    return " ".join(html.unescape(text).split())


def fold(source: str) -> str:
    """Add role, scope and data-label to the rows and cells of a table's inside; tables within stay as they are."""
    out: list[str] = []
    labels: list[str] = []
    section, column, depth, position = "tbody", 0, 0, 0
    for found in TAG.finditer(source):
        closing, name, attrs = found[1], found[2].lower(), found[3]
        if name == "table":
            depth += -1 if closing else 1
        if depth or closing or name in ("table", "caption"):
            continue
        extra = {"role": "row" if name == "tr" else "rowgroup"}
        if name in ("thead", "tbody", "tfoot"):
            section = name
        elif name == "tr":
            column = 0
        else:
            span = int(attribute(attrs, "colspan") or 1)
            if section == "thead":
                end = source.find("</th>", found.end())
                labels[column : column + span] = [_words(source[found.end() : end])] * span
                extra = {"role": "columnheader", "scope": "col"}
            elif name == "th":
                extra = {"role": "rowheader", "scope": "row"}
            else:
                extra = {"role": "cell"}
                if column < len(labels) and span == 1:
                    extra["data-label"] = labels[column]
            column += span
        added = "".join(
            f' {key}="{html.escape(value)}"' for key, value in extra.items() if value and attribute(attrs, key) is None
        )
        out += [source[position : found.start()], f"<{found[2]}{attrs}{added}>"]
        position = found.end()
    return "".join([*out, source[position:]])
