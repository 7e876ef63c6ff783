"""What people do in the story: each verb is a step or two that a person takes, through the services of the rooms."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from config.demonstration import applications, evidence, setting, workbook
from config.demonstration.texts import written
from grants import clock
from grants.awards import services as awards
from grants.awards.models import Award, Tranche
from grants.awards.services import Agreed
from grants.imports import services as imports
from grants.money import services as money
from grants.people.models import GRANTEE_ROLES, Role, User
from grants.programmes.models import Call, Indicator, Programme, Size
from grants.reports import services as reports
from grants.reports.figures import per_cent
from grants.reports.models import FigureRequest, Question, Report
from grants.reports.since import items_of
from reporting import services as reporting
from reporting.models import FunderReport

BECAME = {
    "last": "The first part of this report says what came of it, and what is still to be done.",
    "milestone": "What was done of this stands in the first part, and how far it came in the figures.",
    "action": "We are at it.",
}
"""What an editor says of promises and actions."""


def somebody(role: str, body: int) -> User:
    """Whoever has a role in a body."""
    return User.objects.holding(body, role).get()


def bring_in(name: str) -> None:
    """The administrator uploads a file and applies it."""
    programme = Programme.objects.select_related("managing_body").get(code=setting.CODE)
    by = somebody(Role.ADMINISTRATOR, programme.managing_body_id)
    record = imports.upload(programme, name, workbook.content(name), by)
    if record.faults:
        raise ValueError(f"{name}: {record.faults[0]}")
    imports.apply_import(record.pk, by=by, seen=None)


# --- Reports ----------------------------------------------------------------------------------------------------------


def _report(reference: str, number: int) -> Report:
    """The report of a milestone, or the last correction of it."""
    reports_of = Report.objects.named().filter(milestone__award__reference=reference, milestone__number=number)
    return reports_of.latest("pk")


def _grantee(report: Report, role: str) -> User:
    return somebody(role, report.award.organisation_id)


def _manager(award: Award, role: str) -> User:
    return somebody(role, award.strand.managing_body_id)


def write(reference: str, number: int) -> None:
    """The editor writes what the narratives hold of this report, be it finished or not."""
    report, text = _report(reference, number), written(reference, number)
    editor, award = _grantee(report, Role.EDITOR), report.award
    for section in report.asked_sections():
        if section.code in text.answers:
            answer, choice = text.answers[section.code]
            reports.save_answer(report.pk, section, by=editor, text=answer, choice=choice)
    indicators = {one.code: one for one in Indicator.objects.filter(programme=award.strand.programme_id)}
    rows = [{"indicator": indicators[code], **row} for code, row in text.figures.items()]
    reports.save_results(report.pk, by=editor, rows=rows)
    lines = {line.title: line for line in award.budget_lines.all()}
    forecasts = report.asked_as != Size.LIGHT and report.milestone.kind == "report"
    spend = [
        (lines[title], amount, (forecast or lines[title].amount) if forecasts else None, why)
        for title, (amount, forecast, why) in text.spend.items()
    ]
    reports.save_spend(report.pk, by=editor, rows=spend)
    types = {one.title: one for one in award.strand.programme.activity_types.all()}
    for row in text.activities:
        held_by = [setting.body(short) for short in row["organisers"]]
        values = row | {"type": types[row["type"]], "organisers": held_by}
        reports.save_activity(report.pk, by=editor, values=values)
    if text.risks:
        reports.save_risks(report.pk, by=editor, rows=text.risks)
    sections = {section.code: section for section in report.asked_sections()}
    for code, figure, name in text.evidence:
        reports.add_evidence(
            report.pk,
            sections[code],
            by=editor,
            name=name,
            content=evidence.content(name),
            indicator=indicators[figure] if figure else None,
        )
    if "judgement" in text.answers and any(section.form == "follow_up" for section in report.asked_sections()):
        given = {item.key: (BECAME[item.about], False) for item in items_of(report)}
        reports.save_follow_ups(report.pk, by=editor, given=given)


def ask_for_figure(reference: str, number: int, code: str, to_name: str, email: str, message: str, until: date) -> None:
    """The editor asks somebody outside for a figure."""
    report = _report(reference, number)
    indicator = Indicator.objects.get(programme=report.award.strand.programme_id, code=code)
    reports.ask_for_figure(
        report.pk, indicator, by=_grantee(report, Role.EDITOR), to_name=to_name, email=email, message=message,
        wanted_by=until, set_awaited=True,
    )  # fmt: skip


def answer_for_figure(reference: str, number: int, code: str, name: str, note: str, parts: tuple[int, int]) -> None:
    """Somebody who was asked follows the link and gives the two numbers of a ratio."""
    asked = FigureRequest.objects.get(report=_report(reference, number), indicator__code=code)
    top, bottom = map(Decimal, parts)
    reports.answer_request(asked.token, answered_by=name, note=note, numerator=top, denominator=bottom)


def ask(reference: str, number: int) -> None:
    """The editor asks the signatory to sign."""
    report = _report(reference, number)
    reports.ask_for_sign_off(report.pk, by=_grantee(report, Role.EDITOR), seen=None)


def sign(reference: str, number: int) -> None:
    """The signatory signs and submits."""
    report = _report(reference, number)
    reports.submit_report(report.pk, by=_grantee(report, Role.SIGNATORY), seen=None)


def review(reference: str, number: int) -> None:
    """The reviewer reads the report and, where the strand asks for it, recommends it."""
    report = _report(reference, number)
    reviewer = _manager(report.award, Role.REVIEWER)
    reports.start_report_review(report.pk, by=reviewer, seen=None)
    if report.award.needs_recommendation:
        reports.recommend_report(report.pk, by=reviewer, seen=None, note="The figures agree with the registers.")


def approve(reference: str, number: int, *agreed: tuple[str, str, date]) -> None:
    """The approver approves the version that was submitted; actions are agreed: what, the owner's role, by when."""
    report = _report(reference, number)
    version = report.latest_version
    if version is None:
        raise ValueError(f"{report} was never submitted")
    approver = _manager(report.award, Role.APPROVER)
    actions = [Agreed(text, _owner(report.award, role), day) for text, role, day in agreed]
    reports.approve_report(report.pk, by=approver, seen=None, version=version.number, actions=actions)


def _owner(award: Award, role: str) -> User:
    body = award.organisation_id if role in GRANTEE_ROLES else award.strand.managing_body_id
    return somebody(role, body)


def send_back(reference: str, number: int, **sections: str) -> None:
    """The reviewer returns a report: of each part by its code, what should change."""
    report = _report(reference, number)
    reports.return_report(report.pk, by=_manager(report.award, Role.REVIEWER), seen=None, sections=sections)


def mark(reference: str, number: int, code: str, verdict: str, words: str = "") -> None:
    """The reviewer reads a part: fine, a question, or in need of change."""
    report = _report(reference, number)
    version = report.latest_version
    if version is None:
        raise ValueError(f"{report} was never submitted")
    reviewer = _manager(report.award, Role.REVIEWER)
    reports.mark_section(report.pk, by=reviewer, version=version.number, code=code, verdict=verdict, words=words)


def answer(reference: str, number: int, code: str, text: str) -> None:
    """The editor answers what was asked about a part."""
    report = _report(reference, number)
    question = Question.objects.get(version__report=report, section__code=code)
    reports.answer_question(question.pk, by=_grantee(report, Role.EDITOR), text=text)


def correct(reference: str, number: int, why: str, figures: dict[str, int]) -> None:
    """The editor begins a correction of an approved report, and changes these figures."""
    report = _report(reference, number)
    editor = _grantee(report, Role.EDITOR)
    _change(reports.begin_correction(report.pk, by=editor, seen=None, reason=why), editor, figures)


def update(reference: str, number: int, figures: dict[str, tuple[int, int]]) -> None:
    """The editor begins a figure update, and gives these ratios, which were awaited."""
    report = _report(reference, number)
    editor = _grantee(report, Role.EDITOR)
    _change(reports.begin_figure_update(report.pk, by=editor, seen=None), editor, figures)


def _change(report: Report, editor: User, figures: Mapping[str, int | tuple[int, int]]) -> None:
    rows = []
    for result in report.results.filter(indicator__code__in=figures).select_related("indicator"):
        given = figures[result.indicator.code]
        row: dict[str, Any] = {"indicator": result.indicator, "status": "final", "source": result.source or "Registers"}
        if isinstance(given, tuple):
            top, bottom = map(Decimal, given)
            rows.append(row | {"value": per_cent(top, bottom), "numerator": top, "denominator": bottom})
        else:
            rows.append(row | {"value": Decimal(given)})
    reports.save_results(report.pk, by=editor, rows=rows)


def waive(reference: str, number: int, reason: str) -> None:
    """The approver does without a report, and releases its payment by hand."""
    report = _report(reference, number)
    approver = _manager(report.award, Role.APPROVER)
    reports.waive_report(report.pk, by=approver, seen=None, reason=reason)
    money.release_payment(_payment(reference, number).pk, by=approver, seen=None)


def ask_for_later(reference: str, number: int, until: date, reason: str) -> None:
    """The editor asks for a later due date."""
    report = _report(reference, number)
    reports.ask_for_extension(report.pk, by=_grantee(report, Role.EDITOR), until=until, reason=reason)


def grant_later(reference: str, number: int, answer: str) -> None:
    """The reviewer grants the later due date that is asked for."""
    report = _report(reference, number)
    extension = report.milestone.extensions.get(decided_at=None)
    awards.decide_extension(extension.pk, by=_manager(report.award, Role.REVIEWER), granted=True, answer=answer)


def comment(reference: str, number: int, code: str, role: str, text: str) -> None:
    """Somebody of the grantee says something about a part to the others."""
    report = _report(reference, number)
    section = next(section for section in report.asked_sections() if section.code == code)
    reports.comment_on(report.pk, section, by=_grantee(report, role), text=text)


def resolve(reference: str, number: int, role: str) -> None:
    """Somebody resolves the first comment that is open."""
    report = _report(reference, number)
    first = report.comments.filter(resolved_at=None)[0]
    reports.resolve_comment(report.pk, first.pk, by=_grantee(report, role))


# --- Money and the award itself ---------------------------------------------------------------------------------------


def _payment(reference: str, milestone: int) -> Tranche:
    return Tranche.objects.select_related("award__strand").get(award__reference=reference, milestone__number=milestone)


def pay(reference: str, milestone: int) -> None:
    """Finance records that the payment of a milestone was sent."""
    tranche = _payment(reference, milestone)
    money.record_payment(
        tranche.pk,
        by=_manager(tranche.award, Role.FINANCE),
        seen=None,
        paid_on=clock.today(),
        payment_reference=f"BACS {reference}/{tranche.number}",
    )


def hold(reference: str, milestone: int, reason: str) -> None:
    """The approver holds the payment of a milestone."""
    tranche = _payment(reference, milestone)
    money.hold_payment(tranche.pk, by=_manager(tranche.award, Role.APPROVER), seen=None, reason=reason)


def _award(reference: str) -> Award:
    return Award.objects.select_related("strand").get(reference=reference)


def suspend(reference: str, reason: str) -> None:
    """The approver suspends an award."""
    award = _award(reference)
    awards.suspend_award(award.pk, by=_manager(award, Role.APPROVER), seen=None, reason=reason)


def terminate(reference: str, reason: str) -> None:
    """The approver ends an award early."""
    award = _award(reference)
    awards.terminate_award(award.pk, by=_manager(award, Role.APPROVER), seen=None, reason=reason)


def close(reference: str) -> None:
    """The approver closes an award."""
    award = _award(reference)
    awards.close_award(award.pk, by=_manager(award, Role.APPROVER), seen=None)


def name_cover(reference: str) -> None:
    """The approver is to look after an award while its manager is away."""
    award = _award(reference)
    reviewer, approver = _manager(award, Role.REVIEWER), _manager(award, Role.APPROVER)
    awards.name_managers(award.pk, by=reviewer, manager=reviewer, cover=approver)


def talk(reference: str, with_whom: str, text: str) -> None:
    """The award's manager notes a talk of that day."""
    award = _award(reference)
    manager = _manager(award, Role.REVIEWER)
    awards.note_contact(award.pk, by=manager, on=clock.today(), with_whom=with_whom, text=text)


def judge(reference: str, course: str, reason: str = "", next_step: str = "") -> None:
    """The award's manager judges how it goes."""
    award = _award(reference)
    manager = _manager(award, Role.REVIEWER)
    awards.judge(award.pk, by=manager, course=course, reason=reason, next_step=next_step)


# --- Applications: each applicant has one -----------------------------------------------------------------------------


def _application(short: str) -> Award:
    return Award.objects.select_related("strand").get(organisation=setting.body(short), call__isnull=False)


def begin(short: str) -> None:
    """The applicant's editor begins an application and writes it."""
    body = setting.body(short)
    editor = somebody(Role.EDITOR, body.pk)
    award = awards.start_application(Call.objects.get(), by=editor, organisation=body)
    awards.save_application(award.pk, by=editor, seen=None, values=applications.values(short))


def submit(short: str) -> None:
    """The applicant's signatory signs and submits."""
    award = _application(short)
    awards.submit_application(award.pk, by=somebody(Role.SIGNATORY, award.organisation_id), seen=None)


def withdraw(short: str, reason: str) -> None:
    """The applicant's signatory withdraws."""
    award = _application(short)
    by = somebody(Role.SIGNATORY, award.organisation_id)
    awards.withdraw_application(award.pk, by=by, seen=None, reason=reason)


def read(short: str) -> None:
    """The reviewer takes an application into review."""
    award = _application(short)
    awards.start_application_review(award.pk, by=_manager(award, Role.REVIEWER), seen=None)


def return_it(short: str, reason: str) -> None:
    """The reviewer asks the applicant for changes."""
    award = _application(short)
    awards.return_application(award.pk, by=_manager(award, Role.REVIEWER), seen=None, reason=reason)


def decline(short: str, reason: str) -> None:
    """The approver declines an application."""
    award = _application(short)
    awards.decline_application(award.pk, by=_manager(award, Role.APPROVER), seen=None, reason=reason)


def recommend(short: str) -> None:
    """The reviewer plans the offer and recommends the application."""
    award = _application(short)
    reviewer = _manager(award, Role.REVIEWER)
    awards.save_plan(award.pk, by=reviewer, seen=None, plan=applications.plan(short, reviewer))
    awards.recommend_application(award.pk, by=reviewer, seen=None, note=applications.NOTE)


def offer(short: str, until: date) -> None:
    """The approver offers the award."""
    award = _application(short)
    awards.offer_award(award.pk, by=_manager(award, Role.APPROVER), seen=None, acceptance_due=until)


# --- Funder reports ---------------------------------------------------------------------------------------------------


def request(until: date) -> None:
    """The reviewer asks for a report to the Spoke, from January on."""
    programme = Programme.objects.get(code=setting.CODE)
    by = somebody(Role.REVIEWER, programme.managing_body_id)
    reporting.request_report(programme, setting.body("sw-spoke"), date(until.year, 1, 1), until, by=by)


def release(report: FunderReport) -> None:
    """The approver gives a report to its funder."""
    by = somebody(Role.APPROVER, report.programme.managing_body_id)
    reporting.release_report(report.pk, by=by, seen=None)
