"""What each home shows: a function a kind of person, which gathers it."""

from collections.abc import Callable
from typing import Any

from grants.desk.homes.administrator import administrator
from grants.desk.homes.funder import funder
from grants.desk.homes.grantee import grantee
from grants.desk.homes.managing_body import managing_body
from grants.desk.homes.visit import Visit
from grants.desk.kinds import ADMINISTRATOR, FUNDER, GRANTEE, MANAGING_BODY

HOMES: dict[str, tuple[str, Callable[[Visit], dict[str, Any]]]] = {
    GRANTEE: ("grantee", grantee),
    MANAGING_BODY: ("managing_body", managing_body),
    FUNDER: ("funder", funder),
    ADMINISTRATOR: ("administrator", administrator),
}
"""For each kind, the name of its templates and what it gathers."""
