"""A programme's portfolio as charts for its page, each with its numbers as a table: drawn by the code that draws the PDF's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from grants.desk.addresses import address
from grants.desk.listing import in_pounds
from grants.desk.portfolio import Portfolio
from grants.formats import money, plain_amount, plural
from grants.programmes.models import Indicator
from grants.reports.figures import shown
from grants.reports.totals import Total
from reporting.pdf.charts import Bullet, Pile, Whole, bullets, piles, wholes
from reporting.pdf.svg import svg

ACROSS = 210.0  # points: a little narrower than a column of a document, so that its words are not small on a telephone
WIDE = 1.25  # a reader's own typeface may be this much wider than that of the documents
MOST = 12  # bars in one chart; the table has them all
STATES = (("Settled", "approved"), ("In review", "in-review"), ("Late", "overdue"), ("To come", "not-due"))


@dataclass(frozen=True)
class Chart:
    """A picture whose heading is its conclusion, and the same numbers as a table."""

    key: str
    heading: str
    picture: SafeString
    caption: str
    columns: Sequence[str]
    """The headings of the table: of words first, then of numbers"""
    rows: Sequence[Sequence[str]]
    foot: Sequence[str] = ()
    folds: bool = True
    """Whether the table is too wide for a telephone"""
    urls: Sequence[str] = ()
    """Where each row's numbers come from"""

    @property
    def lines(self) -> list[tuple[str, Sequence[str]]]:
        """The rows, each with where its numbers come from; empty where no page says that."""
        return list(zip_longest(self.urls[: len(self.rows)], self.rows, fillvalue=""))


def charts_of(portfolio: Portfolio) -> list[Chart]:
    """What is reached, what is paid, what is reported; none where there is nothing to draw."""
    drawn = [
        _indicators(portfolio) if portfolio.indicators else None,
        _money(portfolio) if portfolio.money("awarded") else None,
        _reports(portfolio) if any(period.all for period in portfolio.periods) else None,
    ]
    return [chart for chart in drawn if chart]


def _picture(drawing: Any, says: str) -> SafeString:
    return mark_safe(svg(drawing, says))  # noqa: S308  every text in it is escaped


def _per_cent(part: Decimal) -> str:
    return f"{int(100 * part):,}%"


# ---- Indicators --------------------------------------------------------------------------------------------------


def _indicators(portfolio: Portfolio) -> Chart | None:
    bars = [
        Bullet(total.indicator.title, float(total.part) if total.part is not None else None, None, _so_far(total))
        for total in portfolio.indicators
        if total.target is not None
    ][:MOST]
    says = "; ".join(f"{bar.name}: {bar.shown}" for bar in bars)
    return Chart(
        "indicators",
        reached(portfolio.indicators),
        _picture(bullets(bars, ACROSS, WIDE), f"Approved to date against the targets. {says}.")
        if bars
        else mark_safe(""),
        "Bar: approved to date. Its track: the target. Reported: awards with an approved figure, of those with a target."
        + more_than_once(portfolio.indicators),
        ("Indicator", "Target", "To date", "Of target", "Reported"),
        [_row(total) for total in portfolio.indicators],
        urls=[
            address("reports:total", portfolio.programme.code, total.indicator.code) for total in portfolio.indicators
        ],
    )


def more_than_once(totals: Sequence[Total]) -> str:
    """Which totals may count a person more than once, as a sentence; empty where none does."""
    titles = [total.indicator.title for total in totals if total.may_count_twice]
    return f" {', '.join(titles)}: may count a person more than once." if titles else ""


def reached(totals: Sequence[Total]) -> str:
    """How far the indicators are, in one sentence."""
    parts = [(total.part, total.indicator.title) for total in totals if total.part is not None]
    if not parts:
        return "No indicator has an approved total yet"
    met = sum(part >= 1 for part, _ in parts)
    if met == len(totals):
        return "Every indicator has met its target" if met > 1 else f"{parts[0][1]}: the target is met"
    if met:
        return f"{met} of {plural(len(totals), 'indicator')} {'has met its' if met == 1 else 'have met their'} target"
    part, title = max(parts)
    if len(totals) == 1:
        return f"{title}: {_per_cent(part)} of the target is reached"
    return f"No indicator has met its target yet; the nearest is at {_per_cent(part)}: {title}"


def _number(indicator: Indicator, value: Decimal | None) -> str:
    if value is None:
        return "–"
    if indicator.measure == Indicator.Measure.MONEY:
        return money(value, pence=False)
    return f"{shown(value)}%" if indicator.is_ratio else shown(value)


def _so_far(total: Total) -> str:
    target = _number(total.indicator, total.target)
    return (
        f"{_number(total.indicator, total.to_date.value)} of {target}" if total.to_date else f"no figure, of {target}"
    )


def _row(total: Total) -> list[str]:
    to_date = _number(total.indicator, total.to_date.value if total.to_date else None)
    if total.indicator.across == Indicator.Across.NONE:
        to_date = "not added"
    part = _per_cent(total.part) if total.part is not None else "–"
    reports = f"{total.reported:,} of {total.awards:,}"
    return [total.indicator.title, _number(total.indicator, total.target), to_date, part, reports]


# ---- Money -------------------------------------------------------------------------------------------------------


def _money(portfolio: Portfolio) -> Chart:
    strands = [strand for strand in portfolio.strands if strand.awarded]
    awarded, released, paid = (portfolio.money(name) for name in ("awarded", "released", "paid"))
    bars = [
        Whole(
            strand.title, float(strand.awarded), float(strand.paid),
            f"{strand.paid / strand.awarded:.0%} of {money(strand.awarded, pence=False)}",
        )
        for strand in strands
    ][:MOST]  # fmt: skip
    says = "; ".join(f"{bar.name}: {bar.shown}" for bar in bars)
    return Chart(
        "money",
        f"{paid / awarded:.0%} of the money awarded is paid" if paid else "Nothing is paid yet",
        _picture(wholes(bars, ACROSS, WIDE), f"Paid of what is awarded, by strand. {says}."),
        "Bar: paid. Its track: awarded.",
        ("Strand", "Awards", *map(in_pounds, ("Awarded", "Released", "Paid"))),
        [
            [strand.title, f"{strand.awards:,}", *_pounds(strand.awarded, strand.released, strand.paid)]
            for strand in strands
        ],
        ["All strands", f"{portfolio.awards:,}", *_pounds(awarded, released, paid)] if len(strands) > 1 else (),
    )  # fmt: skip


def _pounds(*amounts: Decimal) -> list[str]:
    return [plain_amount(amount, pence=False) for amount in amounts]


# ---- Reports -----------------------------------------------------------------------------------------------------


def _reports(portfolio: Portfolio) -> Chart:
    names = ("settled", "sent", "late", "to_come")
    piled = [Pile(period.short, [getattr(period, name) for name in names]) for period in portfolio.periods]
    sums = [portfolio.reports(name) for name in names]
    says = ", ".join(f"{count:,} {label.lower()}" for count, (label, _) in zip(sums, STATES, strict=True))
    late, sent = portfolio.reports("late"), portfolio.reports("sent")
    sentences = [
        f"{plural(late, 'report')} {'is' if late == 1 else 'are'} late" if late else "No report is late",
        f"{sent:,} {'waits' if sent == 1 else 'wait'} for review" if sent else "",
    ]
    return Chart(
        "reports",
        "; ".join(filter(None, sentences)),
        _picture(
            piles(piled, STATES, ACROSS, WIDE), f"Reports by when they are due, from {piled[0].name}: {says} in all."
        ),
        "Column: reports due then, by where they stand.",
        ("Due in", *(label for label, _ in STATES)),
        [
            [period.name, *(f"{count:,}" if (count := getattr(period, name)) else "–" for name in names)]
            for period in portfolio.periods
            if period.all
        ],
        ["All", *(f"{count:,}" for count in sums)],
        folds=False,
    )
