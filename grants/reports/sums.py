"""What the parts of a community come to: each figure and budget line by organisation, with the sum that the lead may take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grants.awards.models import BudgetLine
from grants.formats import plural
from grants.programmes.models import Indicator, Section
from grants.reports.figures import Amount, Given, per_cent
from grants.reports.members import asked_forms
from grants.reports.models import Report, Result
from grants.reports.record import canonical, digest, results_in, spend_in

Row = Mapping[str, Any]
Status = Result.Status


@dataclass(frozen=True)
class FigureSum:
    """One indicator: what each organisation gave, in their order, what that comes to, and what the report says now."""

    indicator: Indicator
    target: Amount
    given: Sequence[Given | None]
    now: Given | None
    total: Amount | None = None
    """None where the rule says that it is not added, or nobody gave a number"""
    status: str = ""
    source: str = ""
    by_hand: bool = False
    """Whether the report's number is neither this sum nor the last one that was taken in: somebody wrote it"""

    @property
    def is_added(self) -> bool:
        """Whether its rule lets organisations be added."""
        return self.indicator.across == Indicator.Across.SUM

    @property
    def label(self) -> str:
        """The status of the sum in words."""
        return str(Status(self.status).label) if self.status else ""


@dataclass(frozen=True)
class SpendSum:
    """One budget line: what each organisation spent in the period, in pounds, in all, and what the report says now."""

    line: BudgetLine
    given: Sequence[Decimal | None]
    now: Decimal | None
    total: Decimal | None
    by_hand: bool = False


@dataclass(frozen=True)
class Sums:
    """Everything that a community gave for a report."""

    figures: list[FigureSum] = field(default_factory=list)
    spend: list[SpendSum] = field(default_factory=list)
    mark: str = ""
    """It changes with what was given, and with what the report says"""

    @property
    def come_to_something(self) -> bool:
        """Whether there is a sum of anything."""
        return any(one.total is not None for one in self.figures) or any(one.total is not None for one in self.spend)


def sums_of(report: Report, members: Sequence[Row]) -> Sums:
    """What organisations gave, as `members_in` has it, figure by figure and line by line."""
    results, spend = results_in(report), spend_in(report)
    asked = asked_forms(report)
    figures, lines = [], []
    if Section.Form.FIGURES in asked:
        now = {row["indicator"]: Given.read(row) for row in results}
        for target in report.award.targets.select_related("indicator"):
            code = target.indicator.code
            given = [_given(row, code) for row in members]
            total, status, source = added_up(target.indicator, members, given)
            said = now.get(code)
            number = said.amount.value if said and said.amount else None
            by_hand = is_by_hand(number, total.value if total else None, taken_of(report, "figures", code))
            figures.append(
                FigureSum(target.indicator, Amount(target.value), given, said, total, status, source, by_hand)
            )
    if Section.Form.SPEND in asked:
        paid = {row["line"]: Decimal(row["amount"]) for row in spend}
        for line in report.award.budget_lines.all():
            spent = [_spent(row, line.title) for row in members]
            known = [amount for amount in spent if amount is not None]
            together, so_far = sum(known, Decimal(0)) if known else None, paid.get(line.title)
            by_hand = is_by_hand(so_far, together, taken_of(report, "spend", line.title))
            lines.append(SpendSum(line, spent, so_far, together, by_hand))
    return Sums(figures, lines, digest(canonical([list(members), results, spend])))


def taken_of(report: Report, table: str, key: str) -> dict[str, str]:
    """The sum of a figure or a budget line that was last taken in: `value` and `source`; empty where none was."""
    found: dict[str, str] = report.taken_in.get(table, {}).get(key, {})
    return found


def is_by_hand(now: Decimal | None, total: Decimal | None, taken: Mapping[str, str]) -> bool:
    """Whether the report's number is neither the sum of today nor the one that was last taken in: somebody wrote it."""
    if now is None or total is None or now == total:
        return False
    return not taken or now != Decimal(taken["value"])


def mark_of_given(members: Iterable[Row]) -> str:
    """A mark of what the members gave, as `members_in` has it or as a Version does."""
    return digest(canonical(list(members)))


def are_old(report: Report, content: Mapping[str, Any]) -> bool:
    """Whether the sums that were taken in are of other parts than those that stand in the report's content."""
    taken = report.taken_in.get("mark")
    return taken is not None and taken != mark_of_given(content.get("members", []))


def added_up(
    indicator: Indicator, members: Sequence[Row], given: Sequence[Given | None]
) -> tuple[Amount | None, str, str]:
    """The sum over organisations, its status, and from how many of them it comes. A ratio is added by its two numbers.

    It is final where each organisation gave a final number or said that there is none to give.
    """
    amounts = [one.amount for one in given if one and one.amount]
    if indicator.across != Indicator.Across.SUM or not amounts:
        return None, "", ""
    answered = [one is not None and one.status != Status.NOT_COLLECTED for one in given]
    has_lead = any(row["lead"] for row in members)
    is_final = has_lead and all(one and one.status in (Status.FINAL, Status.NOT_APPLICABLE) for one in given)
    number = sum(not row["lead"] for row in members)
    of_members = sum(said for row, said in zip(members, answered, strict=True) if not row["lead"])
    lead = "Lead and " if any(said for row, said in zip(members, answered, strict=True) if row["lead"]) else ""
    source = f"{lead}{of_members} of {plural(number, 'member')}" if of_members else "Lead alone"
    return _sum(indicator, amounts), Status.FINAL if is_final else Status.PROVISIONAL, source


def _sum(indicator: Indicator, amounts: Iterable[Amount]) -> Amount | None:
    amounts = list(amounts)
    if not indicator.is_ratio:
        return Amount(sum((one.value for one in amounts), Decimal(0)))
    top = sum((one.numerator or Decimal(0) for one in amounts), Decimal(0))
    bottom = sum((one.denominator or Decimal(0) for one in amounts), Decimal(0))
    return Amount(per_cent(top, bottom), top, bottom) if bottom else None


def _given(member: Row, code: str) -> Given | None:
    row = next((row for row in member["figures"] if row["indicator"] == code), None)
    return Given.read({"awaited_from": "", "awaited_by": None, "source": "", **row}) if row else None


def _spent(member: Row, title: str) -> Decimal | None:
    return next((Decimal(row["amount"]) for row in member["spend"] if row["line"] == title), None)
