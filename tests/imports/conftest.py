"""Everybody who has a part, and the one way in which tests import."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from grants.imports import services
from grants.imports.models import Import
from tests import factories
from tests.factories import Cast
from tests.imports.workbooks import xlsx

Bring = Callable[..., Import]


@pytest.fixture
def who(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def bring(who: Cast) -> Bring:
    """Upload sheets (or a file's content) as the administrator, and apply them if nothing is wrong with them."""

    def bring_in(content: bytes | None = None, name: str = "awards.xlsx", **sheets: Any) -> Import:
        record = services.upload(who.programme, name, content or xlsx(**sheets), who.administrator)
        if record.state != Import.State.READY:
            return record
        return services.apply_import(record.pk, by=who.administrator, seen=record.revision)

    return bring_in


@pytest.fixture
def administrator(who: Cast) -> Client:
    """The administrator's browser."""
    client = Client()
    client.force_login(who.administrator)
    return client
