"""Snapshots to render: an ordinary programme with any number of awards, an empty one, and one full of hostile text.

All amounts and results are illustrative. Real organisations appear only in good standing; what is late belongs to
invented ones.
"""

from datetime import date, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

SHA256 = "680a1fd7b43fdce88e124d263bde1b72c0ffee00c0ffee00c0ffee00c0ffee00"
LONG_WORD = "Rindfleischetikettierungs" * 200  # 5,000 characters without a space
LONG_TEXT = ("A sentence with <b>, &amp; and ŵ in it. " * 1250)[:50_000]
HOSTILE = (
    '<img src="/etc/passwd">',
    "<b>bold",
    "</para><para>",
    "Fish & chips &amp; <onDraw name='x'/>",
    "Nul \x00 bell \x07 escape \x1b",
    "Emoji 😀 family 👨‍👩‍👧",
    "Dŵr yn Llanfair, Łódź, ﬁn, Ελλάδα, Київ",
    "עברית and 日本語",
    "lone \ud800 surrogate",
    "(parenthesis) \\ backslash %PDF-1.7 endstream",
    LONG_WORD,
)
NAMES = (
    ("EX", "Generating Genius", "Robotics days for Year 11"),
    ("EX", "Science Learning Centre South West", "Science ambassadors in Years 9 to 11"),
    ("EX", "Space Connections", "People’s STEM PhD"),
    ("EX", "Teach First", "Summer residentials with King’s College London"),
    ("EX", "Villiers Park Educational Trust", "A web resource for universities that work with disadvantaged pupils"),
    ("CP", "North East", "A community of practice for the North East"),
    ("CP", "North West", "Community STEM Awards"),
    ("CP", "Example Region", "Science festivals"),
    ("CP", "South Wales", "Dŵr a gwyddoniaeth: science by the water"),
    ("CP", "Example Science Trust", "Science days in rural schools"),
)
COMMUNITY = "CP-007"
"""The award of a community of which many members are missing"""
MISSING = tuple(
    f"{place} and District Science and Technology Outreach Trust"
    for place in (
        *("Bideford", "Bridgwater", "Camborne", "Cheddar", "Falmouth", "Glastonbury", "Ilfracombe", "Launceston"),
        *("Penzance", "Sherborne", "Tiverton", "Wadebridge"),
    )
)
STRANDS = {"EX": "National exemplar projects", "CP": "Regional communities of practice"}
LEARNED = (
    "Pupils who came with two friends stayed for the whole course; those who came alone often did not. Schools now "
    "nominate in threes, and the two that could not have asked a neighbouring school to join them.\n\nA second visit "
    "within four weeks mattered more than the length of the first. We moved the residential from July to May for that "
    "reason, and kept the places of those who could not come."
)

STORY = (
    "In October a Year 11 group came to the university for a day of robotics. By March they were running it for the "
    "year below. “I thought people like us mended machines,” one of them wrote. “Now I know that we can design them.” "
    "Their school will lead the day in July, with parents."
)


class Book:
    """Hands out figures, and writes down where each comes from."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, Any]] = {}
        self.annex: list[dict[str, str]] = []

    def money(self, pounds: int, what: str, award: str = "All awards", rule: str = "Sum") -> str:
        return self._enter("money", f"£{pounds:,}", "£", what, award, rule)

    def people(self, number: int, what: str, award: str = "All awards", rule: str = "Latest, summed") -> str:
        return self._enter("people", f"{number:,}", "people", what, award, rule)

    def _enter(self, kind: str, shown: str, unit: str, what: str, award: str, rule: str) -> str:
        key = f"F{len(self.figures) + 1}"
        self.figures[key] = {"id": key, "kind": kind, "shown": shown, "unit": unit}
        one = award != "All awards"
        self.annex.append(
            {
                "figure": key,
                "what": what,
                "reference": award,
                "version": "v1" if one else "Latest",
                "approved_by": "Approver, AccessHE",
                "date": "2013-05-28",
                "rule": rule,
                "rounding": "None",
            }
        )
        return key


def programme(number: int = 10) -> dict[str, Any]:
    """A programme of so many awards; one of ten is off course and has not reported, one is at risk."""
    book = Book()
    summary = _summary(book, number)
    awards = [_award(book, n, *name) for n, name in enumerate(islice(cycle(NAMES), number))]
    summary["attention"] = [
        {
            "reference": award["reference"],
            "name": award["recipient"],
            "state": award["course"],
            "label": award["course_label"],
            "wrong": "One of four members has reported nothing since January; a quarter of the learners rest on it.",
            "doing": "The lead has asked twice. AccessHE telephones the member on 7 June; the payment is held.",
            "by": "2013-06-14",
        }
        for award in awards
        if award["course"] != "on-course"
    ][:3]
    return _snapshot(book, summary, awards)


def of_kind(kind: str, number: int = 10) -> dict[str, Any]:
    """The same as another kind of report; the final one has what the evaluations say in place of the awards' answers."""
    snapshot = programme(number)
    snapshot["document"] |= {"kind": kind, "about": snapshot["awards"][0]["title"] if kind == "award" else ""}
    if kind == "final":
        snapshot["outcomes"] = [
            {"title": title, "answers": [_said(award, text) for award in snapshot["awards"]]}
            for title, text in (("What was achieved", STORY), ("What was learned", LEARNED))
        ]
        for award in snapshot["awards"]:
            award["answers"] = []
    return snapshot


def _said(award: dict[str, Any], text: str) -> dict[str, str]:
    return {"reference": award["reference"], "name": award["recipient"], "text": text}


def empty() -> dict[str, Any]:
    """A programme with no award and no report yet."""
    summary: dict[str, Any] = {
        "headline": "No awards yet; the first call closes on 30 September 2012",
        "complete": "No award was due to report in this period.",
        "funder_part": None,
        "awarded": None,
        "indicators": [],
        "attention": [],
        "money": None,
        "story": None,
    }
    return _snapshot(Book(), summary, [])


def hostile(seed: int = 2013) -> dict[str, Any]:
    """Eleven awards whose every text is hostile in one way or another; answers run to 50,000 characters."""
    dice = Random(seed)  # noqa: S311

    def poisoned(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: poisoned(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [poisoned(item, key) for item in value]
        return dice.choice(HOSTILE) if isinstance(value, str) and key not in KEPT else value

    ordinary = programme(11)
    snapshot = {**poisoned(ordinary), "figures": ordinary["figures"]}
    first, second, third, fourth, *_ = snapshot["awards"]
    first["answers"] = [{"title": dice.choice(HOSTILE), "text": text} for text in (LONG_TEXT, LONG_WORD, *HOSTILE)]
    second["description"] = LONG_TEXT
    third["no_report"] = LONG_TEXT
    fourth["judgement"] = {"state": "at-risk", "label": "At risk", "reason": LONG_TEXT}
    return snapshot


KEPT = frozenset(  # what is no text in the contract: dates, states, and keys of figures
    (
        *("target", "now", "before", "funder_part", "awarded", "paid", "released", "to_come", "amount", "value"),
        *("budget", "spent", "figure", "due", "starts", "ends", "from", "to", "by", "date", "approved"),
        *("state", "course", "status", "kind", "reference", "verify"),
    )
)


def _snapshot(book: Book, summary: dict[str, Any], awards: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schema": 1,
        "document": {
            "reference": "FR-0001",
            "version": 1,
            "date": "2013-06-04",
            "renderer": "1",
            "profile": "Funder copy, version 1: totals exact",
            "illustrative": True,
            "verify": "https://exemplar.example/verify/FR-0001/",
        },
        "programme": {
            "code": "STEM-TSO",
            "title": "Collaborating with the Third Sector in STEM Outreach",
            "managing_body": "AccessHE",
        },
        "funder": {
            "identifier": "GB-EDU-133790",
            "name": "National HE STEM Programme, South West Spoke (University of Bath)",
        },
        "period": {"from": "2012-08-01", "to": "2013-04-30"},
        "summary": summary,
        "awards": awards,
        "figures": book.figures,
        "annex": book.annex,
        "rules": [
            ["As reported", "The value in the approved version named, unchanged."],
            ["Latest", "The last cumulative value of one award; not added over time."],
            ["Latest, summed", "The latest values of the awards, added; a person may be counted by two awards."],
            ["Sum", "Exact pounds, added, never rounded."],
            ["Share", "This funder’s part of each award by largest remainder, to the penny."],
        ],
    }


def _summary(book: Book, number: int) -> dict[str, Any]:
    amount, late = 20_000 * number, number // 10
    part = book.money(amount * 3 // 4, "This funder’s part, all awards", rule="Share")
    awarded = book.money(amount, "Awarded, all awards")
    indicators = [
        _indicator(book, "Learners reached", "people", 250 * number, 0.82, 0.55, "may count a person more than once"),
        _indicator(book, "In target groups", "people", 150 * number, 0.99, 0.9, ""),
        _indicator(book, "Schools and colleges", "schools", 14 * number, 0.85, 0.62, ""),
        _indicator(book, "Resources published", "resources", 5 * number, 0.6, 0.4, ""),
    ]
    on_course = number - sum(n % 10 in (7, 9) for n in range(number))
    need = "none needs" if on_course == number else f"{number - on_course} need"
    return {
        "headline": f"{on_course} of {number} awards are on course; {need} attention",
        "complete": f"{number - late} of {number} awards reported to 30 April 2013; {late} as at 31 January.",
        "funder_part": part,
        "awarded": awarded,
        "indicators": indicators,
        "attention": [],
        "money": {
            "awarded": awarded,
            "paid": book.money(amount * 7 // 10, "Paid, all awards"),
            "released": book.money(amount // 10, "Released, not yet paid"),
            "to_come": book.money(amount // 5, "To come"),
            "bars": [
                {"label": "Paid", "part": 0.7},
                {"label": "Released", "part": 0.1},
                {"label": "To come", "part": 0.2},
            ],
        },
        "story": {
            "reference": "EX-001",
            "name": "Generating Genius",
            "text": STORY,
            "note": "From the approved report, version 1. Printed with written consent.",
        },
    }


def _indicator(book: Book, name: str, unit: str, target: int, part: float, before: float, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "unit": unit,
        "target": book.people(target, f"{name}, target"),
        "before": book.people(int(target * before), f"{name}, to 31 January"),
        "now": book.people(int(target * part), f"{name}, to 30 April"),
        "part": part,
        "before_part": before,
        "of_target": f"{part:.0%} of the target",
        "note": note,
    }


def _award(book: Book, number: int, strand: str, recipient: str, title: str) -> dict[str, Any]:
    reference, course = f"{strand}-{number + 1:03}", {7: "at-risk", 9: "off-course"}.get(number % 10, "on-course")
    reported = course != "off-course"
    amount = 12_000 + 1_375 * (number % 10)
    label = {"on-course": "On course", "at-risk": "At risk", "off-course": "Off course"}[course]
    since = date(2012, 10, 31) + timedelta(days=number % 5)
    return {
        "reference": reference,
        "title": title,
        "recipient": recipient if number < len(NAMES) else f"{recipient} {number // len(NAMES) + 1}",
        "strand": STRANDS[strand],
        "place": "National" if strand == "EX" else "South West",
        "description": "Science days, a residential and mentoring with two universities, for pupils of state schools.",
        "state": "active",
        "state_label": "Active",
        "course": course,
        "course_label": label,
        "starts": "2012-08-01",
        "ends": "2013-07-31",
        "amount": book.money(amount, "Awarded", reference, "As reported"),
        "funder_part": book.money(amount * 3 // 4, "This funder’s part", reference, "Share"),
        "paid": book.money(amount // 2, "Paid", reference, "As reported"),
        "milestones": [
            _milestone("Milestone 1", since, "approved", "Approved"),
            _milestone("Milestone 2", date(2013, 1, 31), "approved", "Approved"),
            _milestone(
                "Milestone 3", date(2013, 4, 30), *(("approved", "Approved") if reported else ("overdue", "Overdue"))
            ),
            _milestone("Final evaluation", date(2013, 7, 31), "not-due", "Not due yet", "evaluation"),
        ],
        "report": {
            "name": "Milestone 3",
            "from": "2013-02-01",
            "to": "2013-04-30",
            "version": 1,
            "approved": "2013-05-13",
            "approved_by": "Approver, AccessHE",
            **({"members": _members()} if reference == COMMUNITY else {}),
        }
        if reported
        else None,
        "no_report": "" if reported else "No approved report in this period; figures as at 31 January 2013.",
        "judgement": {
            "state": course,
            "label": label,
            "reason": "School days have run as planned, and the resource is in use at two universities.",
        },
        "promised": [
            "Reach 250 learners in 18 schools, in Years 10 to 13",
            "At least 60% of them to meet a disadvantage criterion",
            "Publish four resources that any university may use",
        ],
        "done": [
            "204 learners in 16 schools; the last two visits are in June",
            "64.2% meet at least one criterion, from school records",
            "Three resources published; the fourth is with reviewers",
        ],
        "results": _results(book, reference, reported),
        **_budget(book, reference, amount),
        "answers": [
            {"title": "What was learned", "text": LEARNED},
            {
                "title": "What others can copy",
                "text": "A one-page agreement with each school, and a session plan for two leaders.",
            },
        ],
        "next": "Final evaluation due 31 July 2013. AccessHE will review it by 28 August 2013.",
    }


def _members() -> str:
    """Who of a community is in, after its last report and an earlier one."""
    missing = f"4 of {4 + len(MISSING)} members are in; missing: {', '.join(MISSING)}."
    return f"{missing} Milestone 2: {3 + len(MISSING)} of {4 + len(MISSING)} members are in; missing: Harbour Trust."


def _milestone(name: str, due: date, state: str, label: str, kind: str = "report") -> dict[str, str]:
    return {"name": name, "kind": kind, "due": due.isoformat(), "state": state, "state_label": label}


def _results(book: Book, reference: str, reported: bool) -> list[dict[str, Any]]:
    rows = []
    for name, unit, target, value, status, label, note in (
        ("Learners (unique)", "people", 250, 204, "final", "Final", ""),
        ("Of whom meet a criterion", "people", 150, 161, "final", "Final", ""),
        ("Schools and colleges", "schools", 18, 16, "final", "Final", ""),
        ("University staff briefed", "people", 40, 31, "provisional", "Provisional", ""),
        ("Went on to apply", "people", 60, None, "awaited", "Awaited", "from the partner university by 8 June 2013"),
    ):
        known = value is not None and (reported or status == "final")
        rows.append(
            {
                "name": name,
                "unit": unit,
                "target": book.people(target, f"{name}, target", reference, "As reported"),
                "value": book.people(value, f"{name}, to date", reference, "Latest") if known and value else None,
                "part": value / target if known and value else None,
                "status": status,
                "status_label": label,
                "note": note,
            }
        )
    return rows


def _budget(book: Book, reference: str, amount: int) -> dict[str, Any]:
    lines = []
    shares = (("Staff", 50), ("Travel and venues", 20), ("Web resource", 15), ("Overheads", 15))
    for name, share in shares:
        lines.append(
            {
                "name": name,
                "budget": book.money(amount * share // 100, f"{name}, budget", reference, "As reported"),
                "spent": book.money(amount * share // 130, f"{name}, spent", reference, "As reported"),
            }
        )
    total = {
        "budget": book.money(sum(amount * share // 100 for _, share in shares), "Total, budget", reference),
        "spent": book.money(sum(amount * share // 130 for _, share in shares), "Total, spent", reference),
    }
    return {"budget": lines, "budget_total": total}
