"""The risks of a full award: asked, carried over, stored finished or not, frozen and reviewed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.lifecycle.door import NotNow, Stale
from grants.people.models import User
from grants.reports import services
from grants.reports.models import Report, Risk
from grants.reports.parts import Part, state_of_parts
from grants.reports.record import risks_in
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


@pytest.fixture
def award(who: Cast) -> Award:
    """A full one."""
    strand = who.exemplars
    strand.full_from = Decimal(50000)
    strand.save()
    return factories.award_in("active", who, amount=Decimal(60000), reports=3)


def url(report: Report, name: str = "part") -> str:
    return reverse(f"reports:{name}", args=[report.pk, *(["risks"] if name == "part" else [])])


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def part_of(report: Report) -> Part:
    parts = state_of_parts(Report.objects.named().get(pk=report.pk))
    return next(part for part in parts if part.section.code == "risks")


def typed(report: Report, position: int = 1, **values: str) -> dict[str, str]:
    return {"mark": services.mark_of(report, "risks")} | {f"risk{position}-{k}": v for k, v in values.items()}


def test_full_awards_are_asked_and_others_are_not(who: Cast, draft: Report) -> None:
    assert part_of(draft).section.form == "risks"
    standard = factories.award_in("active", who)
    report = Report.objects.named().get(milestone__award=standard, milestone__number=1)
    assert "risks" not in [part.section.code for part in state_of_parts(report)]
    with pytest.raises(NotNow, match="does not ask"):
        services.save_risks(report.pk, by=who.editor, rows=[factories.RISK])


def test_risk_is_stored_unfinished_and_the_part_says_what_it_lacks(as_user: AsUser, who: Cast, draft: Report) -> None:
    page = as_user(who.editor)
    assert (part_of(draft).state, part_of(draft).lacks) == ("not_started", "No risk is named yet")
    assert page.post(url(draft), typed(draft, what="The leader leaves", likelihood="low")).status_code == 302
    assert part_of(draft).state == "in_progress"
    assert part_of(draft).lacks == "A risk does not say how grave, what is done, who sees to it"
    data = typed(draft, what="The leader leaves", likelihood="low", impact="high", response="A second", who="The lead")
    assert page.post(url(draft), data).status_code == 302
    assert part_of(draft).state == "ready"


def test_emptied_risk_is_taken_out_and_a_wrong_level_is_a_fault(as_user: AsUser, who: Cast, draft: Report) -> None:
    services.save_risks(
        draft.pk, by=who.editor, rows=[factories.RISK, factories.RISK | {"position": 2, "what": "Another"}]
    )
    page = as_user(who.editor)
    response = page.post(url(draft), typed(draft, 2, what="Another", impact="huge"))
    assert response.status_code == 422
    assert "Another</textarea>" in words_of(response)
    assert draft.risks.count() == 2
    assert page.post(url(draft), typed(draft, 2, what="Another")).status_code == 302
    assert [(risk.position, risk.what) for risk in draft.risks.all()] == [(2, "Another")]


def test_risks_of_the_last_approved_report_stand_there_until_something_is_saved(
    as_user: AsUser, who: Cast, award: Award
) -> None:
    factories.report_in("approved", who, award, 1)
    second = Report.objects.named().get(milestone__award=award, milestone__number=2)
    page = as_user(who.editor)
    words = words_of(page.get(url(second)))
    assert "These risks are those of Milestone 1" in words
    assert f"{factories.RISK['what']}</textarea>" in words
    assert not second.risks.exists()
    assert part_of(second).state == "not_started"
    data = typed(second, **{name: str(value) for name, value in factories.RISK.items() if name != "position"})
    assert page.post(url(second), data).status_code == 302
    assert [risk.what for risk in second.risks.all()] == [factories.RISK["what"]]
    assert page.post(url(second), typed(second)).status_code == 302  # all of it emptied
    words = words_of(page.get(url(second)))
    assert "These risks are those of" not in words
    assert str(factories.RISK["what"]) not in words


def test_risks_that_somebody_else_saved_meanwhile_are_not_written_over(
    as_user: AsUser, who: Cast, draft: Report
) -> None:
    data = typed(draft, what="Mine")
    services.save_risks(draft.pk, by=who.signatory, rows=[factories.RISK])
    page = as_user(who.editor)
    response = page.post(url(draft), data)
    assert response.status_code == 409
    assert "Mine</textarea>" in words_of(response)
    assert f"<p>{factories.RISK['what']}</p>" in words_of(response)
    assert [risk.what for risk in draft.risks.all()] == [factories.RISK["what"]]
    headers = {"Autosave": str(who.editor.pk)}
    piece = page.post(url(draft), data, headers=headers)
    assert (piece.status_code, piece.headers["Autosave"]) == (409, "stale")
    assert str(factories.RISK["what"]) in words_of(piece).replace("<ins>", "").replace("</ins>", "")
    with pytest.raises(Stale):
        services.save_risks(draft.pk, by=who.editor, rows=[factories.RISK], seen_mark="old")


def test_no_more_than_ten_fit(who: Cast, draft: Report) -> None:
    with pytest.raises(NotNow, match="at most 10 risks"):
        services.save_risks(draft.pk, by=who.editor, rows=[factories.RISK | {"position": Risk.MOST + 1}])


def test_version_has_the_risks_and_the_review_says_what_changed(as_user: AsUser, who: Cast, award: Award) -> None:
    report = factories.report_in("in_review", who, award)
    version = report.latest_version
    assert version is not None
    assert version.content["risks"] == risks_in(report) == [factories.RISK]
    factories.send_back(report, who.reviewer, "risks")
    changed = factories.RISK | {"impact": "medium", "who": "The <deputy>"}
    services.save_risks(report.pk, by=who.editor, rows=[changed, factories.RISK | {"position": 2, "what": "Rain"}])
    services.ask_for_sign_off(report.pk, by=who.editor, seen=None)
    services.submit_report(report.pk, by=who.signatory, seen=None)
    services.start_report_review(report.pk, by=who.reviewer, seen=None)
    words = words_of(as_user(who.reviewer).get(url(report, "review")))
    assert "Risk 1: <del>impact high, The project lead</del> <ins>impact medium, The &lt;deputy&gt;</ins>" in words
    assert "Risk 2: <del>nothing</del> <ins>likelihood low, impact high, Rain" in words
