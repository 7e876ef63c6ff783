"""What was visited, as a worker hands it to the process that started it, and the line that sums it up."""

from typing import TypedDict

from grants.formats import plural

VISITS = "visits"


class Visits(TypedDict):
    """The visits of one kind of person."""

    kind: str
    names: list[str]
    """Of the addresses, one for each page."""
    downloads: int
    axe: int
    console: int
    others: int
    seconds: float


def summed_up(all_of_them: list[Visits]) -> str:
    """The line at the end."""
    lines = [
        f"  {one['kind']:<22}{plural(len(one['names']), 'page'):<12}{one['seconds']:.0f} s"
        for one in sorted(all_of_them, key=lambda one: one["kind"])
    ]
    names = {name for one in all_of_them for name in one["names"]}
    pages, downloads, axe, console, others = (
        sum(len(one["names"]) for one in all_of_them),
        *(sum(one[what] for one in all_of_them) for what in ("downloads", "axe", "console", "others")),
    )
    return "\n".join(
        [
            *lines,
            (
                f"Visited {plural(pages, 'page')}: {plural(len(names), 'address', 'addresses')}, {plural(len(lines), 'role')},"
                f" 2 widths, light and dark, and {plural(downloads, 'download')};"
                f" {plural(axe, 'axe violation')}, {plural(console, 'console error')}, {plural(others, 'other fault')}"
            ),
        ]
    )
