"""What is not set up: without it somebody's work will stop one day."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse

from grants.awards.models import Award
from grants.people.models import Membership, Organisation, Role
from grants.programmes.models import Indicator, Programme, SectionSet, Strand

MOST = 5
"""Of each kind"""
NEEDED = {
    Role.REVIEWER: "can review applications and reports",
    Role.APPROVER: "can approve applications and reports",
    Role.FINANCE: "can record payments",
}
Gap = dict[str, str]


def gaps(bodies: list[int]) -> list[Gap]:
    """Of the bodies that somebody administers, as lines of a task list: people first."""
    return [*_roles(bodies), *_signatories(bodies), *_strands(bodies), *_programmes(bodies)]


def _roles(bodies: list[int]) -> Iterator[Gap]:
    live = Membership.objects.live().filter(person__is_active=True, organisation=OuterRef("pk"))
    held = {f"has_{role.value}": Exists(live.filter(role=role)) for role in NEEDED}
    for body in Organisation.objects.filter(pk__in=bodies).annotate(**held).order_by("name"):
        for role, work in NEEDED.items():
            if not getattr(body, f"has_{role.value}"):
                yield _gap(f"Nobody at {body} {work}", f"Give somebody the role {role.label.lower()}", "people:people")


def _signatories(bodies: list[int]) -> Iterator[Gap]:
    """Recipients that have something to sign, and nobody who can."""
    signs = Membership.objects.live().filter(person__is_active=True, role=Role.SIGNATORY, organisation=OuterRef("pk"))
    running = Award.objects.order_by().filter(
        organisation=OuterRef("pk"), state__in=["offered", "active", "evaluating"], strand__managing_body__in=bodies
    )
    found = Organisation.objects.filter(~Exists(signs), Exists(running)).order_by("name")
    for body in found[:MOST]:
        yield _gap(f"Nobody can sign for {body}", "Give somebody there the role signatory", "people:people")


def _strands(bodies: list[int]) -> Iterator[Gap]:
    sets = SectionSet.objects.filter(strand=OuterRef("pk"))
    asks = {"asks": Exists(sets.filter(kind="report")), "ends": Exists(sets.filter(kind="evaluation"))}
    strands = Strand.objects.filter(managing_body__in=bodies).select_related("programme").annotate(**asks)
    lacking: Any = strands.filter(Q(asks=False) | Q(ends=False)).order_by("-programme__starts", "pk")
    for strand in lacking[:MOST]:
        lacks = [word for has, word in ((strand.asks, "a report"), (strand.ends, "a final evaluation")) if not has]
        what = f"{strand}: it is not said what {' and '.join(lacks)} asks"
        yield _gap(what, f"Make its first set. {strand.programme}", "programmes:asked", strand.programme.code)


def _programmes(bodies: list[int]) -> Iterator[Gap]:
    programmes = (
        Programme.objects.filter(managing_body__in=bodies)
        .annotate(shared=Sum("shares__per_cent"), measured=Exists(Indicator.objects.filter(programme=OuterRef("pk"))))
        .filter(~Q(shared=Decimal(100)) | Q(shared=None) | Q(measured=False))
    )
    for programme in programmes.order_by("-starts", "code")[:MOST]:
        page = ("admin:programmes_programme_change", programme.pk)
        if programme.shared is None:
            yield _gap(f"{programme}: no funder has a share", "Say who pays how much of it, in per cent", *page)
        elif programme.shared != Decimal(100):
            shared = f"{programme.shared.normalize():f}%"
            yield _gap(f"{programme}: the funders’ shares come to {shared}", "Make them come to 100%", *page)
        if not programme.measured:
            yield _gap(
                f"{programme}: nothing is measured", "Add its indicators", "programmes:indicators", programme.code
            )


def _gap(title: str, mend: str, name: str, *args: int | str) -> Gap:
    return {"title": title, "hint": mend, "url": reverse(name, args=args)}
