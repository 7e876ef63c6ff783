"""Two imports at once, with real connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from grants.awards.models import Award
from grants.imports import services
from grants.imports.models import Import
from grants.lifecycle.door import Refused
from grants.people.models import Organisation
from tests import factories
from tests.imports.workbooks import grant, xlsx


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("files", [1, 4])
def test_the_same_awards_applied_at_once_are_stored_once(files: int) -> None:
    who = factories.cast()
    content = xlsx(grants=[grant(who.programme, f"R{number}") for number in range(20)])
    records = [services.upload(who.programme, "a.xlsx", content, who.administrator) for _ in range(files)]

    def apply(record: Import) -> str:
        try:
            return services.apply_import(record.pk, by=who.administrator, seen=record.revision).state
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(apply, (records * 4)[:4]))
    assert outcomes.count("applied") == files
    assert Award.objects.count() == 20
    assert Organisation.objects.filter(identifier="GB-CHC-1156000").count() == 1
    made = [record.counts["made"] for record in Import.objects.filter(state="applied")]
    assert sorted(made) == [0] * (files - 1) + [20]
