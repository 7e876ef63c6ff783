"""What the web process says about itself, and what production must be told before it starts."""

import os
import subprocess
import sys
import time
from string import ascii_letters

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from config.celery import ALIVE
from config.embedded import BASE_DIR
from config.security import POLICY
from tests.plugin import at_number


@pytest.mark.django_db
def test_health_is_well_when_all_three_answer(client: Client) -> None:
    cache.set(ALIVE, 1)
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"status": "well", "database": "well", "broker": "well", "worker": "well"}


@pytest.mark.django_db
def test_health_tells_a_missing_worker_from_the_rest(client: Client) -> None:
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json() == {"status": "unwell", "database": "well", "broker": "well", "worker": "no answer"}


@pytest.mark.django_db
def test_health_tells_a_missing_broker_from_the_rest(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis?db=0"
    cache.set(ALIVE, 1)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json() == {"status": "unwell", "database": "well", "broker": "no answer", "worker": "well"}


def test_a_real_worker_gives_its_sign_of_life(client: Client, child_environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "celery", "--app", "config.celery", "worker", "--concurrency", "1"]
    with subprocess.Popen(
        command, cwd=BASE_DIR, env=child_environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as worker:
        try:
            deadline = time.monotonic() + 60
            while client.get("/health/").status_code != 200 and time.monotonic() < deadline:
                time.sleep(0.2)
            assert client.get("/health/").json()["worker"] == "well"
        finally:
            worker.terminate()


@pytest.mark.django_db
def test_every_answer_carries_the_content_security_policy(client: Client) -> None:
    for address in ("/health/", "/no-such-page/"):
        assert client.get(address).headers["Content-Security-Policy"] == POLICY
    assert "unsafe-inline" not in POLICY.replace("style-src-attr 'unsafe-inline'", "")


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-7", "UTF-16", "cp037", "unicode_escape", "nonsense"])
def test_request_in_another_charset_than_utf_8_is_refused_with_the_usual_page(client: Client, charset: str) -> None:
    half = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nab+2AA-cd\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    response = client.generic("POST", "/people/sign-in/", half, content_type=kind)
    assert response.status_code == 400
    assert "This could not be read" in response.content.decode()
    assert response.headers["Content-Security-Policy"] == POLICY
    assert client.get("/health/", headers={"content-type": f"text/plain; charset={charset}"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", '"utf-8"'])
def test_request_in_utf_8_is_read_however_that_is_written(client: Client, charset: str) -> None:
    body, kind = b"--x--\r\n", f"multipart/form-data; boundary=x; charset={charset}"
    assert client.generic("POST", "/people/sign-in/", body, content_type=kind).status_code in (200, 422)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_production_does_not_start_without(missing: str) -> None:
    told = {"SECRET_KEY": "x", "DATABASE_URL": "postgres://u@h/n", "REDIS_URL": "redis://h", "EXEMPLAR_EMBEDDED": "0"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EXEMPLAR_")}
    environment |= told | {missing: ""}
    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert started.stderr.startswith(f"manage.py: {missing} is not set")


def test_production_is_told_by_django_itself_to_be_safe() -> None:
    told = {"SECRET_KEY": ascii_letters * 2, "DATABASE_URL": "postgres://u@h/n", "REDIS_URL": "redis://h"}
    told |= {"ALLOWED_HOSTS": "h", "EXEMPLAR_EMBEDDED": "0", "SECURE_HSTS_WHOLE_DOMAIN": "1"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", "--tag", "security"]
    checked = subprocess.run(command, cwd=BASE_DIR, env=os.environ | told, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("unix:///tmp/x/redis?db=0", "unix:///tmp/x/redis?db=3"),
        ("unix:///tmp/x/redis", "unix:///tmp/x/redis?db=3"),
        ("redis://host:6379/0", "redis://host:6379/3"),
        ("redis://:secret@host:6379", "redis://:secret@host:6379/3"),
    ],
)
def test_each_test_worker_has_redis_numbers_of_its_own(address: str, expected: str) -> None:
    assert at_number(address, 3) == expected
