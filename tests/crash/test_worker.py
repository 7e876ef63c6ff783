"""A real Celery worker, killed while it builds: the report is built all the same, once. And one that sends mail, once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from config.celery import app
from grants.lifecycle import notices
from grants.lifecycle import tasks as mail
from grants.lifecycle.models import Notice
from reporting import tasks
from reporting.models import Document, FunderReport
from tests.reporting.conftest import Programme, programme

__all__ = ["programme"]
PATIENCE = 60
CLAIM_SECONDS = "3"


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with a process of its own, in a session of its own."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "config.celery",
        "worker",
        "--concurrency",
        "1",
        "--without-gossip",
    ]
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def eventually(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def state(report: FunderReport) -> str:
    return FunderReport.objects.values_list("state", flat=True).get(pk=report.pk)


@pytest.fixture
def environment(child_environment: dict[str, str], transactional_db: None) -> dict[str, str]:
    app.control.purge()
    return child_environment | {"EXEMPLAR_CLAIM_SECONDS": CLAIM_SECONDS}


def test_a_worker_builds_what_was_requested(environment: dict[str, str], programme: Programme, tmp_path: Path) -> None:
    report = programme.request()
    with worker(environment, tmp_path / "log"):
        eventually(lambda: state(report) == "built", (tmp_path / "log").read_text())


def test_a_report_whose_worker_was_killed_is_built_by_the_next(
    environment: dict[str, str], programme: Programme, tmp_path: Path
) -> None:
    database = connection.settings_dict
    lock = psycopg.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"],
    )
    report = programme.request()
    with lock, worker(environment, tmp_path / "log") as first:
        lock.execute(
            "LOCK TABLE awards_award IN ACCESS EXCLUSIVE MODE"
        )  # holds the worker up in the middle of its work
        eventually(lambda: state(report) == "building", "The first worker took the report")
        kill(first)
    assert state(report) == "building"
    with worker(environment, tmp_path / "log"):

        def built() -> bool:
            tasks.sweep()
            return state(report) == "built"

        eventually(built, (tmp_path / "log").read_text())
    assert Document.objects.count() == 1
    assert FunderReport.objects.get(pk=report.pk).tries == 2


def test_a_worker_sends_what_is_announced_many_times_once(
    environment: dict[str, str], programme: Programme, tmp_path: Path
) -> None:
    report = programme.request()
    Notice.objects.all().delete()
    people = [programme.who.reviewer, programme.who.approver]
    for person in people:
        notices.notify([person], report, f"told-{person.pk}", "", "/", subject=f"For {person}")
    Notice.objects.update(send_at=timezone.now())
    letters = tmp_path / "letters"
    with worker(environment | {"EMAIL_URL": f"filemail:///{letters}"}, tmp_path / "log"):

        def sent() -> bool:
            mail.sweep()
            return not Notice.objects.exclude(state="sent").exists()

        eventually(sent, (tmp_path / "log").read_text())
    texts = [path.read_text() for path in letters.iterdir()]
    assert [sum(f"To: {person.email}" in text for text in texts) for person in people] == [1, 1]
    assert len(texts) == 2
