"""Kinds of funder reports: about the whole programme, or about a strand, a community or an award of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.formats import local_today
from grants.lifecycle.door import NotNow
from grants.people.models import User
from grants.reports.models import Report
from reporting import services
from reporting.models import FunderReport
from reporting.services import building
from reporting.snapshot import one_consistent_read, take
from tests import factories
from tests.reporting.conftest import Programme

AsUser = Callable[[User], Client]


def ask(programme: Programme, kind: str, about: Any = None) -> FunderReport:
    who = programme.who
    return services.request_report(
        who.programme, who.funder, programme.reported.starts, local_today(), by=who.reviewer, kind=kind, about=about
    )


def content_of(report: FunderReport) -> dict[str, Any]:
    with one_consistent_read():
        return take(report, local_today()).content


def of_a_community(programme: Programme) -> Award:
    who = programme.who
    community = factories.a_community(who.recipient, factories.organisation())
    return factories.award_in("active", who, community=community)


@pytest.mark.parametrize("kind", ["strand", "community", "award"])
def test_report_about_a_part_holds_the_awards_of_that_part(programme: Programme, kind: str) -> None:
    award = of_a_community(programme)
    about = {"strand": award.strand, "community": award.community, "award": award}[kind]
    content = content_of(ask(programme, kind, about))
    assert [one["reference"] for one in content["awards"]] == [award.reference]
    assert (content["document"]["kind"], content["document"]["about"]) == (kind, str(about))


def test_versions_are_counted_of_each_kind_by_itself(programme: Programme) -> None:
    award = programme.reported
    first = ask(programme, "portfolio")
    assert ask(programme, "award", award).number == 1
    assert ask(programme, "award", programme.silent).number == 1
    with pytest.raises(NotNow, match="being built already"):
        ask(programme, "portfolio")
    assert building.build(first.pk, "one")
    assert ask(programme, "portfolio").number == 2


@pytest.mark.parametrize("kind", ["strand", "community", "award"])
def test_nothing_is_reported_of_what_the_funder_does_not_pay_for(programme: Programme, kind: str) -> None:
    other = factories.cast()
    foreign = factories.award_in("active", other, community=factories.a_community(other.recipient))
    about = {"strand": foreign.strand, "community": foreign.community, "award": foreign}[kind]
    with pytest.raises(NotNow, match="pays for no award"):
        ask(programme, kind, about)


@pytest.mark.parametrize(("kind", "field"), [("portfolio", "award"), ("award", None), ("strand", "award")])
def test_database_holds_that_a_report_is_about_what_its_kind_says(
    programme: Programme, kind: str, field: str | None
) -> None:
    report = factories.funder_report_in("requested", programme.who)
    about = {field: programme.reported} if field else {}
    with pytest.raises(IntegrityError, match="about_what_its_kind_says"), transaction.atomic():
        FunderReport.objects.filter(pk=report.pk).update(kind=kind, **about)


def test_final_report_gathers_what_evaluations_say(programme: Programme) -> None:
    who = programme.who
    for report in Report.objects.filter(milestone__award=programme.reported).exclude(state="approved"):
        factories.move_report(report, "approved", who)
    evaluation = Report.objects.get(milestone__award=programme.reported, milestone__kind="evaluation")
    report = services.request_report(
        who.programme,
        who.funder,
        programme.reported.starts,
        evaluation.milestone.period_end,
        by=who.reviewer,
        kind="final",
    )
    content = content_of(report)
    assert evaluation.approved_version is not None
    written = [
        part["title"]
        for part in evaluation.approved_version.content["sections"]
        if part["form"] == "narrative" and part["text"] and part["readers"] != "managing_body"
    ]
    assert written
    assert [question["title"] for question in content["outcomes"]] == written
    assert {said["reference"] for question in content["outcomes"] for said in question["answers"]} == {
        programme.reported.reference
    }
    assert [award["answers"] for award in content["awards"]] == [[], []]


def test_form_offers_the_parts_of_programmes_that_one_looks_after(as_user: AsUser, programme: Programme) -> None:
    foreign = factories.award_in("active")
    page, url = as_user(programme.who.reviewer), reverse("reporting:new")
    shown = page.get(url).content.decode()
    for key in (
        "portfolio",
        "trustees",
        "final",
        f"award-{programme.reported.pk}",
        f"strand-{programme.reported.strand_id}",
    ):
        assert f'value="{key}"' in shown
    assert f"award-{foreign.pk}" not in shown
    sent = {
        "share": programme.who.programme.shares.get(funder=programme.who.funder).pk,
        "period_start": f"{programme.who.programme.starts:%-d %B %Y}",
        "period_end": f"{local_today():%-d %B %Y}",
    }
    refused = page.post(url, sent | {"what": f"award-{foreign.pk}"})
    assert refused.status_code == 422
    assert page.post(url, sent | {"what": f"award-{programme.reported.pk}"}).status_code == 302
    report = FunderReport.objects.get()
    assert (report.kind, report.award, report.words) == (
        "award", programme.reported, f"One award: {programme.reported}",
    )  # fmt: skip
