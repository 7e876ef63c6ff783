"""Rules of the house that a search can hold."""

import ast
import re

import pytest

from tests.house.reading import ROOT, files, imports, place, tree

LONGEST = 400
UNFINISHED = re.compile("|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", "X" * 3)))
REAL_CLOCK = {
    "grants/clock.py",
    "grants/lifecycle/mail.py",
    "grants/people/models.py",
    "grants/reports/services/request_mail.py",
    "reporting/models.py",
    "reporting/services/building.py",
}
"""The clock itself, when somebody joined, when mail leaves, and the claims of workers: nothing that a rule reads."""
TEXTS = (".py", ".html", ".txt", ".js", ".css", ".md", ".toml", ".yml")


def test_rules_of_the_database_are_never_switched_off() -> None:
    word = "pgtrigger" + ".ignore"
    found = [str(path) for path in files("config", "grants", "reporting", "tests") if word in path.read_text()]
    assert not found


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{place(path, number)} {line.strip()}"
        for path in files("config", "grants", "reporting", "templates", "static", "tests", "docs", ends=TEXTS)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", ["config", "grants", "reporting", "templates", "tests"])
def test_no_file_is_too_long_to_have_one_subject(folder: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files(folder, ends=(".py", ".html"))
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert not long


def test_no_rule_stands_in_save_or_in_a_signal() -> None:
    saving = re.compile(r"^    def (save|delete)\(self", re.MULTILINE)
    signals = re.compile(r"models\.signals|@receiver\b")
    found = [
        place(path, path.read_text()[: match.start()].count("\n") + 1)
        for path in files("grants", "reporting")
        for rule in ([saving, signals] if "models" in path.with_suffix("").parts else [signals])
        for match in rule.finditer(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_every_rule_reads_one_clock() -> None:
    read = re.compile(r"\b(timezone\.(now|localdate)|(date|datetime)\.(today|now|utcnow))$")
    found = {
        str(path.relative_to(ROOT)): place(path, node.lineno)
        for path in files("config", "grants", "reporting")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and read.search(ast.unparse(node))
    } | {
        str(path.relative_to(ROOT)): place(path, line)
        for path in files("config", "grants", "reporting")
        for line, name in imports(path)
        if name in ("django.utils.timezone.now", "django.utils.timezone.localdate")
    }
    assert found.keys() <= REAL_CLOCK, "\n".join(found[path] for path in sorted(found.keys() - REAL_CLOCK))
