"""Each machine as a Mermaid diagram and as a table, read from the code."""

from collections.abc import Iterator
from typing import Any

from grants.lifecycle.door import consequences_of
from grants.lifecycle.machine import Machine, machines, transitions_of


def first_line(thing: Any) -> str:
    """The first line of a docstring, without its full stop."""
    return (thing.__doc__ or "").strip().splitlines()[0].rstrip(".")


def diagram(model: type[Machine]) -> str:
    """The machine in Mermaid's state diagram language."""
    lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in model.BORN)]
    lines += [f"    {row.source} --> {row.target}: {row.name}" for row in transitions_of(model)]
    return "\n".join(lines)


def table(model: type[Machine]) -> str:
    """The machine as a Markdown table: transition, from, to, who, guards, what follows."""
    rows = ["| transition | from | to | who | guard | what follows |", "|---|---|---|---|---|---|"]
    grouped: dict[tuple[str, str], list[Any]] = {}
    for row in transitions_of(model):
        grouped.setdefault((row.name, str(row.target)), []).append(row)
    for (name, target), steps in grouped.items():
        conditions = dict.fromkeys(condition for step in steps for condition in step.conditions)
        guards = [first_line(condition) + _where(condition, steps) for condition in conditions]
        guards += ["A reason is given"] if steps[0].custom.get("reason") else []
        follows = "; ".join(first_line(consequence) for consequence in consequences_of(model, name))
        sources = ", ".join(str(step.source) for step in steps)
        who = first_line(steps[0].permission)
        rows.append(f"| {name} | {sources} | {target} | {who} | {'; '.join(guards)} | {follows} |")
    return "\n".join(rows)


def _where(condition: Any, steps: list[Any]) -> str:
    """From which states a guard holds, where it does not hold from all."""
    guarded = [str(step.source) for step in steps if condition in step.conditions]
    return "" if len(guarded) == len(steps) else f" (from {', '.join(guarded)})"


def pages() -> Iterator[str]:
    """Every machine, as a section of a Markdown page."""
    for model in machines():
        title = str(model._meta.verbose_name)
        yield f"## {title[0].upper()}{title[1:]}\n\n```mermaid\n{diagram(model)}\n```\n\n{table(model)}\n"
