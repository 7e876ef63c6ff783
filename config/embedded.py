"""PostgreSQL and Redis for one machine, from installed wheels: how a process comes by them, and lets go of them.

Whoever needs them takes a lease on a data folder. The first lease starts a keeper (config/keeper.py), one process with
a session of its own that owns both services; every other lease on that folder gets the same addresses. A lease is an
open connection to the keeper, so that the kernel gives it back even where its holder is killed; with the last one the
keeper stops both services and ends. Children of a holder find the addresses in their environment and need no lease.
"""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds: a first start makes a database, perhaps on a slow machine
KEEPER_BUSY = 75  # the keeper's word for: another one has this folder


class EmbeddedError(Exception):
    """The services could not be had; says why in a sentence."""


class Lease:
    """The right to use the services, until closed or until this process ends."""

    def __init__(
        self, connection: socket.socket, addresses: dict[str, str], keeper: "subprocess.Popen[bytes] | None"
    ) -> None:
        self.addresses = addresses
        self._connection = connection
        self._keeper = keeper  # only where this lease started it: its parent has to bury it
        self._holder = os.getpid()

    def alive(self) -> bool:
        """Whether the keeper still keeps both services up. It never writes after its greeting: readable means gone."""
        return not select.select([self._connection], [], [], 0)[0]

    def close(self) -> None:
        """Give back; where it was the last lease, wait until both services have stopped."""
        if os.getpid() != self._holder:  # a forked child must not give away its parent's lease
            return
        try:
            self._connection.shutdown(socket.SHUT_WR)
            while self._connection.recv(64):
                pass
        except OSError:
            pass  # the keeper went first
        self._connection.close()
        if self._keeper is not None:
            with suppress(subprocess.TimeoutExpired):  # others hold leases of it still
                self._keeper.wait(1)


def take(data: Path, *, temporary: bool = False) -> Lease:
    """A lease on the services of a data folder, started where nobody runs them yet.

    A temporary folder is for tests: nothing waits for the disk, and it is deleted with the last lease.
    """
    data = data.resolve()
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / "keeper.log").touch()
    except OSError as fault:
        raise EmbeddedError(
            f"{data} cannot be written to ({fault.strerror}); EXEMPLAR_DATA names another folder."
        ) from fault
    deadline = time.monotonic() + PATIENCE
    keeper = None
    while time.monotonic() < deadline:
        if greeted := _greeting(data):
            return Lease(*greeted, keeper)
        if keeper is None or keeper.poll() is not None:
            if keeper is not None and keeper.returncode not in (0, KEEPER_BUSY):
                raise EmbeddedError(_last_words(data))
            keeper = _start_keeper(data, temporary)
        time.sleep(0.05)
    raise EmbeddedError(f"the embedded services did not start within {PATIENCE} seconds; see {data / 'keeper.log'}.")


@contextmanager
def where_asked_for() -> Iterator[Lease | None]:
    """The services in this process's environment, where EXEMPLAR_EMBEDDED=1 asks and nobody handed them down."""
    import environ

    environ.Env.read_env(BASE_DIR / ".env")
    env = environ.Env()
    handed_down = all(os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"))
    if handed_down or not env.bool("EXEMPLAR_EMBEDDED", False):
        yield None
        return
    lease = take(data_folder())
    hand_down(lease)
    try:
        yield lease
    finally:
        lease.close()


def data_folder() -> Path:
    return Path(os.environ.get("EXEMPLAR_DATA") or BASE_DIR / ".data").resolve()


def hand_down(lease: Lease) -> None:
    """Put the addresses where this process's settings and its children look; what was given from outside stays."""
    for name, value in lease.addresses.items():
        os.environ[name] = os.environ.get(name) or value


def _start_keeper(data: Path, temporary: bool) -> "subprocess.Popen[bytes]":
    with (data / "keeper.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "config.keeper", str(data)] + ["--temporary"] * temporary,
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for its clients; it follows when they have let go
        )


def _greeting(data: Path) -> tuple[socket.socket, dict[str, str]] | None:
    """Connect to the folder's keeper and read its addresses, which it says when both services answer."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(json.loads((data / "keeper.json").read_text())["door"])
        with connection.makefile() as lines:
            return connection, json.loads(lines.readline())
    except (OSError, ValueError):  # no keeper, or one that is on its way out
        connection.close()
        return None


def _last_words(data: Path) -> str:
    lines = (data / "keeper.log").read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"the embedded services did not start; see {data}."
