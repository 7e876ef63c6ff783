"""What factories make is the same where it is made again, so that a world can be brought back as it was."""

import pytest

from tests import factories


@pytest.mark.django_db
def test_passwords_of_people_are_kept_alike() -> None:
    first, second = factories.person(), factories.person()
    assert first.password == second.password
    assert first.check_password(factories.PASSWORD)
