"""One keeper for a data folder, for as long as anybody holds a lease and no longer."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from config import embedded

HOLDER = """
import sys, time
from pathlib import Path
from config import embedded
lease = embedded.take(Path(sys.argv[1]))
print("holding", flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a folder with spaces"


@contextlib.contextmanager
def holder(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], cwd=embedded.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process:
        try:
            assert process.stdout.readline() == "holding\n"
            yield process
        finally:
            process.kill()


def engines_of(folder: Path) -> list[int]:
    """The processes that belong to a data folder, by their command lines."""
    lines = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if str(folder) in line and "-c \nimport" not in line]


def none_left(folder: Path) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if not [pid for pid in engines_of(folder) if pid != os.getpid()]:
            return True
        time.sleep(0.1)
    return False


def both_answer(addresses: dict[str, str]) -> bool:
    with psycopg.connect(addresses["DATABASE_URL"]) as database, Redis.from_url(addresses["REDIS_URL"]) as redis:
        row = database.execute("SELECT 1").fetchone()
        return row == (1,) and bool(redis.ping())


def test_a_lease_gives_both_services_and_takes_them_down_with_it(folder: Path) -> None:
    lease = embedded.take(folder)
    assert both_answer(lease.addresses)
    assert lease.alive()
    lease.close()
    assert engines_of(folder) == []
    assert not Path(lease.addresses["DATABASE_URL"].partition("host=")[2]).exists()


def test_what_was_written_is_there_for_the_next_lease_with_the_same_key(folder: Path) -> None:
    first = embedded.take(folder)
    with psycopg.connect(first.addresses["DATABASE_URL"]) as database:
        database.execute("CREATE TABLE kept (it int)")
    first.close()
    second = embedded.take(folder)
    with psycopg.connect(second.addresses["DATABASE_URL"]) as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    second.close()
    assert second.addresses["SECRET_KEY"] == first.addresses["SECRET_KEY"]


def test_a_second_lease_shares_and_keeps_them_up_when_the_first_goes(folder: Path) -> None:
    with holder(folder):
        lease = embedded.take(folder)
        assert len(engines_of(folder)) >= 1
    assert both_answer(lease.addresses)
    lease.close()
    assert none_left(folder)


def test_nothing_outlives_a_killed_holder(folder: Path) -> None:
    with holder(folder) as process:
        process.send_signal(signal.SIGKILL)
    assert none_left(folder)


def test_a_killed_keeper_takes_both_along_and_the_next_lease_starts_anew(folder: Path) -> None:
    lease = embedded.take(folder)
    assert lease._keeper is not None
    lease._keeper.kill()
    lease.close()
    again = embedded.take(folder)
    assert both_answer(again.addresses)
    again.close()
    assert none_left(folder)


def test_a_temporary_folder_goes_with_its_last_lease(folder: Path) -> None:
    lease = embedded.take(folder, temporary=True)
    lease.close()
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_to_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(embedded.EmbeddedError, match="cannot be written to"):
        embedded.take(tmp_path / "file" / "data")


def test_a_damaged_database_gets_its_last_words(folder: Path) -> None:
    embedded.take(folder).close()
    (folder / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(embedded.EmbeddedError, match="pg_control"):
        embedded.take(folder)
