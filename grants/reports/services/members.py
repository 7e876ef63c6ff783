"""The parts of a community: each organisation gives its own and confirms it; the lead asks for those that are missing, and takes
the sums into the report.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse

from grants import clock
from grants.awards.models import BudgetLine
from grants.formats import date_words, local_today, plural
from grants.lifecycle.door import NotNow, NotYou, Stale, fresh, write_history
from grants.lifecycle.models import Notice
from grants.lifecycle.notices import owe
from grants.people.models import GRANTEE_ROLES, User
from grants.programmes.models import Section
from grants.reports import permissions
from grants.reports.members import Member, asked_forms, members_in, members_of, open_forms, stored_rows, turnout
from grants.reports.models import MemberFigure, MemberPart, MemberSpend, Report, Result, Spend
from grants.reports.record import canonical, digest
from grants.reports.services.writing import open_to_write, writable, write_results, write_spend
from grants.reports.sums import FigureSum, SpendSum, Sums, mark_of_given, sums_of

CONFIRMED = "This part is confirmed. Open it again to change it."


def mark_of_member(report: Report, member: Member, rows: Any = None) -> str:
    """A mark of an organisation's part as it is stored. `rows` are its figures and its amounts, where they are fetched already."""
    part = member.part
    if rows is None:
        rows = stored_rows(report, member.organisation.pk)
    said = [part.note, part.confirmed_at.isoformat() if part.confirmed_at else ""] if part else []
    return digest(canonical([said, *rows]))


@transaction.atomic
def save_member_part(
    pk: int,
    organisation: int,
    *,
    by: User,
    figures: Iterable[Mapping[str, Any]],
    spend: Iterable[tuple[BudgetLine, Decimal | None]],
    note: str = "",
    seen_mark: str | None = None,
) -> MemberPart:
    """Store what an organisation gives: a mapping for each indicator with `indicator`, `status` and the numbers of a
    MemberFigure, and for each budget line what was spent in pounds. An empty status and None take the row out. `seen_mark` is
    the mark of the part as the page showed it.

    Raises NotNow, NotYou, and Stale where somebody else changed the part meanwhile.
    """
    report = writable(pk, by, rule=permissions.of_the_community)
    member, opened = _own(report, organisation, by), open_forms(report)
    before = _seen(report, member, seen_mark)
    if member.part and member.part.confirmed_at:
        raise NotNow(CONFIRMED)
    part = member.part or MemberPart(report=report, organisation=member.organisation)
    if Section.Form.FIGURES in opened:
        _write_figures(report, organisation, list(figures))
    if Section.Form.SPEND in opened:
        _write_amounts(report, organisation, list(spend))
    if part.pk and part.note == note and mark_of_member(report, member) == before:
        return part
    part.note, part.saved_by, part.saved_at = note, by, clock.now()
    part.save()
    return part


def _write_figures(report: Report, organisation: int, rows: list[Mapping[str, Any]]) -> None:
    asked = set(report.award.targets.values_list("indicator", flat=True))
    if {row["indicator"].pk for row in rows} - asked:
        raise NotNow("This report does not ask that figure.")
    own = report.member_figures.filter(organisation=organisation)
    own.filter(indicator__in=[row["indicator"] for row in rows if not row["status"]]).delete()
    MemberFigure.objects.bulk_create(
        [MemberFigure(report=report, organisation_id=organisation, **row) for row in rows if row["status"]],
        update_conflicts=True,
        unique_fields=["report", "organisation", "indicator"],
        update_fields=["status", "value", "numerator", "denominator"],
    )


def _write_amounts(report: Report, organisation: int, rows: list[tuple[BudgetLine, Decimal | None]]) -> None:
    if {line.award_id for line, _ in rows} - {report.award.pk}:
        raise NotNow("This report does not ask that budget line.")
    own = report.member_spend.filter(organisation=organisation)
    own.filter(budget_line__in=[line for line, amount in rows if amount is None]).delete()
    MemberSpend.objects.bulk_create(
        [
            MemberSpend(report=report, organisation_id=organisation, budget_line=line, amount=amount)
            for line, amount in rows
            if amount is not None
        ],
        update_conflicts=True,
        unique_fields=["report", "organisation", "budget_line"],
        update_fields=["amount"],
    )


@transaction.atomic
def confirm_member_part(pk: int, organisation: int, *, by: User, seen_mark: str | None = None) -> None:
    """Say that a member's part is complete and right: it counts from now on, and is locked. The lead is told.

    Raises as `save_member_part` does; NotNow names what is lacking.
    """
    report = open_to_write(pk, by, rule=permissions.of_the_community)
    member = _own(report, organisation, by)
    _seen(report, member, seen_mark)
    if member.is_lead:
        raise NotNow("The lead’s own part counts as it is saved: its signature on the report confirms it.")
    if member.part is None:
        raise NotNow("Nothing is saved yet.")
    if member.part.confirmed_at:
        raise NotNow("This part is confirmed already.")
    if lacks := what_is_lacking(report, organisation):
        raise NotNow(*lacks)
    member.part.confirmed_by, member.part.confirmed_at = by, clock.now()
    member.part.save(update_fields=["confirmed_by", "confirmed_at"])
    write_history(report, "confirm_part", by=by, sentence=f"Confirmed the part of {member.organisation}")
    now = turnout(members_of(report))
    _owe(
        report,
        report.award.organisation_id,
        f"in/{organisation}/{member.part.confirmed_at.isoformat()}",
        f"{member.organisation} has confirmed its part: {report}",
        f"{now.words if now else ''}. Take the sums into the report when you are ready.",
        reverse("reports:members", args=[pk]),
    )


def what_is_lacking(report: Report, organisation: int) -> list[str]:
    """What an organisation still has to give, a sentence each: blank is never zero."""
    opened, lacks = open_forms(report), []
    if Section.Form.FIGURES in opened:
        given = report.member_figures.filter(organisation=organisation).values("indicator")
        if missing := report.award.targets.exclude(indicator__in=given).count():
            lacks.append(f"{plural(missing, 'figure')} without a number or a status.")
    if Section.Form.SPEND in opened:
        paid = report.member_spend.filter(organisation=organisation).values("budget_line")
        if missing := report.award.budget_lines.exclude(pk__in=paid).count():
            lacks.append(f"{plural(missing, 'budget line')} without an amount: nothing spent is 0.")
    return lacks


@transaction.atomic
def open_member_part(pk: int, organisation: int, *, by: User, seen_mark: str | None = None) -> None:
    """Open a confirmed part again, so that the member can change it. The member does that, or the lead; the other is told.

    Raises NotNow, NotYou, and Stale where the part is not the one that the page showed.
    """
    report = open_to_write(pk, by, rule=permissions.of_the_community)
    by_the_lead = permissions.editor_or_signatory(report, fresh(by))
    member = _member(report, organisation) if by_the_lead else _own(report, organisation, by)
    _seen(report, member, seen_mark)
    if member.part is None or member.part.confirmed_at is None:
        raise NotNow("This part is open already.")
    event = f"opened/{organisation}/{member.part.confirmed_at.isoformat()}"
    member.part.confirmed_by = member.part.confirmed_at = None
    member.part.save(update_fields=["confirmed_by", "confirmed_at"])
    write_history(report, "open_part", by=by, sentence=f"Opened the part of {member.organisation} again")
    if not member.acts(by):
        _owe(
            report,
            organisation,
            event,
            f"Your part is open again: {report}",
            f"{report.award.organisation} opened it. Change what is wrong, and confirm it again.",
            reverse("reports:member-part", args=[pk, organisation]),
            answers_to=by.email,
        )
    elif not by_the_lead:
        _owe(
            report,
            report.award.organisation_id,
            event,
            f"{member.organisation} has opened its part again: {report}",
            "It does not count until it is confirmed again. Sums that you took in stay as they are until you take them in anew.",
            reverse("reports:members", args=[pk]),
        )


@transaction.atomic
def nudge_member(pk: int, organisation: int, *, by: User) -> None:
    """Ask a member's editors and signatories for its part, at most once a day. Raises NotNow and NotYou."""
    report = open_to_write(pk, by)
    member, today = _member(report, organisation), local_today()
    if member.is_lead or member.is_in:
        raise NotNow(f"{member.organisation} is in already.")
    if nudged(report).get(organisation) == today.isoformat():
        raise NotNow(f"{member.organisation} was asked today already. Ask again tomorrow.")
    due = report.milestone.due_on
    when = f"by {date_words(due)}" if due >= today else f"now, it was due {date_words(due)}"
    told = _owe(
        report,
        organisation,
        f"nudge/{organisation}/{today.isoformat()}",
        f"Your part is wanted {when}: {report}",
        f"{report.award.organisation} asks for the figures, the spend and the activities of {member.organisation}. "
        "Fill in your part, and confirm it.",
        reverse("reports:member-part", args=[pk, organisation]),
        answers_to=by.email,
    )
    if not told:
        raise NotNow(f"Nobody at {member.organisation} has an account as editor or signatory: write to them yourself.")


def nudged(report: Report) -> dict[int, str]:
    """The day on which each member was last asked for its part, in ISO form, by its key."""
    start = f"{report.key}/nudge/"
    owed = Notice.objects.filter(root=report.award.key, event__startswith=start)
    events = owed.order_by("event").values_list("event", flat=True)
    return {int(key): day for key, day in (event.removeprefix(start).split("/") for event in events.distinct())}


@transaction.atomic
def take_in(pk: int, *, by: User, seen_mark: str | None = None, only: Collection[str] | None = None) -> Sums:
    """Put the sums of what the lead and the members gave in place of the report's figures and spend, each with how many it comes
    from. What nobody gave, and what is not added, stays as it is; so does what a return does not name. `only` are the codes
    of indicators and the titles of budget lines whose sums are wanted.

    Raises NotNow, NotYou, and Stale where something was given or written since the page was shown.
    """
    report = writable(pk, by)
    given = members_in(report)
    sums = sums_of(report, given)
    if seen_mark is not None and seen_mark != sums.mark:
        raise Stale("Something was given or written since you opened the page, so nothing was taken. Look at it again.")
    opened = open_forms(report)
    figures = [one for one in sums.figures if one.total is not None and Section.Form.FIGURES in opened]
    lines = [one for one in sums.spend if one.total is not None and Section.Form.SPEND in opened]
    if not figures and not lines:
        raise NotNow("There is nothing to take in: no part is in yet, or nothing of it can change now.")
    if only is not None:
        figures = [one for one in figures if one.indicator.code in only]
        lines = [one for one in lines if one.line.title in only]
        if not figures and not lines:
            raise NotNow("Nothing is ticked: tick each figure and budget line whose sum you want in the report.")
    _check_room(figures, lines)
    if figures:
        write_results(report, by=by, rows=[_result(one) for one in figures])
    if lines:
        stored = {spend.budget_line_id: spend for spend in report.spend.all()}
        write_spend(report, by=by, rows=[_spent(one, stored.get(one.line.pk)) for one in lines])
    _keep_taken(report, given, figures, lines)
    write_history(report, "take_in", by=by, sentence="Took the members’ sums into the report")
    return replace(sums, figures=figures, spend=lines)


def _check_room(figures: Iterable[FigureSum], lines: Iterable[SpendSum]) -> None:
    """NotNow names each sum that is larger than the report has room for: somebody's number must be wrong."""
    rooms = {"figure": _room_in(Result, "value"), "line": _room_in(Spend, "amount")}
    large = [one.indicator.title for one in figures if one.total and one.total.value >= rooms["figure"]]
    large += [one.line.title for one in lines if one.total is not None and one.total >= rooms["line"]]
    if large:
        said = "the sum is larger than a report can hold. Ask whose number is wrong."
        raise NotNow(*[f"{title}: {said}" for title in large])


def _room_in(model: Any, name: str) -> Decimal:
    field = model._meta.get_field(name)
    return Decimal(10) ** (field.max_digits - field.decimal_places)


def _keep_taken(
    report: Report, given: Iterable[Mapping[str, Any]], figures: Iterable[FigureSum], lines: Iterable[SpendSum]
) -> None:
    """Remember what was taken in, so that numbers that somebody wrote are told from sums, and old sums from new ones."""
    kept = report.taken_in
    sums = {one.indicator.code: {"value": f"{one.total.value:f}", "source": one.source} for one in figures if one.total}
    spent = {one.line.title: {"value": f"{one.total:f}"} for one in lines}
    report.taken_in = {
        "mark": mark_of_given(given),
        "figures": kept.get("figures", {}) | sums,
        "spend": kept.get("spend", {}) | spent,
    }
    report.save(update_fields=["taken_in"])


def _result(one: FigureSum) -> Mapping[str, Any]:
    """A row for `write_results`. That a number is right was said of that number alone."""
    total = one.total
    is_same = one.now is not None and one.now.amount == total
    return {
        "indicator": one.indicator,
        "status": one.status,
        "value": total.value if total else None,
        "numerator": total.numerator if total else None,
        "denominator": total.denominator if total else None,
        "awaited_from": "",
        "awaited_by": None,
        "source": one.source,
        "confirmed": bool(is_same and one.now and one.now.confirmed),
    }


def _spent(one: SpendSum, stored: Any) -> tuple[Any, ...]:
    """A row for `write_spend`: forecast and explanation stay, but for a forecast below what is spent."""
    forecast = stored.forecast if stored else None
    if forecast is not None and one.total is not None and forecast < one.total:
        forecast = None
    return one.line, one.total, forecast, stored.explanation if stored else ""


def _member(report: Report, organisation: int) -> Member:
    """One organisation of the community, as it is today."""
    found = next((one for one in members_of(report) if one.organisation.pk == organisation), None)
    if found is None or not asked_forms(report):
        raise NotNow("This report asks no part of that organisation.")
    if not open_forms(report):
        raise NotNow("The return names nothing that members give: it stays as it was sent.")
    return found


def _own(report: Report, organisation: int, by: User) -> Member:
    """The same, for somebody who writes or signs for it."""
    member = _member(report, organisation)
    if not fresh(by).holds(organisation, *GRANTEE_ROLES):
        raise NotYou("An editor or a signatory of that organisation does this.")
    return member


def _seen(report: Report, member: Member, seen_mark: str | None) -> str:
    """The mark of a part as it is stored; Stale where the page showed another."""
    mark = mark_of_member(report, member)
    if seen_mark is not None and seen_mark != mark:
        who = member.part.saved_by if member.part else "Somebody else"
        raise Stale(f"{who} changed this part while you were writing.")
    return mark


def _owe(
    report: Report, organisation: int, event: str, subject: str, text: str, link: str, *, answers_to: str = ""
) -> int:
    """Tell an organisation's editors and signatories something about the parts of a report; returns how many are told."""
    people = list(User.objects.holding(organisation, *GRANTEE_ROLES))
    due, event = report.milestone.due_on, f"{report.key}/{event}"
    owe(people, report.award.key, event, subject, text, link, due=due, reply_to=answers_to)
    return len(people)
