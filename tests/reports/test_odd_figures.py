"""Odd numbers are asked about, never refused; impossible ones are refused."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.people.models import User
from grants.programmes.models import Indicator
from grants.reports import services
from grants.reports.figures import Amount, Figure, figures_of
from grants.reports.models import Report
from grants.reports.odd import odd_about
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], Client]


def amount(value: int | None) -> Amount | None:
    return None if value is None else Amount(Decimal(value))


@pytest.mark.parametrize(
    ("rule", "target", "before", "value", "says"),
    [
        ("sum", 180, 60, 1800, ""),
        ("sum", 180, 60, 1801, "1,801 is more than ten times the target, 180."),
        ("sum", 180, 1, 100, ""),
        ("sum", None, 60, 600, ""),
        ("sum", None, 60, 601, "601 is more than ten times what was reported before, 60."),
        ("sum", None, None, 10**6, ""),
        ("sum", 180, 60, 5, ""),
        ("latest", 180, 60, 60, ""),
        ("latest", 180, 60, 59, "59 is less than the 60 reported before, and this is the count to date."),
        ("latest", 180, None, 0, ""),
        ("sum", 0, None, 5, ""),
    ],
)
def test_what_is_odd(rule: str, target: int | None, before: int | None, value: int, says: str) -> None:
    figure = Figure(Indicator(over_time=rule), amount(target), amount(before), None, None)
    assert odd_about(figure, Decimal(value)) == says


def test_no_number_is_not_odd() -> None:
    assert odd_about(Figure(Indicator(over_time="latest"), amount(1), amount(5), None, None), None) == ""


# --- On the page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def learners(draft: Report) -> str:
    """The row of the learners, whose target is 400, in an otherwise finished report."""
    factories.fill(draft, User.objects.holding(draft.award.organisation_id, "editor").get())
    return f"figure{Indicator.objects.get(programme=draft.award.strand.programme, code='learners').pk}"


def table(report: Report, **changed: str) -> dict[str, str]:
    """What the page sends: everything as it is stored, but for what is changed."""
    sent = {"mark": services.mark_of(report, "figures")}
    for figure in figures_of(report):
        given = figure.given
        if given is None or given.amount is None:
            continue
        names = ("numerator", "denominator") if figure.indicator.is_ratio else ("value",)
        row = {name: f"{getattr(given.amount, name):f}" for name in names} | {"status": given.status}
        row |= {"confirmed": "on"} if given.confirmed else {}
        sent |= {f"figure{figure.indicator.pk}-{name}": value for name, value in row.items()}
    return sent | {name.replace("__", "-"): value for name, value in changed.items()}


def post(client: Client, person: User, report: Report, save_itself: bool = False, **changed: str) -> Any:
    headers = {"Autosave": str(person.pk)} if save_itself else {}
    address = reverse("reports:part", args=[report.pk, "figures"])
    return client.post(address, table(report, **changed), headers=headers, follow=not save_itself)


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def stored(report: Report) -> Any:
    return report.results.get(indicator__code="learners")


def test_an_odd_number_is_kept_and_asked_about_and_then_confirmed(
    as_user: AsUser, who: Cast, draft: Report, learners: str
) -> None:
    page = as_user(who.editor)
    shown = words_of(post(page, who.editor, draft, **{f"{learners}__value": "9000", "then": "next"}))
    assert stored(draft).value == 9000
    assert not stored(draft).confirmed
    assert "1 number is odd: say below whether it is right" in shown
    assert "9,000 is more than ten times the target, 400." in shown
    assert "Yes, it is right" in shown
    assert [lacks for _, lacks in draft.missing()] == ["1 odd figure to confirm"]
    post(page, who.editor, draft, **{f"{learners}__confirmed": "on"})
    assert stored(draft).confirmed
    assert not Report.objects.named().get(pk=draft.pk).missing()


def test_a_tick_holds_for_the_number_beside_which_it_was_set(
    as_user: AsUser, who: Cast, draft: Report, learners: str
) -> None:
    page = as_user(who.editor)
    post(page, who.editor, draft, **{f"{learners}__value": "9000", f"{learners}__confirmed": "on"})
    assert stored(draft).confirmed
    post(page, who.editor, draft, **{f"{learners}__value": "9500"})  # the box is still ticked on that page
    assert (stored(draft).value, stored(draft).confirmed) == (9500, False)
    post(page, who.editor, draft, **{f"{learners}__value": "300", f"{learners}__confirmed": "on"})
    assert (stored(draft).odd, stored(draft).confirmed) == ("", False)


def test_autosave_keeps_an_odd_number_and_says_that_it_is_to_be_confirmed(
    as_user: AsUser, who: Cast, draft: Report, learners: str
) -> None:
    page = as_user(who.editor)
    response = post(page, who.editor, draft, True, **{f"{learners}__value": "9000"})
    shown = words_of(response)
    assert response.headers["Autosave"] == "saved"
    assert stored(draft).value == 9000
    assert f'<div id="{learners}-odd" hx-swap-oob="true">' in shown
    assert "1 odd number to confirm" in shown
    again = words_of(post(page, who.editor, draft, True, **{f"{learners}__value": "9000"}))
    assert f"{learners}-odd" not in again  # what stands on the page, perhaps just ticked, is left alone
    mended = words_of(post(page, who.editor, draft, True, **{f"{learners}__value": "90"}))
    assert f'<div id="{learners}-odd" hx-swap-oob="true"></div>' in mended
    assert "to confirm" not in mended


def test_the_reviewer_reads_that_it_was_confirmed(as_user: AsUser, who: Cast, draft: Report, learners: str) -> None:
    post(as_user(who.editor), who.editor, draft, **{f"{learners}__value": "9000", f"{learners}__confirmed": "on"})
    services.ask_for_sign_off(draft.pk, by=who.editor, seen=None)
    services.submit_report(draft.pk, by=who.signatory, seen=None)
    shown = words_of(as_user(who.reviewer).get(reverse("reports:report", args=[draft.pk])))
    assert "Confirmed by the grantee: 9,000 is more than ten times the target, 400." in shown


def test_nothing_is_confirmed_that_is_not_odd(who: Cast, draft: Report) -> None:
    factories.fill(draft, who.editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.results.filter(odd="").update(confirmed=True)


@pytest.mark.parametrize("typed", ["-1", "99999999999", "many"])
def test_what_is_impossible_is_refused(
    as_user: AsUser, who: Cast, draft: Report, learners: str, typed: str, award: Award
) -> None:
    response = post(as_user(who.editor), who.editor, draft, **{f"{learners}__value": typed})
    assert response.status_code == 422
    assert stored(draft).value == 342
