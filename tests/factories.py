"""Real rows for tests, in the field's words. States are reached through the services, as people reach them.

`cast()` gives everybody who has a part in a programme; most other functions take it as `who`, and make one where none
is given.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from grants.awards import services as awards
from grants.awards.models import Award, Milestone, Tranche
from grants.formats import local_today
from grants.imports.models import Import
from grants.lifecycle.actors import SYSTEM
from grants.lifecycle.door import advance
from grants.lifecycle.machine import AnyMachine
from grants.money import services as money
from grants.people.models import Community, Membership, Organisation, Role, User
from grants.programmes.models import Call, FunderShare, Indicator, Programme, Section, Strand
from grants.programmes.services import ask_the_usual
from grants.reports import services as reports
from grants.reports.models import Report
from reporting.models import FunderReport

_numbers = count(1)
REASON = "The partner schools asked for another month."
PASSWORD = "exemplar of practice"
AMOUNT = Decimal(12500)
LIGHT = Decimal(5000)


# --- People and bodies ----------------------------------------------------------------------------------------------


def organisation(kind: str = "third_sector", name: str = "", **more: Any) -> Organisation:
    """A body of some kind, with an identifier of its own."""
    number = next(_numbers)
    return Organisation.objects.create(
        **{"kind": kind, "name": name or f"Organisation {number}", "identifier": f"GB-CHC-{1_000_000 + number}", **more}
    )


def member(person: User, role: str, of: Organisation, **dates: Any) -> Membership:
    """Give somebody a role, from a month ago until further notice unless dates are given."""
    return Membership.objects.create(
        person=person, organisation=of, role=role, **{"starts": local_today() - timedelta(days=30), **dates}
    )


def person(role: str = "", of: Organisation | None = None, name: str = "", **more: Any) -> User:
    """Somebody who can sign in with PASSWORD; with a role in an organisation where one is given."""
    number = next(_numbers)
    name = name or f"{role.capitalize() or 'Person'} {number}"
    somebody = User.objects.create_user(f"person{number}@example.org", name, more.pop("password", PASSWORD), **more)
    if role and of is not None:
        member(somebody, role, of)
    return somebody


def a_community(lead: Organisation, *members: Organisation, name: str = "") -> Community:
    """A regional community of practice."""
    community = Community.objects.create(name=name or f"Community {next(_numbers)}", region="South West", lead=lead)
    community.members.set(members)
    return community


def a_programme(managing_body: Organisation | None = None, **more: Any) -> Programme:
    """A programme with its managing body, two funders (60 and 40 per cent) and two strands with an open call each.

    Its indicators: learners (people, summed), schools (latest count), likely (a ratio).
    """
    number, today = next(_numbers), local_today()
    programme = Programme.objects.create(
        **{
            "code": f"P{number}",
            "title": f"Programme {number}",
            "managing_body": managing_body or organisation("managing_body", f"Managing body {number}"),
            "starts": today - timedelta(days=365),
            "ends": today + timedelta(days=730),
            **more,
        }
    )
    for word, per_cent in (("First", 60), ("Second", 40)):
        funder = organisation("funder", f"{word} funder {number}")
        FunderShare.objects.create(programme=programme, funder=funder, per_cent=Decimal(per_cent))
    for code, title, kind in (
        (f"EX{number}", "National exemplars", Strand.Kind.EXEMPLARS),
        (f"RC{number}", "Regional communities", Strand.Kind.COMMUNITIES),
    ):
        strand = Strand.objects.create(
            programme=programme, code=code, title=title, kind=kind, managing_body=programme.managing_body
        )
        ask_the_usual(strand)
        a_call(strand)
    for position, (code, title, unit, measure, over_time, across) in enumerate(
        (
            ("learners", "Learners reached", "people", "people", "sum", "sum"),
            ("schools", "Schools taking part", "schools", "count", "latest", "sum"),
            ("likely", "More likely to study a STEM subject", "% of those asked", "ratio", "latest", "none"),
        )
    ):
        Indicator.objects.create(
            programme=programme, code=code, title=title, unit=unit, measure=measure, over_time=over_time, across=across,
            position=position,
        )  # fmt: skip
    return programme


def a_call(strand: Strand, **more: Any) -> Call:
    """A call that is open now."""
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=30), "closes_at": now + timedelta(days=30)}
    return Call.objects.create(**{"strand": strand, "title": f"Call {next(_numbers)}", **dates, **more})


@dataclass
class Cast:
    """Everybody who has a part in a programme, and some who have none."""

    programme: Programme
    managing_body: Organisation
    recipient: Organisation
    funder: Organisation
    editor: User
    signatory: User
    second_signatory: User
    """A signatory of the recipient, too."""
    reviewer: User
    approver: User
    second_approver: User
    finance: User
    administrator: User
    viewer: User
    """Of the funder with the larger share."""
    stranger: User
    """Editor and signatory of another third sector organisation."""
    outsider: User
    """Reviewer, approver, finance and administrator of another managing body."""

    @property
    def exemplars(self) -> Strand:
        """The strand of national exemplar projects."""
        return self.programme.strands.get(kind=Strand.Kind.EXEMPLARS)

    @property
    def communities(self) -> Strand:
        """The strand of regional communities."""
        return self.programme.strands.get(kind=Strand.Kind.COMMUNITIES)

    def everybody(self) -> dict[str, User]:
        """Every person by the name of their part."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def cast(programme: Programme | None = None, recipient: Organisation | None = None) -> Cast:
    """Everybody who has a part in the programme."""
    programme = programme or a_programme()
    body, funder = programme.managing_body, programme.shares.all()[0].funder
    recipient = recipient or organisation("third_sector", name=f"Charity {next(_numbers)}")
    stranger, outsider = person(name="Stranger"), person(name="Outsider")
    elsewhere, other_body = organisation("third_sector"), organisation("managing_body")
    for role in (Role.EDITOR, Role.SIGNATORY):
        member(stranger, role, elsewhere)
    for role in (Role.REVIEWER, Role.APPROVER, Role.FINANCE, Role.ADMINISTRATOR):
        member(outsider, role, other_body)
    return Cast(
        programme=programme,
        managing_body=body,
        recipient=recipient,
        funder=funder,
        editor=person("editor", recipient),
        signatory=person("signatory", recipient),
        second_signatory=person("signatory", recipient),
        reviewer=person("reviewer", body),
        approver=person("approver", body),
        second_approver=person("approver", body),
        finance=person("finance", body),
        administrator=person("administrator", body),
        viewer=person("viewer", funder),
        stranger=stranger,
        outsider=outsider,
    )


# --- Awards ---------------------------------------------------------------------------------------------------------


def application(amount: Decimal = AMOUNT, **more: Any) -> dict[str, Any]:
    """What a complete application says."""
    today = local_today()
    return {
        "title": "Robots in the library",
        "description": "Ten schools build robots with engineers from the university.",
        "plan": "Monthly workshops, a summer school, and a survey before and after.",
        "place": "Bristol",
        "starts": today - timedelta(days=60),
        "ends": today + timedelta(days=300),
        "amount_applied_for": amount,
        **more,
    }


def plan(programme: Programme, amount: Decimal = AMOUNT, *, reports: int = 2, evaluation: bool = True) -> awards.Plan:
    """An offer: a milestone a report (the first is due in nine days), then perhaps the final evaluation. A payment on
    acceptance and one on each milestone, which sum to the amount; a target for each indicator; two budget lines.
    """
    today = local_today()
    kinds = ["report"] * reports + ["evaluation"] * evaluation
    part = (amount / (len(kinds) + 1)).quantize(Decimal("0.01"))
    milestones = [
        {
            "number": number,
            "kind": kind,
            "period_start": today + timedelta(days=90 * (number - 1) - 60),
            "period_end": today + timedelta(days=90 * (number - 1) - 6),
            "opens_on": today + timedelta(days=90 * (number - 1) - 5),
            "due_on": today + timedelta(days=90 * (number - 1) + 9),
            "promise": "Ten workshops held",
        }
        for number, kind in enumerate(kinds, 1)
    ]
    on_milestones = [{"milestone": row["number"], "amount": part} for row in milestones]
    worth = {"learners": 400, "schools": 10, "likely": 60}
    return awards.Plan(
        amount=amount,
        starts=today - timedelta(days=60),
        ends=today + timedelta(days=300),
        milestones=milestones,
        tranches=[{"milestone": None, "amount": amount - part * len(kinds)}, *on_milestones],
        targets=[(row, Decimal(worth.get(row.code, 1))) for row in programme.indicators.all()],
        budget=[("Staff", amount * 3 / 5), ("Travel and materials", amount * 2 / 5)],
    )


def draft_award(
    who: Cast | None = None, *, amount: Decimal = AMOUNT, complete: bool = True, community: Community | None = None
) -> Award:
    """An application as its editor writes it, ready to be signed; with `complete=False` as it is on the first day."""
    who = who or cast()
    call = (who.communities if community else who.exemplars).calls.get()
    award = awards.start_application(call, by=who.editor, organisation=who.recipient, community=community)
    if complete:
        awards.save_application(award.pk, by=who.editor, seen=award.revision, values=application(amount))
    return award_again(award)


def award_in(
    state: str,
    who: Cast | None = None,
    *,
    amount: Decimal = AMOUNT,
    reports: int = 2,
    evaluation: bool = True,
    community: Community | None = None,
) -> Award:
    """An award in a state, with its history. From "active" on it has reports; "closed" has all approved and paid."""
    who = who or cast()
    award = draft_award(who, amount=amount, community=community)
    promise = plan(who.programme, amount, reports=reports, evaluation=evaluation)
    for step in _WAY_TO[state]:
        _AWARD_STEPS[step](award, who, promise)
    return award_again(award)


def _plan_and_offer(award: Award, who: Cast, promise: awards.Plan) -> None:
    awards.save_plan(award.pk, by=who.reviewer, seen=None, plan=promise)
    awards.offer_award(award.pk, by=who.approver, seen=None, acceptance_due=local_today() + timedelta(days=14))


def _settle_reports(award: Award, who: Cast, promise: Any) -> None:
    for milestone in award.milestones.filter(kind="report"):
        move_report(Report.objects.get(milestone=milestone), "approved", who)


def settle_all_and_pay(award: Award, who: Cast, promise: Any = None) -> None:
    """Have every report of an active award approved and every payment paid: it is evaluating then, and can be closed."""
    for milestone in award.milestones.all():
        move_report(Report.objects.get(milestone=milestone), "approved", who)
    for tranche in award.tranches.filter(state="released"):
        money.record_payment(tranche.pk, by=who.finance, seen=None, paid_on=local_today())


_AWARD_STEPS: dict[str, Callable[[Award, Cast, awards.Plan], Any]] = {
    "submit": lambda award, who, _: awards.submit_application(award.pk, by=who.signatory, seen=None),
    "review": lambda award, who, _: awards.start_application_review(award.pk, by=who.reviewer, seen=None),
    "return": lambda award, who, _: awards.return_application(award.pk, by=who.reviewer, seen=None, reason=REASON),
    "decline": lambda award, who, _: awards.decline_application(award.pk, by=who.approver, seen=None, reason=REASON),
    "withdraw": lambda award, who, _: awards.withdraw_application(award.pk, by=who.signatory, seen=None),
    "offer": _plan_and_offer,
    "accept": lambda award, who, _: awards.accept_offer(award.pk, by=who.signatory, seen=None),
    "settle reports": _settle_reports,
    "settle all": settle_all_and_pay,
    "suspend": lambda award, who, _: awards.suspend_award(award.pk, by=who.approver, seen=None, reason=REASON),
    "close": lambda award, who, _: awards.close_award(award.pk, by=who.approver, seen=None),
    "terminate": lambda award, who, _: awards.terminate_award(award.pk, by=who.approver, seen=None, reason=REASON),
}
_OFFERED = ["submit", "review", "offer"]
_ACTIVE = [*_OFFERED, "accept"]
_WAY_TO: dict[str, list[str]] = {
    "draft": [],
    "submitted": ["submit"],
    "in_review": ["submit", "review"],
    "returned": ["submit", "review", "return"],
    "declined": ["submit", "review", "decline"],
    "offered": _OFFERED,
    "withdrawn": [*_OFFERED, "withdraw"],
    "active": _ACTIVE,
    "evaluating": [*_ACTIVE, "settle reports"],
    "suspended": [*_ACTIVE, "suspend"],
    "closed": [*_ACTIVE, "settle all", "close"],
    "terminated": [*_ACTIVE, "terminate"],
}


def award_again(award: Award) -> Award:
    """The award as the database has it now."""
    return Award.objects.named().get(pk=award.pk)


# --- Reports --------------------------------------------------------------------------------------------------------


def fill(report: Report, by: User) -> Report:
    """Write every part of a report: narratives, judgement, a figure for each target, an amount for each budget line."""
    for section in report.asked_sections():
        if section.form == Section.Form.NARRATIVE:
            reports.save_answer(report.pk, section, by=by, text="We did what we planned, and the schools came.")
        elif section.form == Section.Form.JUDGEMENT:
            reports.save_answer(report.pk, section, by=by, text="", choice="on_course")
    reports.save_results(report.pk, by=by, rows=figures(target.indicator for target in report.award.targets.all()))
    reports.save_spend(report.pk, by=by, rows=[(line, Decimal("250.50")) for line in report.award.budget_lines.all()])
    return Report.objects.named().get(pk=report.pk)


def figures(indicators: Iterable[Indicator]) -> list[dict[str, Any]]:
    """Rows for save_results: 60 of 80 for a ratio, 342 for all else."""
    return [
        {
            "indicator": row,
            "status": "final",
            "value": Decimal(75 if row.is_ratio else 342),
            "numerator": Decimal(60) if row.is_ratio else None,
            "denominator": Decimal(80) if row.is_ratio else None,
            "source": "registers",
        }
        for row in indicators
    ]


def move_report(report: Report, state: str, who: Cast) -> Report:
    """Take a draft to another state as people do."""
    light = report.award.is_light
    steps: dict[str, Callable[[int], Any]] = {
        "fill": lambda pk: fill(Report.objects.get(pk=pk), who.editor),
        "ask": lambda pk: reports.ask_for_sign_off(pk, by=who.signatory if light else who.editor, seen=None),
        "submit": lambda pk: reports.submit_report(pk, by=who.signatory, seen=None),
        "review": lambda pk: reports.start_report_review(pk, by=who.reviewer, seen=None),
        "return": lambda pk: reports.return_report(pk, by=who.reviewer, seen=None, reason=REASON),
        "approve": lambda pk: reports.approve_report(
            pk, by=who.approver, seen=None, version=Report.objects.get(pk=pk).versions.count()
        ),
        "waive": lambda pk: reports.waive_report(pk, by=who.approver, seen=None, reason=REASON),
        "terminate": lambda _: awards.terminate_award(report.award.pk, by=who.approver, seen=None, reason=REASON),
        "supersede": lambda pk: advance(Report, pk, "supersede", by=SYSTEM, seen=None),
    }
    for step in _REPORT_WAYS[state]:
        steps[step](report.pk)
    return Report.objects.named().get(pk=report.pk)


_SUBMITTED = ["fill", "ask", "submit"]
_REPORT_WAYS: dict[str, list[str]] = {
    "draft": ["fill"],
    "awaiting_sign_off": ["fill", "ask"],
    "submitted": _SUBMITTED,
    "in_review": [*_SUBMITTED, "review"],
    "returned": [*_SUBMITTED, "review", "return"],
    "approved": [*_SUBMITTED, "review", "approve"],
    "waived": ["waive"],
    "abandoned": ["terminate"],
    "superseded": [*_SUBMITTED, "review", "approve", "supersede"],
}


def report_in(state: str, who: Cast | None = None, award: Award | None = None, number: int = 1, **more: Any) -> Report:
    """The report of an active award's milestone (the first, unless `number` says another) in a state.

    "draft" is filled in completely. What else is given (amount, reports, evaluation, community) is for its award.
    """
    who = who or cast()
    award = award or award_in("active", who, **more)
    return move_report(Report.objects.get(milestone__award=award, milestone__number=number), state, who)


# --- Money, imports, funder reports ---------------------------------------------------------------------------------


def tranche_in(state: str, who: Cast | None = None, award: Award | None = None) -> Tranche:
    """A payment of an active award: the one on acceptance where it is released or paid, else the first milestone's."""
    who = who or cast()
    award = award or award_in("active", who)
    on_acceptance, on_first = award.tranches.get(milestone=None), award.tranches.get(milestone__number=1)
    if state == "released":
        return on_acceptance
    if state == "paid":
        return money.record_payment(on_acceptance.pk, by=who.finance, seen=None, paid_on=local_today())
    if state == "held":
        return money.hold_payment(on_first.pk, by=who.approver, seen=None, reason=REASON)
    if state == "cancelled":
        return money.cancel_payment(on_first.pk, by=who.approver, seen=None, reason=REASON)
    assert state == "scheduled"
    return on_first


def walk(record: AnyMachine, steps: Iterable[tuple[str, Any, dict[str, Any]]]) -> AnyMachine:
    """Take a record through the door by transitions of (name, by, facts)."""
    for name, by, facts in steps:
        record = advance(type(record), record.pk, name, by=by, seen=None, **facts)
    return record


def import_in(state: str, who: Cast | None = None) -> Import:
    """An uploaded workbook in a state; the file is not a real one."""
    who = who or cast()
    record = Import.objects.create(
        programme=who.programme, name="awards.xlsx", content=b"PK", sha256="0" * 64, uploaded_by=who.administrator
    )
    fault = {"sheet": "Awards", "cell": "F12", "value": "nine", "fault": "you entered text", "mend": "enter 9"}
    check = ("check_file", SYSTEM, {})
    ready = [check, ("find_good", SYSTEM, {"counts": {"awards": 1}})]
    applying = [*ready, ("apply", who.administrator, {})]
    ways: dict[str, list[tuple[str, Any, dict[str, Any]]]] = {
        "uploaded": [],
        "checking": [check],
        "faulty": [check, ("find_faults", SYSTEM, {"faults": [fault]})],
        "ready": ready,
        "applying": applying,
        "applied": [*applying, ("finish", SYSTEM, {"counts": {"awards": 1}})],
        "failed": [*applying, ("fail", SYSTEM, {"reason": "The worker stopped."})],
        "discarded": [*ready, ("discard", who.administrator, {})],
    }
    return walk(record, ways[state])


BUILT: dict[str, Any] = {"snapshot": "{}", "snapshot_sha256": "1" * 64, "pdf_sha256": "2" * 64, "pages": 3}


def funder_report_in(state: str, who: Cast | None = None) -> FunderReport:
    """A funder report in a state, asked for by the reviewer; its document is not a real one."""
    who = who or cast()
    today = local_today()
    record = FunderReport.objects.create(
        programme=who.programme,
        funder=who.funder,
        period_start=today - timedelta(days=90),
        period_end=today,
        number=1 + FunderReport.objects.filter(programme=who.programme).count(),
        requested_by=who.reviewer,
    )
    build = ("build", SYSTEM, {})
    built = [build, ("finish", SYSTEM, BUILT)]
    released = [*built, ("release", who.approver, {})]
    ways: dict[str, list[tuple[str, Any, dict[str, Any]]]] = {
        "requested": [],
        "building": [build],
        "built": built,
        "released": released,
        "withdrawn": [*released, ("withdraw", who.approver, {"reason": REASON})],
        "superseded": [*released, ("supersede", SYSTEM, {})],
        "cancelled": [("cancel", who.reviewer, {})],
        "failed": [build, ("fail", SYSTEM, {"failure": "The worker stopped.", "reason": "The worker stopped."})],
    }
    return walk(record, ways[state])


STATES: dict[type[Any], Callable[..., Any]] = {
    Award: award_in,
    Report: report_in,
    Tranche: tranche_in,
    Import: import_in,
    FunderReport: funder_report_in,
}
"""How to make a record of each machine in a state."""


def milestone_of(award: Award, number: int) -> Milestone:
    """The award's milestone of that number."""
    return award.milestones.get(number=number)
