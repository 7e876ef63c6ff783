"""How long pages take with 10, 1,000 and 10,000 awards, from one gunicorn worker; how often they ask the database, and how
large they are when they are first loaded.

Run by `make bench`; BENCH_ROUNDS sets how often each page is fetched (40). A page at 10 awards is what it is measured by: the
last column says how many times as long its median takes at 10,000. Rounds go through all pages, so that whatever else the
machine does meets them alike. Queries are counted in this process, on the same rows.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.embedded import BASE_DIR
from grants.people.models import User
from grants.reports.models import Report
from tests.factories.many import Ten, ten

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
WARM_UP = 3
SIZES = (10, 1_000, 10_000)
PATIENCE = 30
PARTS = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/[^"]+)"')


@dataclass
class Page:
    """One page before one person, and what was measured of it, by the number of awards."""

    name: str
    path: str
    user: User
    cookie: str = ""
    times: dict[int, list[float]] = field(default_factory=dict)
    queries: dict[int, int] = field(default_factory=dict)
    kilobytes: dict[int, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times as long it takes with the most awards as with the fewest."""
        return median(self.times[SIZES[-1]]) / median(self.times[SIZES[0]])


def pages_of(made: Ten) -> list[Page]:
    """The pages that are looked at most; the same awards and people at every size."""
    who, award = made.who, made.award
    approved, begun = (Report.objects.get(milestone__award=award, milestone__number=number) for number in (1, 2))
    programme = reverse("programme", args=[who.programme.code])
    return [
        Page("Main list", reverse("awards"), who.approver),
        Page("Award, managing body", award.get_absolute_url(), who.approver),
        Page("Award, grantee", award.get_absolute_url(), who.editor),
        Page("Report to read", approved.get_absolute_url(), who.approver),
        Page("Report to write", begun.get_absolute_url(), who.editor),
        Page("Home, managing body", reverse("home"), who.approver),
        Page("Home, grantee", reverse("home"), who.editor),
        Page("Home, funder", reverse("home"), who.viewer),
        Page("Payments", reverse("money:payments"), who.finance),
        Page("Programme", programme, who.approver),
    ]


@contextmanager
def gunicorn(environment: dict[str, str], static: Path) -> Iterator[int]:
    """One worker, as in production but for what a browser would need HTTPS for; answers its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    settings = environment | {"STATIC_ROOT": str(static), "DATABASE_CONN_MAX_AGE": "60", "DEBUG": "0"}
    run = {"cwd": BASE_DIR, "env": settings}
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, check=True, **run)
    words = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", "sync", "--no-control-socket"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", *words, "--log-level", "warning"], **run
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "gunicorn does not answer"
            time.sleep(0.1)


def fetch(port: int, path: str, cookie: str = "") -> tuple[bytes, float]:
    """What the worker answers, not compressed, and how many milliseconds that took."""
    begun = time.perf_counter()
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as browser:
        browser.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = browser.getresponse()
        content = answer.read()
    assert answer.status == 200, f"{path}: {answer.status}"
    return content, (time.perf_counter() - begun) * 1000


def measure(pages: list[Page], port: int, awards: int) -> None:
    """Fetch each page in every round; then count its queries, and what its first load weighs."""
    weights: dict[str, int] = {}
    for page in pages:
        page.times[awards] = [fetch(port, page.path, page.cookie)[1] for _ in range(WARM_UP)]
        page.times[awards].clear()
    for _ in range(ROUNDS):
        for page in pages:
            page.times[awards].append(fetch(port, page.path, page.cookie)[1])
    for page in pages:
        content, _ = fetch(port, page.path, page.cookie)
        parts = set(PARTS.findall(content.decode()))
        weights |= {part: len(fetch(port, part)[0]) for part in parts - weights.keys()}
        page.kilobytes[awards] = (len(content) + sum(weights[part] for part in parts)) / 1000
        client = Client()
        client.force_login(page.user)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page.path).status_code == 200
        page.queries[awards] = len(captured)


def table(pages: list[Page]) -> str:
    """All that was measured, in columns."""
    groups = ("median, ms", "95th per cent, ms", "queries", "kB with CSS and JS")
    heads = "".join(f"{size:>8,}" for size in SIZES)
    lines = [
        "",
        "Pages from one gunicorn worker, by the number of awards",
        f"{'':<22}" + "".join(f"{group:>24}" for group in groups) + f"{'median, last':>14}",
        f"{'':<22}" + heads * len(groups) + f"{'/ first':>14}",
    ]
    for page in pages:
        cells = [f"{median(page.times[size]):8.1f}" for size in SIZES]
        cells += [f"{quantiles(page.times[size], n=20)[-1]:8.1f}" for size in SIZES]
        cells += [f"{page.queries[size]:8}" for size in SIZES]
        cells += [f"{page.kilobytes[size]:8.0f}" for size in SIZES]
        lines.append(f"{page.name:<22}{''.join(cells)}{page.ratio:>14.2f}")
    return "\n".join(lines)


@pytest.mark.django_db(transaction=True)
def test_pages(child_environment: dict[str, str], tmp_path: Path) -> None:
    made = ten()
    pages = pages_of(made)
    for page in pages:
        client = Client()
        client.force_login(page.user)
        page.cookie = f"sessionid={client.cookies['sessionid'].value}"
    copies = 1
    with gunicorn(child_environment, tmp_path) as port:
        for awards in SIZES:
            made.copy(range(copies, awards // 10))
            copies = awards // 10
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            measure(pages, port, awards)
    print(table(pages))
