"""Where the lives of reports are tried: one award and everybody who could have a hand in it, what the whole database looks
like from outside, and what the roll-ups must come to, worked out from the approved Versions alone.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import connection

from grants.awards.models import Award
from grants.formats import local_today
from grants.people.models import Membership, Organisation, Role, User
from grants.programmes.models import Breakdown, Category, Indicator, Programme, Section
from grants.reports import services
from grants.reports.models import Report
from grants.reports.totals import Total
from tests import factories

ROOMS = ("lifecycle", "people", "programmes", "awards", "reports", "reporting")
Sum = tuple[int, Decimal | None, Decimal | None, Decimal | None]
"""Of an indicator: how many awards have reported, the number, and of a ratio its parts"""


@dataclass
class World:
    """What every life begins with. Built once; each life is undone when it ends."""

    who: factories.Cast
    award: Award
    """A community's, active: the report of its first milestone is complete, that of its second lacks the spend"""
    corrected: Award
    """Another one of that community: of its first report, in which figures are still to come, a correction is in review"""
    people: dict[str, User]
    """By their parts: those of the cast that matter here, and member and mover"""
    indicators: list[Indicator]
    written: list[Section]
    """The parts of a report that are words"""
    member: Organisation
    """Of the community, beside its lead"""
    looks: "Looks"


@dataclass
class Tally:
    """What was done and what was refused, for the report at the end."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lives: Counter[str] = field(default_factory=Counter)
    """In how many lives something was reached"""

    def as_text(self) -> str:
        """To be handed from a worker to whoever prints it."""
        return json.dumps([self.done, self.refused, self.lives])

    def add(self, text: str) -> None:
        """Add what another one counted."""
        for own, more in zip((self.done, self.refused, self.lives), json.loads(text), strict=True):
            own.update(more)

    def lines(self) -> Iterable[str]:
        """As a table."""
        done, refused = sum(self.done.values()), sum(self.refused.values())
        yield f"{self.lives['lives']:,} lives, {done + refused:,} steps: {done:,} done, {refused:,} refused"
        yield f"  {'step':<22}{'done':>9}{'refused':>9}"
        for name in sorted(self.done | self.refused):
            yield f"  {name:<22}{self.done[name]:>9,}{self.refused[name]:>9,}"
        yield f"  {'reached':<34}{'lives':>6}"
        for name, number in self.lives.most_common():
            yield f"  {name:<34}{number:>6,}{number / max(self.lives['lives'], 1):>8.1%}"


class Looks:
    """What every table of the house looks like, in one query: which rows there are, each by where it lies and who wrote it.

    PostgreSQL writes a changed row anew, in another place, so that equal looks are equal content.
    """

    NAME = "looks_of_the_house"

    def __init__(self) -> None:
        tables = [model._meta.db_table for room in ROOMS for model in apps.get_app_config(room).get_models(True)]
        each = (
            f"SELECT {number}, count(*), sum(hashtextextended(ctid::text || ' ' || xmin::text, 0)) FROM {table}"  # noqa: S608
            for number, table in enumerate(tables)
        )
        self.tables = tables
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.NAME} AS {' UNION ALL '.join(each)}")

    def now(self) -> dict[int, Any]:
        """By table. What is deferred to the end of a transaction answers first, as at a commit."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f"EXECUTE {self.NAME}")
            return {number: looks for number, *looks in cursor.fetchall()}

    def changed(self, before: dict[int, Any], after: dict[int, Any]) -> set[str]:
        """The tables that differ."""
        return {self.tables[number] for number in before if before[number] != after[number]}

    def forget(self) -> None:
        """The name is the connection's, and outlives a transaction."""
        with connection.cursor() as cursor:
            cursor.execute(f"DEALLOCATE {self.NAME}")


def build() -> World:
    """Two awards of a community to live in; what is approved of one counts beside the other, so that awards are added."""
    who = factories.cast()
    who.programme.strands.update(recommended_from=None)
    change = who.programme.indicators.filter
    change(code="likely").update(over_time="sum", across="sum")
    years = Breakdown.objects.create(indicator=change(code="learners").get(), code="years", title="by year")
    for code in ("y9", "y10"):
        Category.objects.create(breakdown=years, code=code, title=code.upper())
    elsewhere = factories.organisation()
    community = factories.a_community(who.recipient, who.recipient, elsewhere)
    award, corrected = (factories.award_in("active", who, evaluation=False, community=community) for _ in range(2))
    people = {
        name: person for name, person in who.everybody().items() if name not in ("administrator", "finance", "viewer")
    }
    people["member"] = factories.person(Role.SIGNATORY, elsewhere)
    people["mover"] = factories.person(Role.SIGNATORY, who.recipient)
    over = local_today() - timedelta(days=1)
    factories.member(people["mover"], Role.APPROVER, who.managing_body, ends=over)
    ours = Report.objects.named().filter(milestone__award__in=(award, corrected))
    reports = list(ours.order_by("milestone__award", "milestone__number"))
    for report in reports:
        factories.fill(report, who.editor)
    reports[1].spend.all().delete()
    in_review_as_a_correction(reports[2], who, people["member"], elsewhere)
    return World(
        who=who,
        award=award,
        corrected=corrected,
        people=people,
        indicators=list(who.programme.indicators.all()),
        written=[
            part
            for part in reports[0].asked_sections()
            if part.form in (Section.Form.NARRATIVE, Section.Form.JUDGEMENT)
        ],
        member=elsewhere,
        looks=Looks(),
    )


def in_review_as_a_correction(report: Report, who: factories.Cast, member: User, organisation: Organisation) -> None:
    """Figures are left to come, a member's part is in; it is recommended and approved, and its correction comes to its review."""
    to_come: list[dict[str, Any]] = [
        {"indicator": who.programme.indicators.get(code="learners"), "status": "provisional", "value": Decimal(300)},
        {"indicator": who.programme.indicators.get(code="schools"), "status": "awaited", "awaited_from": "The school"},
    ]
    blank = {"numerator": None, "denominator": None, "awaited_by": local_today()}
    services.save_results(report.pk, by=who.editor, rows=[{**blank, "parts": {}, **row} for row in to_come])
    services.save_member_part(report.pk, organisation.pk, by=member, **what_a_member_gives(report.award, 20))
    services.confirm_member_part(report.pk, organisation.pk, by=member)
    _review(report, who)
    services.recommend_report(report.pk, by=who.reviewer, seen=None)
    services.approve_report(report.pk, by=who.approver, seen=None, version=1)
    _review(services.begin_correction(report.pk, by=who.editor, seen=None, reason=factories.REASON), who)


def _review(report: Report, who: factories.Cast) -> None:
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)


def what_a_member_gives(award: Award, number: int) -> dict[str, Any]:
    """A figure for each indicator and an amount for each budget line, as `save_member_part` wants them."""
    numbers: dict[bool, dict[str, Any]] = {
        False: {"value": Decimal(number), "numerator": None, "denominator": None},
        True: {"value": Decimal(50), "numerator": Decimal(number), "denominator": Decimal(2 * number)},
    }
    indicators = [target.indicator for target in award.targets.select_related("indicator")]
    return {
        "figures": [{"indicator": one, "status": "final", **numbers[one.is_ratio]} for one in indicators],
        "spend": [(line, Decimal(number)) for line in award.budget_lines.all()],
    }


def change_sides(mover: User) -> None:
    """Somebody leaves one side of the award and goes to the other: what counted yesterday is over, and the other way round."""
    for held in mover.memberships.all():
        ends = None if held.ends else local_today() - timedelta(days=1)
        Membership.objects.filter(pk=held.pk).update(ends=ends)


def results_in(canonical: str) -> list[dict[str, Any]]:
    """What a Version says of indicators."""
    return list(json.loads(canonical)["results"])


read_before = lru_cache(maxsize=1024)(results_in)
"""The same for Versions that are read again and again"""


def sums(
    programme: Programme, indicators: Iterable[Indicator], read: Callable[[str], list[dict[str, Any]]] = results_in
) -> dict[str, Sum]:
    """What each indicator amounts to over the programme's awards: added up in Python from the Versions that are the record."""
    approved = Report.objects.filter(state=Report.State.APPROVED, milestone__award__strand__programme=programme)
    said: dict[str, dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    versions = approved.order_by("milestone__number").values_list("milestone__award", "approved_version__canonical")
    for award, canonical in versions.iterator(chunk_size=500):
        for row in read(canonical):
            if row["status"] in ("final", "provisional"):
                said[row["indicator"]][award].append(row)
    return {indicator.code: _sum(indicator, said[indicator.code]) for indicator in indicators}


def in_sums(totals: Iterable[Total]) -> dict[str, Sum]:
    """What the product's roll-up says, to be compared."""
    return {
        total.indicator.code: (
            (total.reported, total.to_date.value, total.to_date.numerator, total.to_date.denominator)
            if total.to_date
            else (total.reported, None, None, None)
        )
        for total in totals
    }


def _sum(indicator: Indicator, by_award: dict[int, list[dict[str, Any]]]) -> Sum:
    counting = [row for rows in by_award.values() for row in (rows[-1:] if indicator.over_time == "latest" else rows)]
    if not counting or indicator.across == "none":
        return len(by_award), None, None, None
    if not indicator.is_ratio:
        return len(by_award), sum((Decimal(row["value"]) for row in counting), Decimal(0)), None, None
    top, bottom = (sum((Decimal(row[name]) for row in counting), Decimal(0)) for name in ("numerator", "denominator"))
    return len(by_award), (100 * top / bottom).quantize(Decimal("0.01"), ROUND_HALF_UP), top, bottom
