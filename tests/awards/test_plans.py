"""The plan of an offer."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.forms import PlanForms
from grants.awards.models import Award
from tests import factories

pytestmark = pytest.mark.django_db
Rows = list[dict[str, str]]


def rows(prefix: str, entries: Rows) -> dict[str, str]:
    sent = {f"{prefix}-TOTAL_FORMS": str(len(entries)), f"{prefix}-INITIAL_FORMS": "0"}
    return sent | {f"{prefix}-{at}-{name}": value for at, entry in enumerate(entries) for name, value in entry.items()}


def milestone(**changes: str) -> dict[str, str]:
    return {
        "kind": "report",
        "title": "",
        "period_start": "1 September 2026",
        "period_end": "31 January 2027",
        "opens_on": "1 February 2027",
        "due_on": "28 February 2027",
        "promise": "",
        **changes,
    }


def later(**changes: str) -> dict[str, str]:
    return milestone(opens_on="1 August 2027", due_on="31 August 2027", **changes)


def typed(
    award: Award,
    *,
    milestones: Rows,
    payments: Rows,
    targets: Rows | tuple[()] = (),
    budget: Rows | tuple[()] = (),
    **terms: str,
) -> dict[str, str]:
    return {
        "seen": str(award.revision),
        "amount": "12,500",
        "starts": "1 September 2026",
        "ends": "31 July 2027",
        "manager": "",
        **terms,
        **rows("milestones", list(milestones)),
        **rows("payments", list(payments)),
        **rows("targets", list(targets)),
        **rows("budget", list(budget)),
    }


HALVES: Rows = [{"on": "0", "amount": "6,250"}, {"on": "1", "amount": "6,250"}]


def url_of(award: Award) -> str:
    return reverse("awards:plan", args=[award.reference])


def test_plan_is_offered_ready_made(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    forms = PlanForms(award, who.reviewer)
    assert [form.initial["kind"] for form in forms.milestones.forms if form.initial] == ["report", "evaluation"]
    assert [form.initial["amount"] for form in forms.payments.forms if form.initial] == [Decimal(6250), Decimal(6250)]
    client.force_login(who.reviewer)
    assert client.get(url_of(award)).status_code == 200


def test_plan_sent_as_it_was_offered_can_be_offered(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    client.force_login(who.approver)
    page = client.get(url_of(award))
    sent: dict[str, Any] = {"seen": page.context["seen"]}
    for form in (page.context["forms"].terms, *(f for fs in page.context["forms"].all[1:] for f in fs.forms)):
        sent |= {field.html_name: field.value() or "" for field in form if field.name != "DELETE"}
    for formset in page.context["forms"].all[1:]:
        sent |= {field.html_name: field.value() for field in formset.management_form}
    answer = client.post(url_of(award), sent, follow=True)
    assert "The award can be offered." in answer.content.decode()
    award = factories.award_again(award)
    assert award.milestones.count() == award.tranches.count() == 2
    assert award.manager == who.approver


def test_plan_saves_rows_and_numbers_milestones_as_they_fall_due(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    learners = who.programme.indicators.get(code="learners")
    client.force_login(who.reviewer)
    payments = [{"on": "0", "amount": "2,500"}, {"on": "1", "amount": "£10,000"}, {"on": "0", "amount": ""}]
    client.post(
        url_of(award),
        typed(
            award,
            milestones=[later(kind="evaluation"), milestone(title="First workshops"), {"kind": "report"}],
            payments=payments,
            targets=[{"indicator": str(learners.pk), "value": "400"}, {"indicator": "", "value": ""}],
            budget=[{"title": "Staff", "amount": "9,000"}],
            manager=str(who.reviewer.pk),
        ),
    )
    award = factories.award_again(award)
    assert [(one.number, one.kind, one.title) for one in award.milestones.all()] == [
        (1, "report", "First workshops"),
        (2, "evaluation", ""),
    ]
    assert [(str(one.milestone), one.amount) for one in award.tranches.all()] == [
        ("None", Decimal(2500)),
        ("Final evaluation", Decimal(10000)),
    ]
    assert award.targets.get().value == 400
    assert award.budget_lines.get().title == "Staff"
    assert (award.manager, award.starts) == (who.reviewer, date(2026, 9, 1))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            {"milestones": [milestone(), {"kind": "report"}], "payments": [{"on": "2", "amount": "1"}]},
            "Milestone 2 is empty",
        ),
        ({"payments": [{"on": "2", "amount": "100"}]}, "Choose one of those offered"),
        ({"milestones": [milestone(DELETE="on"), later()]}, "Milestone 1 is empty or removed"),
        ({"milestones": [later(kind="evaluation"), later(kind="evaluation")]}, "There is a final evaluation already"),
        ({"milestones": [milestone(period_end="1 August 2026")]}, "The period ends before it begins"),
        ({"milestones": [milestone(due_on="1 January 2027")]}, "It is due before it opens"),
        ({"milestones": [milestone(due_on="")]}, "Give the due on"),
        ({"payments": [{"on": "0", "amount": "-5"}]}, "is negative"),
        ({"budget": [{"title": "Staff", "amount": "1"}, {"title": "staff", "amount": "2"}]}, "There is a budget line"),
        ({"ends": "1 January 2026"}, "This is before the first day"),
        ({"amount": ""}, "Give the amount"),
    ],
)
def test_plan_with_a_fault_changes_nothing(client: Client, parts: dict[str, Any], sentence: str) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    client.force_login(who.reviewer)
    answer = client.post(url_of(award), typed(award, **{"milestones": [milestone()], "payments": HALVES, **parts}))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not award.milestones.exists()


def test_plan_says_all_faults_at_once(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    one = str(who.programme.indicators.get(code="schools").pk)
    client.force_login(who.reviewer)
    answer = client.post(
        url_of(award),
        typed(
            award,
            amount="a lot",
            milestones=[milestone(opens_on="")],
            payments=[{"on": "1", "amount": "1.234"}],
            targets=[{"indicator": one, "value": "5"}, {"indicator": one, "value": "-1"}],
        ),
    )
    page = answer.content.decode()
    assert "There are 5 faults" in page
    assert "a lot" in page


def test_plan_of_another_programme_s_indicator_is_refused(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    other = factories.a_programme().indicators.first()
    assert other is not None
    client.force_login(who.reviewer)
    sent = typed(award, milestones=[], payments=[], targets=[{"indicator": str(other.pk), "value": "1"}])
    assert client.post(url_of(award), sent).status_code == 422


def test_plan_saved_from_an_old_page_is_refused_and_kept(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    client.force_login(who.reviewer)
    sent = typed(award, milestones=[milestone()], payments=HALVES)
    client.post(url_of(award), sent)
    answer = client.post(url_of(award), {**sent, "amount": "9,999"})
    assert answer.status_code == 409
    assert "9,999" in answer.content.decode()
    assert f'<a href="{url_of(award)}">Open the plan as it stands now</a>' in answer.content.decode()
    assert answer.context["seen"] == sent["seen"]
    again = client.post(url_of(award), {**sent, "amount": "9,999", "seen": answer.context["seen"]})
    assert again.status_code == 409
    award = factories.award_again(award)
    assert award.amount == 12500


@pytest.mark.parametrize(
    ("part", "status"),
    [("editor", 403), ("signatory", 403), ("finance", 403), ("stranger", 404), ("outsider", 404), ("viewer", 404)],
)
def test_plan_is_for_reviewers_and_approvers(client: Client, part: str, status: int) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    client.force_login(getattr(who, part))
    assert client.get(url_of(award)).status_code == status
    assert client.post(url_of(award), typed(award, milestones=[], payments=[])).status_code == status


def test_plan_of_an_offered_award_is_refused(client: Client) -> None:
    who = factories.cast()
    award = factories.award_in("offered", who)
    client.force_login(who.reviewer)
    assert client.get(url_of(award)).status_code == 302
    answer = client.post(url_of(award), typed(award, milestones=[milestone()], payments=HALVES))
    assert answer.status_code == 409


def test_plan_asks_the_database_as_often_at_30_as_at_1(client: Client, django_assert_max_num_queries: Any) -> None:
    who = factories.cast()
    award = factories.award_in("in_review", who)
    client.force_login(who.reviewer)
    client.post(url_of(award), typed(award, milestones=[milestone()], payments=HALVES))
    with django_assert_max_num_queries(100) as one:
        client.get(url_of(award))
        few = len(one)
    award = factories.award_again(award)
    many = [{"title": f"Line {number}", "amount": "1"} for number in range(30)]
    client.post(url_of(award), typed(award, milestones=[milestone()] * 30, payments=HALVES * 15, budget=many))
    assert award.milestones.count() == 30
    with django_assert_max_num_queries(few):
        client.get(url_of(award))
