"""What somebody of a managing body looks after: the awards and reports of the strands that the body manages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from grants.awards.models import Award
from grants.awards.models.finding import AwardQuerySet
from grants.desk.homes.visit import Visit
from grants.desk.milestones import LIVE
from grants.people.models import Role
from grants.programmes.models import Strand
from grants.reports.models import Report
from grants.reports.models.report import ReportQuerySet

REVIEWED = ("submitted", "in_review")


def shown(at: str = "") -> list[str]:
    """What is fetched with an award for a line of a list; `at` is the way to the award."""
    return [f"{at}{name}" for name in ("strand", "organisation", "community")]


@dataclass(frozen=True)
class Remit:
    """Of one person, on one visit."""

    visit: Visit
    reads: list[int]
    """The bodies for which the person reviews or approves"""
    pays: list[int]
    strands: list[Any]
    """With `running`, `offered` and `applied`: how many of its awards are"""

    @property
    def bodies(self) -> list[int]:
        """The bodies for which the person reads or pays."""
        return sorted({*self.reads, *self.pays})

    def own(self, at: str = "") -> Q:
        """Of an award that the person manages or covers for; `at` is the way to it, such as "award__"."""
        return Q((f"{at}manager", self.visit.user)) | Q((f"{at}cover", self.visit.user))

    def of(self, strands: Iterable[Strand], at: str = "") -> Q:
        """Of an award of some strands; where only one's own are asked for, of those."""
        found = Q((f"{at}strand__in", [strand.pk for strand in strands]))
        return found & self.own(at) if self.visit.mine else found

    @property
    def awards(self) -> AwardQuerySet:
        """Every award, and every application that was submitted."""
        return Award.objects.visible_to(self.visit.user).filter(self.of(self.strands))

    @property
    def reports(self) -> ReportQuerySet:
        """Their reports."""
        return Report.objects.visible_to(self.visit.user).filter(self.of(self.strands, "milestone__award__"))

    def by_promise(self) -> Iterator[list[Strand]]:
        """The strands for whose bodies the person reads, together where a review is promised in as many days."""
        read = [strand for strand in self.strands if strand.managing_body_id in self.reads]
        for days in sorted({strand.review_days for strand in read}):
            yield [strand for strand in read if strand.review_days == days]


def remit_of(visit: Visit) -> Remit:
    """The bodies for which a person reviews, approves or pays, and their strands, the newest programme first."""
    user = visit.user
    reads, pays = user.organisations_as(Role.REVIEWER, Role.APPROVER), user.organisations_as(Role.FINANCE)
    remit = Remit(visit, reads, pays, [])
    strands = Strand.objects.filter(managing_body__in=remit.bodies).select_related("programme", "managing_body")
    counts = {
        name: Coalesce(Subquery(_number(remit, states)), 0)
        for name, states in (("running", LIVE), ("offered", ("offered",)), ("applied", REVIEWED))
    }
    found = strands.annotate(**counts).order_by("-programme__starts", "programme__code", "pk")
    return Remit(visit, reads, pays, list(found))


def _number(remit: Remit, states: Iterable[str]) -> QuerySet[Any]:
    """How many awards of a strand are in some states."""
    awards = Award.objects.order_by().filter(strand=OuterRef("pk"), state__in=states)
    if remit.visit.mine:
        awards = awards.filter(remit.own())
    return awards.values("strand").annotate(number=Count("*")).values("number")
