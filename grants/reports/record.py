"""The content of a report as plain data, and its canonical form: what a Version freezes."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from grants.awards.models import Target
from grants.programmes.models import Category, Section
from grants.reports.members import members_in
from grants.reports.models import Answer, Report
from grants.reports.since import follow_up_in

OfWhom = dict[str, list[dict[str, Any]]]


def content_of(report: Report, written: Iterable[Answer] | None = None) -> dict[str, Any]:
    """Everything that is written in a report, as plain data. Numbers are text, dates ISO: nothing depends on a float.

    `written` are its answers, where they are fetched already.
    """
    milestone, award = report.milestone, report.award
    sections = report.sections()
    forms = {section.form for section in sections}
    answers = {answer.section_id: answer for answer in (report.answers.all() if written is None else written)}
    return {
        "schema": 1,
        "award": award.reference,
        "milestone": milestone.number,
        "kind": milestone.kind,
        "period": [milestone.period_start.isoformat(), milestone.period_end.isoformat()],
        "sections": [
            {
                "code": section.code,
                "title": section.title,
                "form": section.form,
                "readers": section.readers,
                "text": answers[section.pk].text if section.pk in answers else "",
                "choice": answers[section.pk].choice if section.pk in answers else "",
            }
            for section in sections
        ],
        "results": results_in(report),
        "spend": spend_in(report),
        "activities": activities_in(report) if Section.Form.ACTIVITIES in forms else [],
        "risks": risks_in(report) if Section.Form.RISKS in forms else [],
        "evidence": evidence_in(report),
        "follow_up": _follow_up(report) if Section.Form.FOLLOW_UP in forms else [],
        "members": members_in(report),
    }


def _follow_up(report: Report) -> Any:
    """What became of promises and actions. Where the part stays as it was sent, what is asked stays too: actions that were
    agreed since are asked in the next report.
    """
    asked = [section for section in report.asked_sections() if section.form == Section.Form.FOLLOW_UP]
    if not asked:
        stays_as = report.corrects.approved_version if report.corrects else None
    else:
        stays_as = report.latest_version if all(report.locks(section) for section in asked) else None
    return follow_up_in(report) if stays_as is None else stays_as.content.get("follow_up", [])


def results_in(report: Report, of_whom: OfWhom | None = None) -> list[dict[str, Any]]:
    """The figures that are written in a report. `of_whom` is what `of_whom_in` gives, where that is fetched already."""
    told_apart = of_whom_in(report) if of_whom is None else of_whom
    return [
        {
            "indicator": result.indicator.code,
            "title": result.indicator.title,
            "status": result.status,
            "value": _text(result.value),
            "numerator": _text(result.numerator),
            "denominator": _text(result.denominator),
            "awaited_from": result.awaited_from,
            "awaited_by": result.awaited_by.isoformat() if result.awaited_by else None,
            "source": result.source,
            "odd": result.odd,
            "confirmed": result.confirmed,
            "of_whom": told_apart.get(result.indicator.code, []) if result.value is not None else [],
        }
        for result in report.results.select_related("indicator")
    ]


def of_whom_in(report: Report) -> OfWhom:
    """By indicator, the breakdowns that its target asks or that something is written in, with every category: its value, or
    None where it is not known.
    """
    asked = Target.breakdowns.through._default_manager.filter(
        target__award=report.milestone.award_id, breakdown=OuterRef("breakdown")
    )
    rows = (
        Category.objects.annotate(written=FilteredRelation("reported", condition=Q(reported__report=report)))
        .annotate(value=F("written__value"))
        .filter(Exists(asked) | Q(value__isnull=False))
        .select_related("breakdown__indicator")
        .order_by("breakdown__position", "breakdown__code", "position", "code")
    )
    found: OfWhom = {}
    for row in rows:
        breakdown = row.breakdown
        told_apart = found.setdefault(breakdown.indicator.code, [])
        if not told_apart or told_apart[-1]["code"] != breakdown.code:
            told_apart.append({"code": breakdown.code, "title": breakdown.title, "kind": breakdown.kind, "parts": []})
        told_apart[-1]["parts"].append({"code": row.code, "title": row.title, "value": _text(row.value)})
    return found


def spend_in(report: Report) -> list[dict[str, Any]]:
    """What is written in a report as spent."""
    return [
        {
            "line": spend.budget_line.title,
            "budget": _text(spend.budget_line.amount),
            "amount": _text(spend.amount),
            "forecast": _text(spend.forecast),
            "explanation": spend.explanation,
        }
        for spend in report.spend.select_related("budget_line")
    ]


def activities_in(report: Report) -> list[dict[str, Any]]:
    """The activities that are written in a report, in the order of their days."""
    organisers = ArrayAgg("organisers__name", filter=~Q(organisers=None), order_by="organisers__name", default=[])
    return [
        {
            "key": str(activity.key),
            "type": activity.type.title,
            "title": activity.title,
            "day": activity.day.isoformat(),
            "place": activity.place,
            "partners": activity.partners,
            "organisers": activity.organised_by,
            "hours": _text(activity.hours),
            "learners": activity.learners,
            "attendances": activity.attendances,
        }
        for activity in report.activities.select_related("type").annotate(organised_by=organisers)
    ]


def risks_in(report: Report) -> list[dict[str, Any]]:
    """The risks that are written in a report."""
    names = ("position", "what", "likelihood", "impact", "response", "who")
    return [{name: getattr(risk, name) for name in names} for risk in report.risks.all()]


def evidence_in(report: Report) -> list[dict[str, Any]]:
    """The files that are at a report, and where: by the codes of its part and of its figure."""
    return [
        {
            "key": str(one.key),
            "section": one.section.code,
            "indicator": one.indicator.code if one.indicator else "",
            "figure": one.indicator.title if one.indicator else "",
            "name": one.name,
            "kind": one.kind,
            "size": one.size,
            "sha256": one.sha256,
        }
        for one in report.evidence.filter(removed_at=None).select_related("section", "indicator")
    ]


def canonical(content: Any) -> str:
    """JSON in the one form in which equal content is equal text: keys sorted, no spaces, no escapes for letters."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _text(number: Any) -> str | None:
    return None if number is None else f"{number:f}"
