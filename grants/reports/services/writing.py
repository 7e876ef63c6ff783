"""Writing a report: opened, begun by the first save, saved part by part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Coalesce

from grants import clock
from grants.awards.models import Award, BudgetLine
from grants.lifecycle.actors import Actor
from grants.lifecycle.door import NotNow, NotYou, Stale, fresh, lock
from grants.people.models import User
from grants.programmes.models import Breakdown, Category, Section, SectionSet
from grants.reports import permissions
from grants.reports.figures import Figure, figures_of, shown
from grants.reports.models import Answer, Report, Result, ResultPart, Spend
from grants.reports.odd import odd_about
from grants.reports.record import activities_in, canonical, digest, results_in, risks_in, spend_in
from grants.reports.since import follow_up_in, items_of
from grants.reports.sums import taken_of

Row = Mapping[str, Any]


def open_reports(award: Award) -> int:
    """Open a draft for every milestone that is neither settled nor reported on; returns how many. An award without a budget
    gets one line for all its costs, so that spend can be reported.
    """
    if not award.budget_lines.exists() and award.amount is not None:
        BudgetLine.objects.create(award=award, title="All costs", amount=award.amount)
    waiting = award.milestones.filter(settled_at=None).exclude(reports__state__in=[*Report.OPEN, Report.State.APPROVED])
    return len(Report.objects.bulk_create([Report(milestone=milestone) for milestone in waiting]))


@transaction.atomic
def save_answer(
    pk: int, section: Section, *, by: User, text: str, choice: str = "", seen_at: str | None = None
) -> Answer:
    """Store what is written in one part. `seen_at` is when the part was last saved as the page knew it, in ISO form.

    Raises NotNow where the report is with somebody else, NotYou, and Stale where another person saved the part meanwhile.
    """
    report = writable(pk, by, section)
    if section not in report.asked_sections():
        raise NotNow("This report does not ask that part.")
    answer = report.answers.filter(section=section).first() or Answer(report=report, section=section)
    if (answer.text, answer.choice) == (text, choice) and answer.pk:
        return answer
    if seen_at is not None and answer.pk and answer.saved_at.isoformat() != seen_at:
        raise Stale(f"{answer.saved_by} saved this part while you were writing.")
    answer.text, answer.choice, answer.saved_by, answer.saved_at = text, choice, by, clock.now()
    answer.save()
    return answer


ROWS_IN: dict[str, Callable[[Report], Any]] = {
    Section.Form.FIGURES: results_in,
    Section.Form.SPEND: spend_in,
    Section.Form.ACTIVITIES: activities_in,
    Section.Form.RISKS: risks_in,
    Section.Form.FOLLOW_UP: follow_up_in,
}
"""The rows of each form of part that is a table, as they are written."""


def mark_of(report: Report, form: str) -> str:
    """A mark of a table as it is stored: it changes with its rows."""
    return digest(canonical(ROWS_IN[form](report)))


@transaction.atomic
def save_results(pk: int, *, by: User, rows: Iterable[Row], seen_mark: str | None = None) -> None:
    """Store the figures: a mapping for each indicator with `indicator`, `status` and the fields of Result.

    A row whose status is empty takes the figure out: it is blank again. `parts`, where a row has them, are values by the
    codes of breakdown and category, and take the place of those that are stored. `confirmed` says that an odd number is
    right. `seen_mark` is the mark of the figures as the page showed them; raises Stale where they were changed meanwhile,
    NotNow and NotYou.
    """
    report = writable(pk, by, Section.Form.FIGURES)
    write_results(report, by=by, rows=[_in_own_name(report, row) for row in rows], seen_mark=seen_mark)


def _in_own_name(report: Report, row: Row) -> Row:
    """A number that somebody writes over a sum of a community does not keep that sum's source."""
    taken, value = taken_of(report, "figures", row["indicator"].code), row.get("value")
    if not taken or row.get("source") != taken["source"] or value == Decimal(taken["value"]):
        return row
    return {**row, "source": ""}


def write_results(report: Report, *, by: User, rows: Iterable[Row], seen_mark: str | None = None) -> None:
    """The same for a report that is locked, and may be written by the person."""
    stored = results_in(report)
    before = checked_mark(report, Section.Form.FIGURES, seen_mark, stored)
    given, about = list(rows), {figure.indicator.pk: figure for figure in figures_of(report, {"results": stored})}
    if report.asked_indicators is not None and {row["indicator"].pk for row in given} - report.asked_indicators:
        raise NotNow(
            "This update asks only the figures that were awaited or provisional. Correct the report for others."
        )
    report.results.filter(indicator__in=[row["indicator"] for row in given if not row["status"]]).delete()
    Result.objects.bulk_create(
        [_result(report, row, about.get(row["indicator"].pk)) for row in given if row["status"]],
        update_conflicts=True,
        unique_fields=["report", "indicator"],
        update_fields=[
            "status", "value", "numerator", "denominator", "awaited_from", "awaited_by", "source", "odd", "confirmed",
        ],
    )  # fmt: skip
    _write_parts(report, given, stored)
    written = results_in(report)
    _check_parts(written)
    note_who_wrote(report, Section.Form.FIGURES, by, before)


def _result(report: Report, row: Row, figure: Figure | None) -> Result:
    """What is stored of a row, with what is odd about it."""
    fields = {name: value for name, value in row.items() if name not in ("parts", "confirmed")}
    odd = odd_about(figure, row.get("value")) if figure else ""
    return Result(report=report, odd=odd, confirmed=bool(odd and row.get("confirmed")), **fields)


def _write_parts(report: Report, given: Sequence[Row], stored: Iterable[Row]) -> None:
    """Put the parts of each row in place of those that are stored; a figure without a number has none."""
    replaced = [row for row in given if "parts" in row or row.get("value") is None]
    if any(part["value"] is not None for row in stored for breakdown in row["of_whom"] for part in breakdown["parts"]):
        report.result_parts.filter(category__breakdown__indicator__in=[row["indicator"] for row in replaced]).delete()
    values = {
        (row["indicator"].pk, *codes): value
        for row in replaced
        if row.get("value") is not None
        for codes, value in row["parts"].items()
        if value is not None
    }
    if not values:
        return
    told_apart = Category.objects.filter(breakdown__indicator__in={indicator for indicator, *_ in values})
    keys = {
        (indicator, breakdown, code): key
        for key, indicator, breakdown, code in told_apart.values_list(
            "pk", "breakdown__indicator", "breakdown__code", "code"
        )
    }
    ResultPart.objects.bulk_create(
        ResultPart(report=report, category_id=keys[codes], value=value)
        for codes, value in values.items()
        if codes in keys
    )


def _check_parts(results: Iterable[Row]) -> None:
    """Raise NotNow where parts do not fit the number of their figure."""
    faults = []
    for row in results:
        for breakdown in row["of_whom"]:
            known = [Decimal(part["value"]) for part in breakdown["parts"] if part["value"] is not None]
            most = (
                sum(known, Decimal(0))
                if breakdown["kind"] == Breakdown.Kind.EXCLUSIVE
                else max(known, default=Decimal(0))
            )
            if most > Decimal(row["value"]):
                faults.append(
                    f"{row['title']}, {breakdown['title']}: {shown(most)} is more than {shown(Decimal(row['value']))}, "
                    "the figure itself. Change of whom it consists first."
                )
    if faults:
        raise NotNow(*faults)


class SpendRow(NamedTuple):
    """What a report says of a budget line."""

    line: BudgetLine
    amount: Decimal | None
    forecast: Decimal | None = None
    explanation: str = ""


@transaction.atomic
def save_spend(pk: int, *, by: User, rows: Iterable[tuple[Any, ...]], seen_mark: str | None = None) -> None:
    """Store of each budget line what was spent, in pounds, and where it is known a forecast of the whole and an explanation:
    (line, amount, forecast, explanation). None as the amount takes the row out. Raises as `save_results` does.
    """
    report = writable(pk, by, Section.Form.SPEND)
    if all(section.form != Section.Form.SPEND for section in report.asked_sections()):
        raise NotNow("This report does not ask that part.")
    write_spend(report, by=by, rows=rows, seen_mark=seen_mark)


def write_spend(report: Report, *, by: User, rows: Iterable[tuple[Any, ...]], seen_mark: str | None = None) -> None:
    """The same for a report that is locked, asks it, and may be written by the person."""
    before = checked_mark(report, Section.Form.SPEND, seen_mark)
    given = [SpendRow(*row) for row in rows]
    report.spend.filter(budget_line__in=[row.line for row in given if row.amount is None]).delete()
    Spend.objects.bulk_create(
        [
            Spend(
                report=report,
                budget_line=row.line,
                amount=row.amount,
                forecast=row.forecast,
                explanation=row.explanation,
            )
            for row in given
            if row.amount is not None
        ],
        update_conflicts=True,
        unique_fields=["report", "budget_line"],
        update_fields=["amount", "forecast", "explanation"],
    )
    note_who_wrote(report, Section.Form.SPEND, by, before)


@transaction.atomic
def save_follow_ups(pk: int, *, by: User, given: Mapping[str, tuple[str, bool]], seen_mark: str | None = None) -> None:
    """Store what became of what was promised and agreed: text, and of an action whether it is done, by the item's key.

    A key that the report is not asked about is passed over. Raises as `save_results` does.
    """
    report = writable(pk, by, Section.Form.FOLLOW_UP)
    if all(section.form != Section.Form.FOLLOW_UP for section in report.asked_sections()):
        raise NotNow("This report does not ask that part.")
    before = checked_mark(report, Section.Form.FOLLOW_UP, seen_mark)
    rows = [
        (item, *given[item.key])
        for item in items_of(report)
        if item.key in given and given[item.key] != (item.text, item.done)
    ]
    for item, text, done in rows:
        report.follow_ups.update_or_create(  # type: ignore[misc]  # the stubs do not know that a key may be None
            about=item.about, action_id=item.action_id, defaults={"text": text, "done": done and item.is_action}
        )
    note_who_wrote(report, Section.Form.FOLLOW_UP, by, before)


def checked_mark(report: Report, form: str, seen_mark: str | None, rows: Any = None) -> str:
    """The mark of a table as it is stored; Stale where the page showed another."""
    mark = mark_of(report, form) if rows is None else digest(canonical(rows))
    if seen_mark is not None and seen_mark != mark:
        last = report.answers.filter(section__form=form).select_related("saved_by").first()
        raise Stale(f"{last.saved_by if last else 'Somebody else'} saved this part while you were writing.")
    return mark


def note_who_wrote(report: Report, form: str, by: User, before: str) -> None:
    """Keep who changed a table last, and when: its Answer has no text."""
    if mark_of(report, form) == before:
        return
    for section in report.asked_sections():
        if section.form == form:
            Answer.objects.update_or_create(
                report=report, section=section, defaults={"saved_by": by, "saved_at": clock.now()}
            )


Rule = Callable[[Report, Actor], bool]


def writable(pk: int, by: User, part: Section | str = "", *, rule: Rule = permissions.editor_or_signatory) -> Report:
    """The report under its lock, begun, where its grantee may write, and a part (or those of a form) if one is given; else
    NotNow or NotYou. `rule` is who may, where that is not the recipient alone.
    """
    report = open_to_write(pk, by, part, rule=rule)
    _begin(report)
    return report


def open_to_write(
    pk: int, by: User, part: Section | str = "", *, rule: Rule = permissions.editor_or_signatory
) -> Report:
    """The same, but that it is not begun by this."""
    report = lock(Report, pk)
    if not rule(report, fresh(by)):
        raise NotYou(rule.__doc__ or "")
    if not report.is_writable:
        raise NotNow(f"The report is {report.get_state_display().lower()}: what is written in it cannot change now.")
    asked = [part] if isinstance(part, Section) else [one for one in report.asked_sections() if one.form == part]
    if part and report.named and all(report.locks(section) for section in asked):
        raise NotNow("The return does not name this part: it stays as it was sent.")
    return report


def _begin(report: Report) -> None:
    """Fix what the report asks, and its size, with the first save."""
    if report.begun_at is None:
        sections = report.asked_sections()
        if not sections:
            raise NotNow("The managing body has not yet said what this report asks.")
        report.section_set = sections[0].section_set
        report.size = report.asked_as
        report.begun_at = clock.now()
        report.save(update_fields=["section_set", "size", "begun_at"])
        chosen = SectionSet.objects.filter(pk=report.section_set.pk)
        if not chosen.update(used_at=Coalesce("used_at", report.begun_at)):
            raise NotNow("What this report asks was changed just now. Load the page again.")
