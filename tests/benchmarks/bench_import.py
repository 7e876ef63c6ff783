"""How many awards a second an import takes, beside django-import-export's defaults on the same file and database.

Run by `make bench`; BENCH_ROWS sets the number of rows (1,000). Ours reads the
workbook, checks it twice (when it is sent, and under the lock), and writes of each award the payment, the parts of its
funders, its budget line and its history; the defaults write the award alone, and check next to nothing.
"""

import os
import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget

from grants.awards.models import Award
from grants.imports import services
from grants.people.models import Organisation
from tests import factories
from tests.factories import Cast
from tests.imports.workbooks import grant, xlsx

ROWS = int(os.environ.get("BENCH_ROWS", "1000"))


class DefaultResource(ModelResource):
    """What import-export makes of the same columns by default."""

    reference = Field("reference", "Identifier")
    title = Field("title", "Title")
    description = Field("description", "Description")
    amount = Field("amount", "Amount Awarded")
    award_date = Field("award_date", "Award Date")
    starts = Field("starts", "Planned Dates:Start Date")
    ends = Field("ends", "Planned Dates:End Date")
    organisation = Field(
        "organisation", "Recipient Org:Identifier", widget=ForeignKeyWidget(Organisation, "identifier")
    )
    strand = Field("strand_id", "Strand Key")

    class Meta:
        model = Award
        import_id_fields = ("reference",)
        fields = (
            "reference",
            "title",
            "description",
            "amount",
            "award_date",
            "starts",
            "ends",
            "organisation",
            "strand",
        )


def workbook(who: Cast) -> bytes:
    """The rows, with half as many recipients."""
    days = {
        "Award Date": "2012-07-03",
        "Planned Dates:Start Date": "2012-08-01",
        "Planned Dates:End Date": "2013-07-31",
    }
    return xlsx(
        grants=[
            grant(
                who.programme,
                f"{number:06}",
                Title=f"Project {number}",
                **days,
                **{
                    "Recipient Org:Identifier": f"GB-CHC-{200_000 + number // 2}",
                    "Recipient Org:Name": f"Organisation {number // 2}",
                    "Amount Awarded": 10_000 + number,
                    "Strand Key": who.exemplars.pk,
                },
            )
            for number in range(ROWS)
        ]
    )


def with_ours(who: Cast, content: bytes) -> None:
    record = services.upload(who.programme, "awards.xlsx", content, who.administrator)
    services.apply_import(record.pk, by=who.administrator, seen=record.revision)


def with_defaults(who: Cast, content: bytes) -> None:
    result = DefaultResource().import_data(XLSX().create_dataset(content), raise_errors=True)
    assert not result.has_errors()


def seconds(work: Callable[[Cast, bytes], None], who: Cast, content: bytes) -> float:
    start = time.perf_counter()
    work(who, content)
    return time.perf_counter() - start


@pytest.mark.django_db(transaction=True)
def test_speed_of_an_import() -> None:
    who = factories.cast()
    content = workbook(who)
    ours = seconds(with_ours, who, content)
    again = seconds(with_ours, who, content)
    assert Award.objects.count() == ROWS
    assert Award.objects.filter(amount=Decimal(10_000)).exists()
    Award.objects.all().delete()
    defaults = seconds(with_defaults, who, content)
    assert Award.objects.count() == ROWS
    print(f"\nImport of {ROWS:,} awards, rows a second")
    for name, took in (("ours", ours), ("ours, the same file again", again), ("import-export's defaults", defaults)):
        print(f"  {name:<28}{ROWS / took:>8,.0f}")
