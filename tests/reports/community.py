"""A community in the middle of a report: a lead, four members, and what they give."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from grants.awards.models import Award
from grants.people.models import Organisation, User
from grants.programmes.models import Indicator
from grants.reports import services
from grants.reports.members import members_of, turnout
from grants.reports.models import Report
from grants.reports.services import mark_of_member
from tests import factories
from tests.factories import Cast

NAMES = ("Abbey Trust", "Beacon College", "Castle Workshops", "Harbour Trust")


@dataclass
class Together:
    """Everybody of the community, and the report of the first milestone."""

    who: Cast
    award: Award
    report: Report
    members: list[Organisation]
    editors: list[User]
    """One of each member, in the order of the members"""

    def again(self) -> Report:
        """The report as the database has it now."""
        return Report.objects.named().get(pk=self.report.pk)


def a_community_reports(who: Cast | None = None, names: tuple[str, ...] = NAMES, **more: Any) -> Together:
    """An active award of a community whose members have an editor each; ratios are added over organisations, too."""
    who = who or factories.cast()
    Indicator.objects.filter(programme=who.programme, code="likely").update(across="sum")
    members = [factories.organisation(name=name) for name in names]
    editors = [factories.person("editor", of, f"Editor of {of}") for of in members]
    community = factories.a_community(who.recipient, *members)
    award = factories.award_in("active", who, community=community, **more)
    report = Report.objects.named().get(milestone__award=award, milestone__number=1)
    return Together(who, award, report, members, editors)


def figures(report: Report, learners: int = 10, schools: int = 2, part: tuple[int, int] = (6, 10)) -> list[Any]:
    """Rows for save_member_part."""
    top, bottom = map(Decimal, part)
    numbers: dict[str, dict[str, Any]] = {
        "learners": {"value": Decimal(learners)},
        "schools": {"value": Decimal(schools)},
        "likely": {"value": top * 100 / bottom, "numerator": top, "denominator": bottom},
    }
    blank = {"value": None, "numerator": None, "denominator": None}
    return [
        {"indicator": target.indicator, "status": "final", **blank, **numbers[target.indicator.code]}
        for target in report.award.targets.select_related("indicator")
    ]


def save(report: Report, of: Organisation, by: User, *, spent: str = "100.50", note: str = "", **numbers: Any) -> None:
    """Give everything that is asked."""
    spend = [(line, Decimal(spent)) for line in report.award.budget_lines.all()]
    services.save_member_part(report.pk, of.pk, by=by, figures=figures(report, **numbers), spend=spend, note=note)


def confirm(report: Report, of: Organisation, by: User, **given: Any) -> None:
    """Give everything that is asked, and confirm it."""
    save(report, of, by, **given)
    services.confirm_member_part(report.pk, of.pk, by=by)


def mark_of(report: Report, of: Organisation) -> str:
    """The mark of a part as a page would show it now."""
    return mark_of_member(report, next(one for one in members_of(report) if one.organisation == of))


def typed(report: Report, mark: str, **fields: str) -> dict[str, str]:
    """What a browser sends of the whole form; a field by its indicator's code or its budget line's title, or else by its name."""
    sent = {"mark": mark, "note": ""}
    for target in report.award.targets.select_related("indicator"):
        prefix, code = f"figure{target.indicator.pk}", target.indicator.code
        if target.indicator.is_ratio:
            sent |= {f"{prefix}-numerator": fields.pop("part", "3"), f"{prefix}-denominator": fields.pop("whole", "4")}
        else:
            sent[f"{prefix}-value"] = fields.pop(code, "5")
        sent[f"{prefix}-status"] = fields.pop(f"{code}_status", "final")
    for line in report.award.budget_lines.all():
        sent[f"line{line.pk}-amount"] = fields.pop("spent", "20")
    return sent | fields


def part_url(us: Together, number: int = 0) -> str:
    """Where a member gives its part."""
    return reverse("reports:member-part", args=[us.report.pk, us.members[number].pk])


def members_url(us: Together) -> str:
    """Where the lead sees all of them."""
    return reverse("reports:members", args=[us.report.pk])


def said(report: Report) -> str:
    """Who is in, in words."""
    found = turnout(members_of(report))
    return found.words if found else ""


def all_but_one(us: Together) -> None:
    """The lead and three of four give their part; the fourth has begun and not confirmed."""
    save(us.report, us.who.recipient, us.who.editor, learners=100, schools=1, part=(10, 20))
    for number, part in enumerate([(1, 2), (2, 4), (30, 34)]):
        confirm(us.report, us.members[number], us.editors[number], learners=10 + number, part=part)
    save(us.report, us.members[3], us.editors[3], learners=1000)


def sent_without_one(us: Together) -> Report:
    """The same, sent: Harbour Trust is missing."""
    factories.fill(us.report, us.who.editor)
    all_but_one(us)
    services.take_in(us.report.pk, by=us.who.editor)
    services.ask_for_sign_off(us.report.pk, by=us.who.editor, seen=None)
    services.submit_report(us.report.pk, by=us.who.signatory, seen=None)
    return us.again()


def every_sum(us: Together) -> list[str]:
    """What a browser sends where every box on the lead's page is ticked."""
    codes = us.award.targets.values_list("indicator__code", flat=True)
    return [*codes, *us.award.budget_lines.values_list("title", flat=True)]
