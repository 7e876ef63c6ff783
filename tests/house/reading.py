"""Reading the project's own text: its files, rooms and what a module names."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("config", "grants", "reporting")
ROOMS = ("lifecycle", "people", "programmes", "awards", "money", "reports", "imports", "desk", "reporting")
"""Lower rooms first."""


def files(*folders: str, ends: tuple[str, ...] = (".py",)) -> list[Path]:
    """Every file under the folders whose name ends so; migrations and what is made by tools apart."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in ends
        and path.is_file()
        and not {"migrations", "__pycache__", "node_modules"} & set(path.parts)
    )


def room_of(path: Path) -> str | None:
    """The room that a file belongs to, by its folder; None for what is shared."""
    parts = path.relative_to(ROOT).parts
    if parts[0] == "reporting":
        return "reporting"
    if parts[0] in ("grants", "templates") and len(parts) > 2 and parts[1] in ROOMS:
        return parts[1]
    return None


def above(room: str | None) -> tuple[str, ...]:
    """The rooms that stand higher; all of them for what is shared."""
    return ROOMS if room is None else ROOMS[ROOMS.index(room) + 1 :]


@cache
def tree(path: Path) -> ast.Module:
    """The file as Python reads it: comments are gone."""
    return ast.parse(path.read_text(), str(path))


def docstrings(module: ast.Module) -> set[int]:
    """The ids of the nodes that are only prose: strings that stand as statements."""
    return {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module that is not prose, with its line."""
    prose = docstrings(tree(path))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Everything that a module imports, in dotted form down to the name, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


def words(path: Path) -> Iterator[tuple[int, str]]:
    """Every attribute and keyword argument of a module, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.value.lineno, node.arg


def place(path: Path, line: int) -> str:
    """Where something stands, to click on."""
    return f"{path.relative_to(ROOT)}:{line}"
