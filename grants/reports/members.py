"""Who of a community gives a part of a report, how far each is, and what of it a Version keeps."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from grants.formats import plural
from grants.lifecycle.actors import Actor
from grants.people.models import GRANTEE_ROLES, Organisation, User
from grants.programmes.models import Section, SectionSet
from grants.reports.models import MemberFigure, MemberPart, MemberSpend, Report, Version
from grants.reports.models.members import GIVEN

Row = dict[str, Any]
ROWS = {str(Section.Form.FIGURES): "figures", str(Section.Form.SPEND): "spend"}
"""Where a member's rows stand in a report's content, by the form of the part that they go into"""


@dataclass(frozen=True)
class Member:
    """One organisation of the community before one report."""

    organisation: Organisation
    is_lead: bool
    part: MemberPart | None

    @property
    def state(self) -> str:
        """in, started or not_started. The lead signs the whole: what it has saved of its own counts, and needs no confirming."""
        if self.part is None:
            return "not_started"
        return "in" if self.is_lead or self.part.confirmed_at else "started"

    @property
    def is_in(self) -> bool:
        """Whether what it gives counts."""
        return self.state == "in"

    def acts(self, by: Actor) -> bool:
        """Whether the person writes or signs for this organisation."""
        return by.holds(self.organisation.pk, *GRANTEE_ROLES)


@dataclass(frozen=True)
class Turnout:
    """How many members are in, and which are not. The lead is none of them."""

    number: int
    missing: Sequence[str]
    activities: int = 0
    """How many of the report's activities were held by missing ones alone: they count, though nobody confirmed them"""

    @property
    def given(self) -> int:
        """How many are in."""
        return self.number - len(self.missing)

    @property
    def words(self) -> str:
        """3 of 4 members are in; missing: Harbour Trust."""
        are = "is" if self.number == 1 else "are"
        said = f"{self.given} of {plural(self.number, 'member')} {are} in"
        if self.missing:
            said += f"; missing: {', '.join(self.missing)}"
        if self.activities:
            count = "counts" if self.activities == 1 else "count"
            said += f"; {plural(self.activities, 'activity')} of theirs {count} all the same"
        return said


def members_of(report: Report, named_in: Version | None = None) -> list[Member]:
    """The lead, then each member of the community by name: those of today, or those that a version names. Empty where nobody
    but the recipient is asked for anything.
    """
    award = report.award
    if award.community is None or report.purpose == Report.Purpose.FIGURE_UPDATE or not asked_forms(report):
        return []
    if named_in is None:
        asked = award.community.members.all()
    else:
        names = [row["identifier"] for row in named_in.content.get("members", [])]
        asked = Organisation.objects.filter(identifier__in=names).order_by("name")
    others = list(asked.exclude(pk=award.organisation_id))
    if not others:
        return []
    parts = {part.organisation_id: part for part in report.member_parts.select_related("saved_by", "confirmed_by")}
    return [Member(one, one.pk == award.organisation_id, parts.get(one.pk)) for one in (award.organisation, *others)]


def turnout(members: Iterable[Member]) -> Turnout | None:
    """How many are in now; None where none is asked."""
    others = [one for one in members if not one.is_lead]
    return Turnout(len(others), [str(one.organisation) for one in others if not one.is_in]) if others else None


def turnout_in(content: Mapping[str, Any]) -> Turnout | None:
    """How many were in when a version was frozen. Versions of before members were asked have none."""
    rows = [row for row in content.get("members", []) if not row["lead"]]
    missing = [row["organisation"] for row in rows if row["state"] == "missing"]
    theirs = sum(
        bool(held["organisers"]) and set(held["organisers"]) <= set(missing) for held in content.get("activities", [])
    )
    return Turnout(len(rows), missing, theirs) if rows else None


def members_in(report: Report, members: Sequence[Member] | None = None) -> list[Row]:
    """What the members gave, as a report's content has it: of one that is not in, its name alone. What a return does not name
    stays as it was sent, and in a figure update everything does, whoever joined or left the community since.
    """
    if report.purpose == Report.Purpose.FIGURE_UPDATE:
        return _sent(report.corrects.approved_version if report.corrects else None)
    if stays_as_sent(report):
        return _sent(report.latest_version)
    locked = locked_forms(report)
    before = _sent(report.latest_version) if locked else []
    return _kept(locked, before, _given_now(report, members_of(report) if members is None else members))


def _sent(version: Version | None) -> list[Row]:
    return list(version.content.get("members", [])) if version else []


def _given_now(report: Report, members: Sequence[Member]) -> list[Row]:
    counted = [one.organisation.pk for one in members if one.is_in]
    figures = rows_of(report.member_figures.filter(organisation__in=counted)) if counted else {}
    spend = rows_of(report.member_spend.filter(organisation__in=counted)) if counted else {}
    return [
        {
            "organisation": one.organisation.name,
            "identifier": one.organisation.identifier,
            "lead": one.is_lead,
            "state": "in" if one.is_in else "missing",
            "confirmed_at": one.part.confirmed_at.isoformat() if one.part and one.part.confirmed_at else None,
            "figures": figures.get(one.organisation.pk, []),
            "spend": spend.get(one.organisation.pk, []),
        }
        for one in members
        if one.is_in or not one.is_lead
    ]


def _kept(locked: Collection[str], before: Iterable[Row], now: list[Row]) -> list[Row]:
    """What is given now, with what is locked as it was sent; whoever left the community keeps its place beside that."""
    names = [name for form, name in ROWS.items() if form in locked]
    sent = {row["identifier"]: {name: row[name] for name in names} for row in before if names}
    nothing: Row = {name: [] for name in names}
    here = [row | sent.get(row["identifier"], nothing) for row in now]
    present = {row["identifier"] for row in now}
    gone = [
        row | {name: [] for name in ROWS.values() if name not in names}
        for row in before
        if row["identifier"] not in present and any(row[name] for name in names)
    ]
    return here + gone


def rows_of(given: Any) -> dict[int, list[Row]]:
    """Figures or amounts that organisations gave, as plain data, by the key of the organisation."""
    beside = "indicator" if given.model is MemberFigure else "budget_line"
    found: dict[int, list[Row]] = {}
    for one in given.select_related(beside):
        found.setdefault(one.organisation_id, []).append(_figure(one) if beside == "indicator" else _amount(one))
    return found


def stored_rows(report: Report, organisation: int) -> list[list[Row]]:
    """The figures and the amounts that one organisation gave, confirmed or not."""
    own = (given.filter(organisation=organisation) for given in (report.member_figures, report.member_spend))
    return [rows_of(given).get(organisation, []) for given in own]


def _figure(figure: MemberFigure) -> Row:
    numbers = {name: getattr(figure, name) for name in ("value", "numerator", "denominator")}
    said = {name: None if number is None else f"{number:f}" for name, number in numbers.items()}
    return {"indicator": figure.indicator.code, "status": figure.status, **said}


def _amount(spend: MemberSpend) -> Row:
    return {"line": spend.budget_line.title, "amount": f"{spend.amount:f}"}


def asked_forms(report: Report) -> list[str]:
    """What members are asked in this report, by the forms of its parts."""
    asked = {section.form for section in report.asked_sections()}
    return [str(form) for form in GIVEN if form in asked]


def locked_forms(report: Report) -> set[str]:
    """Of these what stays as it was sent, because the latest return does not name it."""
    sections = [section for section in report.asked_sections() if section.form in GIVEN]
    return {section.form for section in sections if report.locks(section)}


def stays_as_sent(report: Report) -> bool:
    """Whether nothing that members give can differ from the latest version: a return names none of it."""
    locked = locked_forms(report)
    return bool(locked) and locked.issuperset(asked_forms(report))


def open_forms(report: Report) -> list[str]:
    """Of these what can change now: a return opens those that it names."""
    if not report.is_writable:
        return []
    locked = locked_forms(report)
    return [form for form in asked_forms(report) if form not in locked]


def parts_to_give(user: User, today: date, most: int) -> list[tuple[Report, Organisation, datetime | None]]:
    """The parts that a person's organisations give as members to reports that are being written, each with the moment at which
    it was confirmed: at most so many that can be given now, and at most so many that are confirmed, the earliest due first.
    Corrections are not among them: they begin with what was given.
    """
    if not user.communities:
        return []
    own: list[Any] = [held for held in user.live_memberships if held.role in GRANTEE_ROLES]
    joined = {(held.organisation, community) for held in own for community in held.joined}
    as_members = Q()
    for organisation, community in joined:
        as_members |= Q(milestone__award__community=community) & ~Q(milestone__award__organisation=organisation)
    reports = Report.objects.filled_by(user).filter(
        as_members,
        state__in=Report.WRITABLE,
        corrects=None,
        milestone__opens_on__lte=today,
        milestone__award__state__in=("active", "evaluating", "suspended"),
    )
    asked = _with_what_is_asked(reports.named().order_by("milestone__due_on", "pk"))
    given = MemberPart.objects.filter(report__in=asked, confirmed_at__isnull=False)
    confirmed = {(report, body): at for report, body, at in given.values_list("report", "organisation", "confirmed_at")}
    parts = [
        (report, organisation, confirmed.get((report.pk, organisation.pk)))
        for report in asked
        for organisation, community in sorted(joined, key=lambda pair: pair[0].name)
        if community == report.award.community_id and organisation.pk != report.award.organisation_id
    ]
    to_give = [part for part in parts if part[2] is None and open_forms(part[0])]
    return [*to_give[:most], *[part for part in parts if part[2]][:most]]


def _with_what_is_asked(reports: QuerySet[Report]) -> list[Report]:
    """Reports with what `open_forms` reads, in a fixed number of queries; one that is not begun has in memory the set of parts
    with which it would begin now.
    """
    found = list(reports.select_related("section_set").prefetch_related("returned_sections"))
    strands = {report.award.strand_id for report in found if report.section_set is None}
    sets = SectionSet.objects.filter(strand__in=strands).order_by("strand_id", "kind", "-number")
    newest = {(one.strand_id, one.kind): one for one in sets.distinct("strand", "kind")}
    for report in found:
        report.section_set = report.section_set or newest.get((report.award.strand_id, report.milestone.kind))
    prefetch_related_objects([report.section_set for report in found if report.section_set], "sections")
    return found
