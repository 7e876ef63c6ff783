"""Documents that several tests read: each is rendered once in a run."""

import pytest

from tests.reporting.pdf import examples
from tests.reporting.pdf.reading import Rendered


@pytest.fixture(scope="session")
def ordinary() -> Rendered:
    """Ten awards: eight on course, one at risk, one off course that has not reported."""
    return Rendered(examples.programme())


@pytest.fixture(scope="session")
def single() -> Rendered:
    """One award."""
    return Rendered(examples.programme(1))


@pytest.fixture(scope="session")
def empty() -> Rendered:
    """A programme without awards, results or money."""
    return Rendered(examples.empty())


@pytest.fixture(scope="session")
def hostile() -> Rendered:
    """Eleven awards full of text that means harm."""
    return Rendered(examples.hostile())


@pytest.fixture(scope="session")
def alone() -> Rendered:
    """The page for trustees as a document of its own."""
    return Rendered(examples.of_kind("trustees"))


@pytest.fixture(scope="session")
def final() -> Rendered:
    """The final report of a programme."""
    return Rendered(examples.of_kind("final"))


@pytest.fixture(scope="session")
def of_one() -> Rendered:
    """A report on one award."""
    return Rendered(examples.of_kind("award", 1))


@pytest.fixture(scope="session")
def large() -> Rendered:
    """Three hundred awards."""
    return Rendered(examples.programme(300))
