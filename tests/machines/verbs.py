"""What people can try with a report, each through the service that a page would call; who may, and when it can be done.

`turn` says what exactly is tried of it: other numbers, another part, a version that is not the latest, a reason that is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from grants.awards import services as awards
from grants.awards.models import Award, Extension
from grants.awards.services import Agreed
from grants.formats import local_today
from grants.people.models import User
from grants.programmes.models import Section
from grants.reports import services
from grants.reports.models import Question, Report
from grants.reports.since import items_of
from tests.factories import REASON, TEXT
from tests.machines.tables import APPROVERS, GRANTEES, REVIEWERS, SIGNATORIES
from tests.machines.world import World, what_a_member_gives

WRITTEN = ("draft", "returned")
READ = ("submitted", "in_review")
CORRECTIONS = ("correction", "figure_update")
WHOLE = ("report", "correction")
"""What asks every part, of members too"""
TURNS = 12
NO_MARK = "0" * 64


@dataclass(frozen=True)
class Row:
    """A report as the last look at the database had it."""

    pk: int
    state: str
    revision: int
    purpose: str
    milestone: int
    due_on: date
    asked_by: int | None
    version: int
    """The number of the latest, 0 where there is none"""
    settled: bool
    """Whether its milestone is"""
    released: bool
    """Whether the payment on its milestone is"""
    recommended: bool
    """Whether somebody recommended the latest version"""


@dataclass(frozen=True)
class Try:
    """One attempt: who with which report, from a page that is `fresh` or shows what was there before."""

    world: World
    award: Award
    row: Row
    by: User
    fresh: bool
    turn: int

    @property
    def seen(self) -> int:
        """The revision that the page showed: this one, or the one before."""
        return self.row.revision if self.fresh else self.row.revision - 1

    @property
    def seen_mark(self) -> str | None:
        """The mark of a table that the page showed, another one than it has; None is whatever it has."""
        return None if self.fresh else NO_MARK

    def reason(self, *turns: int) -> str:
        """A reason in these turns; in the others it was forgotten."""
        return REASON if self.turn in turns else ""


@dataclass(frozen=True)
class Verb:
    """Something that can be tried."""

    do: Callable[[Try], Any]
    states: tuple[str, ...]
    """Of the report, in which it can be done"""
    may: tuple[str, ...]
    """The parts whose people may"""
    award: tuple[str, ...] = ("active", "evaluating", "suspended")
    """States of the award in which it can be done"""
    of: tuple[str, ...] = ("report", *CORRECTIONS)
    """Purposes of the report with which it can be done"""
    shown: bool = True
    """Whether its page says what it showed, so that from a stale one it is not done"""


def save_answer(t: Try) -> Any:
    section = t.world.written[t.turn % len(t.world.written)]
    judged = section.form == Section.Form.JUDGEMENT
    text = "" if t.turn == TURNS - 1 else f"{TEXT} {t.turn}"
    seen_at = None if t.fresh else "2001-01-01T00:00:00+00:00"
    choice = "at_risk" if judged else ""
    return services.save_answer(t.row.pk, section, by=t.by, text=text, choice=choice, seen_at=seen_at)


def save_results(t: Try) -> Any:
    """Learners are awaited, provisional, blank or final; their parts are too large in the last turn."""
    blank = {"value": None, "numerator": None, "denominator": None, "confirmed": True}
    people = Decimal(10 + 13 * t.turn)
    status = {3: "awaited", 4: "awaited", 1: "provisional", 10: ""}.get(t.turn, "final")
    numbers: dict[str, dict[str, Any]] = {
        "learners": {
            "status": status,
            "value": people if status in ("final", "provisional") else None,
            "awaited_from": "The school" if status == "awaited" else "",
            "awaited_by": local_today() if status == "awaited" else None,
            "parts": {
                ("years", "y9"): people // 2,
                ("years", "y10"): people if t.turn == TURNS - 1 else people // 3,
            },
        },
        "schools": {"status": "final", "value": Decimal(t.turn)} if t.turn % 5 else {"status": "not_collected"},
        "likely": {
            "status": "final",
            "value": Decimal(50),
            "numerator": Decimal(3 + t.turn),
            "denominator": Decimal(6 + 2 * t.turn),
        },
    }
    only = t.row.purpose == "figure_update" and t.turn % 4
    rows = [
        {"indicator": indicator, **blank, **numbers[indicator.code]}
        for indicator in t.world.indicators
        if not only or indicator.code == "learners"
    ]
    return services.save_results(t.row.pk, by=t.by, rows=rows, seen_mark=t.seen_mark)


def save_spend(t: Try) -> Any:
    amount = None if t.turn == TURNS - 1 else Decimal(50 * t.turn)
    rows = [(line, amount, max(line.amount, Decimal(2000)), "Prices changed.") for line in t.award.budget_lines.all()]
    return services.save_spend(t.row.pk, by=t.by, rows=rows, seen_mark=t.seen_mark)


def save_follow_ups(t: Try) -> Any:
    report = Report.objects.named().get(pk=t.row.pk)
    given = {item.key: (f"It was done. {t.turn}", bool(t.turn % 2)) for item in items_of(report)}
    return services.save_follow_ups(t.row.pk, by=t.by, given=given, seen_mark=t.seen_mark)


def save_part(t: Try) -> Any:
    given = what_a_member_gives(t.award, 10 + t.turn)
    return services.save_member_part(t.row.pk, t.world.member.pk, by=t.by, seen_mark=t.seen_mark, **given)


def confirm_part(t: Try) -> Any:
    return services.confirm_member_part(t.row.pk, t.world.member.pk, by=t.by, seen_mark=t.seen_mark)


def open_part(t: Try) -> Any:
    return services.open_member_part(t.row.pk, t.world.member.pk, by=t.by)


def return_report(t: Try) -> Any:
    """In most turns no part is named, or one that no report has."""
    parts = [section.code for section in Report.objects.named().get(pk=t.row.pk).asked_sections()]
    named = {2: parts, 3: parts[:1], 4: parts[-2:], 5: parts[:2], 7: ["unheard-of"]}.get(t.turn, [])
    version = t.row.version - (t.turn == 3)
    return services.return_report(
        t.row.pk, by=t.by, seen=t.seen, sections=dict.fromkeys(named, REASON), version=version
    )


def approve(t: Try) -> Any:
    """Some with an action, with a held payment or with both; with an owner who has nothing to do with it; another version."""
    due = local_today() + timedelta(days=14)
    owner = {2: "editor", 3: "stranger", 4: "signatory"}.get(t.turn)
    agreed = [Agreed("Send the list of schools", t.world.people[owner], due)] if owner else []
    version = t.row.version + {9: 1, 10: -1}.get(t.turn, 0)
    hold = REASON if t.turn in (1, 4) else ""
    return services.approve_report(t.row.pk, by=t.by, seen=t.seen, version=version, actions=agreed, hold=hold)


def mark_section(t: Try) -> Any:
    verdict = ("fine", "ask", "change")[t.turn % 3]
    words = "" if verdict == "fine" or t.turn == TURNS - 1 else f"How was that counted? {t.turn}"
    code = t.world.written[t.turn % len(t.world.written)].code
    version = t.row.version + (t.turn == 9)
    return services.mark_section(t.row.pk, by=t.by, version=version, code=code, verdict=verdict, words=words)


def reply(t: Try) -> Any:
    """To the last question, which may be answered already."""
    question = Question.objects.filter(version__report=t.row.pk).values_list("pk", flat=True).last()
    return services.answer_question(question or 0, by=t.by, text="By the registers." if t.turn < TURNS - 1 else "")


def ask_for_extension(t: Try) -> Any:
    until = t.row.due_on + timedelta(days=t.turn % (TURNS - 1))
    return services.ask_for_extension(t.row.pk, by=t.by, until=until, reason=REASON)


def decide_extension(t: Try) -> Any:
    asked = Extension.objects.filter(milestone=t.row.milestone).order_by("pk").values_list("pk", flat=True).last()
    return awards.decide_extension(asked or 0, by=t.by, granted=t.turn < 8, answer=t.reason(*range(10)))


def _plain(service: Callable[..., Any]) -> Callable[[Try], Any]:
    return lambda t: service(t.row.pk, by=t.by, seen=t.seen)


def _reasoned(service: Callable[..., Any], *turns: int) -> Callable[[Try], Any]:
    """Only in these turns a reason is given: what ends a report or goes back shall come seldom."""
    return lambda t: service(t.row.pk, by=t.by, seen=t.seen, reason=t.reason(*turns))


OPEN = tuple(str(state) for state in Report.OPEN)
RUNNING = ("active", "evaluating")
VERBS = {
    "save_answer": Verb(save_answer, WRITTEN, GRANTEES, shown=False),
    "save_results": Verb(save_results, WRITTEN, GRANTEES),
    "save_spend": Verb(save_spend, WRITTEN, GRANTEES),
    "save_follow_ups": Verb(save_follow_ups, WRITTEN, GRANTEES, of=WHOLE),
    "save_part": Verb(save_part, WRITTEN, ("member",), of=WHOLE),
    "confirm_part": Verb(confirm_part, WRITTEN, ("member",), of=WHOLE),
    "open_part": Verb(open_part, WRITTEN, ("member", *GRANTEES), of=WHOLE, shown=False),
    "ask_for_sign_off": Verb(_plain(services.ask_for_sign_off), WRITTEN, GRANTEES),
    "recall": Verb(_plain(services.recall_report), ("awaiting_sign_off",), GRANTEES),
    "decline_sign_off": Verb(_reasoned(services.decline_sign_off, 3, 4), ("awaiting_sign_off",), SIGNATORIES),
    "submit": Verb(_plain(services.submit_report), ("awaiting_sign_off",), SIGNATORIES, RUNNING),
    "recall_submission": Verb(_plain(services.recall_submission), ("submitted",), SIGNATORIES),
    "start_review": Verb(_plain(services.start_report_review), ("submitted",), REVIEWERS),
    "mark_section": Verb(mark_section, READ, REVIEWERS, shown=False),
    "reply": Verb(reply, (*READ, "returned"), GRANTEES, shown=False),
    "recommend": Verb(_plain(services.recommend_report), ("in_review",), REVIEWERS),
    "return_report": Verb(return_report, ("in_review",), REVIEWERS),
    "approve": Verb(approve, ("in_review",), APPROVERS, RUNNING),
    "waive": Verb(_reasoned(services.waive_report, 5, 6), OPEN, APPROVERS, of=("report",)),
    "begin_correction": Verb(_reasoned(services.begin_correction, *range(9)), ("approved",), GRANTEES, RUNNING),
    "begin_figure_update": Verb(_plain(services.begin_figure_update), ("approved",), GRANTEES, RUNNING),
    "abandon": Verb(_reasoned(services.abandon_correction, 4, 5, 6), OPEN, GRANTEES, of=CORRECTIONS),
    "ask_for_extension": Verb(ask_for_extension, Report.TO_SEND, GRANTEES, RUNNING, shown=False),
    "decide_extension": Verb(decide_extension, OPEN, REVIEWERS, RUNNING, shown=False),
    "suspend": Verb(
        lambda t: awards.suspend_award(t.award.pk, by=t.by, seen=None, reason=t.reason(*range(6))),
        tuple(Report.State.values),
        APPROVERS,
        RUNNING,
        shown=False,
    ),
    "resume": Verb(
        lambda t: awards.resume_award(t.award.pk, by=t.by, seen=None),
        tuple(Report.State.values),
        APPROVERS,
        ("suspended",),
        shown=False,
    ),
}
NEXT = {
    "draft": (*["ask_for_sign_off"] * 3, "save_follow_ups", "save_spend", "save_results"),
    "returned": ("ask_for_sign_off", "ask_for_sign_off", "save_answer"),
    "awaiting_sign_off": ("submit",),
    "submitted": ("start_review",),
    "in_review": (*["approve"] * 3, "recommend"),
    "approved": ("begin_correction", "begin_correction", "begin_figure_update"),
}
"""What usually comes next"""
FILL = ("save_follow_ups", "save_spend", "save_results", "save_answer")
"""The same with a report that was found to be incomplete"""
