"""What a factory has made once it brings back the next time as rows, without going through the services again.

A world is all that the database holds, named by the calls that made it one upon the other from an empty database. Once
anything else is written the world has no name, and factories make what they make. Each process remembers for itself, and
only within a test's transaction.
"""

import datetime as dt
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models
from django.utils import timezone

from grants import clock

P = ParamSpec("P")
T = TypeVar("T")
World = tuple[Any, ...]

BEGINNINGS = ("people_user", "people_organisation", "programmes_programme")
"""Whatever a factory makes, it makes one of these first."""
NEVER_MADE = {"django_migrations", "django_content_type", "auth_permission"}
ONLY_READ = ("SELECT", "SAVEPOINT", "RELEASE", "SET", "SHOW", "EXPLAIN")
PLAIN = (str, int, Decimal, dt.date, dt.timedelta, type(None))


class Untold(Exception):
    """A call was given something that has no name."""


@dataclass(frozen=True)
class Memory:
    """What there was after a call: the rows of each table, where sequences and numbers stood; and what the call gave, where
    that is remembered too.
    """

    rows: dict[str, bytes]
    sequences: dict[str, int]
    number: int
    given: bytes | None = None


@dataclass
class Standing:
    """Where a test stands."""

    followed: bool = False
    world: World | None = None
    """None where it has no name"""
    may_be_empty: bool = False
    """Whether it is worth asking if the database is empty: nothing was written in it, or it was rolled back"""
    number: int = 0
    """The last that was given out"""


_memories: dict[World, Memory] = {}
_once: set[World] = set()
"""Worlds that were made already: what is made only once need not be remembered."""
_at = Standing()


def number() -> int:
    """The next number for the names of what factories make: each once in a world."""
    _at.number += 1
    return _at.number


@contextmanager
def a_new_test() -> Iterator[None]:
    """Within it worlds are followed; at its beginning nothing is known of the database."""
    _at.followed, _at.world, _at.may_be_empty = True, None, True
    try:
        with connection.execute_wrapper(_follow):
            yield
    finally:
        _at.followed = False


def remembered(make: Callable[P, T]) -> Callable[P, T]:
    """Let a factory bring back what it made before, where the same is asked in the same world."""

    @wraps(make)
    def bring(*args: P.args, **kwargs: P.kwargs) -> T:
        before, after = _named(make, args, kwargs)
        if before is None or after is None:
            return make(*args, **kwargs)
        if before not in _memories:
            _memories[before] = _memory()
        if after in _memories and _memories[after].given is not None:
            given: T = _bring_back(_memories[before], _memories[after])
        else:
            given = make(*args, **kwargs)
            if after in _once:
                _memories[after] = replace(_memory(), given=pickle.dumps(given))
            _once.add(after)
        _at.world = after
        return given

    return bring


def followed(make: Callable[P, T]) -> Callable[P, T]:
    """Let a factory that makes little make it each time, and give its world a name."""

    @wraps(make)
    def follow(*args: P.args, **kwargs: P.kwargs) -> T:
        _, after = _named(make, args, kwargs)
        given = make(*args, **kwargs)
        _at.world = after
        return given

    return follow


def _named(make: Callable[..., Any], args: Any, kwargs: Any) -> tuple[World | None, World | None]:
    """The world as it is, and as it will be after a call; None where they have no names."""
    before = _world()
    if before is None:
        return None, None
    try:
        return before, (*before, (make.__qualname__, clock.today(), _told(args), _told(kwargs)))
    except Untold:
        return None, None


def _world() -> World | None:
    """The world that the test has before it. Its clock must be the real one."""
    if not (_at.followed and connection.in_atomic_block and _can_bring_back()):
        return None
    if abs(clock.now() - timezone.now()) > dt.timedelta(seconds=1):
        return None
    if _at.world is None and _at.may_be_empty:
        _at.may_be_empty = False
        with connection.cursor() as cursor:
            rows = " OR ".join(f"EXISTS (SELECT FROM {table})" for table in BEGINNINGS)
            cursor.execute(f"SELECT {rows}")
            if cursor.fetchone() == (False,):
                _at.world, _at.number = (), 0
                if () not in _memories:
                    _memories[()] = _memory()
                _stand_at(_memories[()].sequences)
    return _at.world


def _follow(execute: Callable[..., Any], sql: Any, *more: Any) -> Any:
    """Note what is written: the world has no name then, until the factory that wrote it gives it one."""
    if not str(sql).lstrip("( \n").upper().startswith(ONLY_READ):
        _at.world, _at.may_be_empty = None, str(sql).startswith("ROLLBACK TO")
    return execute(sql, *more)


def _told(value: Any) -> Any:
    """A value as it stands in the name of a world."""
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, models.Model):
        return value._meta.label, value.pk
    if is_dataclass(value):
        return type(value).__name__, tuple(_told(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        return tuple((_told(key), _told(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(_told(one) for one in value)
    raise Untold


@cache
def _can_bring_back() -> bool:
    """Whether rows may be put back past the triggers: a superuser of the database may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@cache
def _tables() -> tuple[str, ...]:
    return tuple(sorted(set(connection.introspection.table_names()) - NEVER_MADE))


def _memory() -> Memory:
    rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as out:
                rows[table] = b"".join(out)
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        sequences = dict(cursor.fetchall())
    return Memory(rows, sequences, _at.number)


def _stand_at(sequences: dict[str, int]) -> None:
    """Put every sequence where it stood, so that the same call gives the same keys: a rollback does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT setval(name::regclass, COALESCE(stood, start_value), stood IS NOT NULL)
               FROM (SELECT sequencename AS name, start_value, last_value FROM pg_sequences) AS now
               LEFT JOIN unnest(%s::text[], %s::bigint[]) AS remembered(name, stood) USING (name)
               WHERE last_value IS DISTINCT FROM stood""",
            [list(sequences), list(sequences.values())],
        )


def _bring_back(before: Memory, after: Memory) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger and no key is asked
        for table, rows in after.rows.items():
            if rows == before.rows[table]:
                continue
            if before.rows[table]:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  the name of a table
            with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                into.write(rows)
        cursor.execute("SET LOCAL session_replication_role = origin")
    _stand_at(after.sequences)
    _at.number = after.number
    return pickle.loads(after.given or b"")  # noqa: S301  this process wrote it
