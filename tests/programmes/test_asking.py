"""What reports ask: by the size of an award, and never otherwise once a report has begun with it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grants.programmes.models import Section, SectionSet, Size
from grants.programmes.services import REPORT, Asked, ask
from grants.reports.models import Report
from grants.reports.parts import state_of_parts
from tests import factories

pytestmark = pytest.mark.django_db
FULL = Decimal(50000)


@pytest.mark.parametrize(
    ("amount", "size"),
    [
        (None, Size.STANDARD),
        (Decimal("9999.99"), Size.LIGHT),
        (Decimal(10000), Size.STANDARD),
        (Decimal("49999.99"), Size.STANDARD),
        (FULL, Size.FULL),
    ],
)
def test_amount_decides_the_size(amount: Decimal | None, size: Size) -> None:
    strand = factories.cast().exemplars
    strand.full_from = FULL
    assert strand.size_of(amount) == size


def test_no_award_is_full_where_the_strand_does_not_say_from_when() -> None:
    assert factories.cast().exemplars.size_of(Decimal(10**9)) == Size.STANDARD


@pytest.mark.parametrize(
    ("amount", "codes"),
    [(Decimal(5000), ["l"]), (Decimal(12500), ["l", "s"]), (Decimal(60000), ["l", "s", "f"])],
)
def test_larger_awards_are_asked_more(amount: Decimal, codes: list[str]) -> None:
    who = factories.cast()
    strand = who.exemplars
    strand.full_from = FULL
    strand.save()
    ask(
        strand,
        "report",
        (Asked("l", "L", asked_from=Size.LIGHT), Asked("s", "S"), Asked("f", "F", asked_from=Size.FULL)),
    )
    award = factories.award_in("active", who, amount=amount)
    report = Report.objects.named().get(milestone__award=award, milestone__number=1)
    assert [part.section.code for part in state_of_parts(report)] == codes


def test_set_stands_once_a_report_has_begun_with_it() -> None:
    who = factories.cast()
    award = factories.award_in("active", who)
    chosen = SectionSet.objects.get(strand=who.exemplars, kind="report")
    Section.objects.filter(section_set=chosen, code="done").update(guidance="Say what you did.")
    assert chosen.used_at is None
    factories.report_in("draft", who, award, 1)
    chosen.refresh_from_db()
    assert chosen.used_at is not None
    for change in (
        lambda: Section.objects.filter(section_set=chosen, code="done").update(guidance="Another"),
        lambda: Section.objects.filter(section_set=chosen, code="next")._raw_delete("default"),
        lambda: Section.objects.create(section_set=chosen, code="new", title="New"),
    ):
        with pytest.raises(IntegrityError, match="stands as it is"), transaction.atomic():
            change()
    assert chosen.sections.count() == len(REPORT)
