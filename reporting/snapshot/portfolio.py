"""The page for trustees, as plain data: the conclusion, how complete it is, figures over all awards, what needs attention."""

import datetime
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from grants.formats import date_words, plural
from grants.programmes.models import Indicator
from reporting.snapshot.award import COURSES, word
from reporting.snapshot.figures import Contribution, Figures
from reporting.snapshot.records import AwardRecord

WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
STORY_WORDS = 60
MONEY = (("paid", "Paid"), ("released", "Released, not yet paid"), ("to_come", "To come"), ("cancelled", "Cancelled"))


def summary(
    records: Sequence[AwardRecord], figures: Figures, start: datetime.date, until: datetime.date
) -> dict[str, Any]:
    """Everything that page A shows."""
    awarded = sum((record.award.amount or Decimal(0) for record in records), Decimal(0))
    part = sum((record.funding.amount for record in records), Decimal(0))
    troubled = [row for record in records if (row := _trouble(record, until))]
    shares = [
        Contribution(record.award, f"fundings/{record.funding.funder.identifier}/amount", f"{record.funding.amount:f}")
        for record in records
    ]
    return {
        "headline": headline(len(records), _on_course(records, until), len(troubled)),
        "complete": completeness(records, until),
        "funder_part": figures.money("This funder's part, all awards", part, shares, "Share"),
        "awarded": figures.money("Awarded, all awards", awarded, _amounts(records), "Sum over awards"),
        "indicators": _indicators(records, figures, start, until),
        "attention": [row for _, row in sorted(troubled, key=lambda pair: pair[0])[:3]],
        "money": _money(records, figures, until, awarded),
        "story": _story(records, until),
    }


def headline(awards: int, good: int, troubled: int) -> str:
    """The conclusion of the page, as a sentence. An award that has said nothing is neither on course nor in trouble."""
    silent = awards - good - troubled
    if not awards:
        return "No award had begun by the end of this period"
    numbers = [str(n) if awards >= len(WORDS) else WORDS[n] for n in (awards, good, troubled, silent)]
    whole, on_course, in_trouble, unheard = numbers
    if good == awards:
        return "The one award is on course" if awards == 1 else f"All {whole} awards are on course"
    parts = [f"{on_course} of {whole} awards {'is' if good == 1 else 'are'} on course"]
    if troubled:
        parts.append(f"{in_trouble} {'needs' if troubled == 1 else 'need'} attention")
    if silent:
        parts.append(f"{unheard} {'has' if silent == 1 else 'have'} no judgement yet")
    sentence = "; ".join(parts)
    return sentence[0].upper() + sentence[1:]


def completeness(records: Sequence[AwardRecord], until: datetime.date) -> str:
    """How many awards have reported for the whole period, and how far the others have."""
    groups: Counter[str] = Counter()
    for record in records:
        due, latest = record.due_by(until), record.latest(until)
        if not due:
            groups["nothing due yet"] += 1
        elif all(milestone.settled_at is not None for milestone in due):
            groups["complete"] += 1
        else:
            groups[f"as at {date_words(latest.milestone.period_end)}" if latest else "no approved report yet"] += 1
    if not records:
        return "There is nothing to report yet."
    complete = groups.pop("complete", 0)
    first = f"{complete:,} of {plural(len(records), 'award')} reported in full to {date_words(until)}"
    rest = [
        f"{count:,} {'has ' if count == 1 else 'have '}{kind}" if not kind.startswith("as at") else f"{count:,} {kind}"
        for kind, count in sorted(groups.items())
    ]
    return "; ".join([first, *rest]) + "."


def _amounts(records: Sequence[AwardRecord]) -> list[Contribution]:
    return [Contribution(record.award, "amount", f"{record.award.amount:f}") for record in records]


def _indicators(
    records: Sequence[AwardRecord], figures: Figures, start: datetime.date, until: datetime.date
) -> list[dict[str, Any]]:
    used = {target.indicator for record in records for target in record.award.targets.all()}
    before = start - datetime.timedelta(days=1)
    rows = []
    for indicator in sorted(used, key=lambda one: (one.position, one.code)):
        if indicator.across == Indicator.Across.NONE:
            continue
        target = _target(records, indicator, figures)
        now, then = (_total(records, indicator, figures, day) for day in (until, before))
        rows.append(
            {
                "name": indicator.title,
                "unit": indicator.unit,
                "target": target[0] if target else None,
                "now": now[0] if now else None,
                "before": then[0] if then else None,
                "part": round(float(now[1] / target[1]), 4) if now and target and target[1] else None,
                "before_part": round(float(then[1] / target[1]), 4) if then and target and target[1] else None,
                "of_target": f"{int(100 * now[1] / target[1])}% of the target" if now and target and target[1] else "",
                "note": "may count a person more than once" if indicator.measure == Indicator.Measure.PEOPLE else "",
            }
        )
    return rows


def _target(records: Sequence[AwardRecord], indicator: Indicator, figures: Figures) -> tuple[str, Decimal] | None:
    behind, values = [], []
    for record in records:
        for target in record.award.targets.all():
            if target.indicator_id == indicator.pk:
                behind.append(Contribution(record.award, f"targets/{indicator.code}", f"{target.value:f}"))
                values.append(target.value)
    if not values or (indicator.is_ratio and len(set(values)) > 1):
        return None
    if indicator.is_ratio:
        return figures.per_cent(f"{indicator.title}, target", values[0], indicator.unit, behind, "As awarded"), values[
            0
        ]
    total = sum(values, Decimal(0))
    people = indicator.measure == Indicator.Measure.PEOPLE
    return figures.count(
        f"{indicator.title}, target", total, indicator.unit, behind, "Sum over awards", people=people
    ), total


def _total(
    records: Sequence[AwardRecord], indicator: Indicator, figures: Figures, day: datetime.date
) -> tuple[str, Decimal] | None:
    known = [found for record in records if (found := record.to_date(indicator, day))]
    if not known:
        return None
    behind = [row for found in known for row in found.behind]
    what = f"{indicator.title}, to {date_words(day)}"
    if indicator.is_ratio:
        parts = [
            (found.numerator, found.denominator) for found in known if found.numerator is not None and found.denominator
        ]
        if len(parts) < len(known):
            return None
        value = 100 * sum((top for top, _ in parts), Decimal(0)) / sum((bottom for _, bottom in parts), Decimal(0))
        return figures.per_cent(what, value, indicator.unit, behind, "Ratio of sums"), value
    value = sum((found.value for found in known), Decimal(0))
    people = indicator.measure == Indicator.Measure.PEOPLE
    return figures.count(what, value, indicator.unit, behind, "Sum over awards", people=people), value


def _money(records: Sequence[AwardRecord], figures: Figures, until: datetime.date, awarded: Decimal) -> dict[str, Any]:
    keys: dict[str, Any] = {
        "awarded": figures.money("Awarded, all awards", awarded, _amounts(records), "Sum over awards")
    }
    bars = []
    for kind, label in MONEY:
        sums = [record.money(until, kind) for record in records]
        amount = sum((one for one, _ in sums), Decimal(0))
        behind = [row for _, rows in sums for row in rows]
        if amount or kind == "paid":
            keys[kind] = figures.money(f"{label}, all awards", amount, behind, "Sum over awards")
            bars.append({"label": label, "part": round(float(amount / awarded), 4) if awarded else 0.0})
    return {"released": None, "to_come": None, **keys, "bars": bars}


def _on_course(records: Sequence[AwardRecord], until: datetime.date) -> int:
    """How many awards say in their last approved report that they are on course, and nothing speaks against it."""
    count = 0
    for record in records:
        latest = record.latest(until)
        judgement = latest.judgement() if latest else None
        count += bool(judgement and judgement["choice"] == "on_course" and _trouble(record, until) is None)
    return count


def _trouble(record: AwardRecord, until: datetime.date) -> tuple[tuple[int, str], dict[str, Any]] | None:
    """What is wrong with an award, with how pressing it is; None where nothing is."""
    award, latest = record.award, record.latest(until)
    judgement = latest.judgement() if latest else None
    late = [one for one in award.milestones.all() if one.settled_at is None and one.due_on <= until]
    by = (
        late[0].due_on if late else next((one.due_on for one in award.milestones.all() if one.settled_at is None), None)
    )
    state, label, wrong, doing = "", "", "", ""
    if award.state in ("suspended", "terminated"):
        state, label = award.state, award.get_state_display()
        wrong = record.stopped.reason if record.stopped else f"The award is {award.state}."
        doing = f"It was {award.state} on {date_words(record.stopped.at)}." if record.stopped else ""
    elif judgement and judgement["choice"] != "on_course":
        state, label = judgement["choice"], COURSES[judgement["choice"]]
        wrong, _, doing = judgement["text"].strip().partition(". ")
        wrong = wrong.rstrip(".") + "."
    elif late:
        state, label = "overdue", "Overdue"
        wrong = f"{late[0].name} was due on {date_words(late[0].due_on)} and is not approved."
    if not state:
        return None
    pressing = ("terminated", "suspended", "off_course", "overdue", "at_risk").index(state)
    return (pressing, award.reference), {
        "reference": award.reference,
        "name": award.recipient,
        "state": word(state),
        "label": label,
        "wrong": wrong,
        "doing": doing,
        "by": by.isoformat() if by and award.state != "terminated" else None,
    }


def _story(records: Sequence[AwardRecord], until: datetime.date) -> dict[str, Any] | None:
    """A passage of the first award on course that wrote what it learned: a part that the funder is among the readers of."""
    for record in records:
        latest = record.latest(until)
        judgement = latest.judgement() if latest else None
        part = latest.section("learned") if latest else None
        if latest and part and part["text"].strip() and judgement and judgement["choice"] == "on_course":
            words = part["text"].split()
            text = " ".join(words[:STORY_WORDS]) + (" …" if len(words) > STORY_WORDS else "")
            return {
                "reference": record.award.reference,
                "name": record.award.recipient,
                "text": text,
                "note": f"From {record.award.reference}, {latest.milestone.name}, approved as version {latest.version.number}.",
            }
    return None
