"""What people do in the story: each verb is a step or two that a person takes, through the services of the rooms."""

from datetime import date

from config.demonstration import applications, setting, workbook
from config.demonstration.texts import written
from grants import clock
from grants.awards import services as awards
from grants.awards.models import Award, Tranche
from grants.imports import services as imports
from grants.money import services as money
from grants.people.models import Role, User
from grants.programmes.models import Call, Indicator, Programme
from grants.reports import services as reports
from grants.reports.models import Report
from reporting import services as reporting
from reporting.models import FunderReport


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
    return Report.objects.named().get(milestone__award__reference=reference, milestone__number=number)


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
    reports.save_spend(report.pk, by=editor, rows=[(lines[title], amount) for title, amount in text.spend.items()])


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


def approve(reference: str, number: int) -> None:
    """The approver approves the version that was submitted."""
    report = _report(reference, number)
    version = report.latest_version
    if version is None:
        raise ValueError(f"{report} was never submitted")
    reports.approve_report(report.pk, by=_manager(report.award, Role.APPROVER), seen=None, version=version.number)


def send_back(reference: str, number: int, reason: str) -> None:
    """The reviewer returns a report."""
    report = _report(reference, number)
    reports.return_report(report.pk, by=_manager(report.award, Role.REVIEWER), seen=None, reason=reason)


def waive(reference: str, number: int, reason: str) -> None:
    """The approver does without a report, and releases its payment by hand."""
    report = _report(reference, number)
    approver = _manager(report.award, Role.APPROVER)
    reports.waive_report(report.pk, by=approver, seen=None, reason=reason)
    money.release_payment(_payment(reference, number).pk, by=approver, seen=None)


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
