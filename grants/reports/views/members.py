"""The lead's page of a community's report: who is in, what each gave, what it comes to; asking the others, taking the sums in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.formats import plain_amount, plural
from grants.lifecycle.door import NotYou, Refused
from grants.programmes.models import Section
from grants.reports import permissions, services
from grants.reports.figures import Given
from grants.reports.members import Member, members_in, open_forms, turnout_in
from grants.reports.models import Report
from grants.reports.record import activities_in
from grants.reports.sums import FigureSum, SpendSum, Sums, are_old, sums_of
from grants.reports.views.common import Reading, frame, report_for

COLUMNS = 6
"""So many figures or budget lines stand beside each other at most: more are spread over tables of about the same width."""


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table, and in small print under it."""

    text: str = "–"
    hint: str = ""
    take: str = ""
    """Of a sum that may be taken in: what the form calls it, what people do, whether it is ticked to begin with"""
    of: str = ""
    ticked: bool = False


@dataclass(frozen=True)
class Table:
    """Some figures or budget lines: a row an organisation, the sum, and what the report says now."""

    label: str
    columns: list[Cell]
    rows: list[tuple[str, bool, list[Cell]]]
    """The organisation, whether it is in, its cells"""
    sums: list[Cell]
    now: list[Cell]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def members_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows how far the members are, POST asks one for its part, opens one again, or takes the sums into the report.

    Answers 404 for a report of which no member gives a part, 403 for whoever does not write it, 409 where it cannot be done now.
    """
    reading = Reading(report_for(request, pk), request.user)  # type: ignore[arg-type]
    if not reading.writes:
        raise PermissionDenied(permissions.editor_or_signatory.__doc__)
    if not reading.members:
        raise Http404
    if request.method != "POST":
        return _page(request, reading)
    try:
        said = _done(request, reading)
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotYou) else 409
        again = Reading(report_for(request, pk), reading.user)
        return _page(request, again, refusals=refusal.sentences, status=status)
    messages.success(request, said)
    return redirect(request.path)


def _done(request: HttpRequest, reading: Reading) -> str:
    """Do what the pressed button says; returns what to say of it."""
    pk, by = reading.report.pk, reading.user
    if member := _named(request, reading, "nudge"):
        services.nudge_member(pk, member.organisation.pk, by=by)
        return f"Asked {member.organisation} for its part."
    if member := _named(request, reading, "open"):
        services.open_member_part(pk, member.organisation.pk, by=by, seen_mark=request.POST.get("mark", ""))
        return f"The part of {member.organisation} is open again, and they are told."
    if request.POST.get("then") != "take":
        raise Http404
    taken = services.take_in(pk, by=by, seen_mark=request.POST.get("mark", ""), only=request.POST.getlist("take"))
    numbers = [
        plural(len(rows), word) for rows, word in ((taken.figures, "figure"), (taken.spend, "budget line")) if rows
    ]
    return f"Taken into the report: {' and '.join(numbers)}. You can still change them by hand."


def _named(request: HttpRequest, reading: Reading, button: str) -> Member | None:
    """The member at which a button was pressed."""
    key = request.POST.get(button, "")
    return next((one for one in reading.members if str(one.organisation.pk) == key), None)


def _page(
    request: HttpRequest, reading: Reading, *, refusals: list[str] | None = None, status: int = 200
) -> HttpResponse:
    report, title = reading.report, "Members’ parts"
    given = members_in(report, reading.members)
    sums, asked = sums_of(report, given), services.nudged(report)
    own = next(one for one in reading.members if one.is_lead)
    names = [(row["organisation"], row["state"] == "in") for row in given]
    forms = open_forms(report)
    content = {"members": given, "activities": activities_in(report)}
    context = frame(reading)
    context |= {
        "title": title,
        "trail": [*context["trail"][:-1], (report.name, report.get_absolute_url()), (title, "")],
        "turnout": turnout_in(content),
        "sums_are_old": are_old(report, content),
        "own": own,
        "rows": [
            (one, _day(asked.get(one.organisation.pk)), _mark(report, one, given))
            for one in reading.members
            if not one.is_lead
        ],
        "tables": _tables(names, sums, forms),
        "takes": bool(forms) and sums.come_to_something,
        "not_added": [one.indicator.title for one in sums.figures if not one.is_added],
        "counts_people": any(one.indicator.measure == "people" and one.total for one in sums.figures),
        "opened": bool(forms),
        "mark": sums.mark,
        "refusals": refusals or [],
    }
    return render(request, "reports/members.html", context, status=status)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _mark(report: Report, member: Member, given: Sequence[Mapping[str, Any]]) -> str:
    """The mark of a part that is in, as this page shows it; of another, which the page does not show, none is wanted."""
    row = next((row for row in given if row["identifier"] == member.organisation.identifier), None)
    return services.mark_of_member(report, member, [row["figures"], row["spend"]]) if row and member.is_in else ""


def _tables(names: Sequence[tuple[str, bool]], sums: Sums, forms: Sequence[str]) -> list[Table]:
    """The sums of the parts whose forms can change now may be taken in."""
    figures = [_table("Figures", names, some, _of_figure) for some in _some(sums.figures)]
    spend = [_table("Spend, in pounds", names, some, _of_spend) for some in _some(sums.spend)]
    opened = [(Section.Form.FIGURES, figures), (Section.Form.SPEND, spend)]
    return [table if form in forms else _untaken(table) for form, tables in opened for table in tables]


def _untaken(table: Table) -> Table:
    return replace(table, sums=[replace(cell, take="") for cell in table.sums])


def _some(columns: Sequence[Any]) -> list[Sequence[Any]]:
    tables = max(1, -(-len(columns) // COLUMNS))
    width = max(1, -(-len(columns) // tables))
    return [columns[start : start + width] for start in range(0, len(columns), width)]


def _table(label: str, names: Sequence[tuple[str, bool]], columns: Sequence[Any], cells_of: Any) -> Table:
    cells = [
        cells_of(column) for column in columns
    ]  # of each column: its head, its cells, its sum, what the report says
    rows = [(name, is_in, [of[1][at] for of in cells]) for at, (name, is_in) in enumerate(names)]
    return Table(label, [of[0] for of in cells], rows, [of[2] for of in cells], [of[3] for of in cells])


def _of_figure(one: FigureSum) -> tuple[Cell, list[Cell], Cell, Cell]:
    total = Cell()
    if not one.is_added:
        total = Cell("–", "not added")
    elif one.total:
        hint = ", ".join(filter(None, [one.total.parts, one.label.lower()]))
        total = Cell(str(one.total), hint, one.indicator.code, one.indicator.title, not one.by_hand)
    head = Cell(one.indicator.title, f"{one.indicator.unit}, target {one.target}")
    return head, [_said(given) for given in one.given], total, _by_hand(_said(one.now), one.by_hand)


def _of_spend(one: SpendSum) -> tuple[Cell, list[Cell], Cell, Cell]:
    given = [_pounds(amount) for amount in one.given]
    head = Cell(one.line.title, f"budget {plain_amount(one.line.amount, pence=False)}")
    title = "" if one.total is None else one.line.title
    total = replace(_pounds(one.total), take=title, of=title, ticked=not one.by_hand)
    return head, given, total, _by_hand(_pounds(one.now), one.by_hand)


def _by_hand(cell: Cell, by_hand: bool) -> Cell:
    """What the report says, with a word where somebody wrote it over the sum."""
    return replace(cell, hint=", ".join(filter(None, [cell.hint, "written by hand"]))) if by_hand else cell


def _said(given: Given | None) -> Cell:
    """What somebody said of a figure: its number, or in place of one why there is none."""
    if given is None:
        return Cell()
    if given.amount is None:
        return Cell("–", given.label.lower())
    provisional = given.label.lower() if given.status == "provisional" else ""
    return Cell(str(given.amount), ", ".join(filter(None, [given.amount.parts, provisional])))


def _pounds(amount: Any) -> Cell:
    return Cell() if amount is None else Cell(plain_amount(amount, pence=False))
