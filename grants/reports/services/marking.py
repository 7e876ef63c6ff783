"""How a reviewer reads a report's parts: fine, with a question, or in need of change; and the grantee's answers."""

from django.db import transaction

from grants.lifecycle.door import NotNow, NotYou, Stale, fresh, lock, write_history
from grants.lifecycle.notices import notify
from grants.people.models import GRANTEE_ROLES, User
from grants.programmes.models import Indicator
from grants.reports import permissions
from grants.reports.models import Mark, Question, Reply, Report
from grants.reports.services.reviewing import NOT_THE_LATEST

READ = (Report.State.SUBMITTED, Report.State.IN_REVIEW)


@transaction.atomic
def mark_section(
    pk: int, *, by: User, version: int, code: str, verdict: str, words: str = "", indicator: Indicator | None = None
) -> Mark:
    """Keep how the person reads a part of exactly one version; to ask is to put the question to the grantee, at once.

    The same again is one mark. Raises NotNow and NotYou, and Stale where that version is no longer the latest.
    """
    report = lock(Report, pk)
    if not permissions.reviewer_or_approver(report, fresh(by)):
        raise NotYou(permissions.reviewer_or_approver.__doc__ or "")
    if report.state not in READ:
        raise NotNow(f"The report is {report.get_state_display().lower()}: its parts are not marked now.")
    latest = report.latest_version
    if latest is None or latest.number != version:
        raise Stale(NOT_THE_LATEST)
    section = next((one for one in report.asked_sections() if one.code == code), None)
    if section is None:
        raise NotNow("This report does not ask that part.")
    words = words.strip()
    if verdict != Mark.Verdict.FINE and not words:
        raise NotNow("Say what you ask." if verdict == Mark.Verdict.ASK else "Say what needs to change.")
    last = latest.marks.filter(section=section).last()
    if last is not None and (last.verdict, last.words, last.by_id) == (verdict, words, by.pk):
        return last
    if verdict == Mark.Verdict.ASK:
        _ask(report, latest.questions.create(section=section, indicator=indicator, text=words, by=by))
    return latest.marks.create(section=section, verdict=verdict, words=words, by=by)


def _ask(report: Report, question: Question) -> None:
    """Those who can answer get a notice."""
    write_history(
        report, "inquire", by=question.by, sentence="Asked a question", reason=f"{question.about}: {question.text}"
    )
    notify(
        User.objects.holding(report.award.organisation_id, *GRANTEE_ROLES),
        report,
        f"inquire-{question.pk}",
        f"{question.about}: {question.text} You can answer without changing the report.",
        f"{report.get_absolute_url()}questions/{question.pk}/",
        subject=f"A question on your report: {report}",
        reply_to=report.award.answers_to,
    )


@transaction.atomic
def answer_question(pk: int, *, by: User, text: str) -> Reply:
    """Answer a question, once; it joins the record, and the report stays where it is. Raises NotNow and NotYou."""
    question = Question.objects.select_related("version", "section", "indicator", "by").get(pk=pk)
    report = lock(Report, question.version.report_id)
    if not permissions.editor_or_signatory(report, fresh(by)):
        raise NotYou(permissions.editor_or_signatory.__doc__ or "")
    if earlier := Reply.objects.filter(question=question).select_related("by").first():
        raise NotNow(f"{earlier.by} has answered this already: {earlier.text}")
    if report.state not in Report.OPEN:
        raise NotNow(f"The report is {report.get_state_display().lower()}: its questions are closed.")
    if not text.strip():
        raise NotNow("Write an answer.")
    reply = Reply.objects.create(question=question, text=text.strip(), by=by)
    write_history(report, "answer", by=by, sentence="Answered a question", reason=f"{question.text}\n\n{reply.text}")
    notify(
        [question.by],
        report,
        f"answer-{question.pk}",
        f"{question.about}: {reply.text}",
        f"{report.get_absolute_url()}review/#{question.section.code}",
        subject=f"Your question is answered: {report}",
    )
    return reply
