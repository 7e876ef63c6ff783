"""What `make walks` prints at the end: the counts of every worker, added."""

import pytest

from tests.machines.world import Tally

COUNTED = "lives"
"""The property in which a test hands its counts from a worker to the controller"""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tally = Tally()
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    for report in reports:
        for name, value in report.user_properties:
            if name == COUNTED:
                tally.add(str(value))
    if tally.lives:
        terminalreporter.section("Lives of reports")
        for line in tally.lines():
            terminalreporter.write_line(line)
