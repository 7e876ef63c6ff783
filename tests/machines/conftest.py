"""What `make walks` prints at the end, the counts of every worker added; and that so many lives reached what seldom is."""

import pytest

from tests.machines.world import Tally

COUNTED = "lives"
"""The property in which a test hands its counts from a worker to the controller"""
MANY = 1000
"""So many lives come to all of these"""
SELDOM = {
    "approve", "approve, correction", "approve, figure_update", "begin_figure_update", "abandon, correction", "waive",
    "suspend", "resume", "return_report", "recall", "decline_sign_off", "recall_submission", "confirm_part",
}  # fmt: skip


def counted(terminalreporter: pytest.TerminalReporter) -> Tally:
    tally = Tally()
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    for report in reports:
        for name, value in report.user_properties:
            if name == COUNTED:
                tally.add(str(value))
    return tally


def never_reached(tally: Tally) -> set[str]:
    return SELDOM - set(tally.lives) if tally.lives["lives"] >= MANY else set()


def pytest_sessionfinish(session: pytest.Session) -> None:
    terminalreporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminalreporter is not None and never_reached(counted(terminalreporter)):  # a worker has none
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tally = counted(terminalreporter)
    if tally.lives:
        terminalreporter.section("Lives of reports")
        for line in tally.lines():
            terminalreporter.write_line(line)
    for name in sorted(never_reached(tally)):
        terminalreporter.write_line(f"FAILED: no life came to {name}", red=True)
