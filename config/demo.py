"""`make demo`: services, migrations, invented data, web, worker and beat, until Ctrl-C; `reset` throws the data away.

Web, worker and beat each have a session of their own, so that Ctrl-C reaches only this process, which ends them in
order. What they say goes to files in the data folder; this terminal shows what matters.
"""

import ctypes
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from config import embedded

ROOT = embedded.BASE_DIR
PATIENCE = 60  # seconds until web and worker answer
GRACE = 5  # seconds to end in order; a job that is cut off is taken up again at the next start


class DemoError(Exception):
    """Why the demonstration cannot go on, in a sentence."""


class Told(BaseException):
    """Ctrl-C or SIGTERM: not an Exception, so that nothing on the way takes it for a fault."""


def stop_now(number: int, _: FrameType | None) -> NoReturn:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # once is enough: what follows is the stopping
    raise Told(number)


class Demonstration:
    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.lease: embedded.Lease | None = None

    def run(self) -> None:
        self.check_port()
        started = time.monotonic()
        with embedded.where_asked_for() as self.lease:
            try:
                self.prepare()
                self.start()
                self.wait_until_well()
                from django.core.management import call_command

                call_command("demo_ready")
                say(f"This took {time.monotonic() - started:.0f} s. Ctrl-C stops; `make demo-reset` starts afresh.")
                say(f"ready: http://127.0.0.1:{self.port}")
                while True:
                    self.check_children()
                    time.sleep(0.5)
            finally:
                self.stop()

    def check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as fault:
                raise DemoError(f"Port {self.port}: {fault.strerror}. Choose another: PORT=8001 make demo") from fault

    def prepare(self) -> None:
        """The database and the files as this version of the program needs them."""
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        self.check_migrations()
        say("Preparing the database and the demonstration's data …")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_demo")
        connections.close_all()

    def check_migrations(self) -> None:
        """A migration that was written anew cannot be applied to a database that had the old one."""
        record = self.data / "migrations.json"
        files = sorted([*ROOT.glob("grants/*/migrations/[0-9]*.py"), *ROOT.glob("reporting/migrations/[0-9]*.py")])
        now = {str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
        before = json.loads(record.read_text()) if record.exists() else {}
        if changed := [name for name, digest in before.items() if now.get(name) != digest]:
            raise DemoError(f"Migrations were regenerated since this data was made ({changed[0]}): make demo-reset")
        record.write_text(json.dumps(now, indent=1))

    def start(self) -> None:
        celery = ["celery", "--app", "config.celery"]
        web = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "4"]
        self.child("web", *web, "--graceful-timeout", "3", "--no-control-socket")
        self.child("worker", *celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle")
        self.child("beat", *celery, "beat", "--pidfile=")

    def child(self, name: str, *command: str) -> None:
        prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

        def end_with_us() -> None:
            if prctl:
                prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: also where this process is killed

        with self.log(name).open("wb") as log:
            self.children[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_us,  # noqa: PLW1509  no thread runs yet
            )

    def log(self, name: str) -> Path:
        return self.data / f"{name}.log"

    def wait_until_well(self) -> None:
        deadline = time.monotonic() + PATIENCE
        answer = "no answer"
        while time.monotonic() < deadline:
            self.check_children()
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health/")
                response = connection.getresponse()
                answer = response.read().decode(errors="replace")
                connection.close()
                if response.status == 200:
                    return
            time.sleep(0.2)
        raise DemoError(f"/health/ was not well within {PATIENCE} seconds: {answer}")

    def check_children(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                words = "\n".join(self.log(name).read_text(errors="replace").splitlines()[-15:])
                raise DemoError(
                    f"{words}\nThe {name} process ended by itself; its last words are above (all in {self.log(name)})."
                )
        if self.lease and not self.lease.alive():
            raise DemoError(f"PostgreSQL or Redis ended by itself; see {self.data / 'keeper.log'}.")

    def stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # its own children too, where any are left
            child.wait()


def say(sentence: str) -> None:
    print(sentence, flush=True)


def main(words: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("EXEMPLAR_EMBEDDED", "1")
    os.environ.setdefault("EXEMPLAR_DEMONSTRATION", "1")
    os.environ.setdefault("EXEMPLAR_TODAY", "2012-11-14")  # the programme is of 2012: today stands still on a day of it
    port = int(os.environ.get("PORT") or 8000)
    os.environ.setdefault("SITE_ADDRESS", f"http://127.0.0.1:{port}")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_now)
    data = embedded.data_folder()
    data.mkdir(parents=True, exist_ok=True)
    try:
        with (data / "demo.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DemoError(
                    f"A demonstration runs already on {data}. Stop it first (Ctrl-C where it runs)."
                ) from None
            if words == ["reset"]:
                reset(data)
            else:
                Demonstration(data, port).run()
    except (DemoError, embedded.EmbeddedError) as fault:
        print(fault, file=sys.stderr, flush=True)
        return 1
    except Told:
        say("Stopped.")
    return 0


def reset(data: Path) -> None:
    """Throw the data folder away, unless some command still uses its services."""
    with (data / "keeper.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(f"PostgreSQL and Redis are in use on {data}. Stop what uses them first.") from None
        shutil.rmtree(data)
    say(f"{data} is empty again; `make demo` fills it.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
