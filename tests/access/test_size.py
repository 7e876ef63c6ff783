"""Every page is light before everybody who sees it, among three hundred awards: few queries, and a small first load."""

from typing import Any

import pytest

from tests.access.conftest import Look
from tests.access.test_matrix import MATRIX, address
from tests.weights import MOST_BYTES, MOST_QUERIES

SEEN = {name: [role for role, status in row.items() if status == 200] for name, (_, row) in MATRIX.items()}


@pytest.mark.parametrize("name", [name for name, roles in SEEN.items() if roles])
def test_page_is_light(name: str, look: Look, records: dict[str, Any]) -> None:
    found = {role: look(address(name, records), role) for role in SEEN[name]}
    heavy = {role: page for role, page in found.items() if page.queries > MOST_QUERIES or page.size >= MOST_BYTES}
    assert not heavy
