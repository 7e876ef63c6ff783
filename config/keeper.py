"""The one process that owns the embedded services of a data folder: `python -m config.keeper FOLDER [--temporary]`.

config/embedded.py starts it and says why. It starts both engines, greets every client with their addresses, and stops
both when the last client has left, when it is told to, or when one of them has died.
"""

import argparse
import fcntl
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from config.embedded import KEEPER_BUSY
from config.engines import LINUX, EngineError, Engines

IMPATIENCE = 10  # seconds without a first client: it was killed before it came in


class Keeper:
    def __init__(self, data: Path, temporary: bool) -> None:
        self.note = data / "keeper.json"
        self.end_leftovers()
        self.engines = Engines(data, temporary)
        self.door = socket.socket(socket.AF_UNIX)
        self.clients: list[socket.socket] = []
        self.told_to_stop = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.take_notice)

    def take_notice(self, *_: object) -> None:
        self.told_to_stop = True

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

    def keep(self) -> None:
        try:
            door = self.engines.folder / "door"
            self.door.bind(str(door))
            self.door.listen(64)  # clients wait here until both engines answer
            self.write_note(door)
            self.engines.start()
            self.write_note(door)
            self.engines.wait_until_ready()
            self.serve()
        finally:
            self.door.close()  # who comes now starts the next keeper, which waits until this one has gone
            self.engines.stop()
            self.note.unlink(missing_ok=True)

    def write_note(self, door: Path) -> None:
        """Where clients find the door, and what the next keeper has to clear up should this one be killed."""
        pids = {name: process.pid for name, process in self.engines.running.items()}
        draft = self.note.with_suffix(".new")
        draft.write_text(json.dumps({"door": str(door), "pids": pids}))
        draft.rename(self.note)

    def serve(self) -> None:
        greeting = json.dumps(self.engines.addresses()).encode() + b"\n"
        deadline = time.monotonic() + IMPATIENCE
        while not self.told_to_stop and (self.clients or time.monotonic() < deadline):
            for ready in select.select([self.door, *self.clients], [], [], 0.5)[0]:
                if ready is self.door:
                    client, _ = self.door.accept()
                    self.clients.append(client)
                    with suppress(OSError):
                        client.sendall(greeting)
                elif self.clients == [ready]:
                    return  # the last: its connection stays open, since it waits until everything has stopped
                else:
                    self.clients.remove(ready)
                    ready.close()
            self.engines.check()


def program_name(pid: int) -> str:
    """What runs under a process id that was written down: perhaps something else by now, or nothing."""
    if LINUX:
        with suppress(OSError):
            return Path(f"/proc/{pid}/comm").read_text()
        return ""
    return subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--temporary", action="store_true", help="do not wait for the disk; delete the folder at the end"
    )
    options = parser.parse_args()
    with (options.data / "keeper.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return KEEPER_BUSY
        os.ftruncate(sys.stderr.fileno(), 0)  # the log tells of the last keeper only
        try:
            Keeper(options.data, options.temporary).keep()
        except (EngineError, OSError) as fault:
            print(fault, file=sys.stderr, flush=True)
            return 1
        if options.temporary:
            shutil.rmtree(options.data, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
