"""How far each part is, and what it lacks."""

from datetime import date
from decimal import Decimal

import pytest

from grants.awards.models import Award
from grants.reports import services
from grants.reports.models import Report
from grants.reports.parts import Part, state_of_parts
from tests import factories
from tests.factories import Cast


def part_of(report: Report, code: str) -> Part:
    return next(part for part in state_of_parts(Report.objects.named().get(pk=report.pk)) if part.section.code == code)


def write(report: Report, who: Cast, code: str, text: str, choice: str = "") -> Part:
    section = part_of(report, code).section
    services.save_answer(report.pk, section, by=who.editor, text=text, choice=choice)
    return part_of(report, code)


def test_narrative_is_ready_when_something_is_written(draft: Report, who: Cast) -> None:
    assert (part_of(draft, "done").state, part_of(draft, "done").lacks) == ("not_started", "Nothing is written yet")
    assert write(draft, who, "done", "  ").state == "not_started"
    ready = write(draft, who, "done", "We met twice.")
    assert (ready.state, ready.lacks) == ("ready", "")


def test_narrative_over_its_limit_says_by_how_much(draft: Report, who: Cast) -> None:
    part = write(draft, who, "done", "word " * 601)
    assert (part.state, part.lacks) == ("in_progress", "It has 601 words; shorten it to 600")
    assert write(draft, who, "done", "word " * 600).state == "ready"


def test_optional_part_lacks_nothing_until_it_is_begun(draft: Report, who: Cast) -> None:
    assert (part_of(draft, "next").state, part_of(draft, "next").lacks) == ("not_started", "")
    assert write(draft, who, "next", "word " * 601).lacks


@pytest.mark.parametrize(
    ("choice", "text", "state"),
    [
        ("", "", "not_started"),
        ("", "It goes well", "in_progress"),
        ("on_course", "", "ready"),
        ("at_risk", "", "in_progress"),
        ("off_course", "", "in_progress"),
        ("at_risk", "Two schools left", "ready"),
    ],
)
def test_judgement_needs_a_reason_where_it_is_not_on_course(
    draft: Report, who: Cast, choice: str, text: str, state: str
) -> None:
    assert write(draft, who, "judgement", text, choice).state == state


def test_figures_are_ready_when_each_target_has_a_number_or_a_status(draft: Report, who: Cast, award: Award) -> None:
    first, *rest = [target.indicator for target in award.targets.select_related("indicator")]
    services.save_results(draft.pk, by=who.editor, rows=factories.figures([first]))
    part = part_of(draft, "figures")
    assert (part.state, part.lacks) == ("in_progress", "2 figures without a number or a status")
    awaited = [
        {"indicator": row, "status": "awaited", "awaited_from": "school", "awaited_by": date(2013, 6, 8)}
        for row in rest
    ]
    services.save_results(draft.pk, by=who.editor, rows=awaited)
    assert part_of(draft, "figures").state == "ready"
    services.save_results(draft.pk, by=who.editor, rows=[{"indicator": first, "status": ""}])
    assert part_of(draft, "figures").lacks == "1 figure without a number or a status"


def test_spend_is_ready_when_each_line_has_an_amount_and_nought_is_one(draft: Report, who: Cast, award: Award) -> None:
    staff, travel = award.budget_lines.all()
    services.save_spend(draft.pk, by=who.editor, rows=[(staff, Decimal(0), staff.amount)])
    assert part_of(draft, "spend").lacks == "1 budget line without an amount"
    services.save_spend(draft.pk, by=who.editor, rows=[(travel, Decimal("12.50"), travel.amount)])
    assert part_of(draft, "spend").state == "ready"


def test_light_award_is_asked_the_light_parts_only(who: Cast) -> None:
    award = factories.award_in("active", who, amount=factories.LIGHT)
    report = Report.objects.named().get(milestone__award=award, milestone__number=1)
    assert [part.section.code for part in state_of_parts(report)] == ["done", "figures", "spend", "judgement"]


def test_parts_of_a_begun_report_stay_when_its_strand_asks_anew(draft: Report, who: Cast) -> None:
    from grants.programmes.services import EVALUATION, ask

    write(draft, who, "done", "We met.")
    ask(draft.award.strand, "report", EVALUATION[1:2])
    begun = Report.objects.named().get(pk=draft.pk)
    assert len(state_of_parts(begun)) == 10
    other = Report.objects.named().get(milestone__award=draft.award, milestone__number=2)
    assert [part.section.code for part in state_of_parts(other)] == ["done"]
