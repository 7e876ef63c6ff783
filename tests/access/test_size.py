"""Every page is light before everybody who sees it, among three hundred awards: few queries, and a small first load."""

from typing import Any

import pytest

from tests.access.conftest import Look
from tests.access.test_matrix import MATRIX, address
from tests.weights import MOST_BYTES, MOST_QUERIES

SEEN = {name: [role for role, status in row.items() if status == 200] for name, (_, row) in MATRIX.items()}


MORE_QUERIES = {"reports:review": 19, "reports:check": 17, "reporting:preview": 21}
"""Pages on which the whole of a report stands, each of its tables read once."""


@pytest.mark.parametrize("name", [name for name, roles in SEEN.items() if roles])
def test_page_is_light(name: str, look: Look, records: dict[str, Any]) -> None:
    found = {role: look(address(name, records), role) for role in SEEN[name]}
    most = MORE_QUERIES.get(name, MOST_QUERIES)
    pages = {role: page for role, page in found.items() if page.size}  # a download is none
    assert not {role: page for role, page in pages.items() if page.queries > most or page.size >= MOST_BYTES}
