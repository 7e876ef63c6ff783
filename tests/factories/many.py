"""Hundreds or thousands of awards in seconds: ten are made through the services, the others are their copies.

A copy has everything that hangs on its award: organisations and people, milestones, payments, reports with what is written
in them, acts, history, notices. The database copies row by row, under its own rules: what moves is born in a state in which
it may be born, and comes by legal moves to where its original is.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

from grants.awards import services as awards
from grants.awards.models import Award
from grants.formats import local_today
from grants.lifecycle.machine import Machine, transitions_of
from grants.programmes.models import Programme
from grants.reports import services as reports
from grants.reports.models import Answer, Report
from tests.factories.awards import award_in
from tests.factories.people import Cast, a_community, a_programme, cast, organisation, person
from tests.factories.reports import fill

STRIDE = 100_000
"""How far the keys of a copy lie from those of its original, times the number of the copy."""
AT_ONCE = 30
"""Copies in one transaction: what PostgreSQL has still to check at its end slows down every row."""
ROOMS = ("lifecycle", "people", "programmes", "awards", "money", "reports", "desk")
TEXT = "Ten schools took part, and in each of them two teachers carried on with the workshops by themselves. " * 12
SUBMITTED = (reports.ask_for_sign_off, reports.submit_report)
WAY_TO = {"draft": (), "submitted": SUBMITTED, "in_review": (*SUBMITTED, reports.start_report_review)}
"""How a report comes to a state; approval is the step after review."""
ELSEWHERE = f"""
    UPDATE awards_award SET state = CASE state WHEN 'in_review' THEN 'returned' WHEN 'offered' THEN 'withdrawn'
        WHEN 'active' THEN CASE id / {STRIDE} %% 8 WHEN 0 THEN 'suspended' ELSE 'terminated' END END,
        ended_on = CASE WHEN state = 'active' AND id / {STRIDE} %% 8 <> 0 THEN ends END
    WHERE id > %s AND id <= %s AND id / {STRIDE} %% 4 = 0 AND state IN ('in_review', 'offered', 'active')
"""  # noqa: S608
"""Every fourth copy of an award that could be elsewhere is: returned, withdrawn, suspended or terminated."""


@dataclass(frozen=True)
class Ten:
    """Ten awards of four programmes with three recipients, in the states that an award is in for long."""

    who: Cast
    """The first recipient's people, and those of the managing body and of the funder of all four programmes."""
    programmes: list[Programme]
    award: Award
    """Active, of the first recipient: its first report is approved, its second is written in part."""
    span: dict[type[models.Model], tuple[int, int]]
    """For each model the keys between which the ten and all that hangs on them lie; what is below is shared."""

    def copy(self, numbers: range) -> None:
        """Make the copies of these numbers, each of all ten: range(1, 100) makes 990 awards more."""
        for start in range(numbers.start, numbers.stop, AT_ONCE):
            self._copy(start, min(start + AT_ONCE, numbers.stop))

    @transaction.atomic
    def _copy(self, start: int, stop: int) -> None:
        with connection.cursor() as cursor:
            for model in self.span:
                cursor.execute(_insert(model, self.span), [start, stop - 1])
            for model in self.span:
                for statement, values in _moves(model, self.span[model], start, stop):
                    cursor.execute(statement, values)
            cursor.execute(ELSEWHERE, _copies(self.span[Award], start, stop))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.span)):
                cursor.execute(statement)
            # these tables alone: what all databases share would stay locked for the tests beside this one
            cursor.execute("ANALYZE " + ", ".join(f'"{model._meta.db_table}"' for model in self.span))
            cursor.execute("DISCARD PLANS")  # those of triggers were made for fewer rows


def ten() -> Ten:
    """The first ten awards."""
    who = cast()
    programmes = [who.programme, *(a_programme(who.managing_body) for _ in range(3))]
    funders = [share.funder for share in who.programme.shares.all()]
    for programme in programmes[1:]:
        for share, funder in zip(programme.shares.all(), funders, strict=True):
            share.funder = funder
            share.save()
    below = last_keys()
    first, second, third = (_of_recipient(who, organisation(name=f"Charity {word}")) for word in ("A", "B", "C"))
    award = _awards(first, second, third, programmes)
    return Ten(first, programmes, award, made_since(below))


def many(awards: int) -> Ten:
    """As many awards as asked for, a multiple of ten."""
    made = ten()
    made.copy(range(1, awards // 10))
    return made


def last_keys() -> dict[type[models.Model], int]:
    """Of each model that is copied the last key there is: what is made from now on lies above."""
    copied = (model for room in ROOMS for model in apps.get_app_config(room).get_models(include_auto_created=True))
    return {model: model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for model in copied}


def made_since(below: dict[type[models.Model], int]) -> dict[type[models.Model], tuple[int, int]]:
    """The keys between which everything lies that was made since: what `Ten.copy` copies."""
    return {model: (below[model], last) for model, last in last_keys().items() if below[model] < last}


def _awards(first: Cast, second: Cast, third: Cast, programmes: list[Programme]) -> Award:
    p, q, r, s = programmes
    award = award_in("active", first)
    _write(award, 1, first, "approved")
    fill(_report(award, 2), first.editor)
    award_in("evaluating", replace(first, programme=q))
    award_in("offered", replace(first, programme=r))
    award_in("submitted", replace(first, programme=s))
    _write(award_in("active", replace(second, programme=p)), 1, second, "in_review")
    award_in("closed", replace(second, programme=q))
    award_in("in_review", replace(second, programme=r))
    community = a_community(third.recipient, third.recipient, second.recipient)
    _write(award_in("active", replace(third, programme=s), community=community), 1, third, "submitted")
    late = award_in("active", replace(third, programme=r))
    awards.judge(
        late.pk, by=third.approver, course="off_course", reason="No word from them.", next_step="We will call."
    )
    awards.note_contact(late.pk, by=third.reviewer, on=local_today(), with_whom="The lead", text="Short of staff.")
    award_in("draft", replace(third, programme=q))
    Award.objects.filter(organisation__in=[one.recipient.pk for one in (first, second, third)]).update(
        manager=first.reviewer, cover=first.approver
    )
    return award


def _of_recipient(who: Cast, recipient: Any) -> Cast:
    return replace(
        who, recipient=recipient, editor=person("editor", recipient), signatory=person("signatory", recipient)
    )


def _report(award: Award, number: int) -> Report:
    return Report.objects.named().get(milestone__award=award, milestone__number=number)


def _write(award: Award, number: int, who: Cast, state: str) -> None:
    """Write a report as long as real ones are, and move it."""
    report = fill(_report(award, number), who.editor)
    Answer.objects.filter(report=report, choice="").update(text=TEXT)
    people = {"ask_for_sign_off": who.editor, "submit_report": who.signatory, "start_report_review": who.reviewer}
    for step in WAY_TO["in_review" if state == "approved" else state]:
        step(report.pk, by=people[step.__name__], seen=None)
    if state == "approved":
        reports.approve_report(report.pk, by=who.approver, seen=None, version=1)


# --- Copying --------------------------------------------------------------------------------------------------------------


def _insert(model: type[models.Model], span: dict[type[models.Model], tuple[int, int]]) -> str:
    """The statement that copies the rows of a model, once for each number between two."""
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(model, field, span) for field in fields)
    low, high = span[model]
    return (
        f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {values} FROM "{model._meta.db_table}",'  # noqa: S608
        f" generate_series(%s::bigint, %s::bigint) AS nth WHERE id > {low} AND id <= {high}"
    )


def _value(model: type[models.Model], field: Any, span: dict[type[models.Model], tuple[int, int]]) -> str:
    """What a copy has in a column: the same as its original, but for keys, what is unique, states and days."""
    column, key, label = f'"{field.column}"', f"nth * {STRIDE}", f"{model._meta.model_name}.{field.name}"
    if field.primary_key:
        return f"{column} + {key}"
    if field.is_relation and field.related_model in span:
        return f"CASE WHEN {column} > {span[field.related_model][0]} THEN {column} + {key} ELSE {column} END"
    if field.name == "state" and issubclass(model, Machine):
        cases = " ".join(f"WHEN '{state}' THEN '{way[0]}'" for state, way in _ways(model).items())
        return f"CASE {column} {cases} END"
    if label in ("historyentry.root", "historyentry.record", "act.subject", "notice.root", "notice.event"):
        number = f"(substring({column} FROM ':(\\d+)')::bigint + {key})"
        return f"split_part({column}, ':', 1) || ':' || {number} || substring({column} FROM ':\\d+(.*)$')"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if (field.unique and not field.is_relation) or label in ("award.reference", "organisation.name"):
        return f"nth || '-' || {column}" if field.max_length else column
    if isinstance(field, models.DateField) and model._meta.model_name != "membership":  # times are days, too
        days = "make_interval(days => (nth * 7 %% 90)::int)"
        return f"({column} - {days})" + ("" if isinstance(field, models.DateTimeField) else "::date")
    return column


def _ways(model: type[Machine]) -> dict[str, list[str]]:
    """For every state the shortest way to it from a state in which a row may be born."""
    ways = {str(state): [str(state)] for state in model.BORN}
    waiting = deque(ways)
    while waiting:
        source = waiting.popleft()
        for row in transitions_of(model):
            if row.source == source and row.target not in ways:
                ways[str(row.target)] = [*ways[source], str(row.target)]
                waiting.append(str(row.target))
    return ways


def _copies(keys: tuple[int, int], start: int, stop: int) -> list[int]:
    """The keys between which the copies of these numbers lie: above the first, up to the last. The originals lie within one
    stride, wherever the sequence stood.
    """
    _, last = keys
    return [last + (start - 1) * STRIDE, last + (stop - 1) * STRIDE]


def _moves(model: type[models.Model], keys: tuple[int, int], start: int, stop: int) -> Iterator[tuple[str, list[Any]]]:
    """The updates that bring the copies to the states of their originals."""
    if not issubclass(model, Machine):
        return
    low, high = keys
    originals = model._default_manager.filter(pk__gt=low, pk__lte=high)
    for state, way in _ways(model).items():
        alike = list(originals.filter(state=state).values_list("pk", flat=True)) if len(way) > 1 else []
        for source, target in pairwise(way if alike else []):
            statement = (
                f'UPDATE "{model._meta.db_table}" SET state = %s WHERE state = %s AND id > %s AND id <= %s'  # noqa: S608
                f" AND id %% {STRIDE} = ANY(%s)"
            )
            yield statement, [target, source, *_copies(keys, start, stop), [key % STRIDE for key in alike]]
